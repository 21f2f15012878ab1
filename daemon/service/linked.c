#include "service/linked.h"

#include <string.h>

#include "base/log.h"
#include "service/content.h"
#include "service/decide.h"
#include "service/fetch.h"
#include "service/linkdraft.h"
#include "service/service.h"
#include "service/submission.h"

/* Keys of what the house files itself; no account has this number. */
#define KEY_ACCOUNT (-1)
#define WRONG_MAX 16

static const struct actor party = {.kind = ACCOUNT_SYSTEM, .party = ROLE_LINKED};

struct opening {
    struct op op;
    int64_t lead;
    struct decision part, report;
    int link;             /* the one that is being filed */
    int wrong[WRONG_MAX]; /* those that could not be */
    size_t wrong_count;
    const char *why;
    linked_fn done;
    void *ctx;
};

static void look(struct opening *opening);

static void finish(struct opening *opening, enum linked_result result)
{
    opening->done(opening->ctx, result, opening->why);
    op_end(&opening->op);
}

static void put_aside(struct opening *opening, const char *why)
{
    struct arena *arena = opening->op.arena;

    opening->why = opening->why == NULL ? why : arena_printf(arena, "%s; %s", opening->why, why);
    opening->wrong[opening->wrong_count++] = opening->link;
    look(opening);
}

static void reported(void *ctx, const struct decided *decided)
{
    struct opening *opening = ctx;

    if (decided->kind == DECIDE_APPLIED ||
        (decided->kind == DECIDE_REFUSED && decided->wf == WF_E_NOT_DUE))
        look(opening);
    else
        finish(opening, LINKED_LATER);
}

static void report(struct opening *opening, const char *code)
{
    struct decision *decision = &opening->report;

    *decision = (struct decision){.service = opening->op.service,
                                  .arena = opening->op.arena,
                                  .dossier_id = opening->lead,
                                  .command = command_blank(CMD_LINKED),
                                  .actor = &party,
                                  .done = reported,
                                  .ctx = opening};
    decision->command.link = opening->link;
    decision->command.link_code = arena_str(opening->op.arena, code);
    decide(decision);
}

static void filed(void *ctx, const struct decided *decided)
{
    struct opening *opening = ctx;

    switch (decided->kind) {
    case DECIDE_APPLIED:
    case DECIDE_DUPLICATE: /* it was filed, and the lead was not told any more */
        report(opening, decided->code);
        return;
    case DECIDE_REFUSED:
        if (decided->wf != WF_E_STALE) {
            put_aside(opening, decided->refusal.message);
            return;
        }
        break;
    case DECIDE_RULE:
        put_aside(opening, decided->constraint);
        return;
    case DECIDE_GONE:
    case DECIDE_FIRED:
    case DECIDE_UNSURE:
        break;
    }
    finish(opening, LINKED_LATER);
}

static void file(struct opening *opening, struct dossier *dossier)
{
    struct decision *decision = &opening->part;
    struct arena *arena = opening->op.arena;

    *decision = (struct decision){.service = opening->op.service,
                                  .arena = arena,
                                  .created = dossier,
                                  .command = command_blank(CMD_SUBMIT),
                                  .actor = &party,
                                  .key_account = KEY_ACCOUNT,
                                  .done = filed,
                                  .ctx = opening};
    decision->key = arena_printf(arena, "linked:%lld:%d", (long long)opening->lead, opening->link);
    decision->key_digest = sha256_of(slice_str(decision->key));
    decision->command.form_digest = content_digest(opening->op.service, arena, dossier);
    decision->name_folded = submission_names(arena, dossier);
    decide(decision);
}

static bool is_wrong(const struct opening *opening, int link)
{
    for (size_t i = 0; i < opening->wrong_count; i++) {
        if (opening->wrong[i] == link)
            return true;
    }
    return false;
}

static void loaded(void *ctx, const struct fetched *fetched)
{
    struct opening *opening = ctx;
    struct service *service = opening->op.service;
    const struct dossier *lead = fetched->dossier;
    struct dossier *dossier;
    const char *why;

    if (fetched->code != 0 || lead == NULL) {
        opening->why = "hồ sơ chủ trì không đọc được";
        finish(opening,
               fetched->code == STORE_E_DATA || fetched->code == 0 ? LINKED_WRONG : LINKED_LATER);
        return;
    }
    opening->link = 0;
    for (size_t i = 0; i < lead->link_count && opening->link == 0; i++) {
        const struct dossier_link *link = &lead->links[i];

        if (link->state != LINK_ASKED || is_wrong(opening, link->no) ||
            opening->wrong_count == WRONG_MAX)
            continue;
        opening->link = link->no;
        if (linkdraft(service, opening->op.arena, lead, fetched->row, link, loop_now(service->loop),
                      &dossier, &why))
            file(opening, dossier);
        else
            put_aside(opening, why);
    }
    if (opening->link == 0)
        finish(opening, opening->wrong_count > 0 ? LINKED_WRONG : LINKED_DONE);
}

/* After each one anew: in between the lead has changed. */
static void look(struct opening *opening)
{
    fetch_dossier(opening->op.service, opening->op.arena, NULL, opening->lead, loaded, opening);
}

void linked_open(struct service *service, int64_t lead, linked_fn done, void *ctx)
{
    struct opening *opening = op_new(service, sizeof(*opening), NULL, NULL);

    opening->lead = lead;
    opening->done = done;
    opening->ctx = ctx;
    look(opening);
}

struct ending {
    struct op op;
    struct decision decision;
    linked_fn done;
    void *ctx;
};

static void told(void *ctx, const struct decided *decided)
{
    struct ending *ending = ctx;
    enum linked_result result = LINKED_LATER;
    const char *why = NULL;

    switch (decided->kind) {
    case DECIDE_APPLIED:
    case DECIDE_DUPLICATE:
        result = LINKED_DONE;
        break;
    case DECIDE_REFUSED:
        if (decided->wf == WF_E_NOT_DUE) {
            result = LINKED_DONE;
        } else if (decided->wf != WF_E_STALE && decided->wf != WF_E_CALENDAR) {
            result = LINKED_WRONG;
            why = decided->refusal.message;
        }
        break;
    case DECIDE_GONE:
        result = LINKED_WRONG;
        why = "không có hồ sơ chủ trì";
        break;
    case DECIDE_RULE:
    case DECIDE_FIRED:
    case DECIDE_UNSURE:
        break;
    }
    ending->done(ending->ctx, result, why);
    op_end(&ending->op);
}

void linked_ended(struct service *service, int64_t lead, int link, const char *code,
                  enum dossier_state end, linked_fn done, void *ctx)
{
    struct ending *ending = op_new(service, sizeof(*ending), NULL, NULL);
    struct decision *decision = &ending->decision;

    ending->done = done;
    ending->ctx = ctx;
    *decision = (struct decision){.service = service,
                                  .arena = ending->op.arena,
                                  .dossier_id = lead,
                                  .command = command_blank(CMD_LINKED),
                                  .actor = &party,
                                  .done = told,
                                  .ctx = ending};
    decision->command.link = link;
    decision->command.link_code = arena_str(ending->op.arena, code);
    decision->command.link_over = true;
    decision->command.link_end = end;
    decide(decision);
}
