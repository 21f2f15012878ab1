/* clock.h - reads the machine's clocks. The core never includes this: it is told `now`. */
#ifndef DVC_BASE_CLOCK_H
#define DVC_BASE_CLOCK_H

#include "base/wall.h"

/* `now` is the monotonic clock anchored to the database's clock, so that nodes agree and a stepped
 * system clock moves nothing. Zeroed: anchored to the system clock. `shift_us` moves a test's day.
 */
struct clock {
    int64_t offset_us; /* wall = mono + offset */
    int64_t shift_us;
    bool anchored;
};

mono_t mono_now(void);
wall_t clock_now(struct clock *clock);
/* Anchors to the database: it said `db_now` in an exchange that ran from `sent` to `received`.
 * Returns the skew in microseconds against what the clock said before (0 for the first anchor). */
int64_t clock_anchor(struct clock *clock, wall_t db_now, mono_t sent, mono_t received);
/* What the database's clock is ahead of this machine's system clock, in microseconds; 0 before the
 * first anchor. A test's shift is no skew. */
int64_t clock_skew(const struct clock *clock);

#endif
