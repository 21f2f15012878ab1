#include "conf/plugin.h"

#include "base/json.h"
#include "conf/plugin_check.h"
#include "core/form.h"

#include "conf_fixture.h"
#include "dvc_test.h"

static const char *const shipped[] = {"1.001193", "1.004873", "1.013225"};

static struct value *from_json(struct arena *arena, struct slice text)
{
    struct json_error error;
    struct value *tree = NULL;

    cr_assert(json_parse(arena, text, 32, &tree, &error) == 0, "not JSON: %s", error.what);
    return tree;
}

static void same_steps(const struct procedure *a, const struct procedure *b)
{
    DVC_EQ_INT(a->step_count, b->step_count);
    for (size_t i = 0; i < a->step_count; i++) {
        DVC_EQ_STR(a->steps[i].id, b->steps[i].id);
        DVC_EQ_INT(a->steps[i].action_count, b->steps[i].action_count);
        for (size_t k = 0; k < a->steps[i].action_count; k++) {
            DVC_EQ_STR(a->steps[i].actions[k].id, b->steps[i].actions[k].id);
            DVC_EQ_INT(a->steps[i].actions[k].to.steps[0], b->steps[i].actions[k].to.steps[0]);
        }
    }
}

/* What is published and read back is what was written, down to the order of buttons. */
DVC_TEST(conf_plugin, yaml_and_canonical_json_are_one)
{
    for (size_t i = 0; i < DVC_COUNT(shipped); i++) {
        struct arena *arena = arena_new();
        struct value *tree = fixture_plugin(arena, shipped[i]);
        struct procedure *written = fixture_compile(arena, tree);
        struct slice text = procedure_canonical(arena, tree);
        struct value *again = from_json(arena, text);
        struct procedure *read = fixture_compile(arena, again);
        struct slice twice = procedure_canonical(arena, again);

        cr_assert(slice_eq(text, twice), "%s changes", shipped[i]);
        DVC_EQ_STR(read->sha256, written->sha256);
        DVC_EQ_INT(strlen(read->sha256), 64);
        DVC_EQ_STR(read->code, shipped[i]);
        DVC_EQ_INT(read->field_count, written->field_count);
        same_steps(written, read);
        DVC_EQ_STR(read->steps[read->start].id, "receive");
        DVC_EQ_STR(read->steps[0].actions[0].id, "accept");
        arena_free(arena);
    }
}

DVC_TEST(conf_plugin, canonical_json_is_sorted_and_compact)
{
    struct arena *arena = arena_new();
    struct value *tree = fixture_yaml(arena, "b: 1\na: {d: \"x\", c: [true, 2.5]}\n");

    DVC_EQ_SLICE(procedure_canonical(arena, tree),
                 "{\"a\":{\"c\":[true,2.5],\"d\":\"x\"},\"b\":1}");
    arena_free(arena);
}

DVC_TEST(conf_plugin, a_changed_word_is_another_content)
{
    struct arena *arena = arena_new();
    struct value *tree = fixture_plugin(arena, "1.001193");
    char before[SHA256_HEX_SIZE], after[SHA256_HEX_SIZE];

    procedure_sha256(arena, tree, before);
    value_set(arena, tree, "decision", value_string(arena, SLICE_LIT("164/QĐ-BTP")));
    procedure_sha256(arena, tree, after);
    cr_assert(strcmp(before, after) != 0);
    arena_free(arena);
}

DVC_TEST(conf_plugin, shipped_procedures_are_sound)
{
    struct arena *arena = arena_new();
    const struct agency_tree *agencies = fixture_agencies(arena);

    for (size_t i = 0; i < DVC_COUNT(shipped); i++) {
        struct conf_errors errors = CONF_ERRORS_INIT(arena);
        struct procedure *procedure = fixture_compile(arena, fixture_plugin(arena, shipped[i]));
        bool sound = procedure_check(procedure, agencies, "plugin.yaml", &errors);

        fixture_no_errors(&errors);
        cr_assert(sound);
    }
    arena_free(arena);
}

DVC_TEST(conf_plugin, the_plugin_that_bad_files_start_from_is_sound)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct value *tree;
    int r = plugin_load(arena, fixture_path(arena, "tests/unit/conf/good.yaml"), "good.yaml", "",
                        &errors, &tree);

    fixture_no_errors(&errors);
    cr_assert(r == 0);
    procedure_check(fixture_compile(arena, tree), NULL, "good.yaml", &errors);
    fixture_no_errors(&errors);
    arena_free(arena);
}

/* Days, texts and numbers of two answers are tried against each other, and so is one that is there
 * against one that is not: what some answers allow is no fault. */
DVC_TEST(conf_plugin, a_condition_that_can_hold_is_no_fault)
{
    static const char *const conditions[] = {
        "form.first > form.second", "form.second > form.first",  "form.first > \"2026-01-01\"",
        "form.words != null",       "form.words > \"m\"",        "form.words > form.more",
        "form.count > form.floors", "form.first == form.second",
    };
    struct arena *arena = arena_new();
    struct value *tree;
    struct conf_errors errors = CONF_ERRORS_INIT(arena);

    for (size_t i = 0; i < DVC_COUNT(conditions); i++) {
        struct value *post;

        cr_assert(plugin_load(arena, fixture_path(arena, "tests/unit/conf/good.yaml"), "good.yaml",
                              "", &errors, &tree) == 0);
        value_append(arena, value_get(tree, "form"),
                     fixture_yaml(arena, "{id: first, label: Một, type: date, required: true}"));
        value_append(arena, value_get(tree, "form"),
                     fixture_yaml(arena, "{id: second, label: Hai, type: date, required: true}"));
        value_append(arena, value_get(tree, "form"),
                     fixture_yaml(arena, "{id: words, label: Ba, type: text}"));
        value_append(arena, value_get(tree, "form"),
                     fixture_yaml(arena, "{id: more, label: Bốn, type: text}"));
        value_append(arena, value_get(tree, "form"),
                     fixture_yaml(arena, "{id: count, label: Năm, type: integer}"));
        post = value_get(
            value_get(value_get(value_get(value_get(tree, "workflow"), "steps"), "return_result"),
                      "actions"),
            "post");
        value_set(arena, post, "when",
                  value_string(arena, slice_str(arena_printf(
                                          arena, "dossier.delivery.method == \"post\" and %s",
                                          conditions[i]))));
        cr_expect(procedure_check(fixture_compile(arena, tree), NULL, "good.yaml", &errors), "%s",
                  conditions[i]);
    }
    fixture_no_errors(&errors);
    arena_free(arena);
}

static const struct step *step_of(const struct procedure *procedure, const char *id)
{
    int step = procedure_step(procedure, slice_str(id));

    cr_assert(step >= 0, "no step %s", id);
    return &procedure->steps[step];
}

/* Birth: silence of one working day is consent, and after 15:00 the result is for the next day. */
DVC_TEST(conf_plugin, birth_registration)
{
    struct arena *arena = arena_new();
    struct procedure *procedure = fixture_compile(arena, fixture_plugin(arena, "1.001193"));
    const struct step *draft = step_of(procedure, "confirm_draft");
    const struct action *confirm = step_action(draft, SLICE_LIT("confirm"));

    DVC_EQ_INT(procedure->clock.cutoff_minute, 15 * 60);
    DVC_EQ_INT(procedure->limit[CHANNEL_ONLINE].unit, LIMIT_SAME_DAY);
    DVC_EQ_INT(draft->wait, WAIT_APPLICANT);
    DVC_EQ_INT(draft->state, STATE_AWAITING_CONFIRMATION);
    cr_assert(draft->timeout.present && draft->timeout.consents);
    DVC_EQ_STR(draft->timeout.action, "confirm");
    cr_assert(limit_eq(draft->timeout.after, (struct limit){LIMIT_WORKING_DAYS, 1}));
    DVC_EQ_INT(confirm->by, ROLE_APPLICANT);
    DVC_EQ_STR(procedure->steps[confirm->to.steps[0]].id, "register");
    DVC_EQ_STR(step_of(procedure, "receive")->agency_role, "receiving");
    cr_assert(step_action(step_of(procedure, "forward"), SLICE_LIT("pass"))->is_default);
    cr_assert(step_of(procedure, "appraise")->agency_role == NULL);
    arena_free(arena);
}

/* The shared workflow's steps are the procedure's own, with its fee and its cases. */
DVC_TEST(conf_plugin, marital_status_uses_a_shared_workflow)
{
    struct arena *arena = arena_new();
    struct procedure *procedure = fixture_compile(arena, fixture_plugin(arena, "1.004873"));

    DVC_EQ_STR(value_get_str(value_get(procedure->source, "workflow"), "use"),
               "certificate-with-fee");
    DVC_EQ_INT(step_of(procedure, "intake_payment")->wait, WAIT_PAYMENT);
    DVC_EQ_INT(step_action(step_of(procedure, "intake_payment"), SLICE_LIT("paid"))->by,
               ROLE_PAYMENT);
    DVC_EQ_INT(procedure->fees[0].amount[CHANNEL_ONLINE], 15000);
    DVC_EQ_INT(procedure->fees[0].pay, FEE_BEFORE_RESULT);
    cr_assert(procedure->fees[0].waive_if != NULL);
    DVC_EQ_INT(procedure->case_count, 3);
    arena_free(arena);
}

DVC_TEST(conf_plugin, building_permit_asks_two_offices_at_once)
{
    struct arena *arena = arena_new();
    struct procedure *procedure = fixture_compile(arena, fixture_plugin(arena, "1.013225"));
    const struct action *consult =
        step_action(step_of(procedure, "appraise"), SLICE_LIT("consult"));
    const struct action *answer = step_action(step_of(procedure, "ask_fire"), SLICE_LIT("answer"));

    DVC_EQ_INT(consult->to.kind, TARGET_PARALLEL);
    DVC_EQ_INT(consult->to.step_count, 2);
    DVC_EQ_INT(answer->to.kind, TARGET_JOIN);
    DVC_EQ_STR(procedure->steps[answer->to.steps[0]].id, "appraise");
    DVC_EQ_STR(step_of(procedure, "ask_fire")->agency_role, "police_fire");
    cr_assert(limit_eq(procedure_limit(procedure, "house", CHANNEL_DIRECT),
                       (struct limit){LIMIT_CALENDAR_DAYS, 15}));
    DVC_EQ_STR(procedure->screening_stop_when, "yes");
    arena_free(arena);
}

DVC_TEST(conf_plugin, a_shared_workflow_takes_the_procedures_own_limits)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct value *tree = fixture_yaml(
        arena, "workflow: {use: certificate-with-fee, version: 1, limits: {appraise: 5 "
               "working_days, approve: {online: 1 working_day, direct: none}}}\n");
    const struct value *steps;

    cr_assert(plugin_expand(arena, tree, "procedures/x.yaml",
                            fixture_path(arena, "plugins/workflows"), &errors) == 0);
    steps = value_path(tree, SLICE_LIT("workflow.steps"));
    DVC_EQ_STR(value_get_str(value_get(steps, "appraise"), "limit"), "5 working_days");
    DVC_EQ_STR(value_get_str(value_get(value_get(steps, "approve"), "limit"), "online"),
               "1 working_day");
    DVC_EQ_STR(value_get_str(value_get(steps, "issue_result"), "limit"), "2 working_hours");
    arena_free(arena);
}

/* Written in a plugin, a pattern holds for the whole value when the form is checked. */
DVC_TEST(conf_plugin, a_pattern_is_asked_of_every_value)
{
    static const struct {
        const char *value;
        bool good;
    } rows[] = {{"Lê An", true}, {"Lê An 2", false}, {"2", false}};
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct procedure *procedure;
    struct value *tree;

    cr_assert(plugin_load(arena, fixture_path(arena, "tests/integration/api/linked/9.100002.yaml"),
                          "9.100002.yaml", "", &errors, &tree) == 0);
    procedure = fixture_compile(arena, tree);
    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct value *form = value_new(arena, VALUE_MAP), *right;
        struct form_faults faults = {0};
        bool told = false;

        value_set(arena, form, "name", value_string(arena, slice_str(rows[i].value)));
        form_check(arena, procedure, form, day_from_ymd(2026, 3, 2), NULL, NULL, &right, &faults);
        for (size_t k = 0; k < faults.count; k++)
            told = told || strcmp(faults.items[k].code, "pattern") == 0;
        cr_expect(told == !rows[i].good, "%s", rows[i].value);
    }
    arena_free(arena);
}
