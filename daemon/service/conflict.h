/* conflict.h - versions that a node's files have with another content than was published under
 * their number before, and how whoever wrote the files is told. */
#ifndef DVC_SERVICE_CONFLICT_H
#define DVC_SERVICE_CONFLICT_H

#include "conf/generation.h"

#define CONFLICTS_MAX 50 /* kept; those beyond are only counted */

struct conflict {
    char code[24];
    int version;
    char workflow[64]; /* the shared workflow whose steps differ, or "" */
    int workflow_version;
};

struct conflicts {
    struct conflict items[CONFLICTS_MAX];
    size_t count, total;
};

/* Of the list that publish gives: [{code, version, workflow, workflow_version}]. */
void conflicts_read(const struct value *list, struct conflicts *ret);
/* "1.001193 version 2 by shared workflow x version 1 and 3 more": for the log. "" without any. */
void conflicts_brief(const struct conflicts *conflicts, char *ret, size_t size);
/* One error each, at the version's line of the file that was changed: a plugin's, or once that of
 * the shared workflow. `generation` is what was offered. */
void conflicts_tell(const struct conflicts *conflicts, const struct generation *generation,
                    struct conf_errors *errors);

#endif
