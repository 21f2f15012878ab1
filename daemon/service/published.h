/* published.h - the list of what the database has published, read before the workers are forked, so
 * that each begins with it and asks only for what is newer. */
#ifndef DVC_SERVICE_PUBLISHED_H
#define DVC_SERVICE_PUBLISHED_H

#include "base/value.h"
#include "conf/generation.h"
#include "store/sync.h"

struct published_version {
    int64_t id;
    const char *code, *sha256;
    int version;
    day_t from, to; /* DAY_NONE: open */
    bool withdrawn;
    const struct procedure *procedure; /* compiled from a file of this node; NULL: not here */
};

struct published {
    struct arena *arena;
    int64_t generation; /* the number that this is true for */
    int64_t newest;     /* the highest id, 0: none */
    struct published_version *items;
    size_t count, cap;
};

/* One row of registry_read's procedures; texts are copied into `arena`. The procedure is the
 * generation's where code, version and SHA-256 are the same, and learns its id. */
struct published_version published_version(struct arena *arena, const struct value *row,
                                           const struct generation *generation);

/* Empty: nothing known. */
struct published *published_new(void);
struct published *published_free(struct published *published); /* takes NULL, returns NULL */
/* Adds what an answer of registry_read has (JSON); the units of what is the generation's get their
 * ids (plugin_unit_published). 0 or -EINVAL, with nothing changed. */
int published_add(struct published *published, const struct generation *generation,
                  struct slice answer) DVC_MUSTCHECK;
/* The same list for another generation: what was compiled from files is looked for again there. */
struct published *published_for(const struct published *published,
                                const struct generation *generation);
/* Asks the database for what is newer than `published`; *ret_answer lives in `arena`. Blocks. 0 or
 * STORE_E_*. */
int published_ask(const struct published *published, struct store_sync *sync,
                  const struct statements *statements, struct arena *arena,
                  struct slice *ret_answer, struct db_error *ret_error) DVC_MUSTCHECK;

#endif
