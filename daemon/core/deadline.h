/* deadline.h - the legal clock: from the moment a limit starts to the moment it is due.
 *
 * Rules of law: Civil Code 2015, Art 147 (the first day of a limit in days is not counted, one in
 * hours runs from the moment), Art 148.3 (a limit in months ends on the day of the same number, or
 * on the last day of a month that lacks it), Art 148.5 (a last day that is a rest day moves to the
 * end of the next working day); Decree 61/2018/NĐ-CP, Art 18.2 (15:00 cut-off of the transfer) and
 * Art 19.4 (after a supplement the limit counts again from the start).
 *
 * Each function answers 0, an enum deadline_error, or an enum calendar_error passed on unchanged:
 * CALENDAR_E_BEYOND when the calendar's last loaded year does not reach the answer. */
#ifndef DVC_CORE_DEADLINE_H
#define DVC_CORE_DEADLINE_H

#include "core/calendar.h"
#include "core/clock_rule.h"
#include "core/limit.h"

/* Apart from enum calendar_error, so that one result can be either. */
enum deadline_error {
    DEADLINE_E_HOLDS = 32, /* holds overlap, are out of order, or an open one is not the last */
    DEADLINE_E_OFFSET,     /* a warning point's offset has no length, or there is no due */
    DEADLINE_E_LIMIT,      /* an amount that limit_parse would have refused */
};

/* The moment the limit starts: one of the two, by rule->starts. */
wall_t deadline_start(const struct clock_rule *rule, wall_t submitted_at, wall_t accepted_at);

/* Due of a limit that starts at `start` and is never held. WALL_NONE for LIMIT_NONE.
 * - working days: the amount-th working day after the day of `start`;
 * - calendar days, months: that day later; when it is no working day, the next working day;
 * - working hours: that much working time after `start`; due_time plays no part;
 * - transfer: see deadline_transfer; each visit of a step counts it anew. due_time plays no part;
 * - same day: the closing of that day when it is a working day, `start` is before the cut-off and
 *   before the closing; else the closing of the next working day. due_time plays no part.
 * With DUE_SAME_TIME a due is never later than DUE_END_OF_DAY would have it, and on the same date.
 * The cut-off looks at `start` only, and at no other unit. */
int deadline_due(const struct calendar *calendar, const struct clock_rule *rule, struct limit limit,
                 wall_t start, wall_t *ret_due) DVC_MUSTCHECK;

/* Transfer to the handling unit (Decree 61/2018, Art 18.2), the due of LIMIT_TRANSFER: the closing
 * of the day of acceptance, or the opening of the next working day when accepted at or after the
 * cut-off, after the closing, or on a day that is no working day. */
int deadline_transfer(const struct calendar *calendar, const struct clock_rule *rule,
                      wall_t accepted_at, wall_t *ret) DVC_MUSTCHECK;

/* A span in which the clock stood still. `to` WALL_NONE = it still does. */
struct clock_hold {
    wall_t from, to;
    bool restarts; /* at `to` the whole limit counts again; else it goes on with what was left */
};

/* A running clock: its start and every hold since, in order, touching at most. A hold that began
 * before `start` is taken from `start` on; one that ended before it says nothing. */
struct clock_run {
    wall_t start;
    const struct clock_hold *holds;
    size_t hold_count;
};

/* Due after all holds that have ended; an open hold moves nothing yet. A hold with `restarts`
 * starts the whole limit again at its end, as deadline_due from there. Any other hold moves the
 * due:
 * - working hours: by the working time between `from` and `to`;
 * - working days, same day: the due day by the working days in (day of from, day of to]: the day on
 *   which the hold begins counts as used, the day on which it ends is not counted, like a day of
 *   acceptance. Held and released on one day moves nothing;
 * - calendar days, months: the last day (before Art 148.5 moved it off a rest day) by the calendar
 *   days from day to day, and then off a rest day again.
 * A due that had come when the hold began stays: a hold does not heal lateness. A due day whose
 * closing is already over when the clock goes on becomes the next working day. */
int deadline_due_run(const struct calendar *calendar, const struct clock_rule *rule,
                     struct limit limit, const struct clock_run *run,
                     wall_t *ret_due) DVC_MUSTCHECK;

/* The state between holds. `last_day` is the last day before Art 148.5 moved it; DAY_NONE for
 * working hours and none. */
struct deadline {
    wall_t start;
    day_t last_day;
    wall_t due;
};
/* As deadline_due_run, but the whole state. */
int deadline_replay(const struct calendar *calendar, const struct clock_rule *rule,
                    struct limit limit, const struct clock_run *run,
                    struct deadline *ret) DVC_MUSTCHECK;
/* One hold at a time, for callers that keep the state instead of the list. */
int deadline_begin(const struct calendar *calendar, const struct clock_rule *rule,
                   struct limit limit, wall_t start, struct deadline *ret) DVC_MUSTCHECK;
/* `ret` may be `deadline`. A hold still open, or that ends before it begins, is DEADLINE_E_HOLDS.
 */
int deadline_release(const struct calendar *calendar, const struct clock_rule *rule,
                     struct limit limit, const struct deadline *deadline,
                     const struct clock_hold *hold, struct deadline *ret) DVC_MUSTCHECK;

/* What is left of a limit at `at`, for a budget that is kept between visits of a step. Never
 * negative. Its unit follows the limit's: working days and same day: working days after the day of
 * `at`; calendar days, months: calendar days after it; working hours: microseconds of working time;
 * none: 0. A `last_day` that was not kept (DAY_NONE) is taken to be the day of `due`; without a due
 * there is no answer: CALENDAR_E_BEYOND. */
int deadline_left(const struct calendar *calendar, struct limit limit,
                  const struct deadline *deadline, wall_t at, int64_t *ret_left) DVC_MUSTCHECK;
/* The limit goes on at `at` with `left` of it: deadline_release is deadline_left at the hold's
 * beginning, then this at its end. With 0 days left the due is the closing of the day of `at`, or
 * of the next working day when that closing is over; with no working time left it is the next open
 * moment. `clock_time` is the start whose clock time DUE_SAME_TIME keeps, unless that would be over
 * at `at`: then the closing. DEADLINE_E_LIMIT when `left` is negative. */
int deadline_continue(const struct calendar *calendar, const struct clock_rule *rule,
                      struct limit limit, int64_t left, wall_t at, wall_t clock_time,
                      struct deadline *ret) DVC_MUSTCHECK;

struct clock_use {
    int64_t work_us; /* working time that ran since the last restart, without the held time */
    int64_t left_us; /* working time from then until due; 0 when past due or without due */
    int units;       /* whole units of the limit used, at most its amount; months, same day: 0 */
    int percent;     /* of the working time until due; over 100 past due; 0 without due */
};
/* What of the limit is used at `now`. While held, the amount stands at the moment the hold began.
 */
int deadline_used(const struct calendar *calendar, const struct clock_rule *rule,
                  struct limit limit, const struct clock_run *run, wall_t now,
                  struct clock_use *ret) DVC_MUSTCHECK;

/* When to warn. Percent: of the working time between start and due. Offsets in days or months lead
 * to a day and keep due's clock time, moved into that day's sessions; when calendar days or months
 * lead to a day that is no working day, the working day before it (before due) or after it (after
 * due) takes its place. Hours are working hours. Never before `start`. DEADLINE_E_OFFSET when `due`
 * is WALL_NONE or the offset has no length. */
int deadline_point(const struct calendar *calendar, wall_t start, wall_t due, struct warn_at at,
                   wall_t *ret_at) DVC_MUSTCHECK;
/* The same with holds: percent is of the time that the clock ran. `due` is deadline_due_run's. */
int deadline_point_run(const struct calendar *calendar, const struct clock_run *run, wall_t due,
                       struct warn_at at, wall_t *ret_at) DVC_MUSTCHECK;

/* Two different questions. A rung of the clock asks whether the instant has gone by; the figures of
 * report II.06a ask whether the work ended on a later date (law-and-practice 7.2). No due: false.
 */
bool past_due(wall_t due, wall_t now);
bool legally_late(wall_t due, wall_t finished);

#endif
