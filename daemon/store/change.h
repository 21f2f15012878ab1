/* change.h - the one way to save what the workflow decided: changes are gathered into batches, a
 * batch is one commit, each change gets an answer of its own (architecture.md, section 4). */
#ifndef DVC_STORE_CHANGE_H
#define DVC_STORE_CHANGE_H

#include "base/hash.h"
#include "core/outcome.h"
#include "store/pool.h"

/* What is borrowed (outcome, texts) must live until on_done: keep it in the arena of the operation
 * and free that in on_done. */
struct change {
    const struct outcome *outcome;
    wall_t now; /* the moment decided at; gives the code's day when the dossier is new */
    /* Idempotency of a request: (account, key) once and for ever. key NULL: the change has none (a
     * timer, whose claim is its fired rung; a retry of those finds the version moved). */
    int64_t account;
    const char *key;
    struct sha256 key_digest; /* of the request's body */
    /* For a new dossier: applicant's and owner's names folded for search (utf8_fold), and for one
     * the portal files, the applicant's ID number, whose account becomes owner_account (NULL:
     * none). */
    struct slice name_folded;
    const char *owner_id_number;
    /* A row of outbox work that this change settles (courier), 0 none. */
    int64_t settles_outbox;
};

enum change_verdict {
    CHANGE_APPLIED,   /* durable; code, dossier, version, seq say what became of it */
    CHANGE_DUPLICATE, /* the key was used: the fields say what was done then; compare key_digest */
    CHANGE_STALE,     /* the dossier is at another version: load, decide and submit again */
    CHANGE_FIRED,     /* the timer's rung had fired already: nothing to do */
    CHANGE_REFUSED, /* a rule of the data forbids it; error.constraint says which, e.g. an external
                     * code that exists */
    CHANGE_FAILED,  /* STORE_E_BUSY, _TIMEOUT, _CANCELLED, _DOWN ... in error.code; after
                     * _TIMEOUT or _CANCELLED it may have been saved: send the same key again */
};

struct change_result {
    enum change_verdict verdict;
    int64_t dossier;  /* id */
    const char *code; /* valid during the callback */
    int64_t version;  /* of the dossier's row after the change (APPLIED) or now (STALE) */
    int64_t decision;
    int64_t seq; /* of its last event (APPLIED), of the event it wrote then (DUPLICATE) */
    struct sha256 key_digest; /* DUPLICATE: of the body first sent with this key */
    struct db_error error;    /* REFUSED and FAILED */
};

typedef void (*change_done_fn)(void *ctx, const struct change_result *result);

/* Queues the change; on_done comes exactly once, never inside this call. Copies `change` itself. A
 * link lost during the commit is retried with the same key and version until the timeout, so an
 * answer is never a guess; only a new dossier without a key is then answered with STORE_E_LOST. */
void store_change_submit(struct store *store, const struct change *change, int64_t timeout_us,
                         change_done_fn on_done, void *ctx);
/* Changes waiting or in flight. */
size_t store_change_load(const struct store *store);

#endif
