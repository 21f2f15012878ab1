#include "service/view.h"

#include <string.h>

#include "core/workflow_offer.h"
#include "service/linkedview.h"
#include "service/offers.h"
#include "service/parcelview.h"
#include "service/procview.h"
#include "service/service.h"
#include "service/viewing.h"

/* As the row tells it: of a task that was held, or of the step's holder before. */
static const char *assignee_name(const struct dossier *dossier, const struct value *row,
                                 const struct task *task)
{
    const struct value *tasks = value_get(row, "tasks");
    const struct value *holder =
        value_get(value_get(row, "holders"), dossier->procedure->steps[task->step].id);

    for (size_t i = 0; i < value_count(tasks); i++) {
        const struct value *held = value_at(tasks, i);

        if (value_get_int(held, "no", 0) == task->no &&
            value_get_int(held, "assignee", 0) == task->assignee)
            return value_get_str(held, "assignee_name");
    }
    return value_get_int(holder, "id", 0) == task->assignee ? value_get_str(holder, "name") : NULL;
}

bool view_lacks_names(const struct dossier *dossier, const struct value *row)
{
    for (size_t i = 0; i < dossier->task_count; i++) {
        const struct task *task = &dossier->tasks[i];

        if (task->state == TASK_OPEN && task->assignee != 0 &&
            assignee_name(dossier, row, task) == NULL)
            return true;
    }
    return false;
}

static void party(struct viewing *v, const char *key, const struct party *p)
{
    struct jw *jw = &v->jw;

    jw_key(jw, key);
    jw_object(jw);
    jw_kv_str(jw, "kind", p->kind);
    viewing_text(v, "name", p->name);
    viewing_text(v, "id_number", p->id_number);
    viewing_text(v, "phone", p->phone);
    viewing_text(v, "email", p->email);
    jw_key(jw, "address");
    if (p->commune == NULL || v->masked) {
        jw_null(jw);
    } else {
        jw_object(jw);
        jw_kv_str(jw, "province", p->province);
        jw_kv_str(jw, "commune", p->commune);
        jw_kv_str(jw, "line", p->line);
        jw_end_object(jw);
    }
    jw_end_object(jw);
}

static void offers(struct viewing *v, const struct task *task)
{
    struct offer *list = NULL;
    size_t count = v->setting.calendar == NULL
                       ? 0
                       : workflow_offers(v->arena, v->dossier, task, v->actor, &v->setting, &list);

    offers_write(&v->jw, list, count);
}

static void tasks(struct viewing *v)
{
    struct jw *jw = &v->jw;

    jw_key(jw, "tasks");
    jw_array(jw);
    for (size_t i = 0; i < v->dossier->task_count; i++) {
        const struct task *task = &v->dossier->tasks[i];
        const struct step *step = &v->dossier->procedure->steps[task->step];

        if (task->state != TASK_OPEN)
            continue;
        jw_object(jw);
        jw_kv_int(jw, "id", task->no);
        jw_kv_str(jw, "code", v->dossier->code);
        jw_kv_str(jw, "procedure", v->dossier->procedure->code);
        jw_kv_str(jw, "step", step->id);
        jw_kv_str(jw, "name", step->name);
        jw_kv_str(jw, "role", task->role != ROLE_NONE ? role_code(task->role) : NULL);
        jw_kv_str(jw, "role_name", task->role != ROLE_NONE ? role_name_vi(task->role) : NULL);
        jw_kv_str(jw, "agency", task->agency);
        jw_kv_str(jw, "agency_name", viewing_agency_name(v, task->agency));
        jw_key(jw, "assignee");
        if (task->assignee != 0)
            jw_int(jw, task->assignee);
        else
            jw_null(jw);
        jw_kv_str(jw, "assignee_name",
                  task->assignee != 0 ? assignee_name(v->dossier, v->row, task) : NULL);
        jw_kv_wall(jw, "opened_at", task->opened_at);
        jw_kv_wall(jw, "due", task->due);
        jw_kv_bool(jw, "past_due", past_due(task->due, v->now));
        jw_key(jw, "minutes_left");
        if (wall_is_none(task->due))
            jw_null(jw);
        else
            jw_int(jw, (task->due.us - v->now.us) / US_PER_MINUTE);
        jw_kv_str(jw, "state", "open");
        offers(v, task);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void count(struct jw *jw, const char *key, int number)
{
    if (number >= 0) {
        jw_kv_int(jw, key, number);
    } else {
        jw_key(jw, key);
        jw_null(jw);
    }
}

static void documents(struct viewing *v)
{
    struct jw *jw = &v->jw;

    jw_key(jw, "documents");
    jw_array(jw);
    for (size_t i = 0; i < v->dossier->paper_count; i++) {
        const struct dossier_paper *given = &v->dossier->papers[i];
        const struct value *row = viewing_row(v, "papers", given->no);

        jw_object(jw);
        jw_kv_str(jw, "id", given->paper);
        jw_kv_int(jw, "no", given->no);
        jw_kv_str(jw, "name", procview_paper_name(v->dossier->procedure, given->paper));
        jw_key(jw, "file");
        if (given->upload != NULL) {
            jw_object(jw);
            jw_kv_str(jw, "name", v->masked ? NULL : value_get_str(row, "filename"));
            jw_kv_str(jw, "type", value_get_str(row, "type"));
            jw_kv_int(jw, "size", value_get_int(row, "size", 0));
            jw_kv_str(jw, "sha256", given->sha256);
            jw_end_object(jw);
        } else {
            jw_null(jw);
        }
        count(jw, "originals", given->originals);
        count(jw, "certified", given->certified);
        jw_kv_int(jw, "copies", given->copies);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static const char *fee_name(const struct procedure *procedure, const char *id)
{
    for (size_t i = 0; i < procedure->fee_count; i++)
        if (strcmp(procedure->fees[i].id, id) == 0)
            return procedure->fees[i].name;
    return id;
}

static void fees(struct viewing *v)
{
    struct jw *jw = &v->jw;

    jw_key(jw, "fees");
    jw_array(jw);
    for (size_t i = 0; i < v->dossier->fee_count; i++) {
        const struct dossier_fee *fee = &v->dossier->fees[i];

        jw_object(jw);
        jw_kv_str(jw, "id", fee->fee);
        jw_kv_str(jw, "name", fee_name(v->dossier->procedure, fee->fee));
        jw_kv_int(jw, "amount", fee->amount);
        jw_kv_bool(jw, "waived", fee->waived);
        jw_kv_wall(jw, "paid_at", fee->paid_at);
        jw_kv_str(jw, "receipt", fee->receipt);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void results(struct viewing *v)
{
    const struct procedure *procedure = v->dossier->procedure;
    struct jw *jw = &v->jw;

    jw_key(jw, "results");
    jw_array(jw);
    for (size_t i = 0; i < v->dossier->result_count; i++) {
        const struct dossier_result *result = &v->dossier->results[i];
        const char *name = result->code;

        for (size_t k = 0; k < procedure->result_count; k++)
            if (strcmp(procedure->results[k].code, result->code) == 0)
                name = procedure->results[k].name;
        jw_object(jw);
        jw_kv_int(jw, "id", result->no);
        jw_kv_str(jw, "code", result->code);
        jw_kv_str(jw, "name", name);
        jw_kv_str(jw, "number", result->number);
        jw_kv_str(jw, "signed_by", result->signed_by);
        jw_kv_wall(jw, "signed_at", result->signed_at);
        jw_kv_bool(jw, "file", result->upload != NULL);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void forms(struct viewing *v)
{
    struct jw *jw = &v->jw;

    jw_key(jw, "forms");
    jw_array(jw);
    for (size_t i = 0; i < v->dossier->form_count; i++) {
        const struct dossier_form *form = &v->dossier->forms[i];

        jw_object(jw);
        jw_kv_str(jw, "form", form_id_code(form->form));
        jw_kv_str(jw, "number", form->number);
        jw_kv_wall(jw, "issued_at", form->issued_at);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void paper_names(struct viewing *v, const struct value *papers)
{
    jw_key(&v->jw, "paper_names");
    jw_array(&v->jw);
    for (size_t i = 0; i < value_count(papers) && !v->masked; i++)
        if (value_at(papers, i)->kind == VALUE_STRING)
            jw_str(&v->jw,
                   procview_paper_name(v->dossier->procedure, value_at(papers, i)->string.ptr));
    jw_end_array(&v->jw);
}

static void supplements(struct viewing *v)
{
    struct jw *jw = &v->jw;

    jw_key(jw, "supplements");
    jw_array(jw);
    for (size_t i = 0; i < v->dossier->supplement_count; i++) {
        const struct dossier_supplement *one = &v->dossier->supplements[i];

        jw_object(jw);
        jw_kv_str(jw, "stage", one->intake ? "intake" : "appraisal");
        jw_kv_wall(jw, "requested_at", one->requested_at);
        jw_kv_str(jw, "reason", v->masked ? NULL : one->reason);
        viewing_value(v, "papers", one->papers);
        paper_names(v, one->papers);
        jw_kv_wall(jw, "closed_at", one->closed_at);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void head(struct viewing *v)
{
    const struct dossier *d = v->dossier;
    const struct case_kind *kind;
    struct jw *jw = &v->jw;

    jw_kv_str(jw, "code", d->code);
    jw_kv_str(jw, "external_code", d->external_code);
    jw_key(jw, "procedure");
    jw_object(jw);
    jw_kv_str(jw, "code", d->procedure->code);
    jw_kv_int(jw, "version", d->procedure->version);
    jw_kv_str(jw, "name", d->procedure->name);
    procview_members(jw, d);
    jw_end_object(jw);
    jw_kv_str(jw, "case", d->case_id);
    kind = d->case_id != NULL ? procedure_case(d->procedure, slice_str(d->case_id)) : NULL;
    jw_kv_str(jw, "case_name", kind != NULL ? kind->name : NULL);
    jw_kv_str(jw, "channel", channel_code(d->channel));
    jw_key(jw, "agencies");
    jw_object(jw);
    jw_kv_str(jw, "helping", d->agency_helping);
    jw_kv_str(jw, "receiving", d->agency_receiving);
    jw_kv_str(jw, "competent", d->agency_competent);
    jw_kv_str(jw, "helping_name", viewing_agency_name(v, d->agency_helping));
    jw_kv_str(jw, "receiving_name", viewing_agency_name(v, d->agency_receiving));
    jw_kv_str(jw, "competent_name", viewing_agency_name(v, d->agency_competent));
    jw_end_object(jw);
    jw_kv_str(jw, "state", state_info(d->state)->code);
    jw_kv_str(jw, "state_name", state_info(d->state)->name_vi);
    jw_kv_int(jw, "status", dossier_national(d));
    jw_kv_str(jw, "status_name", national_name_vi(dossier_national(d)));
    jw_kv_str(jw, "clock", clock_state_code(d->clock));
}

static void dates(struct viewing *v)
{
    const struct dossier *d = v->dossier;

    jw_kv_wall(&v->jw, "submitted_at", d->submitted_at);
    jw_kv_wall(&v->jw, "received_at", d->received_at);
    jw_kv_wall(&v->jw, "due_first", d->due_first);
    jw_kv_wall(&v->jw, "due_current", d->due_current);
    jw_kv_wall(&v->jw, "finished_at", d->finished_at);
    jw_kv_wall(&v->jw, "returned_at", d->returned_at);
}

void view_dossier(struct buf *buf, struct arena *arena, struct service *service,
                  const struct dossier *dossier, const struct value *row, const struct actor *actor,
                  wall_t now)
{
    struct viewing v = {.jw = JW_INIT(buf),
                        .arena = arena,
                        .service = service,
                        .dossier = dossier,
                        .row = row,
                        .actor = actor,
                        .setting = service_setting(service, dossier->agency_competent, now),
                        .masked = viewing_masked(service, dossier, actor),
                        .now = now};

    jw_object(&v.jw);
    head(&v);
    party(&v, "applicant", &dossier->applicant);
    jw_key(&v.jw, "on_behalf");
    jw_object(&v.jw);
    jw_kv_str(&v.jw, "kind", dossier->on_behalf);
    jw_end_object(&v.jw);
    if (dossier->owner_is_applicant)
        jw_kv_null(&v.jw, "owner");
    else
        party(&v, "owner", &dossier->owner);
    viewing_value(&v, "form", dossier->form);
    documents(&v);
    viewing_value(&v, "delivery", dossier->delivery_to);
    fees(&v);
    dates(&v);
    tasks(&v);
    offers(&v, NULL);
    results(&v);
    forms(&v);
    supplements(&v);
    parcelview_members(&v);
    linkedview_members(&v);
    jw_end_object(&v.jw);
}
