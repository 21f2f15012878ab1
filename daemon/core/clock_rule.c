#include "core/clock_rule.h"

#include <errno.h>

static const char *const starts_names[] = {
    [CLOCK_STARTS_ACCEPT] = "accept",
    [CLOCK_STARTS_SUBMIT] = "submit",
};
static const char *const due_time_names[] = {
    [DUE_END_OF_DAY] = "end_of_day",
    [DUE_SAME_TIME] = "same_time",
};
static const char *const after_names[] = {
    [AFTER_SUPPLEMENT_RESTART] = "restart",
    [AFTER_SUPPLEMENT_RESUME] = "resume",
};

static int name_find(const char *const *names, size_t count, struct slice text)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(text, names[i]))
            return (int)i;
    return -EINVAL;
}

int clock_starts_parse(struct slice text, enum clock_starts *ret)
{
    int i = name_find(starts_names, DVC_COUNT(starts_names), text);

    if (i < 0)
        return i;
    *ret = (enum clock_starts)i;
    return 0;
}

int due_time_parse(struct slice text, enum due_time *ret)
{
    int i = name_find(due_time_names, DVC_COUNT(due_time_names), text);

    if (i < 0)
        return i;
    *ret = (enum due_time)i;
    return 0;
}

int after_supplement_parse(struct slice text, enum after_supplement *ret)
{
    int i = name_find(after_names, DVC_COUNT(after_names), text);

    if (i < 0)
        return i;
    *ret = (enum after_supplement)i;
    return 0;
}

const char *clock_starts_name(enum clock_starts starts)
{
    return starts_names[starts];
}

const char *due_time_name(enum due_time due_time)
{
    return due_time_names[due_time];
}

const char *after_supplement_name(enum after_supplement after)
{
    return after_names[after];
}
