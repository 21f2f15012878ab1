#include "service/act.h"

#include "base/json.h"
#include "base/jw.h"
#include "service/command.h"
#include "service/decide.h"
#include "service/fetch.h"
#include "service/service.h"
#include "service/view.h"

#define BODY_DEPTH 12
#define VIEW_MAX (4u << 20)

struct act {
    struct op op;
    struct member *who;
    struct value *body;
    struct command_reading reading;
    struct decision decision;
    bool acted;          /* who has acted on a dossier sees what came of it */
    struct batch *batch; /* of act_many, or NULL */
    size_t index;
};

static void end(struct act *act)
{
    member_unref(act->who);
    op_end(&act->op);
}

static void answer_view(struct act *act, const struct dossier *dossier, const struct value *row,
                        wall_t now)
{
    struct buf buf = BUF_INIT(VIEW_MAX);

    view_dossier(&buf, act->op.arena, act->op.service, dossier, row, &act->who->actor, now);
    act->op.answer(
        act->op.ctx,
        &(struct answer){.kind = ANSWER_OK, .json = buf_slice(&buf), .etag = dossier->decision});
    buf_release(&buf);
    end(act);
}

/* ---- looking ---- */

static void seen(void *ctx, const struct fetched *fetched)
{
    struct act *act = ctx;
    struct service *service = act->op.service;

    if (fetched->code == 0 && fetched->dossier != NULL &&
        (act->acted || access_may_view(&act->who->actor, fetched->dossier, &service->order))) {
        answer_view(act, fetched->dossier, fetched->row, loop_now(service->loop));
        return;
    }
    if (fetched->code != 0)
        answer_store_error(act->op.answer, act->op.ctx, fetched->code);
    else
        answer_not_found(act->op.answer, act->op.ctx);
    end(act);
}

static void look(struct act *act, const char *code)
{
    fetch_dossier(act->op.service, act->op.arena, code, 0, seen, act);
}

void act_view(struct service *service, struct member *who, struct slice code, answer_fn answer,
              void *ctx)
{
    struct act *act = op_new(service, sizeof(*act), answer, ctx);

    act->who = member_ref(who);
    look(act, arena_slice_str(act->op.arena, code));
}

/* ---- acting ---- */

static void decided(void *ctx, const struct decided *decided)
{
    struct act *act = ctx;

    act->acted = decided->kind == DECIDE_APPLIED ||
                 (decided->kind == DECIDE_DUPLICATE && decided->same_body);
    /* Names of files handed in and of holders of just now are not in what was loaded. */
    if (act->acted &&
        (decided->kind == DECIDE_DUPLICATE || act->decision.command.document_count > 0 ||
         view_lacks_names(decided->outcome->after, decided->row))) {
        look(act, arena_str(act->op.arena, decided->code));
        return;
    }
    if (act->acted) {
        answer_view(act, decided->outcome->after, decided->row, decided->now);
        return;
    }
    member_unref(act->who);
    decide_answer_fault(&act->op, decided);
}

/* Whoever may not see a dossier is told that there is none, whatever he tries on it. */
static int prepare(struct decision *decision, const struct dossier *dossier,
                   struct refusal *refusal)
{
    struct act *act = decision->ctx;

    if (!access_may_view(decision->actor, dossier, &decision->service->order)) {
        *refusal = (struct refusal){"not_found", "", "Không tìm thấy hồ sơ."};
        return WF_E_FORBIDDEN;
    }
    return command_complete(&act->reading, dossier, &decision->command, refusal);
}

static void start(struct act *act, const char *code)
{
    struct decision *decision = &act->decision;

    decision->service = act->op.service;
    decision->arena = act->op.arena;
    decision->code = code;
    decision->actor = &act->who->actor;
    decision->prepare = prepare;
    decision->ctx = act;
    decide(decision);
}

static void looked_up(void *ctx, int code)
{
    struct act *act = ctx;

    if (code != 0) {
        answer_store_error(act->op.answer, act->op.ctx, code);
        end(act);
    } else if (act->reading.faults.count > 0) {
        answer_faults(act->op.answer, act->op.ctx, &act->reading.faults);
        end(act);
    } else {
        start(act, act->decision.code);
    }
}

void act_one(struct service *service, struct member *who, struct slice code, struct slice body,
             struct slice key, int64_t if_decision, answer_fn answer, void *ctx)
{
    struct act *act = op_new(service, sizeof(*act), answer, ctx);
    struct arena *arena = act->op.arena;
    struct json_error error;
    struct buf whole = BUF_INIT(2u << 20);
    int rc = json_parse(arena, body, BODY_DEPTH, &act->body, &error);

    act->who = member_ref(who);
    if (rc != 0 || act->body->kind != VALUE_MAP) {
        answer_not_json(answer, ctx, rc, &error, BODY_DEPTH);
        end(act);
        return;
    }
    act->decision.code = arena_slice_str(arena, code);
    act->decision.key_account = who->actor.account;
    act->decision.key = arena_slice_str(arena, key);
    /* The same key on another dossier is another request: the code is part of what is compared. */
    buf_add_slice(&whole, code);
    buf_addc(&whole, '\n');
    buf_add_slice(&whole, body);
    act->decision.key_digest = sha256_of(buf_slice(&whole));
    buf_release(&whole);
    act->decision.done = decided;
    act->reading = (struct command_reading){
        .service = service, .arena = arena, .actor = &who->actor, .body = act->body};
    command_read(&act->reading, &act->decision.command);
    act->decision.command.if_decision = if_decision;
    command_look_up(&act->reading, looked_up, act);
}

/* ---- many at once ---- */

struct item_outcome {
    const char *code;
    int64_t task;
    const char *state, *error, *detail;
    const char *first_state; /* NULL: not done before under this key */
};

struct batch {
    struct op op;
    struct member *who; /* until the items have begun */
    struct value *body;
    struct slice key;
    struct sha256 digest;
    struct item_outcome *items;
    size_t count, open;
};

static void batch_answer(struct batch *batch)
{
    struct buf buf = BUF_INIT(1u << 20);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_key(&jw, "items");
    jw_array(&jw);
    for (size_t i = 0; i < batch->count; i++) {
        const struct item_outcome *item = &batch->items[i];

        jw_object(&jw);
        jw_kv_str(&jw, "code", item->code);
        jw_kv_int(&jw, "task", item->task);
        jw_kv_bool(&jw, "ok", item->error == NULL);
        jw_kv_str(&jw, "state", item->state);
        jw_kv_str(&jw, "error", item->error);
        jw_kv_str(&jw, "detail", item->detail);
        jw_end_object(&jw);
    }
    jw_end_array(&jw);
    jw_end_object(&jw);
    op_json(&batch->op, buf_slice(&buf));
    buf_release(&buf);
}

/* One item's answer comes through the same path as a single act's. */
static void item_answered(void *ctx, const struct answer *answer)
{
    struct act *act = ctx;
    struct batch *batch = act->batch;
    struct item_outcome *item = &batch->items[act->index];

    if (answer->kind != ANSWER_OK) {
        item->error = arena_str(batch->op.arena, answer->code);
        item->detail = arena_str(batch->op.arena, answer->detail);
    }
    if (--batch->open == 0)
        batch_answer(batch);
}

static void item_decided(void *ctx, const struct decided *decided)
{
    struct act *act = ctx;
    struct item_outcome *item = &act->batch->items[act->index];

    if (decided->kind == DECIDE_APPLIED)
        item->state = state_info(decided->outcome->after->state)->code;
    else if (decided->kind == DECIDE_DUPLICATE)
        item->state = item->first_state;
    if (decided->kind == DECIDE_APPLIED ||
        (decided->kind == DECIDE_DUPLICATE && decided->same_body)) {
        answer_json(act->op.answer, act->op.ctx, SLICE_LIT("{}"));
        end(act);
        return;
    }
    member_unref(act->who);
    decide_answer_fault(&act->op, decided);
}

/* A misspelled member must not pass for one left out: none of the pile is done. */
static bool batch_members(struct batch *batch, const struct value *body, const struct value *items,
                          struct form_faults *faults)
{
    static const char *const own[] = {"action", "reason", "assignee", "result", "items"};
    static const char *const each[] = {"code", "task", "reason", "assignee", "result"};
    struct fields fields = {batch->op.arena, faults};

    (void)fields_members(&fields, body, "", own, DVC_COUNT(own)); /* it is a map */
    for (size_t i = 0; i < batch->count; i++) {
        const char *at = arena_printf(batch->op.arena, "/items/%zu", i);

        if (value_is_null(value_at(items, i)))
            fields_fault(&fields, at, "type", "Phải là một đối tượng.");
        else
            (void)fields_members(&fields, value_at(items, i), at, each, DVC_COUNT(each));
    }
    return faults->count == 0;
}

/* What an item says itself goes before what is said for all. The values stay the batch's, which
 * outlives its items. */
static void item_members(struct arena *arena, struct value *one, const struct value *item,
                         const struct value *body)
{
    static const char *const members[] = {"reason", "assignee", "result"};

    for (size_t i = 0; i < DVC_COUNT(members); i++) {
        struct value *given = value_get(item, members[i]);

        if (given == NULL)
            given = value_get(body, members[i]);
        if (given != NULL)
            value_set(arena, one, members[i], given);
    }
}

static void item_start(struct batch *batch, size_t index)
{
    const struct value *body = batch->body, *item = value_at(value_get(body, "items"), index);
    struct member *who = batch->who;
    struct act *act = op_new(batch->op.service, sizeof(*act), item_answered, NULL);
    struct arena *arena = act->op.arena;
    struct value *one = value_new(arena, VALUE_MAP);

    act->op.ctx = act;
    act->batch = batch;
    act->index = index;
    act->who = member_ref(who);
    value_set(arena, one, "action", value_string(arena, value_get_text(body, "action")));
    item_members(arena, one, item, body);
    value_set(arena, one, "task", value_int(arena, value_get_int(item, "task", 0)));
    act->body = one;
    act->decision.code = arena_slice_str(arena, value_get_text(item, "code"));
    act->decision.key_account = who->actor.account;
    act->decision.key = arena_printf(arena, "%.*s/%zu", (int)batch->key.len, batch->key.ptr, index);
    act->decision.key_digest = batch->digest;
    act->decision.done = item_decided;
    act->reading = (struct command_reading){
        .service = batch->op.service, .arena = arena, .actor = &who->actor, .body = one};
    command_read(&act->reading, &act->decision.command);
    command_look_up(&act->reading, looked_up, act);
}

/* What the key was used for before: for the same body the first outcomes are given again, for
 * another nothing is begun. */
static void batch_known(void *ctx, const struct db_result *result)
{
    struct batch *batch = ctx;
    struct member *who = batch->who;
    bool same = true;

    if (result->code != 0) {
        service_log_failure("idempotency_batch", result);
        member_unref(who);
        op_store_error(&batch->op, result->code);
        return;
    }
    for (size_t row = 0; row < db_rows_count(result->rows); row++) {
        size_t index = (size_t)db_int_at(result->rows, row, 0, 0);

        same = same && db_bool_at(result->rows, row, 1);
        if (index < batch->count)
            batch->items[index].first_state =
                arena_slice_str(batch->op.arena, db_text_at(result->rows, row, 2));
    }
    if (!same)
        op_key_reused(&batch->op);
    for (size_t i = 0, count = same ? batch->count : 0; i < count; i++)
        item_start(batch, i);
    member_unref(who);
}

void act_many(struct service *service, struct member *who, struct slice body, struct slice key,
              answer_fn answer, void *ctx)
{
    struct batch *batch = op_new(service, sizeof(*batch), answer, ctx);
    struct form_faults faults = {0};
    struct json_error error;
    struct value *tree;
    const struct value *items;
    int rc = json_parse(batch->op.arena, body, BODY_DEPTH, &tree, &error);

    if (rc != 0 || tree->kind != VALUE_MAP) {
        op_not_json(&batch->op, rc, &error, BODY_DEPTH);
        return;
    }
    items = value_get(tree, "items");
    batch->count = items != NULL && items->kind == VALUE_LIST ? value_count(items) : 0;
    if (batch->count == 0 || batch->count > ACT_MANY_MAX) {
        op_fault_at(&batch->op, ANSWER_UNPROCESSABLE, "items", "/items",
                    "items phải là danh sách từ 1 đến 200 việc.");
        return;
    }
    if (!batch_members(batch, tree, items, &faults)) {
        answer_faults(answer, ctx, &faults);
        op_end(&batch->op);
        return;
    }
    batch->items = ARENA_ARRAY(batch->op.arena, struct item_outcome, batch->count);
    batch->open = batch->count;
    for (size_t i = 0; i < batch->count; i++) {
        const struct value *item = value_at(items, i);

        batch->items[i].code = arena_slice_str(batch->op.arena, value_get_text(item, "code"));
        batch->items[i].task = value_get_int(item, "task", 0);
    }
    batch->who = member_ref(who);
    batch->body = tree;
    batch->key = arena_slice(batch->op.arena, key);
    batch->digest = sha256_of(body);
    store_query(service->store, service_statement(service, "idempotency_batch"),
                (struct db_param[]){
                    db_int(who->actor.account), db_text(batch->key),
                    db_bytes((struct slice){(const char *)batch->digest.bytes, SHA256_SIZE})},
                3, service_timeout(service), batch_known, batch);
}
