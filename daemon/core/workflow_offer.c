/* What a person may do now, asked of the same functions that decide when they do it. */
#include "core/workflow_offer.h"

#include "core/workflow_act.h"
#include "core/workflow_builtin.h"
#include "core/workflow_decision.h"

struct offers {
    struct offer *items;
    size_t count, cap;
};

static void offer(struct decision *d, struct offers *offers, const char *action, const char *name,
                  unsigned needs)
{
    offers->items =
        arena_grow(d->arena, offers->items, offers->count, &offers->cap, sizeof(*offers->items));
    offers->items[offers->count++] = (struct offer){action, name, needs};
}

static void offer_plugin(struct decision *d, struct offers *offers, const struct task *task)
{
    const struct step *step = &d->procedure->steps[task->step];

    for (size_t i = 0; i < step->action_count; i++) {
        const struct action *action = &step->actions[i];

        /* What only the daemon takes has no name for people. */
        if (action->name != NULL &&
            access_may_act(d->actor, d->before, task, action, d->setting->agencies, &d->role) &&
            workflow_may(d, task, action) == 0)
            offer(d, offers, action->id, action->name, action->needs);
    }
}

static bool shadowed(const struct decision *d, const struct task *task, const char *id)
{
    return task != NULL && step_action(&d->procedure->steps[task->step], slice_str(id)) != NULL;
}

size_t workflow_offers(struct arena *arena, const struct dossier *dossier, const struct task *task,
                       const struct actor *actor, const struct setting *setting, struct offer **ret)
{
    struct offers offers = {NULL, 0, 0};
    struct command command = command_blank(CMD_ACTION);
    struct refusal refusal;
    bool ended = state_info(dossier->state)->terminal;
    size_t count;
    const struct builtin *builtins = workflow_builtins(&count);
    struct dossier copy = *dossier;
    struct decision d = {
        .arena = arena,
        .procedure = dossier->procedure,
        .before = dossier,
        .after = &copy,
        .command = &command,
        .actor = actor,
        .setting = setting,
        .refusal = &refusal,
        .at = setting->now,
        .role = actor->party,
    };

    if (task != NULL && task->state == TASK_OPEN)
        offer_plugin(&d, &offers, task);
    for (size_t i = 0; i < count; i++) {
        const struct builtin *builtin = &builtins[i];
        struct slice id = slice_str(builtin->id);

        if (builtin->on_task != (task != NULL) || shadowed(&d, task, builtin->id) ||
            (task != NULL && task->state != TASK_OPEN))
            continue;
        if (ended && !slice_is(id, "correct") && !slice_is(id, "note"))
            continue;
        if (builtin->check(&d, task) == 0)
            offer(&d, &offers, builtin->id, builtin->name, builtin->needs);
    }
    *ret = offers.items;
    return offers.count;
}

size_t workflow_step_offers(struct arena *arena, const struct dossier *place,
                            const struct task *task, const struct actor *actor,
                            const struct agency_order *agencies, struct offer **ret)
{
    struct offers offers = {NULL, 0, 0};
    struct setting setting = {.agencies = agencies};
    struct refusal refusal;
    size_t count;
    const struct builtin *builtins = workflow_builtins(&count);
    const struct step *step = &place->procedure->steps[task->step];
    struct dossier copy = *place;
    struct decision d = {.arena = arena,
                         .procedure = place->procedure,
                         .before = place,
                         .after = &copy,
                         .actor = actor,
                         .setting = &setting,
                         .refusal = &refusal,
                         .role = actor->party};

    for (size_t i = 0; i < step->action_count; i++) {
        const struct action *action = &step->actions[i];

        if (action->name != NULL && access_may_act(actor, place, task, action, agencies, &d.role))
            offer(&d, &offers, action->id, action->name, action->needs);
    }
    for (size_t i = 0; i < count; i++)
        if (builtins[i].on_task && !shadowed(&d, task, builtins[i].id) &&
            builtins[i].check(&d, task) == 0)
            offer(&d, &offers, builtins[i].id, builtins[i].name, builtins[i].needs);
    *ret = offers.items;
    return offers.count;
}

/* Steps still to go on the shortest way to the result in hand, from each step; -1: none. */
static bool relax_target(const struct target *target, const int *rest, int *best)
{
    bool better = false;

    if (target->kind == TARGET_END && target->end == STATE_RETURNED && *best != 1) {
        *best = 1;
        return true;
    }
    for (int i = 0;
         target->kind != TARGET_END && target->kind != TARGET_PREVIOUS && i < target->step_count;
         i++) {
        int through = rest[target->steps[i]];

        if (through > 0 && (*best < 0 || through + 1 < *best)) {
            *best = through + 1;
            better = true;
        }
    }
    return better;
}

static void ways_home(const struct procedure *procedure, int *rest)
{
    bool better = true;

    for (size_t i = 0; i < procedure->step_count; i++)
        rest[i] = -1;
    while (better) {
        better = false;
        for (size_t i = 0; i < procedure->step_count; i++) {
            const struct step *step = &procedure->steps[i];

            for (size_t j = 0; j < step->action_count; j++)
                better = relax_target(&step->actions[j].to, rest, &rest[i]) || better;
        }
    }
}

int workflow_completion(const struct dossier *dossier)
{
    const struct procedure *procedure = dossier->procedure;
    struct arena *arena;
    int *rest;
    int farthest = 0, whole, percent;

    if (state_info(dossier->state)->terminal)
        return 100;
    arena = arena_new();
    rest = ARENA_ARRAY(arena, int, procedure->step_count);
    ways_home(procedure, rest);
    whole = rest[procedure->start];
    for (size_t i = 0; i < dossier->task_count; i++) {
        const struct task *task = &dossier->tasks[i];

        if (task->state == TASK_OPEN && rest[task->step] > farthest)
            farthest = rest[task->step];
    }
    percent = whole > 0 && farthest < whole ? 100 * (whole - farthest) / whole : 0;
    arena_free(arena);
    return percent;
}
