/* loop.h - one event loop per worker, over libevent. Only this module, http/srv.c and
 * courier/curlmux.c know libevent. All calls on the loop's own thread. */
#ifndef DVC_BASE_LOOP_H
#define DVC_BASE_LOOP_H

#include "base/clock.h"

struct event_base;
struct loop;
struct loop_timer;
struct loop_fd;

struct loop *loop_new(void);
struct loop *loop_free(struct loop *loop);
/* Runs until loop_stop; 0, or -errno when the backend fails. */
int loop_run(struct loop *loop) DVC_MUSTCHECK;
void loop_stop(struct loop *loop); /* returns from loop_run after the current callbacks */
struct event_base *loop_base(struct loop *loop);
/* The database-anchored clock of this worker, read once per turn: every caller of one turn sees the
 * same `now`. */
wall_t loop_now(struct loop *loop);
mono_t loop_mono(struct loop *loop);
struct clock *loop_clock(struct loop *loop);

/* One-shot timer, made stopped. Start replaces an earlier start. Stop and free are idempotent, also
 * inside the timer's own callback; free takes NULL and returns NULL. */
struct loop_timer *loop_timer_new(struct loop *loop, void (*fn)(void *ctx), void *ctx);
void loop_timer_start(struct loop_timer *timer, int64_t us);
void loop_timer_stop(struct loop_timer *timer);
struct loop_timer *loop_timer_free(struct loop_timer *timer);

/* Watches a descriptor it does not own. */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };
struct loop_fd *loop_fd_new(struct loop *loop, int fd, void (*fn)(void *ctx, int what), void *ctx);
void loop_fd_want(struct loop_fd *watch, int what); /* any of LOOP_READ | LOOP_WRITE, 0 = nothing */
struct loop_fd *loop_fd_free(struct loop_fd *watch);

/* Calls fn once at the end of this turn: the place to free what a running callback uses. */
void loop_defer(struct loop *loop, void (*fn)(void *ctx), void *ctx);
/* fn runs on the loop, not in signal context. */
void loop_signal(struct loop *loop, int signo, void (*fn)(void *ctx), void *ctx);

#endif
