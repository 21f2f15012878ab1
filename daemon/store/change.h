/* change.h - the one way to save a dossier: changes collect into batches, a batch is one call of
 * store_change_batch_v1 and one commit, and each change learns its own outcome. */
#ifndef DVC_STORE_CHANGE_H
#define DVC_STORE_CHANGE_H

#include "base/hash.h"
#include "core/outcome.h"

struct store;

enum change_result_kind {
    CHANGE_APPLIED,
    CHANGE_DUPLICATE, /* the key was used with the same body: code, dossier_id and seq of then */
    CHANGE_CONFLICT,  /* the key was used with another body */
    CHANGE_STALE,     /* the dossier moved since it was loaded: load, decide and try again */
    CHANGE_REFUSED,   /* reason: external_code_taken, timer_fired, upload_unknown */
    CHANGE_FAILED     /* not saved, or not known (then a retry with the key finds out) */
};

struct change_result {
    enum change_result_kind kind;
    const char *reason; /* CHANGE_REFUSED; CHANGE_FAILED: SQLSTATE or busy, timeout, link_lost */
    int64_t dossier_id, version, seq;
    const char *code;   /* valid during the callback */
};

/* Filled by the caller and owned by it until `done`, which runs exactly once on the loop; the outcome
 * and its arena must live as long. */
struct change {
    const struct outcome *outcome;
    int64_t account;            /* idempotency; 0: none */
    struct slice key;
    struct sha256 body_hash;
    const char *code_agency;    /* creates: prefix of the code, and the day (Asia/Ho_Chi_Minh) */
    day_t code_day;
    struct slice name_folded;   /* creates */
    const char *id_number_owner; /* creates, portal: whose account becomes owner_account; or NULL */
    wall_t deadline;            /* waiting longer than this fails the change; WALL_NONE: the default */
    void (*done)(void *ctx, const struct change_result *result);
    void *ctx;
    struct change *next;        /* the store's */
};

enum { STORE_E_BUSY = 1 };

/* Queues a change for the next batch: at most one per dossier in a batch, in the order they came. 0,
 * or STORE_E_BUSY when the queue is at its limit (done is not called). */
int store_change_submit(struct store *store, struct change *change) DVC_MUSTCHECK;

#endif
