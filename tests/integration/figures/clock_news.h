/* clock_news.h - what is published while the clock runs: calendars that change, taken back, of
 * before, and a version that is in force from tomorrow. For it_clock. */
#ifndef DVC_CLOCK_NEWS_H
#define DVC_CLOCK_NEWS_H

#include "world.h"

#define PATIENCE_US (60 * US_PER_SECOND) /* a busy machine is slow */

/* Clocks that do everything at short intervals. */
struct clock_options clock_news_fast(struct world *world);
/* `folder` holds what `config` names; both are changed. */
void clock_news(struct world *world, const char *config, const char *folder);

#endif
