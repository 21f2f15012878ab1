#include "service/view.h"

#include <string.h>

#include "base/jw.h"
#include "base/utf8.h"
#include "conf/agencies.h"
#include "core/workflow_offer.h"
#include "service/offers.h"
#include "service/procview.h"
#include "service/registry.h"
#include "service/service.h"

struct view {
    struct jw jw;
    struct arena *arena;
    struct service *service;
    const struct dossier *dossier;
    const struct value *row;
    const struct actor *actor;
    struct setting setting;
    bool masked;
    wall_t now;
};

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

bool view_masked(const struct service *service, const struct dossier *dossier,
                 const struct actor *actor)
{
    static const enum role desks[] = {ROLE_RECEIVER, ROLE_OFFICER, ROLE_UNIT_HEAD,
                                      ROLE_LEADER,   ROLE_CLERK,   ROLE_CASHIER};
    const char *places[] = {dossier->agency_competent, dossier->agency_receiving,
                            dossier->agency_helping};

    if (access_is_applicant(actor, dossier))
        return false;
    for (size_t i = 0; i < DVC_COUNT(desks); i++)
        for (size_t j = 0; j < DVC_COUNT(places); j++)
            if (places[j] != NULL &&
                access_holds_for(actor, dossier, desks[i], places[j], &service->order))
                return false;
    for (size_t i = 0; i < dossier->task_count; i++) /* an agency asked for its opinion */
        if (dossier->tasks[i].agency != NULL &&
            access_holds_for(actor, dossier, dossier->tasks[i].role, dossier->tasks[i].agency,
                             &service->order))
            return false;
    return true;
}

/* Keeps the first character and the last two, enough to tell two dossiers apart. */
static void kv_masked(struct view *v, const char *key, const char *text)
{
    size_t len;

    if (!v->masked || text == NULL) {
        jw_kv_str(&v->jw, key, text);
        return;
    }
    len = strlen(text);
    jw_kv_str(&v->jw, key,
              len > 4 && (unsigned char)text[0] < 0x80 && (unsigned char)text[len - 1] < 0x80
                  ? arena_printf(v->arena, "%c***%c", text[0], text[len - 1])
                  : "***");
}

static void party(struct view *v, const char *key, const struct party *p)
{
    struct jw *jw = &v->jw;

    jw_key(jw, key);
    jw_object(jw);
    jw_kv_str(jw, "kind", p->kind);
    kv_masked(v, "name", p->name);
    kv_masked(v, "id_number", p->id_number);
    kv_masked(v, "phone", p->phone);
    kv_masked(v, "email", p->email);
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

static void value(struct view *v, const char *key, const struct value *tree)
{
    struct buf buf = BUF_INIT(1u << 20);

    jw_key(&v->jw, key);
    if (value_is_null(tree) || v->masked) {
        jw_null(&v->jw);
        return;
    }
    value_write(&buf, tree, false);
    jw_raw(&v->jw, buf_slice(&buf));
    buf_release(&buf);
}

static void offers(struct view *v, const struct task *task)
{
    struct offer *list = NULL;
    size_t count = v->setting.calendar == NULL
                       ? 0
                       : workflow_offers(v->arena, v->dossier, task, v->actor, &v->setting, &list);

    offers_write(&v->jw, list, count);
}

/* The child row numbered `no` among what was loaded; NULL when this change made it. */
static const struct value *row_of(const struct view *v, const char *list, int no)
{
    const struct value *rows = value_get(v->row, list);

    for (size_t i = 0; i < value_count(rows); i++)
        if (value_get_int(value_at(rows, i), "no", 0) == no)
            return value_at(rows, i);
    return NULL;
}

static const char *agency_name(const struct view *v, const char *code)
{
    const struct agency *agency =
        code != NULL ? agency_find(v->service->generation->agencies, slice_str(code)) : NULL;

    return agency != NULL ? agency->name : NULL;
}

static void tasks(struct view *v)
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
        jw_kv_str(jw, "agency_name", agency_name(v, task->agency));
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

static void documents(struct view *v)
{
    struct jw *jw = &v->jw;

    jw_key(jw, "documents");
    jw_array(jw);
    for (size_t i = 0; i < v->dossier->paper_count; i++) {
        const struct dossier_paper *given = &v->dossier->papers[i];
        const struct value *row = row_of(v, "papers", given->no);

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

static void fees(struct view *v)
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

static void results(struct view *v)
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

static void forms(struct view *v)
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

static void paper_names(struct view *v, const struct value *papers)
{
    jw_key(&v->jw, "paper_names");
    jw_array(&v->jw);
    for (size_t i = 0; i < value_count(papers) && !v->masked; i++)
        if (value_at(papers, i)->kind == VALUE_STRING)
            jw_str(&v->jw,
                   procview_paper_name(v->dossier->procedure, value_at(papers, i)->string.ptr));
    jw_end_array(&v->jw);
}

static void supplements(struct view *v)
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
        value(v, "papers", one->papers);
        paper_names(v, one->papers);
        jw_kv_wall(jw, "closed_at", one->closed_at);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

/* The receiver of a returned result, as the post sees it: name, phone, address, nothing more. */
static void receiver(struct view *v)
{
    static const char *const keys[] = {"name", "phone"};
    const struct value *to = v->dossier->delivery_to;

    jw_key(&v->jw, "receiver");
    jw_object(&v->jw);
    for (size_t i = 0; i < DVC_COUNT(keys); i++)
        kv_masked(v, keys[i], value_get_str(to, keys[i]));
    value(v, "address", value_get(to, "address"));
    jw_end_object(&v->jw);
}

/* What the post writes beside an event may name people. */
static void parcel_place(struct view *v, const char *place, const char *note)
{
    jw_kv_str(&v->jw, "place", v->masked ? NULL : place);
    jw_kv_str(&v->jw, "note", v->masked ? NULL : note);
}

static void parcel_events(struct view *v, const struct parcel *parcel)
{
    const struct value *old = value_get(row_of(v, "parcels", parcel->no), "events");
    struct jw *jw = &v->jw;

    jw_key(jw, "events");
    jw_array(jw);
    for (size_t i = 0; i < value_count(old); i++) {
        const struct value *event = value_at(old, i);

        jw_object(jw);
        jw_kv_str(jw, "at", value_get_str(event, "at"));
        jw_kv_str(jw, "state", value_get_str(event, "state"));
        parcel_place(v, value_get_str(event, "place"), value_get_str(event, "note"));
        jw_end_object(jw);
    }
    for (size_t i = 0; i < parcel->event_count; i++) {
        jw_object(jw);
        jw_kv_wall(jw, "at", parcel->events[i].at);
        jw_kv_str(jw, "state", parcel_state_code(parcel->events[i].state));
        parcel_place(v, parcel->events[i].place, parcel->events[i].note);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void parcels(struct view *v)
{
    struct jw *jw = &v->jw;

    jw_key(jw, "parcels");
    jw_array(jw);
    for (size_t i = 0; i < v->dossier->parcel_count; i++) {
        const struct parcel *parcel = &v->dossier->parcels[i];

        jw_object(jw);
        jw_kv_int(jw, "id", parcel->no);
        jw_kv_str(jw, "code", v->dossier->code);
        jw_kv_str(jw, "direction", parcel_direction_code(parcel->direction));
        jw_kv_str(jw, "order_number", parcel->order_number);
        jw_kv_str(jw, "item_code", parcel->item_code);
        jw_kv_str(jw, "state", parcel_state_code(parcel->state));
        jw_kv_str(jw, "state_name", parcel_name_vi(parcel->direction, parcel->state));
        jw_kv_str(jw, "office", parcel->office);
        jw_kv_str(jw, "office_name", agency_name(v, parcel->office));
        jw_kv_wall(jw, "created_at", parcel->created_at);
        jw_kv_wall(jw, "state_at", parcel->state_at);
        receiver(v);
        parcel_events(v, parcel);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

/* Of another dossier, decided as that one's own page would decide it. */
static bool may_open(const struct view *v, const struct value *row)
{
    const struct value *asked = value_get(row, "asked");
    const struct procedure named = {.code = value_get_str(row, "procedure")};
    struct dossier other = {.procedure = &named,
                            .agency_helping = value_get_str(row, "agency_helping"),
                            .agency_receiving = value_get_str(row, "agency_receiving"),
                            .agency_competent = value_get_str(row, "agency"),
                            .filed_by = value_get_int(row, "filed_by", 0),
                            .owner_account = value_get_int(row, "owner_account", 0)};

    if (row == NULL)
        return false;
    other.applicant.id_number = value_get_str(row, "id_number");
    other.owner.id_number = value_get_str(row, "owner_id_number");
    other.asked = ARENA_ARRAY(v->arena, const char *, value_count(asked) + 1);
    for (size_t i = 0; i < value_count(asked); i++)
        if (value_at(asked, i)->kind == VALUE_STRING)
            other.asked[other.asked_count++] = value_at(asked, i)->string.ptr;
    return access_may_view(v->actor, &other, &v->service->order);
}

/* Its lead and the dossiers that it opened: where they stand, no more. Whoever may see this one
 * need not be allowed to open those. What was asked for and is not there yet has no code. */
static void linked_row(struct view *v, const struct value *row, const struct dossier_link *link,
                       const char *relation)
{
    const char *code = link != NULL ? link->procedure : value_get_str(row, "procedure");
    const struct procedure *procedure =
        registry_in_force(v->service->registry, slice_str(code), day_of(v->now));
    struct jw *jw = &v->jw;
    enum dossier_state state;
    bool known = state_parse(value_get_text(row, "state"), &state) == 0;

    jw_object(jw);
    jw_kv_str(jw, "relation", relation);
    jw_kv_str(jw, "as", link != NULL ? link->as : NULL);
    jw_kv_str(jw, "code", value_get_str(row, "code"));
    jw_kv_str(jw, "procedure", code);
    jw_kv_str(jw, "procedure_name", procedure != NULL ? procedure->name : NULL);
    jw_kv_str(jw, "agency", link != NULL ? link->agency : value_get_str(row, "agency"));
    jw_kv_str(jw, "agency_name",
              agency_name(v, link != NULL ? link->agency : value_get_str(row, "agency")));
    jw_kv_str(jw, "state", known ? state_info(state)->code : NULL);
    jw_kv_str(jw, "state_name", known ? state_info(state)->name_vi : NULL);
    jw_kv_str(jw, "due", value_get_str(row, "due"));
    jw_kv_str(jw, "outcome", link != NULL ? link_state_code(link->state) : NULL);
    jw_kv_bool(jw, "may_open", may_open(v, row));
    jw_end_object(jw);
}

static void linked(struct view *v)
{
    const struct value *rows = value_get(v->row, "linked");

    jw_key(&v->jw, "linked");
    jw_array(&v->jw);
    for (size_t i = 0; i < value_count(rows); i++) {
        if (slice_is(value_get_text(value_at(rows, i), "relation"), "lead"))
            linked_row(v, value_at(rows, i), NULL, "lead");
    }
    for (size_t i = 0; i < v->dossier->link_count; i++) {
        const struct dossier_link *link = &v->dossier->links[i];
        const struct value *row = NULL;

        for (size_t k = 0; k < value_count(rows); k++) {
            const struct value *part = value_at(rows, k);

            if (slice_is(value_get_text(part, "relation"), "part") &&
                value_get_int(part, "no", 0) == link->no)
                row = part;
        }
        linked_row(v, row, link, "part");
    }
    jw_end_array(&v->jw);
}

static void head(struct view *v)
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
    jw_kv_str(jw, "helping_name", agency_name(v, d->agency_helping));
    jw_kv_str(jw, "receiving_name", agency_name(v, d->agency_receiving));
    jw_kv_str(jw, "competent_name", agency_name(v, d->agency_competent));
    jw_end_object(jw);
    jw_kv_str(jw, "state", state_info(d->state)->code);
    jw_kv_str(jw, "state_name", state_info(d->state)->name_vi);
    jw_kv_int(jw, "status", dossier_national(d));
    jw_kv_str(jw, "status_name", national_name_vi(dossier_national(d)));
    jw_kv_str(jw, "clock", clock_state_code(d->clock));
}

static void dates(struct view *v)
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
    struct view v = {.jw = JW_INIT(buf),
                     .arena = arena,
                     .service = service,
                     .dossier = dossier,
                     .row = row,
                     .actor = actor,
                     .setting = service_setting(service, dossier->agency_competent, now),
                     .masked = view_masked(service, dossier, actor),
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
    value(&v, "form", dossier->form);
    documents(&v);
    value(&v, "delivery", dossier->delivery_to);
    fees(&v);
    dates(&v);
    tasks(&v);
    offers(&v, NULL);
    results(&v);
    forms(&v);
    supplements(&v);
    parcels(&v);
    linked(&v);
    jw_end_object(&v.jw);
}
