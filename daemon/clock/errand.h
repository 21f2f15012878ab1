/* errand.h - a command that the clock itself gives to one dossier. */
#ifndef DVC_CLOCK_ERRAND_H
#define DVC_CLOCK_ERRAND_H

#include "service/decide.h"

struct errand;
typedef void (*errand_fn)(void *ctx, const struct decided *decided);

/* Runs it on an arena of its own; done comes exactly once, not before this returns. CMD_RECALCULATE
 * for a dossier that is dated by the newest calendar is WF_E_NOT_DUE. */
void errand_run(struct service *service, int64_t dossier_id, const struct command *command,
                errand_fn done, void *ctx);
/* The same decision by the same path, and nothing is saved; ERRAND_DONE is what would be applied.
 */
void errand_rehearse(struct service *service, int64_t dossier_id, const struct command *command,
                     errand_fn done, void *ctx);

/* What to do about what was not applied. */
enum errand_verdict {
    ERRAND_DONE,  /* applied */
    ERRAND_MOOT,  /* nothing to do any more */
    ERRAND_AGAIN, /* the database is away or busy: as it is, soon */
    ERRAND_LATER  /* it cannot be decided now: an administrator or a new calendar must help */
};
enum errand_verdict errand_verdict(const struct decided *decided);

#endif
