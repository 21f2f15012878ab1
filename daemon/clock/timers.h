/* timers.h - the due timers: each is one command of the engine through decide(). A rung fires once
 * however many clocks run, for the insert into timer_fire is the claim. */
#ifndef DVC_CLOCK_TIMERS_H
#define DVC_CLOCK_TIMERS_H

#include "base/loop.h"

struct service;
struct timers;

struct timers_options {
    int batch;       /* read at once, oldest first */
    int in_flight;   /* decided at once */
    int64_t busy_us; /* shortest pause */
    int64_t idle_us; /* longest: timers are armed by other processes at any time */
};

struct timers_stats {
    uint64_t fired, dropped, postponed, again;
    int64_t lag_us; /* how late the last one fired */
};

struct timers *timers_new(struct service *service, const struct timers_options *options);
struct timers *timers_free(struct timers *timers); /* takes NULL, returns NULL */
void timers_start(struct timers *timers);
void timers_stop(struct timers *timers); /* those under way come to their end */
bool timers_idle(const struct timers *timers);
struct timers_stats timers_stats(const struct timers *timers);

#endif
