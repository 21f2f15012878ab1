/* fee.h - what a fee amounts to for one dossier: a fixed sum, or so much a copy or a page. */
#ifndef DVC_CORE_FEE_H
#define DVC_CORE_FEE_H

#include "core/procedure.h"

#define FEE_COUNT_MAX 1000 /* a larger count is taken as this; the checker keeps fields within it  \
                            */

/* đồng for what the form says. Of the field `per` counts each whole one, the first `over` of them
 * at the amount and those beyond at `over_amount`; the sum is at most `most`, and is multiplied by
 * the field `times`. A field that is empty counts as 1, as in "one copy".
 * e.g. 2,000 đ a page, from page 3 on 1,000 đ, at most 200,000 đ a copy (TT 226/2016/TT-BTC). */
int64_t fee_amount(const struct fee *fee, enum channel channel, const struct value *form);

#endif
