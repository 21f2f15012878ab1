#include "store/childrows.h"

static const char *const task_states[] = {
    [TASK_OPEN] = "open",
    [TASK_DONE] = "done",
    [TASK_CANCELLED] = "cancelled",
};

static const char *step_id(const struct dossier *dossier, int step)
{
    if (step < 0 || (size_t)step >= dossier->procedure->step_count)
        return NULL;
    return dossier->procedure->steps[step].id;
}

static void add_tasks(struct change_rows *rows, const struct dossier *after)
{
    for (size_t i = 0; i < after->task_count; i++) {
        const struct task *task = &after->tasks[i];
        struct rowset *set;

        if (!task->changed)
            continue;
        set = change_rows_begin(rows, ROWS_TASK);
        rowset_int4(set, task->no);
        rowset_str(set, step_id(after, task->step));
        rowset_str(set, after->procedure->steps[task->step].name);
        rowset_str(set, task_states[task->state]);
        rowset_str(set, role_code(task->role));
        rowset_str(set, task->agency);
        rowset_id(set, task->assignee);
        rowset_int4(set, task->epoch);
        rowset_wall(set, task->opened_at);
        rowset_wall(set, task->closed_at);
        rowset_wall(set, task->due);
        rowset_int8(set, task->budget_left);
        rowset_int4(set, task->group);
        rowset_str(set, step_id(after, task->previous));
        rowset_end(set);
    }
}

static void add_holds(struct change_rows *rows, const struct dossier *after)
{
    for (size_t i = 0; i < after->hold_count; i++) {
        const struct hold *hold = &after->holds[i];
        struct rowset *set;

        if (!hold->changed)
            continue;
        set = change_rows_begin(rows, ROWS_LEDGER);
        rowset_int4(set, hold->no);
        rowset_str(set, hold->kind);
        rowset_str(set, hold->reason);
        rowset_str(set, hold->party);
        rowset_wall(set, hold->from);
        rowset_wall(set, hold->to);
        rowset_wall(set, hold->old_due);
        rowset_wall(set, hold->new_due);
        rowset_end(set);
    }
}

static void add_papers(struct change_rows *rows, const struct dossier *after)
{
    for (size_t i = 0; i < after->paper_count; i++) {
        const struct dossier_paper *paper = &after->papers[i];
        struct rowset *set;

        if (!paper->changed)
            continue;
        set = change_rows_begin(rows, ROWS_PAPER);
        rowset_int4(set, paper->no);
        rowset_str(set, paper->paper);
        rowset_str(set, paper->upload);
        rowset_int4(set, paper->copies);
        rowset_int4_or_null(set, paper->originals, paper->originals >= 0);
        rowset_int4_or_null(set, paper->certified, paper->certified >= 0);
        rowset_end(set);
    }
}

static void add_fees(struct change_rows *rows, const struct dossier *after)
{
    for (size_t i = 0; i < after->fee_count; i++) {
        const struct dossier_fee *fee = &after->fees[i];
        struct rowset *set;

        if (!fee->changed)
            continue;
        set = change_rows_begin(rows, ROWS_FEE);
        rowset_int4(set, fee->no);
        rowset_str(set, fee->fee);
        rowset_int8(set, fee->amount);
        rowset_bool(set, fee->waived);
        rowset_wall(set, fee->paid_at);
        rowset_str(set, fee->receipt);
        rowset_str(set, fee->method);
        rowset_end(set);
    }
}

static void add_supplements(struct change_rows *rows, const struct dossier *after)
{
    for (size_t i = 0; i < after->supplement_count; i++) {
        const struct dossier_supplement *supplement = &after->supplements[i];
        struct rowset *set;

        if (!supplement->changed)
            continue;
        set = change_rows_begin(rows, ROWS_SUPPLEMENT);
        rowset_int4(set, supplement->no);
        rowset_bool(set, supplement->intake);
        rowset_wall(set, supplement->requested_at);
        rowset_wall(set, supplement->closed_at);
        rowset_id(set, supplement->by);
        rowset_str(set, supplement->reason);
        change_rows_value(rows, set, supplement->papers);
        rowset_end(set);
    }
}

static void add_results(struct change_rows *rows, const struct dossier *after)
{
    for (size_t i = 0; i < after->result_count; i++) {
        const struct dossier_result *result = &after->results[i];
        struct rowset *set;

        if (!result->changed)
            continue;
        set = change_rows_begin(rows, ROWS_RESULT);
        rowset_int4(set, result->no);
        rowset_str(set, result->code);
        rowset_str(set, result->number);
        rowset_str(set, result->signed_by);
        rowset_wall(set, result->signed_at);
        rowset_str(set, result->upload);
        rowset_end(set);
    }
}

static void add_forms(struct change_rows *rows, const struct dossier *after)
{
    for (size_t i = 0; i < after->form_count; i++) {
        const struct dossier_form *form = &after->forms[i];
        struct rowset *set;

        if (!form->changed)
            continue;
        set = change_rows_begin(rows, ROWS_FORM);
        rowset_int4(set, form->no);
        rowset_str(set, form_id_code(form->form));
        rowset_str(set, form->number);
        rowset_wall(set, form->issued_at);
        rowset_id(set, form->by);
        change_rows_value(rows, set, form->content);
        rowset_end(set);
    }
}

static void add_parcel_events(struct change_rows *rows, const struct parcel *parcel)
{
    for (size_t i = 0; i < parcel->event_count; i++) {
        const struct parcel_event *event = &parcel->events[i];
        struct rowset *set = change_rows_begin(rows, ROWS_PARCEL_EVENT);

        rowset_int4(set, parcel->no);
        rowset_str(set, event->source_id);
        rowset_wall(set, event->at);
        rowset_str(set, parcel_state_code(event->state));
        rowset_bool(set, event->moves);
        rowset_int4(set, event->status_code);
        rowset_str(set, event->place);
        rowset_str(set, event->note);
        rowset_end(set);
    }
}

static void add_parcels(struct change_rows *rows, const struct dossier *after)
{
    for (size_t i = 0; i < after->parcel_count; i++) {
        const struct parcel *parcel = &after->parcels[i];
        struct rowset *set;

        add_parcel_events(rows, parcel);
        if (!parcel->changed)
            continue;
        set = change_rows_begin(rows, ROWS_PARCEL);
        rowset_int4(set, parcel->no);
        rowset_str(set, parcel_direction_code(parcel->direction));
        rowset_str(set, parcel_state_code(parcel->state));
        rowset_str(set, parcel->order_number);
        rowset_str(set, parcel->item_code);
        rowset_str(set, parcel->office);
        rowset_wall(set, parcel->created_at);
        rowset_wall(set, parcel->state_at);
        rowset_end(set);
    }
}

void child_rows_add(struct change_rows *rows, const struct dossier *after)
{
    add_tasks(rows, after);
    add_holds(rows, after);
    add_papers(rows, after);
    add_fees(rows, after);
    add_supplements(rows, after);
    add_results(rows, after);
    add_forms(rows, after);
    add_parcels(rows, after);
}
