#include "conf/plugin_check.h"

#include <string.h>

#include "conf/check_condition.h"
#include "conf/check_fit.h"
#include "conf/check_flow.h"
#include "conf/check_law.h"
#include "conf/check_offer.h"
#include "conf/check_linked.h"
#include "conf/check_notice.h"
#include "conf/check_reach.h"
#include "conf/check_time.h"
#include "conf/check_ways.h"
#include "conf/plugin_form.h"
#include "conf/plugin_rule.h"
#include "core/fee.h"

static bool case_known(const struct procedure *procedure, const char *id)
{
    return procedure_case(procedure, slice_str(id)) != NULL;
}

static void cases(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    const struct value *source = procedure->source;

    for (size_t i = 0; i < procedure->fee_count; i++) {
        const char *id = procedure->fees[i].case_id;

        if (id != NULL && !case_known(procedure, id))
            rule_fault(check, RULE_CASE, value_at(value_get(source, "fees"), i),
                       "khoản thu \"%s\": không có trường hợp \"%s\" trong \"cases\"",
                       procedure->fees[i].id, id);
    }
    for (size_t i = 0; i < procedure->paper_count; i++) {
        const struct paper *paper = &procedure->papers[i];

        for (size_t k = 0; k < paper->case_count; k++) {
            if (!case_known(procedure, paper->cases[k]))
                rule_fault(check, RULE_CASE, value_at(value_get(source, "documents"), i),
                           "giấy tờ \"%s\": không có trường hợp \"%s\" trong \"cases\"", paper->id,
                           paper->cases[k]);
        }
    }
}

/* What a fee is counted by must be a number that cannot run away. */
static void fee_field(struct plugin_check *check, size_t index, const char *key, const char *id)
{
    const struct procedure *procedure = check->procedure;
    const struct field *field = fit_field(procedure, id);

    if (field == NULL || field->type != FIELD_INTEGER || !field->has_max || field->min < 0 ||
        field->max > FEE_COUNT_MAX)
        rule_fault(check, RULE_CASE, value_at(value_get(procedure->source, "fees"), index),
                   "khoản thu \"%s\": \"%s: %s\" cần một trường của \"form\" kiểu integer, có "
                   "\"max\" không quá %d",
                   procedure->fees[index].id, key, id, FEE_COUNT_MAX);
}

static void fee_fields(struct plugin_check *check)
{
    for (size_t i = 0; i < check->procedure->fee_count; i++) {
        const struct fee *fee = &check->procedure->fees[i];

        if (fee->per != NULL)
            fee_field(check, i, "per", fee->per);
        if (fee->times != NULL)
            fee_field(check, i, "times", fee->times);
        if (fee->per == NULL && (fee->over > 0 || fee->most > 0))
            rule_fault(check, RULE_CASE, value_at(value_get(check->procedure->source, "fees"), i),
                       "khoản thu \"%s\": \"over\" và \"most\" cần \"per\": trường của "
                       "\"form\" đếm số trang, số bản",
                       fee->id);
    }
}

static void fills(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;

    for (size_t i = 0; i < procedure->field_count; i++) {
        const char *fill = procedure->form[i].fill;
        bool found = fill == NULL;

        for (int k = 0; !found && plugin_fill_word(k) != NULL; k++)
            found = strcmp(plugin_fill_word(k), fill) == 0;
        if (!found)
            rule_fault(check, RULE_FILL, value_at(value_get(procedure->source, "form"), i),
                       "trường \"%s\": không điền sẵn được từ \"%s\"; cần một trong: "
                       "applicant.name, applicant.id_number, applicant.phone, applicant.email, "
                       "applicant.address.province, applicant.address.commune, "
                       "applicant.address.line",
                       procedure->form[i].id, fill);
    }
}

static void agencies(struct plugin_check *check)
{
    const char *competent = check->procedure->competent;

    if (check->agencies != NULL && competent != NULL &&
        !agency_function_known(check->agencies, slice_str(competent)))
        rule_fault(check, RULE_AGENCY, value_get(check->procedure->source, "competent"),
                   "\"competent\": không cơ quan nào có chức năng \"%s\" trong config/agencies "
                   "(functions)",
                   competent);
    for (size_t i = 0; check->agencies != NULL && i < check->procedure->step_count; i++) {
        const struct step *step = &check->procedure->steps[i];

        if (step->agency_role != NULL && strcmp(step->agency_role, "receiving") != 0 &&
            !agency_function_known(check->agencies, slice_str(step->agency_role)))
            rule_fault_step(check, RULE_AGENCY, step, NULL,
                            "bước \"%s\": không cơ quan nào có chức năng \"%s\" trong "
                            "config/agencies (functions); cần competent, receiving hoặc một chức "
                            "năng có ở đó",
                            step->id, step->agency_role);
    }
}

bool procedure_check(const struct procedure *procedure, const struct agency_tree *tree,
                     const char *file, struct conf_errors *errors)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct plugin_check check;
    struct flow_step *steps = ARENA_ARRAY(arena, struct flow_step, procedure->step_count);
    struct flow_graph graph;
    bool explored;

    plugin_check_init(&check, arena, procedure, tree, file, errors);
    cases(&check);
    fee_fields(&check);
    fills(&check);
    agencies(&check);
    check_conditions(&check);
    check_law(&check);
    check_notices(&check);
    check_offer(&check);
    check_linked(&check);
    explored = check_flow(&check, steps, &graph);
    check_time(&check, explored ? steps : NULL);
    /* What follows takes the other rules for granted. */
    if (check.faults == 0) {
        check_ways(&check, &graph);
        check_reach(&check, &graph);
    }
    return check.faults == 0;
}
