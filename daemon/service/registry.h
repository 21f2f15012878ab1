/* registry.h - what is published, as this worker knows it: procedures by version, calendars. Looks
 * every second whether the generation's number grew; a version once read never changes. */
#ifndef DVC_SERVICE_REGISTRY_H
#define DVC_SERVICE_REGISTRY_H

#include "core/calendar.h"
#include "core/procedure.h"

struct registry;
struct service;

struct registry *registry_new(struct service *service);
struct registry *registry_free(struct registry *registry);
/* Everything published has been read once. */
bool registry_ready(const struct registry *registry);
void registry_look(struct registry *registry); /* now instead of at the next interval */

/* The version with this row id; NULL when it is unknown yet (published a moment ago). */
const struct procedure *registry_procedure(const struct registry *registry, int64_t id);
/* The version of `code` in force on `day`: effective then, not withdrawn, the highest number. */
const struct procedure *registry_in_force(const struct registry *registry, struct slice code,
                                          day_t day);
/* One version of `code`, in force or not; NULL when it is unknown. */
const struct procedure *registry_version(const struct registry *registry, struct slice code,
                                         int number);
/* Calls fn for each version in force on `day`, by code. */
void registry_each(const struct registry *registry, day_t day,
                   void (*fn)(void *ctx, const struct procedure *procedure), void *ctx);
/* The calendar of an agency in its newest version. NULL when none is published. */
const struct calendar *registry_calendar(const struct registry *registry, const char *agency,
                                         int *ret_version);
int64_t registry_generation(const struct registry *registry);

#endif
