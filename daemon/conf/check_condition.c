#include "conf/check_condition.h"

#include <string.h>

#include "conf/check_literal.h"
#include "conf/check_values.h"
#include "conf/nearest.h"
#include "conf/schema.h"

/* Where a condition stands decides what is known when it is asked. */
enum scope {
    SCOPE_FILING, /* the form, its papers and fees: before there is a dossier */
    SCOPE_FLOW    /* actions */
};

struct path_check {
    struct plugin_check *check;
    enum scope scope;
    const struct value *at;  /* place of the condition */
    const struct step *step; /* of an action's condition, else NULL */
    const struct action *action;
};

/* Known wherever a condition stands, beside the fields and papers. */
static const char *const always[] = {"case", "channel", "applicant.kind", "applicant.waiver",
                                     "dossier.delivery.method"};

static bool is_one_of(struct slice path, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(path, names[i]))
            return true;
    }
    return false;
}

static bool field_known(const struct procedure *procedure, struct slice id)
{
    for (size_t i = 0; i < procedure->field_count; i++) {
        if (procedure->form[i].id != NULL && slice_is(id, procedure->form[i].id))
            return true;
    }
    return false;
}

static bool paper_known(const struct procedure *procedure, struct slice path)
{
    ptrdiff_t dot = slice_find(path, '.', 0);

    if (dot < 0 || !slice_is(slice_sub(path, (size_t)dot, path.len), ".present"))
        return false;
    path.len = (size_t)dot;
    for (size_t i = 0; i < procedure->paper_count; i++) {
        if (slice_is(path, procedure->papers[i].id))
            return true;
    }
    return false;
}

static bool path_known(const struct path_check *pc, struct slice path)
{
    static const char *const in_flow[] = {"fees.due", "fees.paid", "clock.used",
                                          "dossier.forwarded"};
    const struct procedure *procedure = pc->check->procedure;

    if (is_one_of(path, always, DVC_COUNT(always)))
        return true;
    if (slice_starts(path, "form."))
        return field_known(procedure, slice_sub(path, 5, path.len));
    if (slice_starts(path, "documents."))
        return paper_known(procedure, slice_sub(path, 10, path.len));
    if (pc->scope == SCOPE_FILING)
        return false;
    if (slice_starts(path, "visits."))
        return procedure_step(procedure, slice_sub(path, 7, path.len)) >= 0;
    return is_one_of(path, in_flow, DVC_COUNT(in_flow));
}

/* The one that was meant, if one is near; of a bare word also that it may have been meant as text.
 */
static const char *advice(const struct path_check *pc, struct slice path, const char *all)
{
    const struct procedure *procedure = pc->check->procedure;
    struct arena *arena = pc->check->arena;
    const char **names =
        ARENA_ARRAY(arena, const char *, procedure->field_count + DVC_COUNT(always) + 1);
    const char *nearest;
    size_t count = 0;

    for (size_t i = 0; i < procedure->field_count; i++)
        if (procedure->form[i].id != NULL)
            names[count++] = arena_printf(arena, "form.%s", procedure->form[i].id);
    for (size_t i = 0; i < DVC_COUNT(always); i++)
        names[count++] = always[i];
    nearest = nearest_word(path, names, count);
    if (nearest != NULL)
        return arena_printf(arena, "có phải \"%s\"?", nearest);
    if (slice_find(path, '.', 0) < 0)
        return arena_printf(arena,
                            "là chữ thì đặt trong ngoặc kép, còn không thì cần một trong: %s", all);
    return arena_printf(arena, "cần một trong: %s", all);
}

static void tell(const struct path_check *pc, enum plugin_rule rule, const char *what)
{
    if (pc->step != NULL)
        rule_fault_step(pc->check, rule, pc->step, pc->action, "%s", what);
    else
        rule_fault(pc->check, rule, pc->at, "%s", what);
}

static void one_path(void *ctx, struct slice path)
{
    const struct path_check *pc = ctx;
    const char *expected = pc->scope == SCOPE_FLOW
                               ? "form.<trường>, case, channel, applicant.kind, applicant.waiver, "
                                 "dossier.delivery.method, dossier.forwarded, documents.<giấy "
                                 "tờ>.present, fees.due, fees.paid, visits.<bước>, clock.used"
                               : "form.<trường>, case, channel, applicant.kind, applicant.waiver, "
                                 "dossier.delivery.method, documents.<giấy tờ>.present";

    if (path_known(pc, path))
        return;
    expected = advice(pc, path, expected);
    tell(pc, RULE_PATH,
         arena_printf(pc->check->arena, "điều kiện dùng \"%.*s\" không có; %s", (int)path.len,
                      path.ptr, expected));
}

static void one_literal(void *ctx, const char *what)
{
    tell(ctx, RULE_LITERAL, what);
}

static void paths(struct path_check *pc, const struct expr *expr)
{
    if (expr == NULL)
        return;
    expr_paths(expr, one_path, pc);
    check_literals(pc->check->arena, pc->check->procedure, expr, one_literal, pc);
}

static void filing_paths(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    const struct value *source = procedure->source;
    struct path_check pc = {.check = check, .scope = SCOPE_FILING};

    for (size_t i = 0; i < procedure->field_count; i++) {
        pc.at = value_at(value_get(source, "form"), i);
        paths(&pc, procedure->form[i].required_if);
        paths(&pc, procedure->form[i].show_if);
    }
    for (size_t i = 0; i < procedure->paper_count; i++) {
        pc.at = value_at(value_get(source, "documents"), i);
        paths(&pc, procedure->papers[i].required_if);
    }
    for (size_t i = 0; i < procedure->fee_count; i++) {
        pc.at = value_at(value_get(source, "fees"), i);
        paths(&pc, procedure->fees[i].waive_if);
        paths(&pc, procedure->fees[i].when);
    }
}

/* CONDITION_OTHER stands for any text that no condition names. */
static const char *shown(struct plugin_check *check, const struct value *value)
{
    if (value_is_null(value))
        return "trống";
    if (value->kind == VALUE_STRING &&
        (slice_is(value->string, CONDITION_OTHER) || slice_is(value->string, CONDITION_BEYOND)))
        return "giá trị khác";
    if (value->kind == VALUE_LIST) {
        struct buf list = BUF_INIT(500);
        const char *text;

        value_write(&list, value, false);
        text = arena_printf(check->arena, "%s%s", list.ptr, list.overflow ? "…" : "");
        buf_release(&list);
        return text;
    }
    return schema_found(check->arena, value);
}

static const char *example(struct plugin_check *check, const struct condition_choice *choice)
{
    const char *text = "";

    for (size_t i = 0; i < choice->values->count; i++) {
        const struct condition_path *path = &choice->values->paths[i];
        const struct value *value = path->values[choice->chosen[i]];

        text = arena_printf(check->arena, "%s%s%.*s là %s", text, i == 0 ? "" : ", ",
                            (int)path->path.len, path->path.ptr, shown(check, value));
    }
    return text;
}

static bool any_true(const struct step *step, struct condition_choice *choice)
{
    for (size_t i = 0; i < step->action_count; i++) {
        if (expr_eval(step->actions[i].when, condition_lookup, choice))
            return true;
    }
    return false;
}

/* The clock's timeout is no way on for the people at the desk, but a wait that only times out is
 * one that somebody meant: K150 asks for steps whose work is done by people. */
static bool needs_cover(const struct step *step)
{
    for (size_t i = 0; i < step->action_count; i++) {
        if (step->actions[i].when == NULL)
            return false;
    }
    return step->action_count > 0;
}

static void cover(struct plugin_check *check, const struct step *step)
{
    struct condition_values values;
    struct condition_choice choice;

    if (!needs_cover(step))
        return;
    if (!condition_values(check, step, &values)) {
        rule_fault_step(check, RULE_COVER, step, NULL,
                        "bước \"%s\": mọi hành động đều có điều kiện và có quá nhiều trường hợp để "
                        "kiểm hết; cần một hành động không có \"when\"",
                        step->id);
        return;
    }
    choice.values = &values;
    choice.chosen = ARENA_ARRAY(check->arena, size_t, values.count + 1);
    do {
        if (!any_true(step, &choice)) {
            rule_fault_step(
                check, RULE_COVER, step, NULL,
                "bước \"%s\" không còn hành động nào khi %s; cần một hành động không có "
                "\"when\" hoặc điều kiện bù nhau",
                step->id, example(check, &choice));
            return;
        }
    } while (condition_next(&choice));
}

static void spawn_paths(void *ctx, const struct step *step, const struct spawn *spawn)
{
    struct path_check *pc = ctx;

    pc->step = step;
    pc->action = NULL;
    paths(pc, spawn->when);
}

void check_conditions(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    struct path_check pc = {.check = check, .scope = SCOPE_FLOW};

    filing_paths(check);
    procedure_each_spawn(check->procedure, spawn_paths, &pc);
    for (size_t i = 0; i < procedure->step_count; i++) {
        pc.step = &procedure->steps[i];
        for (size_t a = 0; a < pc.step->action_count; a++) {
            pc.action = &pc.step->actions[a];
            paths(&pc, pc.action->when);
        }
        cover(check, pc.step);
    }
}
