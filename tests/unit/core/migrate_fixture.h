/* migrate_fixture.h - the engine's fixture with a second version of its procedure to move to. */
#ifndef DVC_TEST_MIGRATE_FIXTURE_H
#define DVC_TEST_MIGRATE_FIXTURE_H

#include "core/workflow_migrate.h"
#include "engine_fixture.h"

/* A second version of the fixture's procedure: the same workflow in memory of its own, so that a
 * test may change it. */
struct second {
    struct engine *engine;
    struct procedure *to;
    struct migrate migrate;
    const char *reason;
};

struct second second_new(void);
/* Another copy of the engine's procedure, one version further. */
struct procedure *second_copy(struct engine *engine);
/* Moves the dossier, and keeps what came of it in the engine: workflow_apply's result. */
int second_move(struct second *s);
/* Whether the body of the last event holds `part`. */
bool second_said(const struct second *s, const char *part);
/* Asserts that the move is refused with `code` and changes nothing; frees the engine. */
void second_refused(struct second *s, const char *code);
/* For migrate.reaches: answers what `ctx`, a bool, says. */
bool second_reaches(void *ctx, const struct dossier *moved);
/* A map of one step to another, for migrate.steps. */
struct value *second_map(struct second *s, const char *from, const char *to);

#endif
