#include "core/workflow_postal.h"

#include "core/workflow_act.h"
#include "core/workflow_parcel.h"
#include "core/workflow_state.h"
#include "core/workflow_timer.h"
#include "core/workflow_token.h"

static int order_answer(struct decision *d, struct parcel *parcel)
{
    const struct command *command = d->command;
    bool moves = command->order_accepted && parcel->state == PARCEL_CREATED;

    decision_event(d, command->order_accepted ? "parcel_ordered" : "parcel_order_refused",
                   SLICE_NULL, 0, -1);
    if (moves) {
        parcel->state = PARCEL_ORDERED;
        parcel->state_at = d->at;
    }
    if (command->order_accepted && command->item_code != NULL)
        parcel->item_code = command->item_code;
    parcel->changed = true;
    workflow_tell_parcel(d, parcel, NULL, moves);
    if (!command->order_accepted)
        decision_tell(d, 0, ROLE_RECEIVER, decision_desk(d), "parcel_order_refused", NULL);
    return 0;
}

/* The plugin's name for what the carrier says. */
static const char *action_of(enum parcel_direction direction, enum parcel_state state)
{
    if (direction == PARCEL_RETURN && state == PARCEL_DELIVERED)
        return "delivered";
    if (direction == PARCEL_RETURN &&
        (state == PARCEL_RETURNED_TO_AGENCY || state == PARCEL_CANCELLED))
        return "came_back";
    return parcel_state_code(state);
}

const struct action *workflow_posted(struct decision *d, const struct task *task)
{
    const struct step *step = &d->procedure->steps[task->step];
    const struct action *action;

    if (step->wait != WAIT_POST || workflow_suspended(d->after))
        return NULL;
    for (size_t i = d->after->parcel_count; i > 0; i--) {
        const struct parcel *parcel = &d->after->parcels[i - 1];

        if (parcel->direction != PARCEL_RETURN)
            continue;
        action = step_action(step, slice_str(action_of(PARCEL_RETURN, parcel->state)));
        return action != NULL && action->by == ROLE_POST &&
                       parcel->created_at.us >= task->opened_at.us
                   ? action
                   : NULL;
    }
    return NULL;
}

static int drive(struct decision *d, const struct parcel *parcel)
{
    const char *wanted = action_of(parcel->direction, parcel->state);

    /* Whoever is suspended goes on when the suspension ends: workflow_posted. */
    if (workflow_suspended(d->after))
        return 0;
    for (size_t i = 0; i < d->after->task_count; i++) {
        struct task *task = &d->after->tasks[i];
        const struct step *step = &d->procedure->steps[task->step];
        const struct action *action = step_action(step, slice_str(wanted));

        /* What the desk may do is the desk's, also where it is called as the post calls its news.
         */
        if (task->state != TASK_OPEN || step->wait != WAIT_POST || action == NULL ||
            action->by != ROLE_POST)
            continue;
        d->draft.action = slice_str(action->id);
        d->draft.task = task->no;
        d->draft.step = task->step;
        return workflow_take(d, task, action);
    }
    return 0;
}

/* The signed record of the hand-over is the moment of submission (QĐ 45/2016/QĐ-TTg, Art 7.4). */
static int collected(struct decision *d)
{
    struct dossier *after = d->after;
    int r = 0;

    if (!wall_is_none(after->received_at))
        return 0;
    after->submitted_at = d->command->parcel.at.us < d->at.us ? d->command->parcel.at : d->at;
    decision_more_wall(d, "submitted_at", after->submitted_at);
    for (size_t i = 0; r == 0 && i < after->task_count; i++) {
        struct task *task = &after->tasks[i];

        if (task->state != TASK_OPEN || task->role == ROLE_NONE)
            continue;
        task->epoch++;
        workflow_disarm_task(d, task);
        r = workflow_count_intake(d, task);
        if (r == 0)
            r = workflow_arm_task(d, task, false);
    }
    return r;
}

static int moved(struct decision *d, struct parcel *parcel)
{
    const struct parcel copy = *parcel;

    if (parcel->direction == PARCEL_COLLECT && parcel->state == PARCEL_HANDED_OVER) {
        int r = collected(d);

        if (r != 0)
            return r;
    }
    if (parcel->direction == PARCEL_RETURN && parcel->state == PARCEL_DELIVERED &&
        wall_is_none(d->after->returned_at))
        d->after->returned_at = parcel->state_at.us < d->at.us ? parcel->state_at : d->at;
    if (parcel->state == PARCEL_INVITED_1 || parcel->state == PARCEL_INVITED_2)
        decision_tell_applicant(d, "parcel_invited");
    if (parcel->state == PARCEL_DELIVERED && parcel->direction == PARCEL_RETURN)
        decision_tell_applicant(d, "parcel_delivered");
    if (parcel->state == PARCEL_COLLECTION_FAILED)
        decision_tell_applicant(d, "collection_failed");
    if (parcel->state == PARCEL_LOST || parcel->state == PARCEL_DAMAGED) {
        decision_tell(d, 0, ROLE_RECEIVER, decision_desk(d), "parcel_in_trouble", NULL);
        decision_tell_applicant(d, "parcel_in_trouble");
    }
    if (parcel->state == PARCEL_RETURNED_TO_AGENCY) {
        decision_tell(d, 0, ROLE_RECEIVER, decision_desk(d), "parcel_came_back", NULL);
        decision_tell_applicant(d, "parcel_came_back");
    }
    return drive(d, &copy);
}

static int news(struct decision *d, struct parcel *parcel)
{
    struct parcel_event *event = ARENA_NEW(d->arena, struct parcel_event);
    enum parcel_state next = d->command->parcel.state;
    bool moves = d->command->parcel.moves && next < PARCEL_STATE_COUNT &&
                 parcel_may_move(parcel->direction, parcel->state, next);

    /* Of news in disorder the later event counts, but an end is an end whenever it is heard of. */
    if (moves && d->command->parcel.at.us < parcel->state_at.us &&
        !parcel_final(parcel->direction, next) && parcel->state != PARCEL_CREATED &&
        parcel->state != PARCEL_ORDERED)
        moves = false;
    *event = d->command->parcel;
    event->moves = moves;
    parcel->events = event;
    parcel->event_count = 1;
    parcel->changed = true;
    if (parcel->item_code == NULL && d->command->item_code != NULL &&
        d->command->item_code[0] != '\0')
        parcel->item_code = d->command->item_code;
    decision_event(d, moves ? "parcel_moved" : "parcel_news", SLICE_NULL, 0, -1);
    if (moves) {
        parcel->state = next;
        parcel->state_at = event->at;
    }
    workflow_tell_parcel(d, parcel, next < PARCEL_STATE_COUNT ? parcel_state_code(next) : NULL,
                         moves);
    decision_more_wall(d, "carrier_at", event->at);
    if (d->command->source != NULL)
        decision_more_str(d, "source", d->command->source);
    if (event->state >= PARCEL_STATE_COUNT)
        event->state = parcel->state;
    return moves ? moved(d, parcel) : 0;
}

int workflow_postal(struct decision *d)
{
    struct parcel *parcel = dossier_parcel(d->after, d->command->order_number);

    if (parcel == NULL)
        return decision_refuse(d, WF_E_REFUSED, "parcel_unknown", "/order_number");
    return d->command->order_answer ? order_answer(d, parcel) : news(d, parcel);
}
