/* decide.h - the one path of a change: load the dossier, let the engine decide, save, and when the
 * dossier moved meanwhile, load and decide again. */
#ifndef DVC_SERVICE_DECIDE_H
#define DVC_SERVICE_DECIDE_H

#include "base/hash.h"
#include "core/workflow.h"
#include "store/change.h"

struct service;

#define DECIDE_ATTEMPTS 8 /* a dossier that moves each time in between: then CONFLICT */

enum decide_kind {
    DECIDE_APPLIED,   /* or, rehearsed, would be */
    DECIDE_DUPLICATE, /* the key was used; `same_body` says whether with the same body */
    DECIDE_GONE,      /* no such dossier */
    DECIDE_REFUSED,   /* by the engine: `wf` and `refusal` */
    DECIDE_FIRED,     /* the rung had fired already */
    DECIDE_RULE,      /* by a rule of the data, e.g. an external code that exists: `constraint` */
    DECIDE_UNSURE,    /* not saved or not known: `store_code` */
};

/* Valid during the callback; `dossier` and `outcome` in the arena of the decision. */
struct decided {
    enum decide_kind kind;
    const struct dossier *dossier;  /* as loaded (not for a creation), and the row it came from */
    const struct value *row;
    const struct outcome *outcome;  /* APPLIED */
    const char *code;               /* APPLIED, DUPLICATE */
    int64_t dossier_id, seq;
    bool same_body;
    int wf;
    struct refusal refusal;
    const char *constraint;
    int store_code;
    wall_t now;                     /* the moment decided at */
};

struct decision {
    struct service *service;
    struct arena *arena;         /* the caller's; lives until done */
    const char *code;            /* of the dossier, or NULL and */
    int64_t dossier_id;          /* its id; both empty: `created` is a new one */
    struct dossier *created;
    struct command command;      /* texts live in the arena */
    const struct actor *actor;   /* lives until done */
    /* Looked at after loading, before deciding; may fill in the command. 0 to go on; one of
     * WF_E_*, with *refusal filled, ends it. NULL: nothing to look at. */
    int (*prepare)(struct decision *decision, const struct dossier *dossier,
                   struct refusal *refusal);
    int64_t key_account;         /* idempotency, key NULL: none */
    const char *key;
    struct sha256 key_digest;
    struct slice name_folded;    /* creation */
    const char *owner_id_number; /* creation */
    int64_t settles_outbox;      /* 0: none */
    bool rehearse;               /* decided, nothing saved: APPLIED says that it would be */
    void (*done)(void *ctx, const struct decided *decided);
    void *ctx;
    /* decide.c's own */
    int attempts;
    struct dossier *loaded;
    struct value *row;
    wall_t now;
    struct outcome *outcome;
    struct decided refused;
};

/* Starts it; done runs exactly once, not before this returns. */
void decide(struct decision *decision);

/* The usual answer to what was not applied; `retry_key` as in api.md. */
struct op;
void decide_answer_fault(struct op *op, const struct decided *decided);

#endif
