/* publish.h - puts a node's configuration into the database, where every node serves it from.
 * Blocks: for the supervisor before it forks, and for dvcctl. */
#ifndef DVC_SERVICE_PUBLISH_H
#define DVC_SERVICE_PUBLISH_H

#include "service/conflict.h"
#include "store/sync.h"

struct publish_report {
    int64_t generation;
    int64_t agencies, procedures, calendars; /* new or changed */
    struct conflicts conflicts;              /* published before with another content */
    /* "agencies, vn-default": what this node's files have as it was before a later publication, and
     * what was therefore left as published; or "" */
    char older[128];
};

enum { PUBLISH_E_CONFLICT = 300 };

struct publish_offer {
    const struct generation *generation;
    const struct generation *before; /* what this node read last; NULL at its start */
    const char *publisher;
    /* Agencies and calendars are published also where they are older. Otherwise only when what the
     * node had before was the newest: then somebody changed them back. */
    bool take_back;
};

/* All or nothing, in one commit. 0, PUBLISH_E_CONFLICT, or STORE_E_* with *ret_error filled. */
int publish(struct store_sync *sync, const struct statements *statements,
            const struct publish_offer *offer, struct publish_report *ret_report,
            struct db_error *ret_error) DVC_MUSTCHECK;

#endif
