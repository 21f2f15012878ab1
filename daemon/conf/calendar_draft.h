/* calendar_draft.h - one calendar file on its way to a calendar: what it says itself, checked,
 * before what it extends is taken over. Between calendar_load.c and calendar_draft.c only. */
#ifndef DVC_CONF_CALENDAR_DRAFT_H
#define DVC_CONF_CALENDAR_DRAFT_H

#include "base/value.h"
#include "conf/errors.h"
#include "core/calendar.h"

enum draft_state {
    DRAFT_READ,     /* its own file is read, what it extends is not yet taken over */
    DRAFT_VISITING, /* being resolved: meeting it again is a circle */
    DRAFT_DONE,     /* `calendar` is built */
    DRAFT_BAD,      /* a fault was reported, here or in what it extends */
};

struct calendar_draft {
    struct arena *arena;
    struct conf_errors *errors;
    const char *file;
    const struct value *root;
    enum draft_state state;
    const char *id, *name, *version, *extends;
    int first_year, last_year; /* 0: not given */
    int years_ahead;           /* beyond last_year, with weekends only */
    struct calendar_hours week[8];
    bool week_set[8];
    struct calendar_exception *days; /* after the draft's own come the inherited ones */
    const struct value **day_at;     /* where each stands; NULL for an inherited one */
    size_t day_count, day_cap, at_cap;
    struct calendar *calendar;
};

/* Reports a fault at a value or a member, and spoils the draft. */
#define DRAFT_FAULT(draft, at, ...)                                                                \
    ((draft)->state = DRAFT_BAD,                                                                   \
     conf_error((draft)->errors, (draft)->file, (at)->line, (at)->column, __VA_ARGS__))

/* Reads draft->root into the draft. Its texts are borrowed from there. */
void calendar_draft_read(struct calendar_draft *draft);
/* `at` is where the day stands in the file, NULL for an inherited one. */
void calendar_draft_add(struct calendar_draft *draft, const struct calendar_exception *e,
                        const struct value *at);

#endif
