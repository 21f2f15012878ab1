/* wall.h - moments and days as values. Vietnam has one zone, +07:00, without daylight saving. */
#ifndef DVC_BASE_WALL_H
#define DVC_BASE_WALL_H

#include "base/buf.h"

/* A moment: microseconds since 1970-01-01T00:00:00Z. WALL_NONE means "no moment". */
typedef struct wall {
    int64_t us;
} wall_t;
/* A reading of the monotonic clock: microseconds from an arbitrary start; never mixed with wall_t.
 */
typedef struct mono {
    int64_t us;
} mono_t;
/* A day in Asia/Ho_Chi_Minh: days since 1970-01-01. DAY_NONE means "no day". */
typedef struct day {
    int32_t n;
} day_t;

#define WALL_NONE ((wall_t){INT64_MIN})
#define DAY_NONE ((day_t){INT32_MIN})
#define US_PER_SECOND INT64_C(1000000)
#define US_PER_MINUTE (60 * US_PER_SECOND)
#define US_PER_HOUR (3600 * US_PER_SECOND)
#define US_PER_DAY (86400 * US_PER_SECOND)

static inline bool wall_is_none(wall_t w)
{
    return w.us == INT64_MIN;
}
static inline bool day_is_none(day_t d)
{
    return d.n == INT32_MIN;
}

struct civil {
    int year, month, day;         /* 1..12, 1..31 */
    int hour, minute, second, us; /* local time */
    int weekday;                  /* 1 = Monday .. 7 = Sunday, as ISO 8601 */
};

day_t day_of(wall_t at);                       /* the local day that holds the moment */
wall_t day_at(day_t day, int minute_of_day);   /* local, 0..1440; 1440 is the next midnight */
int wall_minute_of_day(wall_t at);             /* local, 0..1439 */
day_t day_from_ymd(int year, int month, int day); /* DAY_NONE when there is no such day */
int day_weekday(day_t day);                    /* 1 = Monday .. 7 = Sunday */
void day_to_ymd(day_t day, int *ret_year, int *ret_month, int *ret_day);
struct civil wall_civil(wall_t at);
/* The same day `months` later; a day that month lacks becomes its last day. */
day_t day_add_months(day_t day, int months);

/* `YYYY-MM-DD`, and RFC 3339 with any offset or Z (a fraction down to microseconds is kept).
 * 0 or -EINVAL. */
int day_parse(struct slice text, day_t *ret) DVC_MUSTCHECK;
int wall_parse(struct slice text, wall_t *ret) DVC_MUSTCHECK;
/* Writes `YYYY-MM-DD`; `YYYY-MM-DDTHH:MM:SS+07:00` (with .ffffff only when not a whole second);
 * and, for people, `dd/mm/yyyy` and `HH:MM dd/mm/yyyy`. */
#define WALL_TEXT_MAX 32
size_t wall_write(wall_t at, char out[WALL_TEXT_MAX]); /* length, no terminator; not of WALL_NONE */
void buf_add_day(struct buf *buf, day_t day);
void buf_add_wall(struct buf *buf, wall_t at);
void buf_add_day_vi(struct buf *buf, day_t day);
void buf_add_wall_vi(struct buf *buf, wall_t at);

#endif
