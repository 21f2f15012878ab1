/* recalculation.h - after a new calendar: works through the dossiers whose dates come from an older
 * one. It begins anew at any time: what is done is no longer found. */
#ifndef DVC_CLOCK_RECALCULATION_H
#define DVC_CLOCK_RECALCULATION_H

#include "base/loop.h"

struct service;
struct recalculation;

struct recalculation_options {
    int64_t every_us; /* between two looks */
    int batch;        /* read at once */
    int in_flight;    /* decided at once */
};

struct recalculation_stats {
    uint64_t done;
    uint64_t failed; /* in the pass under way: they wait for the next one */
};

struct recalculation *recalculation_new(struct service *service,
                                        const struct recalculation_options *options);
struct recalculation *recalculation_free(struct recalculation *job); /* takes NULL, returns NULL */
void recalculation_start(struct recalculation *job);
void recalculation_stop(struct recalculation *job);
bool recalculation_idle(const struct recalculation *job);
struct recalculation_stats recalculation_stats(const struct recalculation *job);

#endif
