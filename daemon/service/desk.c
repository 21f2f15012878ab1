#include "service/desk.h"

#include "base/num.h"
#include "base/utf8.h"
#include "core/workflow_offer.h"
#include "service/offers.h"
#include "service/registry.h"
#include "service/rowlist.h"

#define Q_MAX 200

/* Columns of tasks_list after item and place. */
enum {
    COL_STATE = 2,
    COL_PROCEDURE,
    COL_STEP,
    COL_ROLE,
    COL_AGENCY,
    COL_ASSIGNEE,
    COL_RECEIVING,
    COL_HELPING,
    COL_COMPETENT
};

static const char *text_at(struct arena *arena, const struct db_rows *rows, size_t row,
                           size_t column)
{
    struct slice text = db_text_at(rows, row, column);

    return text.ptr != NULL ? arena_slice_str(arena, text) : NULL;
}

static void offers(struct rowlist *list, const struct db_rows *rows, size_t row, struct jw *jw)
{
    struct arena *arena = list->op.arena;
    struct service *service = list->op.service;
    const struct procedure *procedure =
        registry_procedure(service->registry, db_int_at(rows, row, COL_PROCEDURE, 0));
    struct dossier place = {.procedure = procedure,
                            .owner_is_applicant = true,
                            .agency_receiving = text_at(arena, rows, row, COL_RECEIVING),
                            .agency_helping = text_at(arena, rows, row, COL_HELPING),
                            .agency_competent = text_at(arena, rows, row, COL_COMPETENT)};
    struct task task = {.state = TASK_OPEN,
                        .agency = text_at(arena, rows, row, COL_AGENCY),
                        .assignee = db_int_at(rows, row, COL_ASSIGNEE, 0)};
    struct offer *found = NULL;
    size_t count = 0;

    /* Published a moment ago: the next look will know it. */
    if (procedure != NULL) {
        task.step = procedure_step(procedure, db_text_at(rows, row, COL_STEP));
        if (task.step >= 0 && role_parse(db_text_at(rows, row, COL_ROLE), &task.role) == 0)
            count = workflow_step_offers(arena, &place, &task, &list->who->actor, &service->order,
                                         &found);
    }
    offers_write(jw, found, count);
}

static void more(struct rowlist *list, const struct db_rows *rows, size_t row, struct jw *jw)
{
    enum dossier_state state;

    if (state_parse(db_text_at(rows, row, COL_STATE), &state) == 0)
        jw_kv_str(jw, "state_name", state_info(state)->name_vi);
    offers(list, rows, row, jw);
}

/* "<due>~<dossier>~<no>"; before the first page lies what is before every task. */
static bool task_place(struct slice rest, struct db_param place[3])
{
    struct slice due, dossier;
    int64_t id = 0, no = 0;

    place[0] = db_str("-infinity");
    if (rest.ptr != NULL) {
        if (!slice_next(&rest, '~', &due) || !slice_next(&rest, '~', &dossier) ||
            num_parse_i64(dossier, 0, INT64_MAX, &id) != 0 ||
            num_parse_i64(rest, 0, INT32_MAX, &no) != 0)
            return false;
        place[0] = db_text(due);
    }
    place[1] = db_int(id);
    place[2] = db_int(no);
    return true;
}

static bool assignee_of(const struct member *who, struct slice text, struct db_param *ret)
{
    int64_t account;

    *ret = db_null();
    if (slice_is(text, "me"))
        *ret = db_int(who->actor.account);
    else if (slice_is(text, "none"))
        *ret = db_int(0);
    else if (text.len > 0 && num_parse_i64(text, 1, INT64_MAX, &account) != 0)
        return false;
    else if (text.len > 0)
        *ret = db_int(account);
    return true;
}

/* Codes are written in capitals. */
static struct slice capitals(struct arena *arena, struct slice text)
{
    char *copy = arena_alloc(arena, text.len + 1);

    for (size_t i = 0; i < text.len; i++)
        copy[i] = (char)(text.ptr[i] >= 'a' && text.ptr[i] <= 'z' ? text.ptr[i] - 32 : text.ptr[i]);
    copy[text.len] = '\0';
    return (struct slice){copy, text.len};
}

/* $5 and $6 of tasks_list. */
static bool words_of(struct arena *arena, struct slice q, struct db_param ret[2])
{
    struct slice text = slice_trim(q), folded;

    ret[0] = ret[1] = db_null();
    if (text.len == 0)
        return true;
    if (!utf8_valid(text) || utf8_length(text) > Q_MAX || utf8_fold(arena, text, &folded) != 0)
        return false;
    ret[0] = db_text(capitals(arena, text));
    ret[1] = db_text(slice_trim(folded));
    return true;
}

void desk_tasks(struct service *service, struct member *who, const struct task_filter *ask,
                struct page_ask page, answer_fn answer, void *ctx)
{
    struct db_param place[3], assignee, words[2];
    struct slice from;
    struct rowlist *list =
        rowlist_begin(service, sizeof(*list), "tasks_list", page, answer, ctx, &from);

    if (list == NULL)
        return;
    if (!task_place(from, place)) {
        rowlist_bad_page(list);
    } else if (!assignee_of(who, ask->assignee, &assignee)) {
        op_fault_at(&list->op, ANSWER_MALFORMED, "assignee", "?assignee",
                    "assignee phải là me, none hoặc số tài khoản.");
    } else if (!words_of(list->op.arena, ask->q, words)) {
        op_fault_at(&list->op, ANSWER_MALFORMED, "q", "?q", "Từ khoá tìm kiếm dài nhất 200 ký tự.");
    } else {
        list->more = more;
        list->procedure = COL_PROCEDURE;
        list->who = member_ref(who);
        rowlist_run(list,
                    (struct db_param[]){db_int(who->actor.account), rowlist_filter(ask->role),
                                        rowlist_filter(ask->agency), assignee, words[0], words[1],
                                        place[0], place[1], place[2], db_int(page.limit),
                                        rowlist_filter(ask->step)},
                    11);
    }
}

void desk_summary(struct service *service, struct member *who, answer_fn answer, void *ctx)
{
    struct db_param account = db_int(who->actor.account);

    service_read(service, "tasks_summary", &account, 1, answer, ctx);
}
