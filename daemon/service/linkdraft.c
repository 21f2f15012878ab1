#include "service/linkdraft.h"

#include <string.h>

#include "service/content.h"
#include "service/registry.h"
#include "service/sheets.h"
#include "service/service.h"

#define WHY_MAX 1500

struct draft {
    struct service *service;
    struct arena *arena;
    const struct dossier *lead;
    const struct value *row;
    const struct spawn *spawn;
    struct dossier *dossier;
    day_t today;
};

static const char *party_value(const struct party *party, const char *key)
{
    const struct {
        const char *key, *value;
    } values[] = {
        {"name", party->name},
        {"id_number", party->id_number},
        {"phone", party->phone},
        {"email", party->email},
        {"address.province", party->province},
        {"address.commune", party->commune},
        {"address.line", party->line},
    };

    for (size_t i = 0; i < DVC_COUNT(values); i++) {
        if (strcmp(values[i].key, key) == 0)
            return values[i].value;
    }
    return NULL;
}

static const struct dossier_result *newest_result(const struct dossier *lead)
{
    return lead->result_count > 0 ? &lead->results[lead->result_count - 1] : NULL;
}

static const char *signed_on(struct draft *draft, const struct dossier_result *result)
{
    struct buf text = BUF_INIT(32);
    const char *day;

    buf_add_day(&text, day_of(result->signed_at));
    day = arena_slice_str(draft->arena, buf_slice(&text));
    buf_release(&text);
    return day;
}

/* NULL where there is none: then the field is left out, and its form says whether that may be. */
static struct value *source_value(struct draft *draft, const char *path)
{
    const struct dossier *lead = draft->lead;
    const struct dossier_result *result = newest_result(lead);
    const char *text = NULL;

    if (strncmp(path, "form.", 5) == 0)
        return value_get(lead->form, path + 5);
    if (strncmp(path, "applicant.", 10) == 0)
        text = party_value(&lead->applicant, path + 10);
    else if (strcmp(path, "dossier.code") == 0)
        text = lead->code;
    else if (result != NULL && strcmp(path, "result.number") == 0)
        text = result->number;
    else if (result != NULL && strcmp(path, "result.signed_on") == 0)
        text = signed_on(draft, result);
    return text != NULL ? value_string(draft->arena, slice_str(text)) : NULL;
}

static struct value *literal(struct draft *draft, const struct value *constant)
{
    struct value *copy = value_new(draft->arena, constant->kind);

    *copy = *constant;
    return copy;
}

static struct value *form(struct draft *draft)
{
    struct value *map = value_new(draft->arena, VALUE_MAP);

    for (size_t i = 0; i < draft->spawn->field_count; i++) {
        const struct spawn_source *source = &draft->spawn->fields[i];
        struct value *value = source->constant != NULL ? literal(draft, source->constant)
                                                       : source_value(draft, source->path);

        if (!value_is_null(value))
            value_set(draft->arena, map, source->target, value);
    }
    return map;
}

static const struct value *paper_row(const struct draft *draft, int no)
{
    const struct value *rows = value_get(draft->row, "papers");

    for (size_t i = 0; i < value_count(rows); i++) {
        if (value_get_int(value_at(rows, i), "no", 0) == no)
            return value_at(rows, i);
    }
    return NULL;
}

static void add_paper(struct draft *draft, struct form_paper *given, const char *target,
                      const struct dossier_paper *from, const struct value *row)
{
    struct dossier *d = draft->dossier;

    d->papers =
        arena_grow(draft->arena, d->papers, d->paper_count, &d->paper_cap, sizeof(*d->papers));
    given[d->paper_count] =
        (struct form_paper){.paper = slice_str(target),
                            .file = from->upload != NULL,
                            .format = form_paper_format(value_get_text(row, "type")),
                            .size = value_get_int(row, "size", 0),
                            .copies = sheets_total(from)};
    d->papers[d->paper_count] = *from;
    d->papers[d->paper_count].paper = target;
    d->papers[d->paper_count].no = (int)d->paper_count + 1;
    d->papers[d->paper_count++].changed = true;
}

/* What was handed in last under that name; the result as it was issued, on paper where it has no
 * file. */
static void one_paper(struct draft *draft, struct form_paper *given,
                      const struct spawn_source *source)
{
    const struct dossier *lead = draft->lead;
    const struct dossier_result *result = newest_result(lead);
    struct dossier_paper issued = {.originals = 1};

    if (strcmp(source->path, SPAWN_RESULT) == 0) {
        if (result == NULL)
            return;
        issued.upload = result->upload;
        add_paper(draft, given, source->target, &issued, NULL);
        return;
    }
    for (size_t i = lead->paper_count; i > 0; i--) {
        const struct dossier_paper *paper = &lead->papers[i - 1];

        if (strcmp(paper->paper, source->path) == 0) {
            add_paper(draft, given, source->target, paper, paper_row(draft, paper->no));
            return;
        }
    }
}

static struct form_paper *papers(struct draft *draft)
{
    struct form_paper *given =
        ARENA_ARRAY(draft->arena, struct form_paper, draft->spawn->paper_count + 1);

    for (size_t i = 0; i < draft->spawn->paper_count; i++)
        one_paper(draft, given, &draft->spawn->papers[i]);
    return given;
}

/* Back the way the lead goes back, where the procedure allows that. */
static void delivery(struct draft *draft)
{
    const struct dossier *lead = draft->lead;
    struct dossier *d = draft->dossier;
    bool electronic = d->procedure->result_count > 0 && d->procedure->results[0].electronic;

    if ((lead->delivery == DELIVERY_POST && d->procedure->postal_return) ||
        (lead->delivery == DELIVERY_ELECTRONIC && electronic)) {
        d->delivery = lead->delivery;
        d->delivery_to = lead->delivery_to;
        return;
    }
    d->delivery = DELIVERY_COUNTER;
    d->delivery_to = value_new(draft->arena, VALUE_MAP);
    value_set(draft->arena, d->delivery_to, "method",
              value_string(draft->arena, slice_str(delivery_code(d->delivery))));
}

static void parties(struct draft *draft)
{
    const struct dossier *lead = draft->lead;
    struct dossier *d = draft->dossier;

    d->applicant = lead->applicant;
    d->owner = lead->owner;
    d->owner_is_applicant = lead->owner_is_applicant;
    d->on_behalf = lead->on_behalf;
    d->filed_by = lead->filed_by;
    d->owner_account = lead->owner_account;
}

static const char *agency_fault(struct draft *draft, const struct dossier_link *link)
{
    const struct agency *agency =
        link->agency == NULL
            ? NULL
            : agency_find(draft->service->generation->agencies, slice_str(link->agency));

    if (agency == NULL || !agency_valid_on(agency, draft->today))
        return "cơ quan giải quyết không còn hoạt động";
    if (!agency_decides(agency, (enum agency_level)draft->dossier->procedure->authority,
                        draft->dossier->procedure->competent))
        return "cơ quan giải quyết không đúng cấp có thẩm quyền";
    draft->dossier->agency_competent = draft->dossier->agency_receiving = agency->code;
    return NULL;
}

static const char *list_faults(struct draft *draft, const struct form_faults *faults)
{
    struct buf text = BUF_INIT(WHY_MAX);
    const char *why;

    for (size_t i = 0; i < faults->count && text.len < WHY_MAX - 500; i++)
        buf_addf(&text, "%s%s: %.300s", i > 0 ? "; " : "", faults->items[i].pointer,
                 faults->items[i].message);
    why = arena_slice_str(draft->arena, buf_slice(&text));
    buf_release(&text);
    return why;
}

static const char *fill(struct draft *draft, const struct dossier_link *link)
{
    struct dossier *d = draft->dossier;
    struct form_faults faults = {0};
    const char *why = agency_fault(draft, link);

    if (why != NULL)
        return why;
    d->channel = CHANNEL_ONLINE;
    d->case_id = draft->spawn->case_id;
    d->lead = draft->lead->code;
    d->lead_id = draft->lead->id;
    d->lead_no = link->no;
    parties(draft);
    delivery(draft);
    content_check_made(draft->service, draft->arena, d, form(draft), papers(draft), draft->today,
                       &faults);
    return faults.count > 0 ? list_faults(draft, &faults) : NULL;
}

bool linkdraft(struct service *service, struct arena *arena, const struct dossier *lead,
               const struct value *row, const struct dossier_link *link, wall_t now,
               struct dossier **ret, const char **ret_why)
{
    struct draft draft = {.service = service,
                          .arena = arena,
                          .lead = lead,
                          .row = row,
                          .today = day_of(now),
                          .spawn = procedure_spawn(lead->procedure, link->as)};
    const struct procedure *procedure =
        registry_in_force(service->registry, slice_str(link->procedure), draft.today);
    const char *why = NULL;

    if (draft.spawn == NULL || procedure == NULL) {
        why = "thủ tục không có hoặc không còn hiệu lực";
    } else {
        draft.dossier = dossier_new(arena, procedure);
        why = fill(&draft, link);
    }
    if (why != NULL)
        *ret_why = arena_printf(arena, "%s (%s): %s", link->as, link->procedure, why);
    else
        *ret = draft.dossier;
    return why == NULL;
}
