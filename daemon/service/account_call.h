/* account_call.h - one write about accounts: a statement that answers {"fault": code} or an outcome
 * (sql/functions/account_v1.sql), and its faults in words. */
#ifndef DVC_SERVICE_ACCOUNT_CALL_H
#define DVC_SERVICE_ACCOUNT_CALL_H

#include "base/hash.h"
#include "service/fields.h"
#include "service/service.h"
#include "store/pool.h"

#define ACCOUNT_HASH_TIMEOUT_US (8 * US_PER_SECOND) /* to hash or verify a password */

struct account_call {
    struct op op;
    struct form_faults faults;
    struct fields fields;
    /* The outcome, and the answer to give; ends the op. NULL: ANSWER_DONE. */
    void (*done)(struct account_call *call, const struct value *outcome);
};

/* `size` at least a struct account_call, placed first. */
void *account_call_new(struct service *service, size_t size, answer_fn answer, void *ctx);
/* Parses the body: an object with no members but `keys`. NULL, and the answer given, when it is
 * none (an unknown member is a fault, which account_call_refused answers). An empty body is an
 * empty object. */
struct value *account_call_body(struct account_call *call, struct slice body,
                                const char *const *keys, size_t count);
/* True, and the answer given, when there are faults. */
bool account_call_refused(struct account_call *call);
/* One fault at once. */
void account_call_fault(struct account_call *call, const char *pointer, const char *code,
                        const char *message);
void account_call_run(struct account_call *call, const char *statement,
                      const struct db_param *params, size_t count);
/* Answers OK or CREATED with an object. */
void account_call_answer(struct account_call *call, enum answer_kind kind, struct slice json);
/* What a repeated key must come with again: act, whom, and the body's bytes. */
struct slice account_call_digest(struct account_call *call, const char *act, struct slice whom,
                                 struct slice body);
/* Vietnamese words of a fault, for dvcctl too; NULL when it is unknown. */
const char *account_fault_text(struct slice code);

#endif
