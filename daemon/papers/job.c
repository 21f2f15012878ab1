#include "papers/job.h"

#include <string.h>

#include "base/json.h"
#include "papers/apology.h"
#include "papers/control_slip.h"
#include "papers/fonts.h"
#include "papers/handover.h"
#include "papers/receipt.h"
#include "papers/refusal.h"
#include "papers/register.h"
#include "papers/stop_notice.h"
#include "papers/supplement_request.h"

static const char *str(const struct value *map, const char *key)
{
    return value_get_str(map, key);
}

static wall_t moment(const struct value *map, const char *key)
{
    wall_t at;

    return wall_parse(value_get_text(map, key), &at) == 0 ? at : WALL_NONE;
}

static int number(const struct value *map, const char *key)
{
    int64_t n = value_get_int(map, key, 0);

    return n >= 0 && n <= INT32_MAX ? (int)n : 0;
}

static struct paper_head head_of(const struct value *job)
{
    const struct value *map = value_get(job, "head");

    return (struct paper_head){.mark = str(map, "mark"),
                               .circular = str(map, "circular"),
                               .title = str(map, "title"),
                               .parent = str(map, "parent"),
                               .agency = str(map, "agency"),
                               .number = str(map, "number"),
                               .place = str(map, "place"),
                               .at = moment(map, "at")};
}

static struct paper_person person_of(const struct value *map)
{
    return (struct paper_person){.name = str(map, "name"),
                                 .id_number = str(map, "id_number"),
                                 .phone = str(map, "phone"),
                                 .email = str(map, "email"),
                                 .address = str(map, "address")};
}

static struct paper_dossier dossier_of(const struct value *job)
{
    return (struct paper_dossier){.code = str(job, "code"),
                                  .procedure = str(job, "procedure"),
                                  .submitter = person_of(value_get(job, "submitter")),
                                  .owner = person_of(value_get(job, "owner"))};
}

static struct paper_items items_of(struct arena *arena, const struct value *job)
{
    const struct value *list = value_get(job, "items");
    size_t count = value_count(list);
    struct paper_item *rows = ARENA_ARRAY(arena, struct paper_item, count + 1);

    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_at(list, i);

        rows[i] = (struct paper_item){.name = str(item, "name"),
                                      .originals = number(item, "originals"),
                                      .certified = number(item, "certified"),
                                      .copies = number(item, "copies"),
                                      .files = number(item, "files")};
    }
    return (struct paper_items){rows, count};
}

static int receipt_job(struct arena *arena, const struct value *job, struct buf *out)
{
    const struct value *list = value_get(job, "fees");
    size_t count = value_count(list);
    struct receipt_fee *fees = ARENA_ARRAY(arena, struct receipt_fee, count + 1);
    struct receipt receipt = {.head = head_of(job),
                              .dossier = dossier_of(job),
                              .items = items_of(arena, job),
                              .fees = fees,
                              .fee_count = count,
                              .sets = number(job, "sets"),
                              .limit = str(job, "limit"),
                              .received_at = moment(job, "received_at"),
                              .due = moment(job, "due"),
                              .delivery = str(job, "delivery"),
                              .look_up = str(job, "look_up"),
                              .address = str(job, "address"),
                              .pin = str(job, "pin"),
                              .phone = str(job, "phone"),
                              .officer = str(job, "officer")};

    for (size_t i = 0; i < count; i++) {
        const struct value *fee = value_at(list, i);

        fees[i] = (struct receipt_fee){str(fee, "name"), str(fee, "amount"), str(fee, "state")};
    }
    return receipt_print(&receipt, out);
}

static int supplement_job(struct arena *arena, const struct value *job, struct buf *out)
{
    return supplement_request_print(&(struct supplement_request){.head = head_of(job),
                                                                 .dossier = dossier_of(job),
                                                                 .items = items_of(arena, job),
                                                                 .reason = str(job, "reason"),
                                                                 .within = str(job, "within"),
                                                                 .officer = str(job, "officer"),
                                                                 .phone = str(job, "phone")},
                                    out);
}

static int refusal_job(struct arena *arena, const struct value *job, struct buf *out)
{
    (void)arena;
    return refusal_print(&(struct refusal_form){.head = head_of(job),
                                                .dossier = dossier_of(job),
                                                .reason = str(job, "reason"),
                                                .officer = str(job, "officer"),
                                                .phone = str(job, "phone")},
                         out);
}

static int apology_job(struct arena *arena, const struct value *job, struct buf *out)
{
    (void)arena;
    return apology_print(&(struct apology){.head = head_of(job),
                                           .dossier = dossier_of(job),
                                           .received_at = moment(job, "received_at"),
                                           .due_before = moment(job, "due_before"),
                                           .due = moment(job, "due"),
                                           .unit = str(job, "unit"),
                                           .reason = str(job, "reason"),
                                           .delivery = str(job, "delivery")},
                         out);
}

static int stop_job(struct arena *arena, const struct value *job, struct buf *out)
{
    (void)arena;
    return stop_notice_print(&(struct stop_notice){.head = head_of(job),
                                                   .dossier = dossier_of(job),
                                                   .received_at = moment(job, "received_at"),
                                                   .reason = str(job, "reason"),
                                                   .phone = str(job, "phone")},
                             out);
}

static int control_job(struct arena *arena, const struct value *job, struct buf *out)
{
    const struct value *list = value_get(job, "steps");
    size_t count = value_count(list);
    struct control_step *steps = ARENA_ARRAY(arena, struct control_step, count + 1);

    for (size_t i = 0; i < count; i++) {
        const struct value *step = value_at(list, i);

        steps[i] = (struct control_step){.giver = str(step, "giver"),
                                         .receiver = str(step, "receiver"),
                                         .step = str(step, "step"),
                                         .officer = str(step, "officer"),
                                         .from = moment(step, "from"),
                                         .to = moment(step, "to"),
                                         .due = moment(step, "due"),
                                         .verdict = str(step, "verdict")};
    }
    return control_slip_print(&(struct control_slip){.head = head_of(job),
                                                     .dossier = dossier_of(job),
                                                     .items = items_of(arena, job),
                                                     .received_at = moment(job, "received_at"),
                                                     .limit = str(job, "limit"),
                                                     .due = moment(job, "due"),
                                                     .steps = steps,
                                                     .step_count = count},
                              out);
}

static void register_row(const struct value *row, struct register_row *ret)
{
    *ret = (struct register_row){.code = str(row, "code"),
                                 .procedure = str(row, "procedure"),
                                 .sets = number(row, "sets"),
                                 .owner = str(row, "owner"),
                                 .address = str(row, "address"),
                                 .phone = str(row, "phone"),
                                 .agency = str(row, "agency"),
                                 .received_at = moment(row, "received_at"),
                                 .due = moment(row, "due"),
                                 .finished_at = moment(row, "finished_at"),
                                 .returned_at = moment(row, "returned_at"),
                                 .delivery = str(row, "delivery"),
                                 .note = str(row, "note")};
}

static int register_job(struct arena *arena, const struct value *job, struct buf *out)
{
    const struct value *list = value_get(job, "rows");
    size_t count = value_count(list);
    struct register_row *rows = ARENA_ARRAY(arena, struct register_row, count + 1);
    struct register_book book = {
        .head = head_of(job), .procedure = str(job, "procedure"), .rows = rows, .count = count};

    if (day_parse(value_get_text(job, "from"), &book.from) != 0 ||
        day_parse(value_get_text(job, "to"), &book.to) != 0)
        return PAPERS_E_JOB;
    for (size_t i = 0; i < count; i++)
        register_row(value_at(list, i), &rows[i]);
    return register_print(&book, out);
}

static int handover_job(struct arena *arena, const struct value *job, struct buf *out)
{
    const struct value *list = value_get(job, "rows");
    size_t count = value_count(list);
    struct handover_row *rows = ARENA_ARRAY(arena, struct handover_row, count + 1);
    const char *direction = str(job, "direction");
    struct handover handover = {.head = head_of(job),
                                .collect = direction != NULL && strcmp(direction, "collect") == 0,
                                .office = str(job, "office"),
                                .agency_signed = {.name = str(job, "agency_signer")},
                                .office_signed = {.name = str(job, "office_signer")},
                                .agency_at = moment(job, "agency_at"),
                                .office_at = moment(job, "office_at"),
                                .originals = number(job, "originals"),
                                .copies = number(job, "copies"),
                                .note = str(job, "note"),
                                .rows = rows,
                                .count = count};

    for (size_t i = 0; i < count; i++) {
        const struct value *row = value_at(list, i);

        rows[i] = (struct handover_row){.order_number = str(row, "order_number"),
                                        .code = str(row, "code"),
                                        .procedure = str(row, "procedure"),
                                        .owner = str(row, "owner"),
                                        .address = str(row, "address")};
    }
    return handover_print(&handover, out);
}

static const struct {
    const char *form;
    int (*print)(struct arena *arena, const struct value *job, struct buf *out);
} printers[] = {
    {"receipt", receipt_job},   {"supplement_request", supplement_job},
    {"refusal", refusal_job},   {"apology", apology_job},
    {"stop_notice", stop_job},  {"control_slip", control_job},
    {"register", register_job}, {"handover", handover_job},
};

static int letters_missing(void)
{
    struct buf why = BUF_INIT(500);
    int result = fonts_check(&why);

    buf_release(&why);
    return result;
}

int job_print(struct slice json, struct buf *out)
{
    struct arena *arena = arena_new();
    struct json_error error;
    struct value *job;
    int result = PAPERS_E_JOB;

    if (json_parse(arena, json, 8, &job, &error) == 0) {
        const char *form = str(job, "form");

        if (form != NULL && strcmp(form, "fonts") == 0)
            result = fonts_check(out);
        for (size_t i = 0; form != NULL && i < DVC_COUNT(printers); i++) {
            if (strcmp(form, printers[i].form) != 0)
                continue;
            result = letters_missing();
            if (result == 0)
                result = printers[i].print(arena, job, out);
            break;
        }
    }
    arena_free(arena);
    return result;
}
