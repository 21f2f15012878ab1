#include "service/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "core/format.h"
#include "service/decide.h"
#include "service/fetch.h"
#include "service/service.h"
#include "service/viewing.h"

struct reading {
    struct op op;
    struct member *who;
    bool result;
    const char *code, *id;
    file_fn file;
    void *file_ctx;
    const char *upload;         /* found when the dossier was loaded */
    struct file_reader *reader; /* holds one of the places until it is given away */
    struct decision decision;
};

/* ---- part by part ---- */

struct file_reader {
    struct service *service;
    char *upload;
    int part;
    void (*fn)(void *ctx, int code, struct slice bytes);
    void *ctx;
    bool asking, freed; /* freed while an answer is on its way */
};

static struct file_reader *reader_new(struct service *service)
{
    struct file_reader *reader = dvc_calloc(1, sizeof(*reader));

    reader->service = service;
    service->downloads++;
    return reader;
}

static void reader_end(struct file_reader *reader)
{
    free(reader->upload);
    free(reader);
}

struct file_reader *file_reader_free(struct file_reader *reader)
{
    if (reader == NULL)
        return NULL;
    reader->service->downloads--;
    reader->freed = true;
    if (!reader->asking)
        reader_end(reader);
    return NULL;
}

static void part_read(void *ctx, const struct db_result *result)
{
    struct file_reader *reader = ctx;
    struct arena *arena = arena_new();
    struct slice bytes = SLICE_LIT("");

    reader->asking = false;
    if (result->code == 0 && db_rows_count(result->rows) > 0)
        bytes = db_bytes_at(arena, result->rows, 0, 0);
    if (result->code != 0)
        service_log_failure("document_part", result);
    reader->part++;
    if (reader->freed)
        reader_end(reader);
    else
        reader->fn(reader->ctx, result->code, bytes);
    arena_free(arena);
}

void file_reader_next(struct file_reader *reader,
                      void (*fn)(void *ctx, int code, struct slice bytes), void *ctx)
{
    struct service *service = reader->service;
    struct db_param params[2];

    DVC_REQUIRE(!reader->asking);
    reader->asking = true;
    reader->fn = fn;
    reader->ctx = ctx;
    params[0] = db_str(reader->upload);
    params[1] = db_int(reader->part);
    store_query(service->store, service_statement(service, "document_part"), params, 2,
                service_timeout(service), part_read, reader);
}

/* ---- which, and may he ---- */

static void refused(void *ctx, const struct answer *answer)
{
    struct reading *reading = ctx;

    reading->reader = file_reader_free(reading->reader);
    member_unref(reading->who);
    reading->file(reading->file_ctx, NULL, answer);
}

/* A file is saved under a name of what it is: one that is a PDF and a web page at once, called
 * x.html, would run on the desk of who opens it. */
static const char *true_name(struct arena *arena, const char *name,
                             const struct file_format *format)
{
    const char *dot = strrchr(name, '.');
    const struct file_format *said = NULL;
    struct slice word;

    if (format == NULL)
        return name;
    if (dot != NULL && utf8_fold(arena, slice_str(dot + 1), &word) == 0)
        said = format_of_word(word);
    if (said != NULL && strcmp(said->type, format->type) == 0)
        return name;
    return arena_printf(arena, "%s.%s", name, format->word);
}

static void head_read(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;
    struct arena *arena = reading->op.arena;
    const struct file_format *format;
    struct file_answer file;

    if (result->code != 0 || db_rows_count(result->rows) == 0) {
        op_store_error(&reading->op, result->code != 0 ? result->code : STORE_E_DATA);
        return;
    }
    file.size = db_int_at(result->rows, 0, 0, 0);
    file.type = arena_slice_str(arena, db_text_at(result->rows, 0, 1));
    file.filename = db_null_at(result->rows, 0, 2)
                        ? NULL
                        : arena_slice_str(arena, db_text_at(result->rows, 0, 2));
    format = format_of_type(slice_str(file.type));
    if (file.filename != NULL)
        file.filename = true_name(arena, file.filename, format);
    file.shown = format != NULL && format->shown;
    file.reader = reading->reader;
    if (reading->reader != NULL)
        reading->reader->upload = dvc_strdup(reading->upload);
    member_unref(reading->who);
    reading->file(reading->file_ctx, &file, NULL);
    op_end(&reading->op);
}

static void read_head(struct reading *reading)
{
    struct service *service = reading->op.service;
    struct db_param param = db_str(reading->upload);

    store_query(service->store, service_statement(service, "document_head"), &param, 1,
                service_timeout(service), head_read, reading);
}

/* The event that it was read is durable before the first byte leaves. */
static void recorded(void *ctx, const struct decided *decided)
{
    struct reading *reading = ctx;

    if (decided->kind == DECIDE_APPLIED)
        read_head(reading);
    else
        decide_answer_fault(&reading->op, decided);
}

static const char *find(const struct reading *reading, const struct dossier *dossier)
{
    int64_t no = 0;

    if (reading->result) {
        if (num_parse_i64(slice_str(reading->id), 1, INT32_MAX, &no) != 0)
            return NULL;
        for (size_t i = 0; i < dossier->result_count; i++)
            if (dossier->results[i].no == no)
                return dossier->results[i].upload;
        return NULL;
    }
    /* By its number, as the view gives it, or the newest of that paper: what came before a
     * supplement stays readable. */
    if (num_parse_i64(slice_str(reading->id), 1, INT32_MAX, &no) != 0)
        no = 0;
    for (size_t i = dossier->paper_count; i-- > 0;)
        if (dossier->papers[i].upload != NULL &&
            (dossier->papers[i].no == no || strcmp(dossier->papers[i].paper, reading->id) == 0))
            return dossier->papers[i].upload;
    return NULL;
}

static int choose(struct reading *reading, const struct dossier *dossier, struct refusal *refusal)
{
    struct service *service = reading->op.service;
    const struct actor *actor = &reading->who->actor;

    if (access_may_view(actor, dossier, &service->order)) {
        if (viewing_masked(service, dossier, actor)) {
            *refusal = (struct refusal){"masked", "",
                                        "Tài khoản chỉ xem được hồ sơ đã che thông tin cá nhân."};
            return WF_E_FORBIDDEN;
        }
        reading->upload = find(reading, dossier);
    }
    if (reading->upload != NULL)
        return 0;
    *refusal = (struct refusal){"not_found", "", "Không tìm thấy, hoặc tài khoản không được xem."};
    return WF_E_FORBIDDEN;
}

static int prepare(struct decision *decision, const struct dossier *dossier,
                   struct refusal *refusal)
{
    struct reading *reading = decision->ctx;
    int wf = choose(reading, dossier, refusal);

    if (wf == 0)
        decision->command.document = reading->upload;
    return wf;
}

/* Nothing is read, so nothing is noted. */
static void loaded(void *ctx, const struct fetched *fetched)
{
    struct reading *reading = ctx;
    struct refusal refusal = {NULL, NULL, NULL};

    if (fetched->code != 0) {
        op_store_error(&reading->op, fetched->code);
    } else if (fetched->dossier == NULL) {
        answer_not_found(reading->op.answer, reading->op.ctx);
        op_end(&reading->op);
    } else if (choose(reading, fetched->dossier, &refusal) != 0) {
        op_fault(&reading->op,
                 strcmp(refusal.code, "masked") == 0 ? ANSWER_FORBIDDEN : ANSWER_NOT_FOUND,
                 refusal.code, refusal.message);
    } else {
        read_head(reading);
    }
}

static void decide_reading(struct reading *reading)
{
    struct decision *decision = &reading->decision;

    decision->service = reading->op.service;
    decision->arena = reading->op.arena;
    decision->code = reading->code;
    decision->actor = &reading->who->actor;
    decision->command = command_blank(CMD_READ);
    decision->prepare = prepare;
    decision->done = recorded;
    decision->ctx = reading;
    decide(decision);
}

void document_read(struct service *service, struct member *who, struct slice code, bool result,
                   struct slice id, bool head, file_fn answer, void *ctx)
{
    struct reading *reading = op_new(service, sizeof(*reading), refused, NULL);

    reading->op.ctx = reading;
    reading->who = member_ref(who);
    reading->result = result;
    reading->code = arena_slice_str(reading->op.arena, code);
    reading->id = arena_slice_str(reading->op.arena, id);
    reading->file = answer;
    reading->file_ctx = ctx;
    if (head) {
        fetch_dossier(service, reading->op.arena, reading->code, 0, loaded, reading);
        return;
    }
    if (service->downloads >= service->generation->settings.http.downloads) {
        op_fault(&reading->op, ANSWER_UNAVAILABLE, "too_many_downloads",
                 "Máy chủ đang gửi quá nhiều tệp, vui lòng thử lại sau.");
        return;
    }
    reading->reader = reader_new(service);
    decide_reading(reading);
}
