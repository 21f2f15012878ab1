/* fonts.h - the faces that forms are set in. */
#ifndef DVC_PAPERS_FONTS_H
#define DVC_PAPERS_FONTS_H

#include "base/buf.h"

/* Tinos has the measures of Times New Roman, which Decree 30/2020/ND-CP asks for, and is free. */
#define PAPERS_FACES "Times New Roman, Tinos, Liberation Serif, Noto Serif, serif"

/* Whether the face that would be taken has the letters of Vietnamese. Appends the face's name, or
 * what is missing, in Vietnamese. 0 or PAPERS_E_FONT (sheet.h). */
int fonts_check(struct buf *ret_say) DVC_MUSTCHECK;

#endif
