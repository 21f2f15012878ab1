#include "service/intake.h"

#include "base/json.h"
#include "base/jw.h"
#include "service/command.h"
#include "service/content.h"
#include "service/decide.h"
#include "service/fields.h"
#include "service/pin.h"
#include "service/service.h"
#include "service/submission.h"

#define BODY_DEPTH 16
#define ANSWER_MAX 4096

struct intake {
    struct op op;
    struct member *who;
    struct value *body;
    struct dossier *dossier;
    struct form_faults faults;
    struct decision decision;
};

static void end(struct intake *intake)
{
    member_unref(intake->who);
    op_end(&intake->op);
}

static void answer_created(struct intake *intake, const char *code, const char *external_code,
                           const char *procedure, const char *agency, const char *state, int status,
                           struct slice submitted_at, struct slice due)
{
    char pin[PIN_SIZE] = "";
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&buf);

    pin_of(intake->op.service, slice_str(code), pin);
    jw_object(&jw);
    jw_kv_str(&jw, "code", code);
    jw_kv_str(&jw, "external_code", external_code);
    jw_kv_str(&jw, "procedure", procedure);
    jw_kv_str(&jw, "agency", agency);
    jw_kv_str(&jw, "state", state);
    jw_kv_int(&jw, "status", status);
    jw_key(&jw, "submitted_at");
    jw_slice(&jw, submitted_at);
    jw_key(&jw, "due");
    if (due.ptr != NULL)
        jw_slice(&jw, due);
    else
        jw_null(&jw);
    jw_kv_str(&jw, "pin", pin);
    jw_end_object(&jw);
    intake->op.answer(intake->op.ctx, &(struct answer){.kind = ANSWER_CREATED,
                                                       .json = buf_slice(&buf),
                                                       .etag = -1,
                                                       .location = code});
    buf_release(&buf);
    end(intake);
}

static struct slice wall_text(struct arena *arena, wall_t at)
{
    struct buf buf = BUF_INIT(64);
    struct slice text;

    if (wall_is_none(at))
        return SLICE_NULL;
    buf_add_wall(&buf, at);
    text = arena_slice(arena, buf_slice(&buf));
    buf_release(&buf);
    return text;
}

/* The first outcome again, from what the first change wrote. */
static void again_read(void *ctx, const struct db_result *result)
{
    struct intake *intake = ctx;
    struct json_error error;
    struct value *row = NULL;
    enum dossier_state state;

    if (result->code == 0 && db_json(result->rows).ptr != NULL &&
        json_parse(intake->op.arena, db_json(result->rows), 8, &row, &error) == 0 &&
        state_parse(value_get_text(row, "state"), &state) == 0) {
        answer_created(intake, value_get_str(row, "code"), value_get_str(row, "external_code"),
                       value_get_str(row, "procedure"), value_get_str(row, "agency"),
                       state_info(state)->code, state_info(state)->national,
                       value_get_text(row, "submitted_at"), value_get_text(row, "due"));
        return;
    }
    answer_store_error(intake->op.answer, intake->op.ctx,
                       result->code != 0 ? result->code : STORE_E_DATA);
    end(intake);
}

static void decided(void *ctx, const struct decided *decided)
{
    struct intake *intake = ctx;
    struct service *service = intake->op.service;
    const struct dossier *after;

    if (decided->kind == DECIDE_APPLIED) {
        after = decided->outcome->after;
        answer_created(intake, decided->code, after->external_code, after->procedure->code,
                       after->agency_competent, state_info(after->state)->code,
                       dossier_national(after), wall_text(intake->op.arena, after->submitted_at),
                       wall_text(intake->op.arena, after->due_current));
        return;
    }
    if (decided->kind == DECIDE_DUPLICATE && decided->same_body) {
        struct db_param params[] = {db_int(decided->dossier_id), db_int(decided->seq)};

        store_query(service->store, service_statement(service, "submission_again"), params, 2,
                    service_timeout(service), again_read, intake);
        return;
    }
    member_unref(intake->who);
    decide_answer_fault(&intake->op, decided);
}

static void refuse(struct intake *intake)
{
    answer_faults(intake->op.answer, intake->op.ctx, &intake->faults);
    end(intake);
}

static void file(struct intake *intake)
{
    struct decision *decision = &intake->decision;
    const struct actor *actor = &intake->who->actor;
    const char *id_number = intake->dossier->applicant.id_number;
    struct fields fields = {intake->op.arena, &intake->faults};

    decision->service = intake->op.service;
    decision->arena = intake->op.arena;
    decision->created = intake->dossier;
    decision->actor = actor;
    decision->command.kind = CMD_SUBMIT;
    decision->command.action = slice_str(fields_text(&fields, intake->body, "action", "", 60, 0));
    decision->command.if_decision = -1;
    decision->command.reason =
        fields_text(&fields, intake->body, "reason", "", COMMAND_TEXT_MAX, FIELDS_LINES);
    decision->command.received_at = fields_moment(&fields, intake->body, "received_at", "");
    decision->command.new_due = WALL_NONE;
    if (intake->faults.count > 0) {
        refuse(intake);
        return;
    }
    decision->command.form_digest =
        content_digest(intake->op.service, intake->op.arena, intake->dossier);
    decision->name_folded = submission_names(intake->op.arena, intake->dossier);
    decision->owner_id_number = actor->kind == ACCOUNT_PORTAL ? id_number : NULL;
    decision->done = decided;
    decision->ctx = intake;
    decide(decision);
}

static void check_papers(struct intake *intake, const struct value *uploads)
{
    content_check_papers(intake->op.arena, &intake->who->actor, intake->dossier, uploads,
                         &intake->faults);
    file(intake);
}

static void uploads_read(void *ctx, const struct db_result *result)
{
    struct intake *intake = ctx;
    struct arena *arena = intake->op.arena;
    struct json_error error;
    struct value *rows = NULL;

    if (result->code != 0 || json_parse(arena, db_json(result->rows), 8, &rows, &error) != 0) {
        answer_store_error(intake->op.answer, intake->op.ctx,
                           result->code != 0 ? result->code : STORE_E_DATA);
        end(intake);
        return;
    }
    check_papers(intake, rows);
}

static void find_uploads(struct intake *intake)
{
    struct service *service = intake->op.service;
    struct slice *ids =
        ARENA_ARRAY(intake->op.arena, struct slice, intake->dossier->paper_count + 1);
    struct db_param params[3];
    size_t count = 0;

    for (size_t i = 0; i < intake->dossier->paper_count; i++)
        if (intake->dossier->papers[i].upload != NULL)
            ids[count++] = slice_str(intake->dossier->papers[i].upload);
    if (count == 0) {
        check_papers(intake, NULL);
        return;
    }
    params[0] = db_int(intake->who->actor.account);
    params[1] = db_text_array(ids, count);
    params[2] = db_int(service->generation->settings.retention.upload_hours);
    store_query(service->store, service_statement(service, "uploads_find"), params,
                DVC_COUNT(params), service_timeout(service), uploads_read, intake);
}

static bool may_file(struct intake *intake)
{
    const struct actor *actor = &intake->who->actor;
    const struct settings *settings = &intake->op.service->generation->settings;

    if (actor->kind == ACCOUNT_CITIZEN)
        return settings->intake.citizen_filing;
    if (actor->kind == ACCOUNT_PORTAL)
        return true;
    return access_desk(actor, ROLE_RECEIVER) != NULL;
}

void intake_submit(struct service *service, struct member *who, struct slice body, struct slice key,
                   answer_fn answer, void *ctx)
{
    struct intake *intake = op_new(service, sizeof(*intake), answer, ctx);
    struct arena *arena = intake->op.arena;
    struct json_error error;
    int rc;

    intake->who = member_ref(who);
    if (!may_file(intake)) {
        answer_fault(answer, ctx, ANSWER_FORBIDDEN, "filing_forbidden",
                     "Tài khoản này không được nộp hồ sơ.");
        end(intake);
        return;
    }
    rc = json_parse(arena, body, BODY_DEPTH, &intake->body, &error);
    if (rc != 0 || intake->body->kind != VALUE_MAP) {
        answer_not_json(answer, ctx, rc, &error, BODY_DEPTH);
        end(intake);
        return;
    }
    /* With faults too the papers are looked at, so that the sender learns of all of them at once;
     * unless some row of them could not be read, for then their pointers would be wrong. */
    if (!submission_read(service, arena, &who->actor, intake->body, loop_now(service->loop),
                         &intake->faults, &intake->dossier) &&
        (intake->dossier == NULL ||
         intake->dossier->paper_count != value_count(value_get(intake->body, "documents")))) {
        refuse(intake);
        return;
    }
    intake->decision.key_account = who->actor.account;
    intake->decision.key = arena_slice_str(arena, key);
    intake->decision.key_digest = sha256_of(body);
    find_uploads(intake);
}
