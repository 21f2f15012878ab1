/* utf8.h - Vietnamese text: validity, one normal form, and folding for search. */
#ifndef DVC_BASE_UTF8_H
#define DVC_BASE_UTF8_H

#include "base/arena.h"

bool utf8_valid(struct slice text);
/* Count of code points; `text` must be valid. */
size_t utf8_length(struct slice text);
/* NFC, which is what we store (TCVN 6909:2001); 0 or -EINVAL for invalid UTF-8. */
int utf8_nfc(struct arena *arena, struct slice text, struct slice *ret) DVC_MUSTCHECK;
/* For search: lower case, no tone and vowel marks, đ as d, tone placement (hoà, hòa) therefore
 * equal, runs of blanks as one space. 0 or -EINVAL. The SQL side's twin is dvc_fold(). */
int utf8_fold(struct arena *arena, struct slice text, struct slice *ret) DVC_MUSTCHECK;
/* True when text holds a control character other than those in `allowed` (e.g. "\n\t"). */
bool utf8_has_control(struct slice text, const char *allowed);

#endif
