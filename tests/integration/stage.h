/* stage.h - what the tests of the store share: a store on a loop, and changes to submit. */
#ifndef DVC_TESTS_STAGE_H
#define DVC_TESTS_STAGE_H

#include "base/arena.h"
#include "core/outcome.h"
#include "store/change.h"
#include "store/sync.h"

struct stage {
    struct loop *loop;
    struct statements *statements;
    struct store *store;
    struct arena *arena;
    struct procedure *procedure;
    int pending; /* answers waited for */
    bool timed_out;
};

void stage_open(struct stage *stage, const struct store_settings *settings);
void stage_close(struct stage *stage);
/* Runs the loop until `pending` is 0 or the time is over. True in the first case. */
bool stage_run(struct stage *stage, int64_t timeout_us);
/* Says that one answer came: the last one ends stage_run. */
void stage_answered(struct stage *stage);
/* Runs the loop until the store's connections are up. */
bool stage_up(struct stage *stage, int64_t timeout_us);

/* A submission at `agency` with one event less than `events` after the first, a task, a timer, an
 * outbox row, a notice and a delta. Key NULL: none. */
struct change stage_submission(struct stage *stage, const char *agency, const char *key,
                               int events);
/* The same dossier as saved by `result`, with one more event, for a change that follows. */
struct change stage_following(struct stage *stage, const struct change *first,
                              const struct change_result *result, const char *key);

/* A blocking connection for looking at what happened; ends the program when it cannot be made. */
struct store_sync *stage_look(const char *env);
/* First column of the first row as a number. */
int64_t stage_number(struct store_sync *sync, const char *sql);
/* The SQLSTATE of a statement that must fail; "" when it did not. */
const char *stage_failure(struct store_sync *sync, const char *sql, struct db_error *ret_error);

#endif
