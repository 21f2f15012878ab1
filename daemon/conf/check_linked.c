#include "conf/check_linked.h"

#include <string.h>

#define NAMES_MAX 100

struct names {
    struct plugin_check *check;
    const char *items[NAMES_MAX];
    size_t count;
};

static bool known(const struct names *names, const char *as)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], as) == 0)
            return true;
    }
    return false;
}

static void one_name(void *ctx, const struct step *step, const struct spawn *spawn)
{
    struct names *names = ctx;

    if (known(names, spawn->as))
        rule_fault_flow(
            names->check, RULE_ID_ONCE, spawn->source,
            "bước \"%s\" mở hồ sơ liên thông \"%s\" lần thứ hai; cần \"as\" khác nhau cho "
            "mỗi hồ sơ",
            step->id, spawn->as);
    else if (names->count < NAMES_MAX)
        names->items[names->count++] = spawn->as;
}

/* The party's two actions are what the end of the other dossiers becomes. */
static void two_ends(struct plugin_check *check, const struct step *step)
{
    const struct action *done = step_action(step, SLICE_LIT("done"));
    const struct action *failed = step_action(step, SLICE_LIT("failed"));

    if (done == NULL || done->by != ROLE_LINKED || failed == NULL || failed->by != ROLE_LINKED)
        rule_fault_step(check, RULE_LINKED_ACTIONS, step, NULL,
                        "bước \"%s\" chờ hồ sơ liên thông cần hai hành động của bên liên thông: "
                        "\"done\" (đã có kết quả) và \"failed\" (không có kết quả)",
                        step->id);
}

static void other_actions(struct plugin_check *check, const struct step *step)
{
    for (size_t i = 0; i < step->action_count; i++) {
        const struct action *action = &step->actions[i];
        bool end = strcmp(action->id, "done") == 0 || strcmp(action->id, "failed") == 0;

        if (action->by == ROLE_LINKED && (step->wait != WAIT_LINKED || !end))
            rule_fault_step(
                check, RULE_LINKED_ACTIONS, step, action,
                "hành động \"%s\" của bước \"%s\" thuộc bên liên thông (linked); bên này "
                "chỉ có \"done\" và \"failed\" của bước \"wait: linked\"",
                action->id, step->id);
        else if (action->by == ROLE_LINKED && (action->needs != 0 || action->when != NULL))
            rule_fault_step(check, RULE_LINKED_ACTIONS, step, action,
                            "hành động \"%s\" của bước \"%s\" do hồ sơ liên thông kết thúc mà có; "
                            "không được kèm \"needs\" hoặc \"when\"",
                            action->id, step->id);
    }
}

static void opened(const struct names *names, const struct step *step)
{
    if (names->count == 0)
        rule_fault_step(
            names->check, RULE_LINKED_OPENED, step, NULL,
            "bước \"%s\" chờ hồ sơ liên thông nhưng quy trình không mở hồ sơ nào; cần tác "
            "động spawn ở một hành động trước đó",
            step->id);
    for (size_t i = 0; i < step->linked_of_count && names->count > 0; i++) {
        if (!known(names, step->linked_of[i]))
            rule_fault_step(
                names->check, RULE_LINKED_OPENED, step, NULL,
                "bước \"%s\" chờ hồ sơ liên thông \"%s\" nhưng không tác động spawn nào "
                "mang tên (as) đó",
                step->id, step->linked_of[i]);
    }
}

void check_linked(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    struct names names = {.check = check};

    procedure_each_spawn(procedure, one_name, &names);
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct step *step = &procedure->steps[i];

        if (step->wait == WAIT_LINKED) {
            two_ends(check, step);
            opened(&names, step);
        }
        other_actions(check, step);
    }
}
