#include "service/command.h"

#include <string.h>

#include "base/json.h"
#include "core/form_paper.h"
#include "service/service.h"
#include "service/sheets.h"

#define ITEMS_MAX 100

static void fault(struct command_reading *r, const char *code, const char *message,
                  const char *pointer)
{
    fields_fault(&r->fields, pointer, code, message);
}

static void name_upload(struct command_reading *r, const char *upload)
{
    if (upload != NULL && r->upload_count < ITEMS_MAX + 1)
        r->uploads[r->upload_count++] = slice_str(upload);
}

static void read_papers(struct command_reading *r, struct command *command)
{
    const struct value *papers = value_get(r->body, "papers");

    if (value_is_null(papers))
        return;
    if (papers->kind != VALUE_LIST || value_count(papers) > ITEMS_MAX) {
        fault(r, "type", "Phải là danh sách mã giấy tờ, nhiều nhất 100.", "/papers");
        return;
    }
    command->papers = value_new(r->arena, VALUE_LIST);
    for (size_t i = 0; i < value_count(papers); i++) {
        const struct value *item = value_at(papers, i);

        if (item->kind != VALUE_STRING)
            fault(r, "type", "Phải là mã giấy tờ.", arena_printf(r->arena, "/papers/%zu", i));
        else
            value_append(r->arena, command->papers, value_string(r->arena, item->string));
    }
}

static void read_documents(struct command_reading *r, struct command *command)
{
    static const char *const members[] = {"id", "upload", "originals", "certified", "copies"};
    const struct value *list = value_get(r->body, "documents");
    size_t count = value_count(list);

    if (value_is_null(list))
        return;
    if (list->kind != VALUE_LIST || count > ITEMS_MAX) {
        fault(r, "type", "Phải là danh sách giấy tờ, nhiều nhất 100.", "/documents");
        return;
    }
    command->documents = ARENA_ARRAY(r->arena, struct dossier_paper, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct value *row = value_at(list, i);
        const char *at = arena_printf(r->arena, "/documents/%zu", i);
        struct dossier_paper *paper = &command->documents[i];

        if (!fields_members(&r->fields, row, at, members, DVC_COUNT(members)))
            continue;
        *paper = sheets_read(&r->fields, row, at);
        paper->paper = fields_text(&r->fields, row, "id", at, 60, FIELDS_REQUIRED);
        paper->upload = fields_text(&r->fields, row, "upload", at, 60, 0);
        name_upload(r, paper->upload);
    }
    command->document_count = count;
}

static void read_result(struct command_reading *r, struct command *command)
{
    static const char *const members[] = {"code", "number", "signed_by", "upload", "signed_at"};
    const struct value *map = value_get(r->body, "result");
    struct dossier_result *result;

    if (!fields_members(&r->fields, map, "/result", members, DVC_COUNT(members)) ||
        value_is_null(map))
        return;
    result = ARENA_NEW(r->arena, struct dossier_result);
    result->code = fields_text(&r->fields, map, "code", "/result", 40, 0);
    result->number = fields_text(&r->fields, map, "number", "/result", 60, 0);
    result->signed_by = fields_text(&r->fields, map, "signed_by", "/result", 200, 0);
    result->upload = fields_text(&r->fields, map, "upload", "/result", 60, 0);
    result->signed_at = fields_moment(&r->fields, map, "signed_at", "/result");
    name_upload(r, result->upload);
    command->result = result;
}

static void read_receiver(struct command_reading *r, struct command *command)
{
    static const char *const members[] = {"name", "relation", "identity_checked"};
    const struct value *map = value_get(r->body, "receiver");
    const char *name, *relation;

    if (!fields_members(&r->fields, map, "/receiver", members, DVC_COUNT(members)) ||
        value_is_null(map))
        return;
    name = fields_text(&r->fields, map, "name", "/receiver", 200, 0);
    relation = fields_text(&r->fields, map, "relation", "/receiver", 60, 0);
    if (name == NULL)
        fault(r, "required", "Phải ghi tên người nhận kết quả.", "/receiver/name");
    command->receiver = value_new(r->arena, VALUE_MAP);
    if (name != NULL)
        value_set(r->arena, command->receiver, "name", value_string(r->arena, slice_str(name)));
    if (relation != NULL)
        value_set(r->arena, command->receiver, "relation",
                  value_string(r->arena, slice_str(relation)));
    value_set(r->arena, command->receiver, "identity_checked",
              value_bool(r->arena, fields_bool(&r->fields, map, "identity_checked", "/receiver")));
}

void command_read(struct command_reading *r, struct command *command)
{
    static const char *const members[] = {
        "action", "task", "reason",  "papers", "documents", "result",  "receiver",   "assignee",
        "note",   "fee",  "receipt", "method", "waive",     "new_due", "received_at"};
    const char *action;

    r->fields = (struct fields){r->arena, &r->faults};
    (void)fields_members(&r->fields, r->body, "", members, DVC_COUNT(members)); /* it is a map */
    action = fields_text(&r->fields, r->body, "action", "", 60, FIELDS_REQUIRED);
    r->uploads = ARENA_ARRAY(r->arena, struct slice, ITEMS_MAX + 2);
    r->command = command;
    *command =
        (struct command){.kind = CMD_ACTION,
                         .action = slice_str(action),
                         .if_decision = -1,
                         .received_at = fields_moment(&r->fields, r->body, "received_at", ""),
                         .new_due = fields_moment(&r->fields, r->body, "new_due", "")};
    command->task = (int)fields_int(&r->fields, r->body, "task", "", 0, INT32_MAX, 0);
    command->reason =
        fields_text(&r->fields, r->body, "reason", "", COMMAND_TEXT_MAX, FIELDS_LINES);
    command->note = fields_text(&r->fields, r->body, "note", "", COMMAND_TEXT_MAX, FIELDS_LINES);
    command->fee = fields_text(&r->fields, r->body, "fee", "", 60, 0);
    command->receipt = fields_text(&r->fields, r->body, "receipt", "", 60, 0);
    command->method = fields_text(&r->fields, r->body, "method", "", 20, 0);
    command->waive = fields_bool(&r->fields, r->body, "waive", "");
    command->assignee = fields_int(&r->fields, r->body, "assignee", "", 0, INT64_MAX, 0);
    read_papers(r, command);
    read_documents(r, command);
    read_result(r, command);
    read_receiver(r, command);
}

static const struct value *find_upload(const struct value *rows, const char *id)
{
    for (size_t i = 0; i < value_count(rows); i++)
        if (slice_is(value_get_text(value_at(rows, i), "id"), id))
            return value_at(rows, i);
    return NULL;
}

static void check_uploads(struct command_reading *r, const struct value *rows)
{
    struct command *command = r->command;
    static const char missing[] =
        "Không có tệp này, tệp đã quá 24 giờ hoặc không phải của tài khoản.";

    for (size_t i = 0; i < command->document_count; i++) {
        struct dossier_paper *paper = &command->documents[i];
        const struct value *row = paper->upload != NULL ? find_upload(rows, paper->upload) : NULL;

        if (paper->upload != NULL && row == NULL)
            fault(r, "upload", missing, arena_printf(r->arena, "/documents/%zu/upload", i));
        else if (row != NULL)
            paper->sha256 = value_get_str(row, "sha256");
    }
    if (command->result != NULL && command->result->upload != NULL &&
        find_upload(rows, command->result->upload) == NULL)
        fault(r, "upload", missing, "/result/upload");
}

static void looked_up(void *ctx, const struct db_result *result)
{
    struct command_reading *r = ctx;
    struct json_error error;
    struct value *found;
    int code = result->code;

    if (code == 0 && json_parse(r->arena, db_json(result->rows), 8, &found, &error) != 0)
        code = STORE_E_DATA;
    if (code == 0) {
        r->upload_rows = value_get(found, "uploads");
        check_uploads(r, r->upload_rows);
        r->assignee_grants = value_get(found, "grants");
        r->assignee_delegated = value_get(found, "delegated");
        r->looked_up = true;
    }
    r->done(r->ctx, code);
}

void command_look_up(struct command_reading *r, void (*done)(void *ctx, int store_code), void *ctx)
{
    struct service *service = r->service;
    struct db_param params[4];

    if (r->faults.count > 0 || (r->upload_count == 0 && r->command->assignee == 0)) {
        done(ctx, 0);
        return;
    }
    r->done = done;
    r->ctx = ctx;
    params[0] = db_int(r->actor->account);
    params[1] = db_text_array(r->uploads, r->upload_count);
    params[2] = db_int(r->command->assignee);
    params[3] = db_int(service->generation->settings.retention.upload_hours);
    store_query(service->store, service_statement(service, "command_names"), params,
                DVC_COUNT(params), service_timeout(service), looked_up, r);
}

/* What is handed in later obeys the same rules as what came with the submission. */
static int check_documents(struct command_reading *r, const struct dossier *dossier,
                           struct refusal *refusal)
{
    const struct command *command = r->command;
    struct form_paper *given =
        ARENA_ARRAY(r->arena, struct form_paper, command->document_count + 1);
    struct form_faults faults = {0};

    for (size_t i = 0; i < command->document_count; i++) {
        const struct dossier_paper *paper = &command->documents[i];
        const struct value *row =
            paper->upload != NULL ? find_upload(r->upload_rows, paper->upload) : NULL;

        given[i] = (struct form_paper){.paper = slice_str(paper->paper),
                                       .file = row != NULL,
                                       .format = form_paper_format(value_get_text(row, "type")),
                                       .size = value_get_int(row, "size", 0)};
    }
    form_papers_given(r->arena, dossier->procedure, dossier->case_id, given,
                      command->document_count, &faults);
    if (faults.count == 0)
        return 0;
    *refusal =
        (struct refusal){faults.items[0].code, faults.items[0].pointer, faults.items[0].message};
    return WF_E_REFUSED;
}

/* The actor's own delegation to the assignee, for this role, place and procedure. */
static bool delegated_to(const struct command_reading *r, const struct dossier *dossier,
                         const struct task *task)
{
    for (size_t i = 0; i < value_count(r->assignee_delegated); i++) {
        const struct value *given = value_at(r->assignee_delegated, i);
        struct slice procedure = value_get_text(given, "procedure");

        if (slice_is(value_get_text(given, "role"), role_code(task->role)) &&
            slice_is(value_get_text(given, "agency"), task->agency) &&
            (procedure.len == 0 || slice_is(procedure, dossier->procedure->code)))
            return true;
    }
    return false;
}

int command_complete(struct command_reading *r, const struct dossier *dossier,
                     struct command *command, struct refusal *refusal)
{
    const struct task *task = dossier_task(dossier, command->task);

    if (check_documents(r, dossier, refusal) != 0)
        return WF_E_REFUSED;
    if (command->assignee == 0 || task == NULL || task->agency == NULL)
        return 0;
    for (size_t i = 0; i < value_count(r->assignee_grants); i++) {
        const struct value *grant = value_at(r->assignee_grants, i);

        const char *place = value_get_str(grant, "agency");

        if (slice_is(value_get_text(grant, "role"), role_code(task->role)) &&
            (strcmp(place, task->agency) == 0 ||
             (value_get_bool(grant, "below", false) &&
              r->service->order.under(r->service->order.ctx, task->agency, place))))
            return 0;
    }
    if (slice_is(command->action, "delegate") && delegated_to(r, dossier, task))
        return 0;
    *refusal = (struct refusal){"assignee", "/assignee",
                                "Người được phân công không giữ vai trò này tại cơ quan của việc."};
    return WF_E_REFUSED;
}
