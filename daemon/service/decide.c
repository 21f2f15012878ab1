#include "service/decide.h"

#include <string.h>

#include "base/log.h"
#include "service/fetch.h"
#include "service/service.h"

static void load(struct decision *decision);

static void finish(struct decision *decision, struct decided *decided)
{
    decided->dossier = decision->loaded;
    decided->row = decision->row;
    decided->now = decision->now;
    decision->done(decision->ctx, decided);
}

static void finish_kind(struct decision *decision, enum decide_kind kind)
{
    finish(decision, &(struct decided){.kind = kind});
}

static void finish_store(struct decision *decision, int code)
{
    finish(decision, &(struct decided){.kind = DECIDE_UNSURE, .store_code = code});
}

static void log_failure(const struct decision *decision, const struct db_error *error)
{
    if (error->code == STORE_E_BUSY || error->code == STORE_E_CANCELLED)
        return;
    log_error("change_failed", "dossier=%s reason=%s sqlstate=%s constraint=%s detail=%s",
              decision->code != NULL ? decision->code : "-", store_error_name(error->code),
              error->sqlstate, error->constraint, error->message);
}

static void saved(void *ctx, const struct change_result *result)
{
    struct decision *decision = ctx;
    struct decided decided = {.outcome = decision->outcome,
                              .code = result->code,
                              .dossier_id = result->dossier,
                              .seq = result->seq};

    switch (result->verdict) {
    case CHANGE_APPLIED:
        decided.kind = DECIDE_APPLIED;
        break;
    case CHANGE_DUPLICATE:
        decided.kind = DECIDE_DUPLICATE;
        decided.same_body = hash_equal(&result->key_digest, &decision->key_digest, SHA256_SIZE);
        break;
    case CHANGE_STALE:
        if (++decision->attempts < DECIDE_ATTEMPTS) {
            load(decision);
            return;
        }
        decided.kind = DECIDE_REFUSED;
        decided.wf = WF_E_STALE;
        decided.refusal =
            (struct refusal){"busy_dossier", "", "Hồ sơ đang được nhiều người xử lý, hãy thử lại."};
        break;
    case CHANGE_FIRED:
        decided.kind = DECIDE_FIRED;
        break;
    case CHANGE_REFUSED:
        decided.kind = DECIDE_RULE;
        decided.constraint = result->error.constraint;
        break;
    case CHANGE_FAILED:
        log_failure(decision, &result->error);
        decided.kind = DECIDE_UNSURE;
        decided.store_code = result->error.code;
        break;
    }
    finish(decision, &decided);
}

static void save(struct decision *decision)
{
    struct change change = {
        .outcome = decision->outcome,
        .now = decision->now,
        .account = decision->key_account,
        .key = decision->key,
        .key_digest = decision->key_digest,
        .name_folded = decision->name_folded,
        .owner_id_number = decision->owner_id_number,
        .settles_outbox = decision->settles_outbox,
    };

    store_change_submit(decision->service->store, &change, service_timeout(decision->service),
                        saved, decision);
}

static void key_looked_up(void *ctx, const struct db_result *result)
{
    struct decision *decision = ctx;
    struct decided decided = {.kind = DECIDE_DUPLICATE};
    struct slice digest;

    if (result->code != 0) {
        service_log_failure("idempotency_find", result);
        finish_store(decision, result->code);
        return;
    }
    if (db_rows_count(result->rows) == 0) {
        finish(decision, &decision->refused);
        return;
    }
    digest = db_bytes_at(decision->arena, result->rows, 0, 0);
    decided.same_body =
        digest.len == SHA256_SIZE && hash_equal(digest.ptr, &decision->key_digest, SHA256_SIZE);
    decided.dossier_id = db_int_at(result->rows, 0, 1, 0);
    decided.seq = db_int_at(result->rows, 0, 2, 0);
    decided.code = arena_slice_str(decision->arena, db_text_at(result->rows, 0, 3));
    finish(decision, &decided);
}

/* What the engine refuses may be a repetition of what it has done already: who lost the first
 * answer is to get it, not to hear that the task is closed. */
static void refuse(struct decision *decision, int wf, struct refusal refusal)
{
    struct service *service = decision->service;
    struct db_param params[2];

    decision->refused = (struct decided){.kind = DECIDE_REFUSED, .wf = wf, .refusal = refusal};
    if (decision->key == NULL) {
        finish(decision, &decision->refused);
        return;
    }
    params[0] = db_int(decision->key_account);
    params[1] = db_str(decision->key);
    store_query(service->store, service_statement(service, "idempotency_find"), params, 2,
                service_timeout(service), key_looked_up, decision);
}

static void recalculated(void *ctx, const struct change_result *result)
{
    struct decision *decision = ctx;

    if ((result->verdict == CHANGE_APPLIED || result->verdict == CHANGE_STALE) &&
        ++decision->attempts < DECIDE_ATTEMPTS)
        load(decision);
    else
        saved(decision, result);
}

/* A newer calendar is in force than the one that the dossier's dates rest on: they come first, as a
 * change of their own (architecture.md, section 6), and the command is judged on the new ones. */
static bool behind(const struct decision *decision, const struct dossier *dossier,
                   const struct setting *setting)
{
    return decision->created == NULL && !decision->rehearse && decision->command.kind != CMD_RECALCULATE &&
           dossier->clock != CLOCK_ENDED && dossier->calendar_version < setting->calendar_version;
}

static void recalculate(struct decision *decision, const struct dossier *dossier,
                        const struct setting *setting)
{
    static const struct actor clock = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};
    const struct command command = command_blank(CMD_RECALCULATE);
    struct change change = {.now = decision->now};
    struct refusal refusal = {NULL, NULL, NULL};
    struct outcome *outcome;
    int wf =
        workflow_apply(decision->arena, dossier, &command, &clock, setting, &outcome, &refusal);

    if (wf != 0) {
        refuse(decision, wf, refusal);
        return;
    }
    change.outcome = outcome;
    store_change_submit(decision->service->store, &change, service_timeout(decision->service),
                        recalculated, decision);
}

static void judge(struct decision *decision, struct dossier *dossier)
{
    struct service *service = decision->service;
    struct refusal refusal = {NULL, NULL, NULL};
    struct setting setting;
    int wf = 0;

    decision->now = loop_now(service->loop);
    setting = service_setting(service, dossier->agency_competent, decision->now);
    if (setting.calendar == NULL) { /* its calendar is being published at this moment */
        finish_store(decision, STORE_E_BUSY);
        return;
    }
    if (behind(decision, dossier, &setting)) {
        recalculate(decision, dossier, &setting);
        return;
    }
    if (decision->prepare != NULL)
        wf = decision->prepare(decision, dossier, &refusal);
    if (wf == 0)
        wf = workflow_apply(decision->arena, dossier, &decision->command, decision->actor, &setting,
                            &decision->outcome, &refusal);
    if (wf != 0)
        refuse(decision, wf, refusal);
    else if (decision->rehearse)
        finish(decision, &(struct decided){.kind = DECIDE_APPLIED,
                                           .outcome = decision->outcome,
                                           .code = dossier->code,
                                           .dossier_id = dossier->id});
    else
        save(decision);
}

static void loaded(void *ctx, const struct fetched *fetched)
{
    struct decision *decision = ctx;

    decision->loaded = fetched->dossier;
    decision->row = fetched->row;
    if (fetched->code != 0)
        finish_store(decision, fetched->code);
    else if (fetched->dossier == NULL)
        finish_kind(decision, DECIDE_GONE);
    else
        judge(decision, fetched->dossier);
}

static void load(struct decision *decision)
{
    fetch_dossier(decision->service, decision->arena, decision->code, decision->dossier_id, loaded,
                  decision);
}

void decide(struct decision *decision)
{
    if (decision->created != NULL)
        judge(decision, decision->created);
    else
        load(decision);
}

static enum answer_kind kind_of(int wf, const char *code)
{
    if (strcmp(code, "not_found") == 0) /* he may not even know that it exists */
        return ANSWER_NOT_FOUND;
    switch (wf) {
    case WF_E_TASK_GONE:
    case WF_E_STALE:
    case WF_E_NOT_DUE:
        return ANSWER_CONFLICT;
    case WF_E_FORBIDDEN:
        return ANSWER_FORBIDDEN;
    default:
        return ANSWER_UNPROCESSABLE;
    }
}

void decide_answer_fault(struct op *op, const struct decided *decided)
{
    struct form_fault fault;
    struct answer answer = {.etag = -1};

    switch (decided->kind) {
    case DECIDE_REFUSED:
        fault = (struct form_fault){decided->refusal.pointer, decided->refusal.code,
                                    decided->refusal.message};
        answer.kind = kind_of(decided->wf, decided->refusal.code);
        answer.code = decided->refusal.code;
        answer.detail = decided->refusal.message;
        answer.faults = &fault;
        answer.fault_count = 1;
        op->answer(op->ctx, &answer);
        op_end(op);
        return;
    case DECIDE_GONE:
        answer_not_found(op->answer, op->ctx);
        op_end(op);
        return;
    case DECIDE_RULE:
        if (strcmp(decided->constraint, "upload_unknown") == 0) /* purged since it was looked at */
            op_fault(op, ANSWER_UNPROCESSABLE, "upload",
                     "Có tệp đã quá 24 giờ mà chưa dùng, hãy tải tệp lên lại.");
        else
            op_fault(op, ANSWER_CONFLICT, "exists", "Mã hồ sơ của Cổng dịch vụ công đã được dùng.");
        return;
    case DECIDE_DUPLICATE:
        op_key_reused(op);
        return;
    case DECIDE_UNSURE:
        op_store_error(op, decided->store_code);
        return;
    case DECIDE_APPLIED:
    case DECIDE_FIRED:
        break;
    }
    op_fault(op, ANSWER_CONFLICT, "done_already", "Việc này đã được thực hiện.");
}
