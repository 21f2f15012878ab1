#include "service/maildraft.h"

#include "base/json.h"
#include "base/jw.h"
#include "service/notice_text.h"
#include "service/service.h"

#define MAIL_MAX (16u << 10)

struct draft {
    struct service *service;
    struct arena *arena;
    const char *kind;
    struct value *row;
    maildraft_fn done;
    void *ctx;
};

static void write(struct draft *draft, const struct notice_facts *facts, const char *to,
                  struct buf *out)
{
    const char *public_url = draft->service->generation->settings.http.public_url;
    struct buf subject = BUF_INIT(1024), text = BUF_INIT(MAIL_MAX);
    struct jw jw = JW_INIT(out);

    notice_subject(&subject, draft->kind, facts);
    notice_mail(&text, draft->kind, facts, public_url);
    jw_object(&jw);
    jw_kv_str(&jw, "to", to);
    jw_kv_slice(&jw, "subject", buf_slice(&subject));
    jw_kv_slice(&jw, "text", buf_slice(&text));
    jw_end_object(&jw);
    buf_release(&subject);
    buf_release(&text);
}

static const char *text_at(const struct draft *draft, const struct db_result *result, size_t column)
{
    struct slice text = db_text_at(result->rows, 0, column);

    return text.ptr != NULL ? arena_slice_str(draft->arena, text) : NULL;
}

static void found(void *ctx, const struct db_result *result)
{
    struct draft *draft = ctx;
    struct buf out = BUF_INIT(2 * MAIL_MAX);
    struct notice_facts facts = {.body = value_get(draft->row, "told")};

    if (result->code != 0) {
        service_log_failure("mail_for", result);
    } else if (db_rows_count(result->rows) > 0) {
        facts.code = text_at(draft, result, 0);
        facts.procedure = text_at(draft, result, 1);
        write(draft, &facts, text_at(draft, result, 2), &out);
    }
    draft->done(draft->ctx, result->code, buf_slice(&out));
    buf_release(&out);
    arena_free(draft->arena);
}

void maildraft(struct service *service, int64_t dossier_id, const char *kind, struct slice row,
               maildraft_fn done, void *ctx)
{
    struct arena *arena = arena_new();
    struct draft *draft = ARENA_NEW(arena, struct draft);
    struct json_error error;

    *draft = (struct draft){.service = service,
                            .arena = arena,
                            .kind = arena_str(arena, kind),
                            .done = done,
                            .ctx = ctx};
    /* What cannot be read is told without dates. */
    if (json_parse(arena, row, 8, &draft->row, &error) != 0)
        draft->row = NULL;
    store_query(
        service->store, service_statement(service, "mail_for"),
        (struct db_param[]){db_int(dossier_id), db_int(value_get_int(draft->row, "account", 0))}, 2,
        service_timeout(service), found, draft);
}
