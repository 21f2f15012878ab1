/* figures.h - the on-time figures of report II.06a and the dossiers behind each of them. What sums
 * into which class is a table in sql/functions/stat_v1.sql.
 *
 * Anyone may ask at agency level: for an agency with all below it, in all or grouped by agency.
 * More (by procedure, field or channel, and the dossiers) is for staff and auditors, and then only
 * for the agencies at which they hold a role. */
#ifndef DVC_SERVICE_FIGURES_H
#define DVC_SERVICE_FIGURES_H

#include "service/answer.h"
#include "service/list.h"
#include "service/member.h"

struct service;

#define FIGURES_YEARS_MAX 3

/* A dossier counts on the day on which its acceptance was written down, also when the counter
 * states an earlier moment of reception; and as resolved on the day its result was there, never
 * when it was collected. */

/* As sent; empty: not said. */
struct figures_ask {
    struct slice from, to; /* days, both counted; default: this year until today */
    struct slice agency;   /* with those below it */
    struct slice procedure, field, channel;
    struct slice group_by; /* of agency procedure field channel, separated by commas */
    struct slice verdict;  /* legal (dates, the default) or strict (moments) */
    struct slice figure;   /* dossiers only: the class, as resolved.late or apart.paused */
    struct page_ask page;  /* dossiers only */
};

/* `who` NULL: no account. OK with the shape On-time of api.md. UNPROCESSABLE names each wrong
 * parameter, UNAUTHENTICATED and FORBIDDEN are for more than agency level. */
void figures_on_time(struct service *service, struct member *who, const struct figures_ask *ask,
                     answer_fn answer, void *ctx);
/* OK with {items: [{code, procedure, agency, channel, received_at, due_first, due_current,
 * finished_at, state}], next}: as many as the figure says, without names. */
void figures_dossiers(struct service *service, struct member *who, const struct figures_ask *ask,
                      answer_fn answer, void *ctx);

/* The newest calendar version of each agency, for statements that compare it with the dossiers'. */
struct agency_calendars {
    struct slice *agencies;
    int64_t *versions;
    size_t count;
};
struct agency_calendars figures_calendars(const struct service *service, struct arena *arena);

#endif
