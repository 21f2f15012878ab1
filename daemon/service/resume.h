/* resume.h - uploads in parts, which survive a lost connection and a killed worker: all that is
 * known of one is in the database (tus 1.0 behind http/api_uploads.c). */
#ifndef DVC_SERVICE_RESUME_H
#define DVC_SERVICE_RESUME_H

#include "service/upload.h"

/* Valid during the callback. */
struct resume_state {
    const char *id;
    int64_t size, received; /* bytes */
    wall_t expires_at;
    bool done;                 /* whole, looked at and taken: `id` may be named in a dossier */
    const char *sha256, *type; /* done */
};
/* Runs exactly once; `fault` NULL and the state, or a fault and NULL. */
typedef void (*resume_fn)(void *ctx, const struct resume_state *state, const struct answer *fault);

/* Begins one of `size` bytes, 1 to UPLOAD_MAX. With a key (it may be empty), the same account's
 * same key gives the same upload again. Too many unfinished ones: TOO_MANY. */
void resume_begin(struct service *service, struct member *who, int64_t size, struct slice filename,
                  struct slice key, resume_fn fn, void *ctx);
/* How far it is. One whose last byte is here and which nobody looked at yet, because a worker ended
 * just then, is looked at now: then done, or refused as by resume_append. Somebody else's, an
 * expired one or none: NOT_FOUND. */
void resume_look(struct service *service, struct member *who, struct slice id, resume_fn fn,
                 void *ctx);
/* Appends bytes (copied, at most UPLOAD_PIECE) that begin at `offset`; another one is CONFLICT. A
 * part other than the last has at least 16 KiB. After the last byte the file is looked at: done, or
 * MEDIA_TYPE, UNPROCESSABLE "infected" (then nothing of it is kept), or UNAVAILABLE: then
 * resume_look later. */
void resume_append(struct service *service, struct member *who, struct slice id, int64_t offset,
                   struct slice bytes, resume_fn fn, void *ctx);
/* Throws one away that is not done. DONE or NOT_FOUND. */
void resume_drop(struct service *service, struct member *who, struct slice id, answer_fn answer,
                 void *ctx);

#endif
