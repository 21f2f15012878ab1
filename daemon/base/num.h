/* num.h - the only way from text to numbers, with a range, and back. */
#ifndef DVC_BASE_NUM_H
#define DVC_BASE_NUM_H

#include "base/slice.h"

/* Decimal, an optional leading '-', no blanks, no '+', nothing after it. 0 on success; -EINVAL when
 * it is no number, -ERANGE when outside [min, max]. *ret is written on success only. */
int num_parse_i64(struct slice text, int64_t min, int64_t max, int64_t *ret) DVC_MUSTCHECK;
/* Decimal fraction such as -12.50 (no exponent), within [min, max]. Same results. */
int num_parse_double(struct slice text, double min, double max, double *ret) DVC_MUSTCHECK;

#endif
