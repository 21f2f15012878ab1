#include "clock/errand.h"

#include "service/service.h"

struct errand {
    struct decision decision;
    struct actor actor;
    errand_fn done;
    void *ctx;
};

static int prepare(struct decision *decision, const struct dossier *dossier,
                   struct refusal *refusal)
{
    struct setting setting =
        service_setting(decision->service, dossier->agency_competent, decision->now);

    if (decision->command.kind != CMD_RECALCULATE ||
        dossier->calendar_version < setting.calendar_version)
        return 0;
    *refusal = (struct refusal){"calendar_current", "", "Hạn của hồ sơ đã theo lịch mới nhất."};
    return WF_E_NOT_DUE;
}

static void sweep(void *ctx)
{
    arena_free(ctx);
}

static void decided(void *ctx, const struct decided *result)
{
    struct errand *errand = ctx;

    loop_defer(errand->decision.service->loop, sweep, errand->decision.arena);
    errand->done(errand->ctx, result);
}

static void begin(struct service *service, int64_t dossier_id, const struct command *command,
                  bool rehearse, errand_fn done, void *ctx)
{
    struct arena *arena = arena_new();
    struct errand *errand = ARENA_NEW(arena, struct errand);

    errand->done = done;
    errand->ctx = ctx;
    errand->actor = (struct actor){.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};
    errand->decision = (struct decision){.service = service,
                                         .arena = arena,
                                         .dossier_id = dossier_id,
                                         .command = *command,
                                         .actor = &errand->actor,
                                         .rehearse = rehearse,
                                         .prepare = prepare,
                                         .done = decided,
                                         .ctx = errand};
    decide(&errand->decision);
}

void errand_run(struct service *service, int64_t dossier_id, const struct command *command,
                errand_fn done, void *ctx)
{
    begin(service, dossier_id, command, false, done, ctx);
}

void errand_rehearse(struct service *service, int64_t dossier_id, const struct command *command,
                     errand_fn done, void *ctx)
{
    begin(service, dossier_id, command, true, done, ctx);
}

static enum errand_verdict by_store(int code)
{
    switch (code) {
    case STORE_E_DATA:
    case STORE_E_UNIQUE:
    case STORE_E_CONSTRAINT:
    case STORE_E_STATEMENT:
    case STORE_E_DENIED:
        return ERRAND_LATER;
    default:
        return ERRAND_AGAIN;
    }
}

enum errand_verdict errand_verdict(const struct decided *decided)
{
    switch (decided->kind) {
    case DECIDE_APPLIED:
        return ERRAND_DONE;
    case DECIDE_GONE:
    case DECIDE_FIRED:
        return ERRAND_MOOT;
    case DECIDE_REFUSED:
        if (decided->wf == WF_E_NOT_DUE)
            return ERRAND_MOOT;
        return decided->wf == WF_E_STALE ? ERRAND_AGAIN : ERRAND_LATER;
    case DECIDE_UNSURE:
        return by_store(decided->store_code);
    case DECIDE_DUPLICATE:
    case DECIDE_RULE:
        break;
    }
    return ERRAND_LATER;
}
