/* limit.h - a time limit as the law writes it: an amount and a unit; and the points at which people
 * are warned about it. */
#ifndef DVC_CORE_LIMIT_H
#define DVC_CORE_LIMIT_H

#include "base/jw.h"

enum limit_unit {
    LIMIT_NONE,          /* no limit: no due date */
    LIMIT_WORKING_DAYS,  /* ngày làm việc */
    LIMIT_CALENDAR_DAYS, /* ngày */
    LIMIT_WORKING_HOURS, /* giờ làm việc */
    LIMIT_MONTHS,        /* tháng */
    LIMIT_SAME_DAY,      /* trong ngày */
    LIMIT_TRANSFER,      /* chuyển trong ngày: see deadline_transfer; of single steps only */
};

struct limit {
    enum limit_unit unit;
    int amount; /* 1..limit_max(unit); 0 for limit_alone() */
};

/* A unit without an amount. */
static inline bool limit_alone(enum limit_unit unit)
{
    return unit == LIMIT_NONE || unit == LIMIT_SAME_DAY || unit == LIMIT_TRANSFER;
}

#define LIMIT_INIT_NONE ((struct limit){LIMIT_NONE, 0})

enum limit_error {
    LIMIT_E_SYNTAX = 1, /* not "<number> <unit>", "same_day" or "none" */
    LIMIT_E_BARE_DAYS,  /* "days": working or calendar days must be said */
    LIMIT_E_UNIT,       /* a number, then a word that is no unit */
    LIMIT_E_AMOUNT,     /* the number is not in 1..limit_max(unit) */
};

/* "20 calendar_days", "1 working_day", "8 working_hours", "2 months", "same_day", "transfer",
 * "none", or the Vietnamese words ("20 ngày làm việc", "15 ngày", "8 giờ làm việc", "1 tháng",
 * "trong ngày", "chuyển trong ngày").
 * Blanks around and between are free. Bare "days" is refused: it is the word that hides which of
 * two very different dates is meant; "ngày" alone is the law's own word for calendar days. */
int limit_parse(struct slice text, struct limit *ret) DVC_MUSTCHECK;
int limit_max(enum limit_unit unit);
/* "20 calendar_days", as limit_parse reads it. */
void limit_write(struct buf *buf, struct limit limit);
void limit_write_kv(struct jw *jw, const char *key, struct limit limit); /* as a member of an object */
/* "20 ngày làm việc", for people. */
void limit_name_vi(struct buf *buf, struct limit limit);
bool limit_eq(struct limit a, struct limit b);
const char *limit_unit_name(enum limit_unit unit); /* "working_days" */
/* Every word that limit_parse takes for the unit: 0 one, 1 many, 2 the law's own; NULL after. */
const char *limit_unit_word(enum limit_unit unit, int form);
/* What is wrong and what was expected, in Vietnamese, for an enum limit_error. */
const char *limit_error_vi(int error);

/* Nominal size of a limit, to compare sums of step limits with a total: 8 working hours = 1 working
 * day, 5 working days = 7 calendar days, a month = 30 calendar days, same_day = 1 working day, none
 * = 0, transfer = 0: it is over at the latest when the first day that counts begins. In sevenths of
 * a working minute, so that all of them are whole numbers. */
int64_t limit_nominal_sevenths(struct limit limit);
/* The same in working minutes, rounded to the nearest. */
int64_t limit_nominal_minutes(struct limit limit);

enum warn_kind {
    WARN_PERCENT, /* when `percent` of the working time between start and due has run */
    WARN_BEFORE,  /* `offset` before due */
    WARN_DUE,     /* at due */
    WARN_AFTER,   /* `offset` after due */
};

struct warn_at {
    enum warn_kind kind;
    struct limit offset; /* WARN_BEFORE, WARN_AFTER */
    int percent;         /* WARN_PERCENT: 1..99 */
};

/* "50%", "-1 working_day", "due", "+1 working_day" (also "đến hạn" for due). Errors as limit_parse;
 * an offset is never none or same_day (LIMIT_E_UNIT). */
int warn_at_parse(struct slice text, struct warn_at *ret) DVC_MUSTCHECK;
void warn_at_write(struct buf *buf, struct warn_at at); /* as warn_at_parse reads it */

#endif
