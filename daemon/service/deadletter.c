#include "service/deadletter.h"

#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "service/decide.h"
#include "service/fields.h"
#include "service/rowlist.h"

#define REASON_MAX 500

/* `statement` takes the reader's account, the place to go on from and the page's length. */
static void list(struct service *service, const struct member *who, const char *statement,
                 struct page_ask page, answer_fn answer, void *ctx)
{
    struct slice place;
    struct rowlist *rows =
        rowlist_begin(service, sizeof(*rows), statement, page, answer, ctx, &place);
    int64_t after;

    if (rows == NULL || !rowlist_number(rows, place, 0, &after))
        return;
    rowlist_run(rows,
                (struct db_param[]){db_int(who->actor.account), db_int(after), db_int(page.limit)},
                3);
}

void deadletter_list(struct service *service, struct member *who, bool waiting,
                     struct page_ask page, answer_fn answer, void *ctx)
{
    list(service, who, waiting ? "outbox_waiting" : "outbox_letters", page, answer, ctx);
}

void deadletter_news(struct service *service, struct member *who, struct page_ask page,
                     answer_fn answer, void *ctx)
{
    list(service, who, "carrier_unread_list", page, answer, ctx);
}

struct letter {
    struct op op;
    struct member *who; /* a reference */
    int64_t id;
    bool skip;
    const char *reason;
    const char *key;
    struct sha256 key_digest;
    struct decision decision;
};

static void end(struct letter *letter)
{
    member_unref(letter->who);
}

static void fail(struct letter *letter, int code)
{
    end(letter);
    op_store_error(&letter->op, code);
}

static void succeed(struct letter *letter)
{
    end(letter);
    letter->op.answer(letter->op.ctx, &(struct answer){.kind = ANSWER_DONE, .etag = -1});
    op_end(&letter->op);
}

static void settled(void *ctx, const struct db_result *result)
{
    struct letter *letter = ctx;

    if (result->code != 0) {
        service_log_failure("outbox_settle", result);
        fail(letter, result->code);
        return;
    }
    succeed(letter);
}

static struct db_param digest_param(const struct letter *letter)
{
    return db_bytes((struct slice){(const char *)letter->key_digest.bytes, SHA256_SIZE});
}

/* The row itself, with a record beside it where the dossier has none. */
static void settle(struct letter *letter, bool record)
{
    struct service *service = letter->op.service;

    store_query(service->store, service_statement(service, "outbox_settle"),
                (struct db_param[]){db_int(letter->id), db_int(letter->who->actor.account),
                                    db_str(letter->skip ? "skip" : "retry"), db_str(letter->reason),
                                    db_bool(record), db_str(letter->key), digest_param(letter)},
                7, service_timeout(service), settled, letter);
}

static void decided(void *ctx, const struct decided *decided)
{
    struct letter *letter = ctx;

    switch (decided->kind) {
    case DECIDE_APPLIED:
        /* What is skipped left in the commit of its event; what is tried again only now: were the
         * answer lost in between, the history would tell of a decision that can be repeated. */
        if (letter->skip)
            succeed(letter);
        else
            settle(letter, false);
        return;
    case DECIDE_GONE:
        settle(letter, true);
        return;
    case DECIDE_UNSURE:
        if (decided->store_code == STORE_E_DATA) {
            settle(letter, true);
            return;
        }
        break;
    case DECIDE_DUPLICATE:
        if (decided->same_body) {
            succeed(letter);
            return;
        }
        break;
    case DECIDE_REFUSED:
    case DECIDE_FIRED:
    case DECIDE_RULE:
        break;
    }
    end(letter);
    decide_answer_fault(&letter->op, decided);
}

static void found(void *ctx, const struct db_result *result)
{
    struct letter *letter = ctx;
    struct decision *decision = &letter->decision;
    struct arena *arena = letter->op.arena;

    if (result->code != 0) {
        service_log_failure("outbox_find", result);
        fail(letter, result->code);
        return;
    }
    if (db_rows_count(result->rows) == 0) {
        end(letter);
        answer_not_found(letter->op.answer, letter->op.ctx);
        op_end(&letter->op);
        return;
    }
    if (!db_bool_at(result->rows, 0, 1)) {
        end(letter);
        op_fault(&letter->op, ANSWER_CONFLICT, "not_dead",
                 "Việc này chưa bị dừng; hệ thống vẫn đang tự gửi lại.");
        return;
    }
    *decision = (struct decision){
        .service = letter->op.service,
        .arena = arena,
        .dossier_id = db_int_at(result->rows, 0, 0, 0),
        .actor = &letter->who->actor,
        .command = command_blank(CMD_OUTBOX),
        .key_account = letter->who->actor.account,
        .key = letter->key,
        .key_digest = letter->key_digest,
        .settles_outbox = letter->skip ? letter->id : 0,
        .done = decided,
        .ctx = letter,
    };
    decision->command.skip = letter->skip;
    decision->command.reason = letter->reason;
    decision->command.channel = arena_slice_str(arena, db_text_at(result->rows, 0, 2));
    decision->command.topic = arena_slice_str(arena, db_text_at(result->rows, 0, 3));
    if (decision->dossier_id > 0 && db_bool_at(result->rows, 0, 4))
        decide(decision);
    else
        settle(letter, true);
}

static void find(struct letter *letter)
{
    struct service *service = letter->op.service;

    store_query(service->store, service_statement(service, "outbox_find"),
                (struct db_param[]){db_int(letter->who->actor.account), db_int(letter->id)}, 2,
                service_timeout(service), found, letter);
}

/* A request that comes again gets its first outcome, also where the row is no longer there; what
 * was decided and not done, because the process ended in between, is done now. */
static void looked_up(void *ctx, const struct db_result *result)
{
    struct letter *letter = ctx;

    if (result->code != 0) {
        service_log_failure("outbox_again", result);
        fail(letter, result->code);
    } else if (db_rows_count(result->rows) == 0) {
        find(letter);
    } else if (!db_bool_at(result->rows, 0, 0)) {
        end(letter);
        op_key_reused(&letter->op);
    } else if (db_bool_at(result->rows, 0, 1)) {
        settle(letter, false);
    } else {
        succeed(letter);
    }
}

static bool read_reason(struct letter *letter, struct slice body, struct form_faults *faults)
{
    static const char *const members[] = {"reason"};
    struct fields fields = {letter->op.arena, faults};
    struct json_error error;
    struct value *tree;

    if (json_parse(letter->op.arena, body, 4, &tree, &error) != 0 || tree->kind != VALUE_MAP)
        return false;
    (void)fields_members(&fields, tree, "", members, DVC_COUNT(members)); /* it is a map */
    letter->reason =
        fields_text(&fields, tree, "reason", "", REASON_MAX, FIELDS_REQUIRED | FIELDS_LINES);
    return true;
}

/* The same key for another row, or to skip instead of to retry, is another request. */
static struct sha256 digest_of(struct letter *letter, struct slice body)
{
    struct slice head = slice_str(arena_printf(letter->op.arena, "%s %lld\n",
                                               letter->skip ? "skip" : "retry",
                                               (long long)letter->id));

    return hmac_sha256(head, body);
}

void deadletter_decide(struct service *service, struct member *who, struct slice id, bool skip,
                       struct slice body, struct slice key, answer_fn answer, void *ctx)
{
    struct letter *letter = op_new(service, sizeof(*letter), answer, ctx);
    struct form_faults faults = {0};

    letter->skip = skip;
    if (num_parse_i64(id, 1, INT64_MAX, &letter->id) != 0) {
        answer_not_found(answer, ctx);
        op_end(&letter->op);
        return;
    }
    if (!read_reason(letter, body, &faults)) {
        op_fault(&letter->op, ANSWER_MALFORMED, "json", "Nội dung phải là một đối tượng JSON.");
        return;
    }
    if (faults.count > 0) {
        answer_faults(answer, ctx, &faults);
        op_end(&letter->op);
        return;
    }
    letter->who = member_ref(who);
    letter->key = arena_slice_str(letter->op.arena, key);
    letter->key_digest = digest_of(letter, body);
    store_query(service->store, service_statement(service, "outbox_again"),
                (struct db_param[]){db_int(who->actor.account), db_str(letter->key),
                                    digest_param(letter), db_int(letter->id)},
                4, service_timeout(service), looked_up, letter);
}
