#include "service/parcelnews.h"

#include "base/json.h"
#include "service/decide.h"
#include "service/fields.h"
#include "service/parcellist.h"
#include "service/service.h"

#define DEPTH 6
#define NOTE_MAX 500
#define BACK_US (30 * 24 * 3600 * US_PER_SECOND) /* news may be entered late, but not a month */
#define AHEAD_US (60 * US_PER_SECOND)

/* What a person at the post may report; the rest is the carrier's, the agency's or a signature's.
 */
static const enum parcel_state reported[] = {
    PARCEL_PICKED_UP, PARCEL_IN_TRANSIT, PARCEL_INVITED_1,          PARCEL_INVITED_2,
    PARCEL_DELIVERED, PARCEL_RETURNING,  PARCEL_RETURNED_TO_AGENCY, PARCEL_COLLECTION_FAILED};

struct report {
    struct op op;
    struct member *who;
    struct actor actor;
    struct form_faults faults;
    struct fields fields;
    struct decision decision;
};

static void end(struct report *report)
{
    member_unref(report->who);
    op_end(&report->op);
}

static void decided(void *ctx, const struct decided *decided)
{
    struct report *report = ctx;

    if (decided->kind == DECIDE_APPLIED ||
        (decided->kind == DECIDE_DUPLICATE && decided->same_body)) {
        parcellist_one(report->op.service, report->who, report->decision.command.order_number,
                       report->op.answer, report->op.ctx);
        end(report);
        return;
    }
    member_unref(report->who);
    decide_answer_fault(&report->op, decided);
}

/* The carrier's news of a step that cannot be is kept and moves nothing; a person is told. */
static int prepare(struct decision *decision, const struct dossier *dossier,
                   struct refusal *refusal)
{
    const struct parcel *parcel = dossier_parcel(dossier, decision->command.order_number);

    if (parcel == NULL) {
        *refusal = (struct refusal){"not_found", "", "Không có bưu gửi này."};
        return WF_E_FORBIDDEN;
    }
    if (!parcel_may_move(parcel->direction, parcel->state, decision->command.parcel.state)) {
        *refusal = (struct refusal){
            "parcel_state", "/state",
            arena_printf(decision->arena,
                         "Bưu gửi đang ở trạng thái “%s”, không thể chuyển sang “%s”.",
                         parcel_name_vi(parcel->direction, parcel->state),
                         parcel_name_vi(parcel->direction, decision->command.parcel.state))};
        return WF_E_REFUSED;
    }
    return 0;
}

static void found(void *ctx, const struct db_result *result)
{
    struct report *report = ctx;
    struct service *service = report->op.service;
    const char *office = NULL, *procedure = NULL;

    if (result->code != 0) {
        service_log_failure("parcel_at", result);
        member_unref(report->who);
        op_store_error(&report->op, result->code);
        return;
    }
    if (db_rows_count(result->rows) > 0) {
        office = arena_slice_str(report->op.arena, db_text_at(result->rows, 0, 1));
        procedure = arena_slice_str(report->op.arena, db_text_at(result->rows, 0, 3));
    }
    if (!access_may_carry(&report->who->actor, procedure, office, &service->order)) {
        answer_not_found(report->op.answer, report->op.ctx);
        end(report);
        return;
    }
    report->decision.dossier_id = db_int_at(result->rows, 0, 0, 0);
    report->decision.command.parcel.place = office;
    decide(&report->decision);
}

static void read_state(struct report *report, const struct value *body)
{
    const char *code = fields_text(&report->fields, body, "state", "", 40, FIELDS_REQUIRED);
    enum parcel_state state;

    if (code == NULL)
        return;
    for (size_t i = 0; i < DVC_COUNT(reported); i++) {
        if (parcel_state_parse(slice_str(code), &state) == 0 && state == reported[i]) {
            report->decision.command.parcel.state = state;
            return;
        }
    }
    fields_fault(&report->fields, "/state", "choice",
                 "Phải là picked_up, in_transit, invited_1, invited_2, delivered, returning, "
                 "returned_to_agency hoặc collection_failed.");
}

static void read_at(struct report *report, const struct value *body)
{
    wall_t now = loop_now(report->op.service->loop);
    wall_t at = fields_moment(&report->fields, body, "at", "");

    report->decision.command.parcel.at = wall_is_none(at) ? now : at;
    if (!wall_is_none(at) && (at.us > now.us + AHEAD_US || at.us < now.us - BACK_US))
        fields_fault(&report->fields, "/at", "range",
                     "Thời điểm phải trong 30 ngày qua, không ở tương lai.");
}

/* The name, the relation and that the paper was looked at; never the paper's number. */
static const char *read_receiver(struct report *report, const struct value *body)
{
    static const char *const members[] = {"name", "relation", "identity_checked"};
    struct arena *arena = report->op.arena;
    const struct value *map = value_get(body, "receiver");
    struct fields *fields = &report->fields;
    const char *name, *relation;
    struct value *receiver;

    if (value_is_null(map)) {
        if (report->decision.command.parcel.state == PARCEL_DELIVERED)
            fields_fault(fields, "/receiver", "required", "Phải ghi người nhận.");
        return NULL;
    }
    if (!fields_members(fields, map, "/receiver", members, DVC_COUNT(members)))
        return NULL;
    name = fields_text(fields, map, "name", "/receiver", 200, FIELDS_REQUIRED);
    relation = fields_text(fields, map, "relation", "/receiver", 60, FIELDS_REQUIRED);
    if (!fields_bool(fields, map, "identity_checked", "/receiver"))
        fields_fault(fields, "/receiver/identity_checked", "required",
                     "Phải kiểm tra giấy tờ tuỳ thân của người nhận.");
    if (name == NULL || relation == NULL)
        return NULL;
    receiver = value_new(arena, VALUE_MAP);
    value_set(arena, receiver, "name", value_string(arena, slice_str(name)));
    value_set(arena, receiver, "relation", value_string(arena, slice_str(relation)));
    value_set(arena, receiver, "identity_checked", value_bool(arena, true));
    report->decision.command.receiver = receiver;
    return arena_printf(arena, "Người nhận: %s (%s), đã kiểm tra giấy tờ", name, relation);
}

static void read_body(struct report *report, const struct value *body)
{
    static const char *const members[] = {"state", "at", "receiver", "note"};
    struct parcel_event *event = &report->decision.command.parcel;
    const char *note, *receiver;

    if (!fields_members(&report->fields, body, "", members, DVC_COUNT(members)))
        return;
    read_state(report, body);
    read_at(report, body);
    receiver = read_receiver(report, body);
    note = fields_text(&report->fields, body, "note", "", NOTE_MAX, 0);
    event->moves = true;
    if (receiver != NULL && note != NULL)
        event->note = arena_printf(report->op.arena, "%s; %s", receiver, note);
    else
        event->note = receiver != NULL ? receiver : note;
}

static struct report *begin(struct service *service, struct member *who, struct slice order_number,
                            struct slice body, struct slice key, answer_fn answer, void *ctx)
{
    struct report *report = op_new(service, sizeof(*report), answer, ctx);
    struct arena *arena = report->op.arena;
    struct decision *decision = &report->decision;
    struct buf whole = BUF_INIT(1u << 20);

    report->who = member_ref(who);
    report->actor =
        (struct actor){.account = who->actor.account, .kind = ACCOUNT_SYSTEM, .party = ROLE_POST};
    report->fields = (struct fields){arena, &report->faults};
    decision->service = service;
    decision->arena = arena;
    decision->actor = &report->actor;
    decision->prepare = prepare;
    decision->done = decided;
    decision->ctx = report;
    decision->key_account = who->actor.account;
    decision->key = arena_slice_str(arena, key);
    buf_add_slice(&whole, order_number);
    buf_addc(&whole, '\n');
    buf_add_slice(&whole, body);
    decision->key_digest = sha256_of(buf_slice(&whole));
    buf_release(&whole);
    decision->command = command_blank(CMD_POSTAL);
    decision->command.order_number = slice_str(arena_slice_str(arena, order_number));
    decision->command.source = "operator";
    decision->command.parcel.source_id =
        arena_printf(arena, "operator:%lld:%s", (long long)who->actor.account, decision->key);
    return report;
}

void parcelnews(struct service *service, struct member *who, struct slice order_number,
                struct slice body, struct slice key, answer_fn answer, void *ctx)
{
    struct report *report = begin(service, who, order_number, body, key, answer, ctx);
    struct db_param order = db_text(report->decision.command.order_number);
    struct json_error error;
    struct value *tree;
    int rc = json_parse(report->op.arena, body, DEPTH, &tree, &error);

    if (rc != 0 || tree->kind != VALUE_MAP) {
        answer_not_json(answer, ctx, rc, &error, DEPTH);
        end(report);
        return;
    }
    read_body(report, tree);
    if (report->faults.count > 0) {
        answer_faults(answer, ctx, &report->faults);
        end(report);
        return;
    }
    store_query(service->store, service_statement(service, "parcel_at"), &order, 1,
                service_timeout(service), found, report);
}
