#include "service/clockview.h"

#include "base/jw.h"
#include "core/explain.h"
#include "core/workflow.h"
#include "service/fetch.h"
#include "service/registry.h"
#include "service/service.h"

#define ANSWER_MAX (1u << 20)

struct looking {
    struct op op;
    struct member *who;
};

static void write_days(struct jw *jw, const struct explain *explain)
{
    jw_key(jw, "days");
    jw_array(jw);
    for (size_t i = 0; i < explain->day_count; i++) {
        const struct explain_day *day = &explain->days[i];

        jw_object(jw);
        jw_kv_day(jw, "date", day->day);
        jw_kv_bool(jw, "counted", day->counted);
        jw_kv_int(jw, "minutes", day->minutes);
        jw_kv_str(jw, "reason", explain_reason_vi(day->reason));
        jw_kv_str(jw, "code", explain_reason_name(day->reason));
        jw_kv_str(jw, "source", day->source);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void write_holds(struct jw *jw, const struct dossier *dossier)
{
    jw_key(jw, "holds");
    jw_array(jw);
    for (size_t i = 0; i < dossier->hold_count; i++) {
        const struct hold *hold = &dossier->holds[i];

        jw_object(jw);
        jw_kv_str(jw, "kind", hold->kind);
        jw_kv_wall(jw, "from", hold->from);
        jw_kv_wall(jw, "to", hold->to);
        jw_kv_str(jw, "reason", hold->reason);
        jw_kv_str(jw, "party", hold->party);
        jw_kv_wall(jw, "old_due", hold->old_due);
        jw_kv_wall(jw, "new_due", hold->new_due);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void write(struct looking *looking, const struct dossier *dossier)
{
    struct service *service = looking->op.service;
    struct limit limit = dossier_limit(dossier);
    struct clock_run run = dossier_clock_run(looking->op.arena, dossier);
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&buf);
    struct explain explain = {.day_count = 0};
    const struct calendar *calendar;
    int version;

    calendar = registry_calendar(service->registry, dossier->agency_competent, &version);
    if (!wall_is_none(run.start) && calendar != NULL &&
        deadline_explain(looking->op.arena, calendar, dossier_clock_rule(dossier), limit, &run,
                         &explain) != 0)
        explain.day_count = explain.rule_count = 0;
    jw_object(&jw);
    limit_write_kv(&jw, "limit", limit);
    jw_kv_str(&jw, "source", dossier_promised(dossier).decision);
    jw_key(&jw, "rules");
    jw_array(&jw);
    for (size_t i = 0; i < explain.rule_count; i++)
        jw_str(&jw, explain.rules[i]);
    if (dossier_counts_again(dossier))
        jw_str(&jw,
               "Đã nhận đủ hồ sơ bổ sung: thời hạn sau khi bổ sung có mức riêng, tính từ lúc đó.");
    jw_end_array(&jw);
    jw_kv_wall(&jw, "due_first", dossier->due_first);
    jw_kv_wall(&jw, "due_current", dossier->due_current);
    jw_kv_str(&jw, "clock", clock_state_code(dossier->clock));
    jw_kv_str(&jw, "calendar", calendar != NULL ? calendar_id(calendar) : NULL);
    write_days(&jw, &explain);
    write_holds(&jw, dossier);
    jw_end_object(&jw);
    answer_json(looking->op.answer, looking->op.ctx, buf_slice(&buf));
    buf_release(&buf);
}

static void loaded(void *ctx, const struct fetched *fetched)
{
    struct looking *looking = ctx;

    if (fetched->code != 0)
        answer_store_error(looking->op.answer, looking->op.ctx, fetched->code);
    else if (fetched->dossier == NULL ||
             !access_may_view(&looking->who->actor, fetched->dossier, &looking->op.service->order))
        answer_not_found(looking->op.answer, looking->op.ctx);
    else
        write(looking, fetched->dossier);
    member_unref(looking->who);
    op_end(&looking->op);
}

void clockview(struct service *service, struct member *who, struct slice code, answer_fn answer,
               void *ctx)
{
    struct looking *looking = op_new(service, sizeof(*looking), answer, ctx);

    looking->who = member_ref(who);
    fetch_dossier(service, looking->op.arena, arena_slice_str(looking->op.arena, code), 0, loaded,
                  looking);
}
