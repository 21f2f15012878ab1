/* service.h - what http, clock and courier share: load, decide, save, retry. One per worker, on its
 * loop. Functions of this floor answer through answer_fn or a callback of their own, exactly once.
 */
#ifndef DVC_SERVICE_SERVICE_H
#define DVC_SERVICE_SERVICE_H

#include "base/loop.h"
#include "conf/generation.h"
#include "core/workflow.h"
#include "service/answer.h"
#include "store/pool.h"

struct authclient;
struct inspector;
struct members;
struct published;
struct registry;

#define SERVICE_KEY_SIZE 32

struct service {
    struct loop *loop;
    struct store *store;
    const struct generation *generation; /* configuration of this node, compiled before the fork */
    struct registry *registry;           /* what is published */
    struct members *members;             /* sessions seen within the last seconds */
    struct authclient *auth;             /* NULL in workers that check no passwords */
    struct agency_order order;           /* who stands above whom: what rights are judged by */
    uint8_t pin_key[SERVICE_KEY_SIZE];   /* look-up PIN */
    uint8_t salt[SERVICE_KEY_SIZE];      /* digests in event bodies */
    uint8_t page_key[SERVICE_KEY_SIZE];  /* page tokens */
    bool keys_read;
    struct inspector *inspector; /* looks at files before they are taken */
    int64_t downloads;           /* files being sent now */
};

/* Borrows all of them; `published` (service/published.h) and `auth` may be NULL. Starts reading
 * keys and what is published; ready when service_ready. */
struct service *service_new(struct loop *loop, struct store *store,
                            const struct generation *generation,
                            const struct published *published, struct authclient *auth);
struct service *service_free(struct service *service);
bool service_ready(const struct service *service);

/* A statement by its name; one that is missing from sql/queries is DVC_REQUIRE, and a test asks for
 * all of them. */
const struct statement *service_statement(const struct service *service, const char *name);
/* How long a statement may take for a request, in microseconds. */
int64_t service_timeout(const struct service *service);

/* What the engine must be told about a dossier's place and time; `agency` is the competent one. The
 * calendar is the one in force there, NULL when there is none. */
struct setting service_setting(struct service *service, const char *agency, wall_t now);

/* An operation: one arena, one answer. Modules embed it first in their own state. */
struct op {
    struct service *service;
    struct arena *arena;
    answer_fn answer;
    void *ctx;
};
/* Allocates `size` bytes (at least a struct op, placed first) in a new arena. */
void *op_new(struct service *service, size_t size, answer_fn answer, void *ctx);
/* Ends it: the answer is given by the caller before, the arena goes at the end of this turn. */
void op_end(struct op *op);
/* Answer and end in one. */
void op_json(struct op *op, struct slice json);
void op_fault(struct op *op, enum answer_kind kind, const char *code, const char *detail);
void op_fault_at(struct op *op, enum answer_kind kind, const char *code, const char *pointer,
                 const char *detail);
/* As answer_not_json. */
void op_not_json(struct op *op, int rc, const struct json_error *error, int depth);
void op_key_reused(struct op *op); /* the Idempotency-Key was another request's */
void op_store_error(struct op *op, int code); /* as answer_store_error */

/* Once, for what the database refused: statement, class and its words, which are the
 * administrator's. */
void service_log_failure(const char *what, const struct db_result *result);

/* Runs a read that gives JSON and answers with it; no row is ANSWER_NOT_FOUND. */
void service_read(struct service *service, const char *statement, const struct db_param *params,
                  size_t count, answer_fn answer, void *ctx);

#endif
