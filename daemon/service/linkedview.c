#include "service/linkedview.h"

#include "service/registry.h"
#include "service/service.h"

/* Of another dossier, decided as that one's own page would decide it. */
static bool may_open(const struct viewing *v, const struct value *row)
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
static void linked_row(struct viewing *v, const struct value *row, const struct dossier_link *link,
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
              viewing_agency_name(v, link != NULL ? link->agency : value_get_str(row, "agency")));
    jw_kv_str(jw, "state", known ? state_info(state)->code : NULL);
    jw_kv_str(jw, "state_name", known ? state_info(state)->name_vi : NULL);
    jw_kv_str(jw, "due", value_get_str(row, "due"));
    jw_kv_str(jw, "outcome", link != NULL ? link_state_code(link->state) : NULL);
    jw_kv_bool(jw, "may_open", may_open(v, row));
    jw_end_object(jw);
}

void linkedview_members(struct viewing *v)
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
