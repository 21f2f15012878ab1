#include "helper.h"

#include "core/workflow_offer.h"
#include "core/workflow_state.h"
#include "player.h"

#include <string.h>

#define HELPER_ROUNDS 300

static bool open(const struct walk *walk)
{
    return walk->broken == NULL && !state_info(walk->dossier->state)->terminal;
}

/* By the leader of the house, who may do what is nobody's task. */
static void own(struct walk *walk, enum role role, const char *id, const char *fee)
{
    struct command command = player_full(walk, 0, slice_str(id));
    struct actor actor;

    command.result = NULL;
    command.fee = fee;
    player_staff(walk, role, 1, WALK_HOME, &actor);
    walk_log(walk, "helper: %s", id);
    walk_apply(walk, &command, &actor);
}

static void pay(struct walk *walk)
{
    for (size_t i = 0; open(walk) && i < walk->dossier->fee_count; i++) {
        const struct dossier_fee *fee = &walk->dossier->fees[i];

        if (!fee->waived && wall_is_none(fee->paid_at))
            own(walk, ROLE_CASHIER, "pay", fee->fee);
    }
}

static void other_dossiers(struct walk *walk)
{
    struct command command = command_blank(CMD_LINKED);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_LINKED};

    for (size_t i = 0; open(walk) && i < walk->dossier->link_count; i++) {
        const struct dossier_link *link = &walk->dossier->links[i];

        if (link->state != LINK_ASKED && link->state != LINK_OPEN)
            continue;
        command.link = link->no;
        command.link_code = "H24.15.01-260212-0009";
        command.link_over = true;
        command.link_end = dice_one_in(&walk->dice, 4) ? STATE_REFUSED : STATE_RETURNED;
        walk_log(walk, "helper: linked %d %s", link->no, state_info(command.link_end)->code);
        walk_apply(walk, &command, &actor);
    }
}

static void parcels(struct walk *walk)
{
    struct command command = command_blank(CMD_POSTAL);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_POST};

    for (size_t i = 0; open(walk) && i < walk->dossier->parcel_count; i++) {
        const struct parcel *parcel = &walk->dossier->parcels[i];

        if (parcel_final(parcel->direction, parcel->state))
            continue;
        command.order_number = slice_str(parcel->order_number);
        command.parcel = (struct parcel_event){
            .source_id = "h",
            .at = walk->setting.now,
            .state = parcel->direction == PARCEL_COLLECT ? PARCEL_HANDED_OVER
                     : dice_one_in(&walk->dice, 4)       ? PARCEL_RETURNED_TO_AGENCY
                                                         : PARCEL_DELIVERED,
            .moves = true,
        };
        walk_log(walk, "helper: the post says %s", parcel_state_code(command.parcel.state));
        walk_apply(walk, &command, &actor);
    }
}

/* `all`: whatever may stand in the way, now. */
static void clear_the_way(struct walk *walk, bool all)
{
    if (open(walk) && workflow_suspended(walk->dossier))
        own(walk, ROLE_LEADER, "unsuspend", NULL);
    if (open(walk) && walk->dossier->state == STATE_WITHDRAWAL_REQUESTED)
        own(walk, ROLE_OFFICER, "refuse_withdraw", NULL);
    if (all || dice_one_in(&walk->dice, 3))
        pay(walk);
    if (all || dice_one_in(&walk->dice, 2))
        other_dossiers(walk);
    if (all || dice_one_in(&walk->dice, 2))
        parcels(walk);
}

struct best {
    int distance;
    int task;
    const struct action *action;
};

static void consider(struct walk *walk, const struct task *task, const struct action *action,
                     struct best *best)
{
    struct command command = player_full(walk, task->no, slice_str(action->id));
    struct outcome *outcome;
    struct actor actor;
    int distance;

    player_worker(walk, task, action, &actor);
    outcome = walk_try(walk, walk->dossier, &command, &actor);
    walk->tally->beyond += walk->result == WF_E_CALENDAR;
    if (outcome == NULL)
        return;
    distance = 10 * marks_distance(walk->marks, marks_place(outcome->after));
    /* The shortest way may be one whose conditions never hold: not always the shortest. */
    distance += (int)dice_roll(&walk->dice, dice_one_in(&walk->dice, 3) ? 300 : 8);
    if (best->action == NULL || distance < best->distance) {
        best->distance = distance;
        best->task = task->no;
        best->action = action;
    }
}

static void take(struct walk *walk, const struct best *best)
{
    struct command command = player_full(walk, best->task, slice_str(best->action->id));
    struct actor actor;

    player_worker(walk, dossier_task(walk->dossier, best->task), best->action, &actor);
    walk_log(walk, "helper: %s of task %d (%s)", best->action->id, best->task,
             walk->procedure->steps[dossier_task(walk->dossier, best->task)->step].id);
    walk_apply(walk, &command, &actor);
    walk->tally->helped++;
}

/* Answers false when nothing led on. */
static bool go_on(struct walk *walk)
{
    struct best best = {.action = NULL};
    const struct timer_row *timeout;

    for (size_t i = 0; i < walk->dossier->task_count; i++) {
        const struct task *task = &walk->dossier->tasks[i];
        const struct step *step = &walk->procedure->steps[task->step];

        for (size_t a = 0; a < step->action_count; a++) {
            /* The post, other dossiers and who pays have commands of their own. */
            if (step->actions[a].by != ROLE_POST && step->actions[a].by != ROLE_LINKED &&
                step->actions[a].by != ROLE_PAYMENT)
                consider(walk, task, &step->actions[a], &best);
        }
    }
    timeout = walk_next_timeout(walk);
    if (best.action != NULL && (timeout == NULL || !dice_one_in(&walk->dice, 8))) {
        take(walk, &best);
        return true;
    }
    if (timeout == NULL)
        return false;
    walk_run(walk, timeout->fire_at, false);
    return true;
}

void helper_finish(struct walk *walk)
{
    int idle = 0;

    for (int i = 0; open(walk); i++) {
        uint64_t beyond = walk->tally->beyond;

        clear_the_way(walk, idle > 2);
        if (!open(walk))
            return;
        idle = go_on(walk) ? 0 : idle + 1;
        /* Where the calendar ends nobody can go on until the next one is there. */
        if (walk->tally->beyond > beyond && open(walk))
            walk_recalculate(walk, walk->longest);
        if (idle > 20)
            walk_broken(walk, "stuck: nobody and no timer leads on");
        else if (i > HELPER_ROUNDS)
            walk_broken(walk, "no way to an end was found");
    }
}

static bool is_offered(const struct offer *offers, size_t count, const char *action)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(offers[i].action, action) == 0)
            return true;
    }
    return false;
}

/* With all that can be asked for given, refused only for what no offer can know beforehand. */
static bool later_refusal(const struct walk *walk)
{
    static const char *const codes[] = {"fee_unknown", "new_due_not_later",
                                        "new_due_not_working_day", "delegate_to_self"};

    for (size_t i = 0; i < DVC_COUNT(codes); i++) {
        if (strcmp(walk->refusal.code, codes[i]) == 0)
            return true;
    }
    return walk->result == WF_E_CALENDAR;
}

static void compare(struct walk *walk, const struct task *task, const char *id,
                    const struct actor *actor, bool offered)
{
    struct command command = player_full(walk, task != NULL ? task->no : 0, slice_str(id));
    struct outcome *outcome = walk_try(walk, walk->dossier, &command, actor);

    walk->tally->offers++;
    if (offered ? outcome != NULL || later_refusal(walk) : outcome == NULL)
        return;
    walk_log(walk, "%s of task %d by %lld: %s, %s", id, command.task, (long long)actor->account,
             offered ? "offered" : "not offered", outcome != NULL ? "taken" : walk->refusal.code);
    walk_broken(walk, offered ? "what is offered is refused" : "what is not offered is taken");
}

static void offers_of(struct walk *walk, const struct task *task, const struct actor *actor)
{
    static const char *const on_task[] = {"take", "reassign", "delegate"};
    static const char *const on_dossier[] = {
        "confirm_withdraw", "refuse_withdraw", "withdraw", "pay",     "apology",
        "suspend",          "unsuspend",       "stop",     "correct", "note"};
    const struct step *step = task != NULL ? &walk->procedure->steps[task->step] : NULL;
    size_t count = task != NULL ? DVC_COUNT(on_task) : DVC_COUNT(on_dossier);
    struct offer *offers;
    size_t offered =
        workflow_offers(walk->arena, walk->dossier, task, actor, &walk->setting, &offers);

    for (size_t i = 0; i < count; i++) {
        const char *id = task != NULL ? on_task[i] : on_dossier[i];

        if (step == NULL || step_action(step, slice_str(id)) == NULL)
            compare(walk, task, id, actor, is_offered(offers, offered, id));
    }
    for (size_t a = 0; step != NULL && a < step->action_count; a++) {
        enum role by = step->actions[a].by;

        if (step->actions[a].name != NULL && by != ROLE_POST && by != ROLE_LINKED)
            compare(walk, task, step->actions[a].id, actor,
                    is_offered(offers, offered, step->actions[a].id));
    }
}

void helper_offers(struct walk *walk)
{
    static const enum role roles[] = {ROLE_RECEIVER, ROLE_OFFICER, ROLE_UNIT_HEAD,
                                      ROLE_LEADER,   ROLE_CLERK,   ROLE_CASHIER};
    struct actor actor;

    for (size_t i = 0; walk->broken == NULL && i < walk->dossier->task_count; i++) {
        const struct task *task = &walk->dossier->tasks[i];
        const struct step *step = &walk->procedure->steps[task->step];

        if (dice_one_in(&walk->dice, 4))
            player_staff(walk, DICE_PICK(&walk->dice, roles), 1,
                         task->agency != NULL ? task->agency : WALK_HOME, &actor);
        else
            player_worker(walk, task, &step->actions[dice_roll(&walk->dice, step->action_count)],
                          &actor);
        offers_of(walk, task, &actor);
    }
    player_staff(walk, DICE_PICK(&walk->dice, roles), 1, WALK_HOME, &actor);
    if (walk->broken == NULL)
        offers_of(walk, NULL, &actor);
}
