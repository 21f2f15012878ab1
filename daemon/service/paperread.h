/* paperread.h - printed forms for whoever may see them. A form is printed by the courier a moment
 * after it was issued: whoever asks earlier waits up to PAPERREAD_WAIT_US. */
#ifndef DVC_SERVICE_PAPERREAD_H
#define DVC_SERVICE_PAPERREAD_H

#include "base/wall.h"
#include "service/answer.h"
#include "service/member.h"

struct service;

#define PAPERREAD_WAIT_US (5 * US_PER_SECOND)

struct paper_file {
    struct slice bytes; /* PDF, valid during the callback */
    const char *filename;
};
/* Runs exactly once: with the file, or else the answer to give instead (ANSWER_OK: it is still
 * being printed, with {id, state}). */
typedef void (*paper_fn)(void *ctx, const struct paper_file *file, const struct answer *answer);

/* A form of a dossier by its word; `number` empty: the newest one. Whoever sees the dossier
 * unmasked may read it; the control slip is for staff and auditors (masked), and printed as of now.
 * Each reading is an event of the dossier, durable before the answer. */
void paperread_form(struct service *service, struct member *who, struct slice code,
                    struct slice form, struct slice number, paper_fn fn, void *ctx);

/* What paperorder.h ordered, for whoever may still have it; each reading is noted. */
void paperread_register(struct service *service, struct member *who, struct slice id, paper_fn fn,
                        void *ctx);

/* A hand-over record as it stands, for whoever may see it; each reading is noted. */
void paperread_handover(struct service *service, struct member *who, struct slice id, paper_fn fn,
                        void *ctx);

#endif
