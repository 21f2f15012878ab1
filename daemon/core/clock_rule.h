/* clock_rule.h - the options of the legal clock in which practice differs between agencies and
 * procedures; a plugin's `clock:` sets them. */
#ifndef DVC_CORE_CLOCK_RULE_H
#define DVC_CORE_CLOCK_RULE_H

#include "base/slice.h"

enum clock_starts {
    CLOCK_STARTS_ACCEPT, /* from the acceptance (default) */
    CLOCK_STARTS_SUBMIT, /* from the submission */
};

enum due_time {
    DUE_END_OF_DAY, /* the last closing of the due day (default) */
    DUE_SAME_TIME,  /* the clock time of the start, moved into the due day's sessions */
};

enum after_supplement {
    AFTER_SUPPLEMENT_RESTART, /* from zero when the papers are complete (Art 19.4, default) */
    AFTER_SUPPLEMENT_RESUME,  /* goes on with what was left */
};

struct clock_rule {
    enum clock_starts starts;
    enum due_time due_time;
    enum after_supplement after_supplement;
    int cutoff_minute; /* minute of the day: 900 = 15:00 */
};

#define CLOCK_CUTOFF_MINUTE (15 * 60)
#define CLOCK_RULE_DEFAULT                                                                         \
    ((struct clock_rule){CLOCK_STARTS_ACCEPT, DUE_END_OF_DAY, AFTER_SUPPLEMENT_RESTART,            \
                         CLOCK_CUTOFF_MINUTE})

/* Words of the plugin language: "accept", "end_of_day", "restart"... 0 or -EINVAL. */
int clock_starts_parse(struct slice text, enum clock_starts *ret) DVC_MUSTCHECK;
int due_time_parse(struct slice text, enum due_time *ret) DVC_MUSTCHECK;
int after_supplement_parse(struct slice text, enum after_supplement *ret) DVC_MUSTCHECK;
const char *clock_starts_name(enum clock_starts starts);
const char *due_time_name(enum due_time due_time);
const char *after_supplement_name(enum after_supplement after);

#endif
