/* migration.h - carries out orders that move open dossiers to another version of their procedure, a
 * page at a time. Begins anew at any time: what is done is noted or found done. */
#ifndef DVC_CLOCK_MIGRATION_H
#define DVC_CLOCK_MIGRATION_H

#include "base/loop.h"

struct service;
struct migration;

struct migration_options {
    int64_t every_us; /* between two looks for an order */
    int batch;        /* read at once */
    int in_flight;    /* decided at once */
};

struct migration *migration_new(struct service *service, const struct migration_options *options);
struct migration *migration_free(struct migration *job); /* takes NULL, returns NULL */
void migration_start(struct migration *job);
void migration_stop(struct migration *job);
bool migration_idle(const struct migration *job);
uint64_t migration_moved(const struct migration *job); /* by this clock, since it began */

#endif
