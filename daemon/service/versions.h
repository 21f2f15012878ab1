/* versions.h - the published versions of procedures that a worker knows, by code and by row id, and
 * which of them is in force on a day. */
#ifndef DVC_SERVICE_VERSIONS_H
#define DVC_SERVICE_VERSIONS_H

#include "service/published.h"

/* One published version. It stays until the worker ends: dossiers may hold on to it. */
struct version {
    struct published_version is;
    const struct procedure *procedure; /* NULL until its text was read */
    struct arena *arena;               /* NULL: compiled before the fork */
    bool reading, unusable;
    bool gone; /* withdrawn, and what is in force instead has been read (versions_settle) */
};

struct versions {             /* all zero: empty */
    struct version **by_code; /* and by version */
    struct version **by_id;
    size_t count, cap;
    size_t missing; /* those without a procedure */
    int64_t newest; /* the highest id */
};

/* Its texts are borrowed. One with this id, or this code and version, is not there yet. */
void versions_add(struct versions *versions, struct published_version is);
struct version *versions_find(const struct versions *versions, int64_t id); /* NULL: unknown */
/* Index in by_code of the first version of `code` that is not below `number`, or versions->count.
 */
size_t versions_place(const struct versions *versions, struct slice code, int number);
/* Of the code that stands at `at`: the highest version in force on `day`, or NULL; *ret_next is the
 * next code's index. */
const struct procedure *versions_in_force(const struct versions *versions, size_t at, day_t day,
                                          size_t *ret_next);
/* Whether the one at `at` may be offered to somebody, `today` or later: neither withdrawn nor over,
 * and no higher version of the code is in force that stays so for at least as long. */
bool versions_offered(const struct versions *versions, size_t at, day_t today);
/* `ids` are all that are withdrawn; not a list: nothing is known of that. They stay in force until
 * versions_settle: what comes in their place may have to be read first. */
void versions_withdraw(struct versions *versions, const struct value *ids);
/* All that versions_offered names has been read. */
void versions_settle(struct versions *versions);
void versions_release(struct versions *versions);

#endif
