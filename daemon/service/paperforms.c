#include "service/paperforms.h"

#include <string.h>

#include "service/papertext.h"
#include "service/pin.h"
#include "service/service.h"

struct writing {
    struct jw jw;
    struct arena *arena;
    const struct service *service;
    const struct dossier *dossier;
    const struct dossier_form *form; /* NULL: the control slip */
    const struct value *content;
    const struct paper_issuer *issuer;
};

static const struct paper *paper_of(const struct procedure *procedure, const char *id)
{
    for (size_t i = 0; id != NULL && i < procedure->paper_count; i++)
        if (strcmp(procedure->papers[i].id, id) == 0)
            return &procedure->papers[i];
    return NULL;
}

static void item(struct jw *jw, const char *name, int originals, int certified, int copies,
                 int files)
{
    jw_object(jw);
    jw_kv_str(jw, "name", name);
    jw_kv_int(jw, "originals", originals);
    jw_kv_int(jw, "certified", certified);
    jw_kv_int(jw, "copies", copies);
    jw_kv_int(jw, "files", files);
    jw_end_object(jw);
}

/* Sheets on paper that nobody told apart are taken for what the procedure asks for, originals
 * first. */
static void handed_in(struct jw *jw, const struct procedure *procedure, const char *id,
                      const struct dossier_paper *sheets, bool file)
{
    const struct paper *paper = paper_of(procedure, id);
    int count = file ? 0 : sheets->copies;
    int originals = paper != NULL && paper->original < count ? paper->original : count;
    int certified = 0;

    if (sheets->originals >= 0) {
        item(jw, paper != NULL ? paper->name : id, sheets->originals, sheets->certified,
             sheets->copies, file ? 1 : 0);
        return;
    }
    if (paper != NULL && count > originals)
        certified = paper->certified < count - originals ? paper->certified : count - originals;
    item(jw, paper != NULL ? paper->name : id, originals, certified, count - originals - certified,
         file ? 1 : 0);
}

static void items_given(struct writing *w, const struct value *list)
{
    jw_key(&w->jw, "items");
    jw_array(&w->jw);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *row = value_at(list, i);
        bool file = value_get_bool(row, "file", false);
        const struct dossier_paper sheets = {.originals = (int)value_get_int(row, "originals", -1),
                                             .certified = (int)value_get_int(row, "certified", -1),
                                             .copies = (int)value_get_int(row, "copies", 0)};

        handed_in(&w->jw, w->dossier->procedure, value_get_str(row, "paper"), &sheets, file);
    }
    jw_end_array(&w->jw);
}

static void items_now(struct writing *w)
{
    const struct dossier *dossier = w->dossier;

    jw_key(&w->jw, "items");
    jw_array(&w->jw);
    for (size_t i = 0; i < dossier->paper_count; i++) {
        const struct dossier_paper *paper = &dossier->papers[i];

        handed_in(&w->jw, dossier->procedure, paper->paper, paper, paper->upload != NULL);
    }
    jw_end_array(&w->jw);
}

static void items_wanted(struct writing *w, const struct value *list)
{
    jw_key(&w->jw, "items");
    jw_array(&w->jw);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *id = value_at(list, i);
        const struct paper *paper =
            id->kind == VALUE_STRING ? paper_of(w->dossier->procedure, id->string.ptr) : NULL;

        if (paper != NULL)
            item(&w->jw, paper->name, paper->original, paper->certified, paper->photo, 0);
    }
    jw_end_array(&w->jw);
}

/* 50000 as "50.000 đồng". */
static const char *money(struct arena *arena, int64_t amount)
{
    if (amount >= 1000000)
        return arena_printf(arena, "%lld.%03d.%03d đồng", (long long)(amount / 1000000),
                            (int)(amount / 1000 % 1000), (int)(amount % 1000));
    if (amount >= 1000)
        return arena_printf(arena, "%d.%03d đồng", (int)(amount / 1000), (int)(amount % 1000));
    return arena_printf(arena, "%d đồng", (int)amount);
}

static const char *fee_name(const struct procedure *procedure, const char *id)
{
    for (size_t i = 0; id != NULL && i < procedure->fee_count; i++)
        if (strcmp(procedure->fees[i].id, id) == 0)
            return procedure->fees[i].name;
    return id;
}

static void fees(struct writing *w, const struct value *list)
{
    struct jw *jw = &w->jw;

    jw_key(jw, "fees");
    jw_array(jw);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *row = value_at(list, i);
        bool waived = value_get_bool(row, "waived", false);

        jw_object(jw);
        jw_kv_str(jw, "name", fee_name(w->dossier->procedure, value_get_str(row, "fee")));
        jw_kv_str(jw, "amount",
                  waived ? "được miễn" : money(w->arena, value_get_int(row, "amount", 0)));
        if (!waived)
            jw_kv_str(jw, "state", value_get_bool(row, "paid", false) ? "đã thu" : "chưa thu");
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

/* Whose form it is: the desk's that took the dossier in, or refused to; after that the agency's
 * that decides. */
static const char *agency_of(const struct writing *w)
{
    const struct dossier *d = w->dossier;

    if (w->form == NULL)
        return d->agency_competent;
    if (w->form->form == FORM_RECEIPT || value_get_str(w->content, "received_at") == NULL)
        return d->agency_receiving;
    return d->agency_competent;
}

static void copied(struct writing *w, const char *key, const char *from)
{
    jw_kv_str(&w->jw, key, value_get_str(w->content, from));
}

static void delivery(struct writing *w)
{
    enum delivery how;

    if (delivery_parse(value_get_text(w->content, "delivery"), &how) != 0)
        how = w->dossier->delivery;
    jw_kv_str(&w->jw, "delivery",
              papertext_delivery(w->arena, w->service, how, w->dossier->delivery_to));
}

static const char *limit_of(const struct writing *w)
{
    return papertext_limit(w->arena, dossier_promised(w->dossier).limit);
}

static const char *phone_of(const struct writing *w, bool of_person)
{
    const struct agency *agency = papertext_agency(w->service, agency_of(w));

    if (of_person && w->issuer->phone != NULL)
        return w->issuer->phone;
    return agency != NULL ? agency->phone : NULL;
}

static void receipt(struct writing *w)
{
    const char *url = w->service->generation->settings.http.public_url;
    const char *code = w->dossier->code;
    char pin[PIN_SIZE];

    pin_of(w->service, slice_str(code), pin);
    items_given(w, value_get(w->content, "papers"));
    fees(w, value_get(w->content, "fees"));
    jw_kv_int(&w->jw, "sets", 1);
    jw_kv_str(&w->jw, "limit", limit_of(w));
    copied(w, "received_at", "received_at");
    copied(w, "due", "due");
    delivery(w);
    /* Without an address of ours the code still serves at the counter, where it is scanned. */
    jw_kv_str(&w->jw, "look_up",
              url != NULL ? arena_printf(w->arena, "%s/#/lookup?code=%s&pin=%s", url, code, pin)
                          : code);
    jw_kv_str(&w->jw, "address", url);
    jw_kv_str(&w->jw, "pin", pin);
    jw_kv_str(&w->jw, "phone", phone_of(w, false));
    jw_kv_str(&w->jw, "officer", w->issuer->name);
}

static void supplement_request(struct writing *w)
{
    const struct procedure *procedure = w->dossier->procedure;
    bool intake = value_get_str(w->content, "received_at") == NULL;
    struct limit limit =
        intake ? procedure->intake.closes_after : procedure->appraisal.closes_after;

    items_wanted(w, value_get(w->content, "papers"));
    copied(w, "reason", "reason");
    jw_kv_str(&w->jw, "within", papertext_limit(w->arena, limit));
    jw_kv_str(&w->jw, "officer", w->issuer->name);
    jw_kv_str(&w->jw, "phone", phone_of(w, true));
}

static void refusal_form(struct writing *w)
{
    copied(w, "reason", "reason");
    jw_kv_str(&w->jw, "officer", w->issuer->name);
    jw_kv_str(&w->jw, "phone", phone_of(w, true));
}

static void apology(struct writing *w)
{
    const struct agency *agency = papertext_agency(w->service, w->dossier->agency_competent);

    copied(w, "received_at", "received_at");
    copied(w, "due_before", "old_due");
    copied(w, "due", "new_due");
    copied(w, "reason", "reason");
    jw_kv_str(&w->jw, "unit", agency != NULL ? agency->name : NULL);
    delivery(w);
}

static void stop_notice(struct writing *w)
{
    copied(w, "received_at", "received_at");
    copied(w, "reason", "reason");
    jw_kv_str(&w->jw, "phone", phone_of(w, false));
}

static void specifics(struct writing *w)
{
    switch (w->form->form) {
    case FORM_RECEIPT:
        receipt(w);
        return;
    case FORM_SUPPLEMENT_REQUEST:
        supplement_request(w);
        return;
    case FORM_REFUSAL:
        refusal_form(w);
        return;
    case FORM_APOLOGY:
        apology(w);
        return;
    case FORM_STOP_NOTICE:
        stop_notice(w);
        return;
    case FORM_CONTROL_SLIP: /* issued by nobody: printed when asked for */
    case FORM_REGISTER:
    case FORM_COUNT:
        break;
    }
}

void paperforms_write(struct buf *out, struct arena *arena, const struct service *service,
                      const struct dossier *dossier, const struct dossier_form *form,
                      const struct paper_issuer *issuer)
{
    struct writing w = {.jw = JW_INIT(out),
                        .arena = arena,
                        .service = service,
                        .dossier = dossier,
                        .form = form,
                        .content = form->content,
                        .issuer = issuer};

    jw_object(&w.jw);
    jw_kv_str(&w.jw, "form", form_id_code(form->form));
    papertext_head(&w.jw, service,
                   &(struct paper_heading){.form = form->form,
                                           .agency = agency_of(&w),
                                           .number = form->number,
                                           .at = form->issued_at});
    papertext_dossier(&w.jw, arena, service, dossier, false);
    specifics(&w);
    jw_end_object(&w.jw);
}

/* ---- the control slip ---- */

/* The agency is named where it is not the one that the slip is headed with. */
static const char *unit(const struct writing *w, const char *role, const char *agency)
{
    const struct agency *own = papertext_agency(w->service, agency_of(w));
    enum role r;
    const char *name =
        role != NULL && role_parse(slice_str(role), &r) == 0 ? role_name_vi(r) : NULL;

    if (name == NULL)
        return agency;
    if (agency == NULL || (own != NULL && strcmp(own->name, agency) == 0))
        return name;
    return arena_printf(w->arena, "%s, %s", name, agency);
}

static const char *verdict(const struct value *step)
{
    wall_t due, to;

    if (wall_parse(value_get_text(step, "due"), &due) != 0 ||
        wall_parse(value_get_text(step, "to"), &to) != 0)
        return NULL;
    if (to.us > due.us)
        return "quá hạn";
    return day_of(to).n < day_of(due).n ? "trước hạn" : "đúng hạn";
}

static void control_step(struct writing *w, const struct value *step, bool masked)
{
    struct jw *jw = &w->jw;

    jw_object(jw);
    jw_kv_str(jw, "giver", unit(w, value_get_str(step, "previous_role"), NULL));
    jw_kv_str(jw, "receiver", unit(w, value_get_str(step, "role"), value_get_str(step, "agency")));
    jw_kv_str(jw, "step", value_get_str(step, "step"));
    jw_kv_str(jw, "officer", masked ? NULL : value_get_str(step, "officer"));
    jw_kv_str(jw, "from", value_get_str(step, "from"));
    jw_kv_str(jw, "to", value_get_str(step, "to"));
    jw_kv_str(jw, "due", value_get_str(step, "due"));
    jw_kv_str(jw, "verdict", verdict(step));
    jw_end_object(jw);
}

void paperforms_control(struct buf *out, struct arena *arena, const struct service *service,
                        const struct dossier *dossier, const struct value *steps, bool masked,
                        wall_t now)
{
    struct writing w = {.jw = JW_INIT(out), .arena = arena, .service = service, .dossier = dossier};

    jw_object(&w.jw);
    jw_kv_str(&w.jw, "form", form_id_code(FORM_CONTROL_SLIP));
    papertext_head(&w.jw, service,
                   &(struct paper_heading){.form = FORM_CONTROL_SLIP,
                                           .agency = dossier->agency_competent,
                                           .number = arena_printf(arena, "%s/KSHS", dossier->code),
                                           .at = now});
    papertext_dossier(&w.jw, arena, service, dossier, masked);
    items_now(&w);
    jw_kv_wall(&w.jw, "received_at", dossier->received_at);
    jw_kv_str(&w.jw, "limit", limit_of(&w));
    jw_kv_wall(&w.jw, "due", dossier->due_current);
    jw_key(&w.jw, "steps");
    jw_array(&w.jw);
    for (size_t i = 0; i < value_count(steps); i++)
        control_step(&w, value_at(steps, i), masked);
    jw_end_array(&w.jw);
    jw_end_object(&w.jw);
}
