/* explain.h - why a due date is what it is: each day between start and due, counted or not, and the
 * rule or decree that says so. For the citizen's question at the desk, and for the auditor. */
#ifndef DVC_CORE_EXPLAIN_H
#define DVC_CORE_EXPLAIN_H

#include "core/deadline.h"

enum explain_reason {
    EXPLAIN_FIRST_DAY,   /* the day of the start is not counted (Art 147) */
    EXPLAIN_COUNTED,     /* an ordinary counted day */
    EXPLAIN_MAKE_UP,     /* counted: a rest day worked in exchange */
    EXPLAIN_HALF_DAY,    /* counted: a half day or a day of its own hours */
    EXPLAIN_REST_DAY,    /* not counted: weekly rest day */
    EXPLAIN_HOLIDAY,     /* not counted: holiday or swapped day */
    EXPLAIN_CLOSURE,     /* not counted: the agency is closed */
    EXPLAIN_HELD,        /* not counted: the clock stood still */
    EXPLAIN_RESTARTED,   /* not counted: the limit counted again from this day */
    EXPLAIN_ROLLED,      /* after the last day, which was a rest day (Art 148.5) */
    EXPLAIN_AFTER_HOURS, /* nothing ran: past closing or past the cut-off */
};

struct explain_day {
    day_t day;
    bool counted;
    int index;   /* running number among the counted days since the (re)start; 0 if not counted */
    int minutes; /* working hours: working minutes that ran that day; else its open minutes */
    enum explain_reason reason;
    const char *source; /* decree of the calendar's exception, or NULL */
    const char *note;
};

struct explain {
    struct limit limit;
    wall_t start, due;        /* the start after the last restart; due WALL_NONE without limit */
    const char *const *rules; /* Vietnamese sentences, each with its article */
    size_t rule_count;
    const struct explain_day *days; /* from the first start to the due day */
    size_t day_count;
    const char *calendar_id, *calendar_version;
};

/* Memory belongs to `arena`; days' texts are the calendar's. Errors as deadline_due_run. */
int deadline_explain(struct arena *arena, const struct calendar *calendar,
                     const struct clock_rule *rule, struct limit limit, const struct clock_run *run,
                     struct explain *ret) DVC_MUSTCHECK;
const char *explain_reason_name(enum explain_reason reason); /* "holiday" */
const char *explain_reason_vi(enum explain_reason reason);

struct jw;
/* One JSON object: limit, start, due, rules, days. */
void explain_write(struct jw *jw, const struct explain *explain);

#endif
