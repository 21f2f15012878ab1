#include "player.h"

#include <string.h>

static const enum role roles[] = {ROLE_RECEIVER, ROLE_OFFICER, ROLE_UNIT_HEAD, ROLE_LEADER,
                                  ROLE_CLERK,    ROLE_CASHIER, ROLE_POSTAL,    ROLE_ADMIN};
static const char *const agencies[] = {WALK_HOME, WALK_HOME,         WALK_HOME,
                                       WALK_DESK, "H24.police_fire", "H24.environment"};
static const char *const own_actions[] = {
    "apology", "reassign", "delegate",         "take",      "note",
    "pay",     "correct",  "suspend",          "unsuspend", "refuse_withdraw",
    "no_such", "withdraw", "confirm_withdraw", "stop",      "withdraw"};

static size_t roll(struct walk *walk, size_t below)
{
    return dice_roll(&walk->dice, below);
}

static bool one_in(struct walk *walk, size_t n)
{
    return dice_one_in(&walk->dice, n);
}

void player_staff(struct walk *walk, enum role role, int number, const char *agency,
                  struct actor *ret)
{
    struct grant *grant = ARENA_NEW(walk->arena, struct grant);

    *grant = (struct grant){role, agency, false};
    *ret = (struct actor){.account = 100 * (int64_t)role + number,
                          .kind = ACCOUNT_STAFF,
                          .grants = grant,
                          .grant_count = 1};
}

static void citizen(bool stranger, struct actor *ret)
{
    *ret = (struct actor){.account = stranger ? 2 : 1,
                          .kind = ACCOUNT_CITIZEN,
                          .id_number = stranger ? "031085009999" : "031085001234"};
}

/* A clerk to whom the officer's work is lent for some days. */
static void borrower(struct walk *walk, struct actor *ret)
{
    bool in_force =
        walk->setting.now.us >= walk->lent_from.us && walk->setting.now.us < walk->lent_to.us;

    player_staff(walk, ROLE_CLERK, 9, WALK_HOME, ret);
    ret->delegations = &walk->lent;
    ret->delegation_count = in_force ? 1 : 0;
}

static void party(enum role role, struct actor *ret)
{
    *ret = (struct actor){.kind = ACCOUNT_SYSTEM, .party = role};
}

void player_worker(struct walk *walk, const struct task *task, const struct action *action,
                   struct actor *ret)
{
    enum role role = action->by == ROLE_NONE ? task->role : action->by;
    const char *agency = task->agency;

    if (!role_is_staff(role)) {
        if (role == ROLE_APPLICANT)
            citizen(false, ret);
        else
            party(role, ret);
        return;
    }
    if (agency == NULL)
        agency = role == ROLE_RECEIVER || role == ROLE_CASHIER ? walk->dossier->agency_receiving
                                                               : walk->dossier->agency_competent;
    player_staff(walk, role, 1, agency, ret);
    if (task->assignee != 0 && task->role == role)
        ret->account = task->assignee;
}

/* Mostly whoever the task is for. */
static void someone(struct walk *walk, const struct task *task, struct actor *ret)
{
    static const enum role parties[] = {ROLE_PAYMENT, ROLE_PORTAL, ROLE_CLOCK};
    const struct step *step = task != NULL ? &walk->procedure->steps[task->step] : NULL;
    size_t kind = roll(walk, 20);

    if (kind < 14 && step != NULL)
        player_worker(walk, task, &step->actions[roll(walk, step->action_count)], ret);
    else if (kind == 14)
        citizen(false, ret);
    else if (kind == 15)
        citizen(true, ret);
    else if (kind == 16)
        borrower(walk, ret);
    else if (kind == 17 && one_in(walk, 3))
        party(DICE_PICK(&walk->dice, parties), ret);
    else
        player_staff(walk, DICE_PICK(&walk->dice, roles), 1 + (int)roll(walk, 2),
                     DICE_PICK(&walk->dice, agencies), ret);
    if (ret->kind == ACCOUNT_STAFF && one_in(walk, 20))
        ret->account++;
}

static struct value *papers(struct walk *walk)
{
    struct value *list = value_new(walk->arena, VALUE_LIST);
    const struct procedure *p = walk->procedure;
    const char *id = p->paper_count == 0 || one_in(walk, 30)
                         ? "no_such"
                         : p->papers[roll(walk, p->paper_count)].id;

    value_append(walk->arena, list, value_string(walk->arena, slice_str(id)));
    return list;
}

static void give_result(struct walk *walk, struct command *command)
{
    command->result = ARENA_NEW(walk->arena, struct dossier_result);
    command->result->signed_at = WALL_NONE;
    if (one_in(walk, 30))
        command->result->code = "KQ.NONE";
}

static void give_documents(struct walk *walk, struct command *command)
{
    command->documents = ARENA_NEW(walk->arena, struct dossier_paper);
    command->documents[0] = (struct dossier_paper){
        .paper = walk->procedure->papers[roll(walk, walk->procedure->paper_count)].id,
        .originals = -1,
        .certified = -1,
        .copies = 1};
    command->document_count = 1;
}

static void give_receiver(struct walk *walk, struct command *command)
{
    command->receiver = value_new(walk->arena, VALUE_MAP);
    value_set(walk->arena, command->receiver, "name", value_string(walk->arena, SLICE_LIT("Minh")));
}

struct command player_full(struct walk *walk, int task, struct slice action)
{
    struct command command = command_blank(CMD_ACTION);
    struct value *list = value_new(walk->arena, VALUE_LIST);

    command.task = task;
    command.action = action;
    command.reason = "lý do";
    command.note = "ghi chú";
    value_append(walk->arena, list,
                 value_string(walk->arena, slice_str(walk->procedure->papers[0].id)));
    command.papers = list;
    command.result = ARENA_NEW(walk->arena, struct dossier_result);
    command.result->signed_at = WALL_NONE;
    command.documents = ARENA_NEW(walk->arena, struct dossier_paper);
    command.documents[0] = (struct dossier_paper){
        .paper = walk->procedure->papers[0].id, .originals = -1, .certified = -1, .copies = 1};
    command.document_count = 1;
    command.assignee = 100 * ROLE_OFFICER + 2;
    give_receiver(walk, &command);
    command.receipt = "AB-1";
    return command;
}

static void fill(struct walk *walk, struct command *command)
{
    if (!one_in(walk, 8))
        command->reason = "lý do";
    if (!one_in(walk, 4))
        command->note = "ghi chú";
    if (!one_in(walk, 3))
        command->papers = papers(walk);
    if (one_in(walk, 2))
        give_result(walk, command);
    if (one_in(walk, 3))
        give_documents(walk, command);
    if (!one_in(walk, 3))
        give_receiver(walk, command);
    if (one_in(walk, 3))
        command->assignee = 100 * ROLE_OFFICER + 1 + (int)roll(walk, 2);
    if (!one_in(walk, 4))
        command->receipt = "AB-1";
    command->waive = one_in(walk, 8);
    if (one_in(walk, 3) && walk->procedure->fee_count > 0)
        command->fee = walk->procedure->fees[roll(walk, walk->procedure->fee_count)].id;
    if (one_in(walk, 3))
        command->new_due.us = walk->setting.now.us + (int64_t)roll(walk, 60) * US_PER_DAY;
    if (one_in(walk, 15))
        command->if_decision = walk->dossier->decision - (int64_t)roll(walk, 2);
    if (one_in(walk, 20))
        command->received_at.us = walk->setting.now.us - (int64_t)roll(walk, 40) * US_PER_HOUR;
}

static struct slice any_action(struct walk *walk, const struct task *task)
{
    const struct procedure *p = walk->procedure;
    const struct action *found;
    const struct step *step;

    /* The last four end it, and are rarer. */
    if (task == NULL || one_in(walk, 8))
        return slice_str(
            own_actions[roll(walk, DVC_COUNT(own_actions) - (one_in(walk, 3) ? 0 : 4))]);
    /* Mostly of the task's step, else nearly everything would be refused. */
    step = &p->steps[one_in(walk, 12) ? roll(walk, p->step_count) : (size_t)task->step];
    found = &step->actions[roll(walk, step->action_count)];
    if (found->to.kind == TARGET_END && !one_in(walk, 6))
        found = &step->actions[roll(walk, step->action_count)];
    if (found->to.kind == TARGET_END && !one_in(walk, 4))
        found = &step->actions[0];
    return slice_str(found->id);
}

/* False: there is nothing that the post could speak of. */
static bool post(struct walk *walk)
{
    struct command command = command_blank(CMD_POSTAL);
    const struct dossier *d = walk->dossier;
    struct actor actor;

    if (d->parcel_count == 0)
        return false;
    party(ROLE_POST, &actor);
    command.order_number = one_in(walk, 20)
                               ? SLICE_LIT("NONE")
                               : slice_str(d->parcels[roll(walk, d->parcel_count)].order_number);
    command.order_answer = one_in(walk, 5);
    command.order_accepted = !one_in(walk, 3);
    command.parcel = (struct parcel_event){
        .source_id = "e",
        .at = {walk->setting.now.us - (int64_t)roll(walk, 3) * US_PER_HOUR},
        .state = (enum parcel_state)roll(walk, PARCEL_STATE_COUNT + 1),
        .moves = !one_in(walk, 8),
    };
    walk_log(walk, "post: %s%s", command.order_answer ? "answer to the order" : "news ",
             command.parcel.state < PARCEL_STATE_COUNT ? parcel_state_code(command.parcel.state)
                                                       : "unknown");
    walk_apply(walk, &command, &actor);
    return true;
}

/* News of what this dossier asked for, also twice, of none, and after its end. */
static bool linked(struct walk *walk)
{
    static const enum dossier_state ends[] = {STATE_FINISHED,  STATE_RETURNED,     STATE_REFUSED,
                                              STATE_WITHDRAWN, STATE_NOT_ACCEPTED, STATE_STOPPED};
    struct command command = command_blank(CMD_LINKED);
    const struct dossier *d = walk->dossier;
    struct actor actor;

    if (d->link_count == 0)
        return false;
    party(ROLE_LINKED, &actor);
    command.link = one_in(walk, 20) ? 999 : d->links[roll(walk, d->link_count)].no;
    command.link_code = "H24.15.01-260212-0009";
    command.link_over = !one_in(walk, 3);
    command.link_end = DICE_PICK(&walk->dice, ends);
    walk_log(walk, "linked %d: %s", command.link,
             command.link_over ? state_info(command.link_end)->code : "is there");
    walk_apply(walk, &command, &actor);
    return true;
}

static void action(struct walk *walk)
{
    struct command command = command_blank(CMD_ACTION);
    const struct dossier *d = walk->dossier;
    const struct task *task = NULL;
    const struct action *found = NULL;
    struct actor actor;

    if (d->task_count > 0 && !one_in(walk, 5))
        task = &d->tasks[roll(walk, d->task_count)];
    command.action = any_action(walk, task);
    command.task = task != NULL ? task->no : 0;
    if (one_in(walk, 40))
        command.task += (int)roll(walk, 3);
    if (task != NULL)
        found = step_action(&walk->procedure->steps[task->step], command.action);
    /* The post and other dossiers speak by commands of their own. */
    if (found != NULL && (found->by == ROLE_POST || found->by == ROLE_LINKED)) {
        (void)(found->by == ROLE_POST ? post(walk) : linked(walk));
        return;
    }
    if (found != NULL && !one_in(walk, 6))
        player_worker(walk, task, found, &actor);
    else
        someone(walk, task, &actor);
    fill(walk, &command);
    walk_log(walk, "%.*s of task %d (%s) by account %lld party %s%s%s%s%s%s",
             (int)command.action.len, command.action.ptr, command.task,
             task != NULL ? walk->procedure->steps[task->step].id : "-", (long long)actor.account,
             actor.party != ROLE_NONE ? role_code(actor.party) : "-",
             command.reason != NULL ? " reason" : "", command.papers != NULL ? " papers" : "",
             command.result != NULL ? " result" : "", command.receiver != NULL ? " receiver" : "",
             command.waive ? " waive" : "");
    walk_apply(walk, &command, &actor);
}

static void recalculate(struct walk *walk)
{
    int r = walk_recalculate(walk, walk->calendars[roll(walk, walk->calendar_count)]);

    HOLDS(walk, r == 0 || r == WF_E_CALENDAR);
}

static void clerical(struct walk *walk)
{
    struct command command = command_blank(one_in(walk, 2) ? CMD_READ : CMD_OUTBOX);
    struct actor actor;

    if (one_in(walk, 3))
        someone(walk, NULL, &actor);
    else
        player_staff(walk, command.kind == CMD_OUTBOX ? ROLE_ADMIN : ROLE_OFFICER, 1, WALK_HOME,
                     &actor);
    command.document = "d1";
    command.reason = one_in(walk, 4) ? NULL : "lý do";
    command.skip = one_in(walk, 2);
    command.channel = one_in(walk, 2) ? "linked" : "mail";
    command.topic = "open";
    walk_log(walk, "%s%s %s", command.kind == CMD_READ ? "read" : "outbox",
             command.skip ? " given up" : "", command.channel);
    walk_apply(walk, &command, &actor);
}

/* A timer that nobody armed, or that was taken back: it must do nothing to the tokens. */
static void stray_timer(struct walk *walk)
{
    struct command command = command_blank(CMD_TIMER);
    struct actor actor;
    bool armed = false;

    party(ROLE_CLOCK, &actor);
    command.scope = (int)roll(walk, (size_t)walk->dossier->next_task + 1);
    command.epoch = (int)roll(walk, 4);
    command.rung = (int)roll(walk, 4) - 1;
    for (size_t i = 0; i < walk->timer_count; i++)
        armed = armed ||
                (walk->timers[i].scope == command.scope && walk->timers[i].epoch == command.epoch &&
                 walk->timers[i].rung == command.rung &&
                 walk->timers[i].fire_at.us <= walk->setting.now.us);
    if (armed || command.rung >= 0)
        command.rung = -1, command.epoch = 1000;
    walk_log(walk, "stray timer (%d, %d, %d)", command.scope, command.epoch, command.rung);
    HOLDS(walk, walk_apply(walk, &command, &actor) == WF_E_NOT_DUE);
}

static void time_passes(struct walk *walk)
{
    static const int64_t spans[] = {US_PER_MINUTE, US_PER_HOUR,    US_PER_HOUR * 4, US_PER_DAY,
                                    US_PER_DAY,    US_PER_DAY * 3, US_PER_DAY * 14};
    int64_t span = DICE_PICK(&walk->dice, spans) * (int64_t)(1 + roll(walk, 3));
    wall_t until = {walk->setting.now.us + span};

    if (one_in(walk, 15)) { /* a clock set back; what was written stays in order */
        walk->setting.now.us -= (int64_t)roll(walk, 3600) * US_PER_SECOND;
        return;
    }
    walk_run(walk, until, one_in(walk, 4));
}

void player_act(struct walk *walk)
{
    size_t kind = roll(walk, 40);

    if (kind < 5)
        time_passes(walk);
    else if (kind < 9 && linked(walk))
        return;
    else if (kind >= 9 && kind < 13 && post(walk))
        return;
    else if (kind == 13 && one_in(walk, 3))
        recalculate(walk);
    else if (kind == 14)
        clerical(walk);
    else if (kind == 15)
        stray_timer(walk);
    else
        action(walk);
}

static void answers(struct walk *walk, struct dossier *d)
{
    static const char *const kinds[] = {"a", "b", "c"};
    const struct procedure *p = walk->procedure;
    struct arena *arena = walk->arena;

    for (size_t i = 0; i < p->field_count; i++) {
        const struct field *field = &p->form[i];

        if (!field->required && one_in(walk, 3))
            continue;
        if (field->type == FIELD_BOOLEAN)
            value_set(arena, d->form, field->id,
                      value_bool(arena, field->required || one_in(walk, 2)));
        else if (field->type == FIELD_INTEGER)
            value_set(
                arena, d->form, field->id,
                value_int(arena, (int64_t)field->min +
                                     (int64_t)roll(walk, (size_t)(field->max - field->min) + 1)));
        else
            value_set(arena, d->form, field->id,
                      value_string(arena, slice_str(DICE_PICK(&walk->dice, kinds))));
    }
}

static void prepare(struct walk *walk)
{
    const struct procedure *p = walk->procedure;
    struct dossier *d = walk->dossier;
    static const enum channel channels[] = {CHANNEL_DIRECT, CHANNEL_ONLINE, CHANNEL_POST};

    do
        d->channel = DICE_PICK(&walk->dice, channels);
    while (!p->channel_open[d->channel]);
    d->delivery = p->postal_return && one_in(walk, 2) ? DELIVERY_POST
                  : one_in(walk, 2)                   ? DELIVERY_ELECTRONIC
                                                      : DELIVERY_COUNTER;
    if (one_in(walk, 3))
        d->applicant.waiver = "poor";
    if (one_in(walk, 4))
        d->applicant.kind = "business";
    if (one_in(walk, 4))
        d->agency_receiving = WALK_DESK;
    if (p->case_count > 0)
        d->case_id = p->cases[roll(walk, p->case_count)].id;
    answers(walk, d);
    for (size_t i = 0; i < p->paper_count; i++) {
        if (one_in(walk, 2))
            continue;
        d->papers =
            arena_grow(walk->arena, d->papers, d->paper_count, &d->paper_cap, sizeof(*d->papers));
        d->papers[d->paper_count++] = (struct dossier_paper){
            .paper = p->papers[i].id, .originals = -1, .certified = -1, .copies = 1};
    }
}

void player_file(struct walk *walk)
{
    struct command command = command_blank(CMD_SUBMIT);
    struct actor actor;
    /* Tết 2026, around a make-up Saturday, and any other time of these months. */
    static const int months[] = {1, 2, 2, 4, 4, 8};
    int month = DICE_PICK(&walk->dice, months);
    const char *lent_for[] = {NULL, walk->procedure->code, "1.000000"};

    walk->setting.calendar = walk->calendars[roll(walk, walk->calendar_count)];
    walk->setting.now =
        day_at(day_from_ymd(2026, month, 1 + (int)roll(walk, 28)), (int)roll(walk, 1440));
    walk->lent = (struct delegated){100 * ROLE_OFFICER + 1, ROLE_OFFICER, WALK_HOME,
                                    lent_for[roll(walk, 3)]};
    walk->lent_from.us = walk->setting.now.us + (int64_t)roll(walk, 5) * US_PER_DAY;
    walk->lent_to.us = walk->lent_from.us + (int64_t)roll(walk, 30) * US_PER_DAY;
    prepare(walk);
    if (walk->dossier->channel == CHANNEL_DIRECT)
        player_staff(walk, ROLE_RECEIVER, 1, walk->dossier->agency_receiving, &actor);
    else
        citizen(false, &actor);
    if (walk->dossier->channel == CHANNEL_DIRECT && one_in(walk, 4))
        command.action = SLICE_LIT("accept");
    walk_log(walk, "filed %s at %s%s", channel_code(walk->dossier->channel),
             walk->dossier->agency_receiving, command.action.len > 0 ? ", accepted at once" : "");
    walk_apply(walk, &command, &actor);
    if (walk->result != 0 && command.action.len > 0) {
        command.action = SLICE_NULL;
        walk_apply(walk, &command, &actor);
    }
    HOLDS(walk, walk->result == 0 || walk->result == WF_E_CALENDAR ||
                    strcmp(walk->refusal.code, "automatic_chain") == 0);
    walk->tally->submitted += walk->result == 0;
}
