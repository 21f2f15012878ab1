/* calendar.h - the working calendar of one agency: when its desks are open, and which days count.
 *
 * A calendar is a value: built once, never changed, published under a version id. It knows whole
 * years, first to last; every question that needs a day outside them is refused with
 * CALENDAR_E_BEYOND. Holidays of a later year are decided by the Prime Minister (Labour Code 2019,
 * Art 112.3), so an answer computed without them would be a guess printed on a citizen's receipt.
 *
 * Two notions are kept apart. A day is *open* when it has sessions: working hours run there. A day
 * is *working* when it is open and counts as one working day: a Saturday morning on which only the
 * reception desk is open may be open without being working (`counted`).
 *
 * Amounts of working time are microseconds; days and moments are those of base/wall.h
 * (Asia/Ho_Chi_Minh). Additions and subtractions take O(log n) in the number of days loaded. */
#ifndef DVC_CORE_CALENDAR_H
#define DVC_CORE_CALENDAR_H

#include "base/arena.h"
#include "base/wall.h"

#define CALENDAR_SESSIONS_MAX 4      /* sessions of one day */
#define CALENDAR_YEARS_MAX 60        /* years of one calendar */
#define CALENDAR_EXCEPTIONS_MAX 4000 /* dated exceptions of one calendar */

enum calendar_error {
    CALENDAR_E_BEYOND = 1, /* needs a day before the first or after the last loaded year */
    CALENDAR_E_CLOSED,     /* the day asked about has no session */
    CALENDAR_E_YEARS,      /* calendar_new: years out of order, too many, or before 1990 */
    CALENDAR_E_SESSION,    /* calendar_new: a session is empty, outside the day, or they overlap */
    CALENDAR_E_EXCEPTION, /* calendar_new: an exception is outside the years, twice, or not sound */
    CALENDAR_E_EMPTY,     /* calendar_new: not one working day in the whole span */
};

/* Minutes of the day, 0 <= from < to <= 1440. */
struct calendar_session {
    int from, to;
};

/* What a day is like: sessions in order, not overlapping; none = closed. */
struct calendar_hours {
    struct calendar_session sessions[CALENDAR_SESSIONS_MAX];
    size_t count;
    bool counted; /* counts as one working day; ignored when there is no session */
};

enum calendar_kind {
    CALENDAR_REGULAR,  /* by the week; never the kind of an exception */
    CALENDAR_HOLIDAY,  /* rest day by law or by a swap of days: no work */
    CALENDAR_MAKE_UP,  /* a rest day worked in exchange: has the hours of `as_weekday` */
    CALENDAR_HALF_DAY, /* keeps the `half` of its weekday's hours */
    CALENDAR_OWN,      /* has `hours` of its own */
    CALENDAR_CLOSURE,  /* the agency itself is closed (flood, move): no work */
};

enum calendar_half {
    CALENDAR_MORNING,   /* the first session; of a day with one session, its first half */
    CALENDAR_AFTERNOON, /* what follows the morning */
};

struct calendar_exception {
    day_t day;
    enum calendar_kind kind;
    int as_weekday;              /* CALENDAR_MAKE_UP: 1 = Monday .. 7 = Sunday */
    enum calendar_half half;     /* CALENDAR_HALF_DAY */
    struct calendar_hours hours; /* CALENDAR_OWN */
    const char *source;          /* decree or notice it rests on; may be NULL */
    const char *note;            /* may be NULL */
    const char *certainty;       /* how sure the source is; may be NULL */
};

/* Plain input of calendar_new; everything is copied. */
struct calendar_spec {
    const char *id;      /* "vn-default" */
    const char *name;    /* for people */
    const char *version; /* names this content for ever */
    int first_year, last_year;
    struct calendar_hours week[8];               /* by ISO weekday 1..7; [0] is not used */
    const struct calendar_exception *exceptions; /* any order, one a day */
    size_t exception_count;
};

/* Everything known of one day. Pointers live as long as the calendar. */
struct calendar_day {
    day_t day;
    int weekday; /* 1 = Monday .. 7 = Sunday */
    enum calendar_kind kind;
    bool working;
    int minutes; /* open minutes, working or not */
    const struct calendar_hours *hours;
    const char *source, *note, *certainty; /* of the exception, or NULL */
};

struct calendar;

/* Builds a calendar whose memory, texts included, belongs to `arena`. When it refuses because of an
 * exception and `ret_bad` is not NULL, *ret_bad is that exception's index. */
int calendar_new(struct arena *arena, const struct calendar_spec *spec, struct calendar **ret,
                 size_t *ret_bad) DVC_MUSTCHECK;
/* The sessions are in order, inside the day and apart: 0 or CALENDAR_E_SESSION. */
int calendar_hours_check(const struct calendar_hours *hours) DVC_MUSTCHECK;

const char *calendar_id(const struct calendar *calendar);
const char *calendar_name(const struct calendar *calendar);
const char *calendar_version(const struct calendar *calendar);
int calendar_first_year(const struct calendar *calendar);
int calendar_last_year(const struct calendar *calendar);
bool calendar_covers(const struct calendar *calendar, day_t day);
/* The hours of an ordinary weekday, 1..7. */
const struct calendar_hours *calendar_week(const struct calendar *calendar, int weekday);
/* The exceptions in the order of their days, as given but for the order. */
const struct calendar_exception *calendar_exceptions(const struct calendar *calendar,
                                                     size_t *ret_count);

/* From here on each answers 0 or CALENDAR_E_BEYOND, and what else is named. */

int calendar_look(const struct calendar *calendar, day_t day,
                  struct calendar_day *ret) DVC_MUSTCHECK;
int calendar_is_working_day(const struct calendar *calendar, day_t day, bool *ret) DVC_MUSTCHECK;
int calendar_day_minutes(const struct calendar *calendar, day_t day, int *ret) DVC_MUSTCHECK;

/* count > 0: the count-th working day after `day`, which itself is not counted. count < 0: the same
 * backwards. 0: `day` itself, or the next working day when it is none. */
int calendar_add_days(const struct calendar *calendar, day_t day, int count,
                      day_t *ret) DVC_MUSTCHECK;
/* Working days in (from, to]; negative when `to` is before `from`. */
int calendar_days_between(const struct calendar *calendar, day_t from, day_t to,
                          int *ret) DVC_MUSTCHECK;
/* The first working day on or after `day`. */
int calendar_next_working_day(const struct calendar *calendar, day_t day, day_t *ret) DVC_MUSTCHECK;

/* us > 0: the earliest moment by which that much working time has passed since `at`, so a span that
 * ends exactly when a session closes ends at the closing, not at the next opening. us < 0: the
 * latest moment from which that much working time passes until `at`. 0: calendar_next_opening.
 * Adding then subtracting gives back any moment at which a desk was open. */
int calendar_add_work(const struct calendar *calendar, wall_t at, int64_t us,
                      wall_t *ret) DVC_MUSTCHECK;
int calendar_add_minutes(const struct calendar *calendar, wall_t at, int64_t minutes,
                         wall_t *ret) DVC_MUSTCHECK;
/* Working time between two moments; negative when `to` is before `from`. */
int calendar_work_between(const struct calendar *calendar, wall_t from, wall_t to,
                          int64_t *ret_us) DVC_MUSTCHECK;
/* The same in whole minutes, cut off towards zero. */
int calendar_minutes_between(const struct calendar *calendar, wall_t from, wall_t to,
                             int64_t *ret) DVC_MUSTCHECK;

/* `at` itself when a desk is open then (openings included, closings not), else the next opening. */
int calendar_next_opening(const struct calendar *calendar, wall_t at, wall_t *ret) DVC_MUSTCHECK;
/* First opening and last closing of a day; CALENDAR_E_CLOSED when it has no session. */
int calendar_first_opening(const struct calendar *calendar, day_t day, wall_t *ret) DVC_MUSTCHECK;
int calendar_last_closing(const struct calendar *calendar, day_t day, wall_t *ret) DVC_MUSTCHECK;
/* A clock time (microseconds since local midnight) on `day`, moved into its sessions: before the
 * opening to the opening, in a break to the session after it, after the closing to the closing.
 * CALENDAR_E_CLOSED when the day has no session. */
int calendar_clamp(const struct calendar *calendar, day_t day, int64_t us_of_day,
                   wall_t *ret) DVC_MUSTCHECK;

#endif
