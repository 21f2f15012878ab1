/* answer.h - what a service call says in the end, in words that know no HTTP. */
#ifndef DVC_SERVICE_ANSWER_H
#define DVC_SERVICE_ANSWER_H

#include "base/json.h"
#include "core/form.h"

enum answer_kind {
    ANSWER_OK,
    ANSWER_CREATED,
    ANSWER_DONE,            /* nothing to show */
    ANSWER_MALFORMED,       /* not JSON, wrong shape */
    ANSWER_UNAUTHENTICATED,
    ANSWER_FORBIDDEN,
    ANSWER_NOT_FOUND,       /* also for what the caller may not know exists */
    ANSWER_CONFLICT,        /* the task or the state moved on */
    ANSWER_UNPROCESSABLE,   /* understood, and refused by a rule */
    ANSWER_TOO_LARGE,
    ANSWER_MEDIA_TYPE,      /* a file of a format that nobody asks for */
    ANSWER_TOO_MANY,
    ANSWER_UNAVAILABLE,     /* the database is away or a queue is full: try again */
    ANSWER_FAILED           /* our own fault */
};

/* Everything borrowed: valid during the callback. */
struct answer {
    enum answer_kind kind;
    struct slice json;     /* OK and CREATED */
    int64_t etag;          /* decision version, or -1 */
    const char *location;  /* CREATED: code of the dossier or id of the upload */
    const char *code;      /* faults: stable snake_case */
    const char *detail;    /* faults: Vietnamese */
    const struct form_fault *faults;
    size_t fault_count;
    int retry_after;       /* seconds, 0: not said */
};

/* Called exactly once for each call of a service function, on the loop, possibly before that
 * function returns. */
typedef void (*answer_fn)(void *ctx, const struct answer *answer);

/* The usual ones. */
void answer_json(answer_fn fn, void *ctx, struct slice json);
void answer_fault(answer_fn fn, void *ctx, enum answer_kind kind, const char *code,
                  const char *detail);
/* The same with the place at fault: a JSON pointer, "?name" for a parameter, or a header's name. */
void answer_fault_at(answer_fn fn, void *ctx, enum answer_kind kind, const char *code,
                     const char *pointer, const char *detail);
void answer_faults(answer_fn fn, void *ctx, const struct form_faults *faults);
/* A body that is no JSON object: `rc` and `error` are json_parse()'s with at most `depth` levels;
 * 0: it is JSON, and something else. Says where and which rule. */
void answer_not_json(answer_fn fn, void *ctx, int rc, const struct json_error *error, int depth);
void answer_not_found(answer_fn fn, void *ctx);
/* A store's error code (store/fault.h) as the caller sees it. */
void answer_store_error(answer_fn fn, void *ctx, int code);

#endif
