/* registry.h - what is published, as this worker knows it: procedures by version, calendars. Looks
 * every second for what is newer; a version once read never changes. It begins with what the
 * supervisor compiled before the fork, and compiles for itself only what others published, and
 * older versions when a dossier needs them. */
#ifndef DVC_SERVICE_REGISTRY_H
#define DVC_SERVICE_REGISTRY_H

#include "core/calendar.h"
#include "core/procedure.h"

struct published;
struct registry;
struct service;

/* `published`: the list read before the fork, which stays as long as the registry; NULL: all of it
 * comes from the database. */
struct registry *registry_new(struct service *service, const struct published *published);
struct registry *registry_free(struct registry *registry);
/* Everything that is offered has been read once; stays true when something newer is on its way. */
bool registry_ready(const struct registry *registry);
void registry_look(struct registry *registry); /* now instead of at the next interval */

/* The version with this row id; NULL when it is unknown yet (published a moment ago), or an old one
 * that nobody has asked for: it is read then, and there when asked for again. */
const struct procedure *registry_procedure(struct registry *registry, int64_t id);
/* After registry_procedure gave NULL: calls fn once, later, when it is known or cannot be had. */
void registry_await(struct registry *registry, int64_t id, void (*fn)(void *ctx), void *ctx);
/* The version of `code` in force on `day`: effective then, not withdrawn, the highest number. */
const struct procedure *registry_in_force(const struct registry *registry, struct slice code,
                                          day_t day);
/* The row id of one version of `code`, in force or not; 0 when it is unknown. */
int64_t registry_version(const struct registry *registry, struct slice code, int number);
/* Calls fn for each version in force on `day`, in the order of the codes. */
void registry_each(const struct registry *registry, day_t day,
                   void (*fn)(void *ctx, const struct procedure *procedure), void *ctx);
/* The calendar of an agency in its newest version. NULL when none is published. */
const struct calendar *registry_calendar(const struct registry *registry, const char *agency,
                                         int *ret_version);
/* The number of the published generation that is served whole: its list is known and all that it
 * offers has been read. 0 before registry_ready. */
int64_t registry_generation(const struct registry *registry);

#endif
