#include "service/dossierlist.h"

#include "base/utf8.h"
#include "core/dossier.h"
#include "service/registry.h"
#include "service/rowlist.h"

#define BEYOND INT64_MAX
#define Q_MAX 200

/* Columns of both statements after item and place. */
enum { COL_STATE = 2, COL_BEFORE, COL_PROCEDURE, COL_STEP };

/* As the dossier's view says it: the name of the state, and the national status, which a step may
 * state for itself while it is the only one open. */
static void more(struct rowlist *list, const struct db_rows *rows, size_t row, struct jw *jw)
{
    const struct procedure *procedure =
        registry_procedure(list->op.service->registry, db_int_at(rows, row, COL_PROCEDURE, 0));
    struct slice step = db_text_at(rows, row, COL_STEP);
    struct task task = {.state = TASK_OPEN, .step = -1};
    struct dossier dossier = {.procedure = procedure, .tasks = &task};

    if (state_parse(db_text_at(rows, row, COL_STATE), &dossier.state) != 0)
        return;
    if (state_parse(db_text_at(rows, row, COL_BEFORE), &dossier.state_before) != 0)
        dossier.state_before = dossier.state;
    if (procedure != NULL && step.ptr != NULL)
        task.step = procedure_step(procedure, step);
    dossier.task_count = task.step >= 0 ? 1 : 0;
    jw_kv_str(jw, "state_name", state_info(dossier.state)->name_vi);
    jw_kv_int(jw, "status", dossier_national(&dossier));
}

void dossierlist_mine(struct service *service, struct member *who, struct page_ask page,
                      answer_fn answer, void *ctx)
{
    struct slice from;
    struct rowlist *list =
        rowlist_begin(service, sizeof(*list), "dossiers_mine", page, answer, ctx, &from);
    int64_t before;

    if (list == NULL || !rowlist_number(list, from, BEYOND, &before))
        return;
    list->more = more;
    list->procedure = COL_PROCEDURE;
    rowlist_run(list,
                (struct db_param[]){db_int(who->actor.account), db_int(before), db_int(page.limit)},
                3);
}

/* Text that goes between the signs of a LIKE: its own signs lose their meaning. */
static struct slice like_text(struct arena *arena, struct slice text)
{
    struct buf buf = BUF_INIT(1024);
    struct slice folded, escaped;

    if (utf8_fold(arena, text, &folded) != 0)
        return SLICE_LIT("");
    for (size_t i = 0; i < folded.len; i++) {
        if (folded.ptr[i] == '%' || folded.ptr[i] == '_' || folded.ptr[i] == '\\')
            buf_addc(&buf, '\\');
        buf_addc(&buf, folded.ptr[i]);
    }
    escaped = arena_slice(arena, slice_trim(buf_slice(&buf)));
    buf_release(&buf);
    return escaped;
}

void dossierlist_staff(struct service *service, struct member *who,
                       const struct dossier_filter *ask, struct page_ask page, answer_fn answer,
                       void *ctx)
{
    struct slice from;
    struct rowlist *list =
        rowlist_begin(service, sizeof(*list), "dossiers_staff", page, answer, ctx, &from);
    bool search = ask->q.len > 0;
    int64_t before;

    if (list == NULL || !rowlist_number(list, from, BEYOND, &before))
        return;
    if (search && (!utf8_valid(ask->q) || utf8_length(ask->q) > Q_MAX)) {
        op_fault_at(&list->op, ANSWER_MALFORMED, "q", "?q", "Từ khoá tìm kiếm dài nhất 200 ký tự.");
        return;
    }
    list->more = more;
    list->procedure = COL_PROCEDURE;
    rowlist_run(list,
                (struct db_param[]){db_int(who->actor.account),
                                    search ? db_text(like_text(list->op.arena, ask->q)) : db_null(),
                                    rowlist_filter(slice_trim(ask->q)), rowlist_filter(ask->state),
                                    rowlist_filter(ask->agency), rowlist_filter(ask->procedure),
                                    db_int(before), db_int(page.limit)},
                8);
}
