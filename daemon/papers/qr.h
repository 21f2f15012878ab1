/* qr.h - a QR code on a sheet. */
#ifndef DVC_PAPERS_QR_H
#define DVC_PAPERS_QR_H

#include "papers/sheet.h"

/* Draws `text` as a code of `size` points with its quiet zone inside. False, and nothing drawn,
 * when it is too long for one (beyond some 2,300 bytes). */
bool qr_draw(struct sheet *sheet, double x, double y, double size, const char *text) DVC_MUSTCHECK;

#endif
