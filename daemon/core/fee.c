#include "core/fee.h"

static int64_t count_of(const char *field, const struct value *form)
{
    const struct value *value = field != NULL ? value_get(form, field) : NULL;

    if (value == NULL || value->kind != VALUE_INT)
        return 1;
    if (value->integer < 0)
        return 0;
    return value->integer < FEE_COUNT_MAX ? value->integer : FEE_COUNT_MAX;
}

int64_t fee_amount(const struct fee *fee, enum channel channel, const struct value *form)
{
    int64_t count = count_of(fee->per, form), first = count;
    int64_t sum;

    if (fee->over > 0 && first > fee->over)
        first = fee->over;
    sum = first * fee->amount[channel] + (count - first) * fee->over_amount;
    if (fee->most > 0 && sum > fee->most)
        sum = fee->most;
    return sum * count_of(fee->times, form);
}
