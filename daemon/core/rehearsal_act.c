#include "core/rehearsal_act.h"

#include "core/workflow_builtin.h"
#include "core/workflow_offer.h"

#include <string.h>

#define SOMEBODY "Người thử nghiệm"

/* ---- notes ---- */

static struct rehearsal_step *step_of(struct rehearsal *out, int task)
{
    for (size_t i = 0; i < out->step_count; i++) {
        if (out->steps[i].task == task)
            return &out->steps[i];
    }
    return NULL;
}

static void note_opened(struct rehearsing *r, const struct task *task)
{
    struct rehearsal *out = r->out;

    out->steps =
        arena_grow(r->arena, out->steps, out->step_count, &out->step_cap, sizeof(*out->steps));
    out->steps[out->step_count++] = (struct rehearsal_step){
        .task = task->no,
        .step = &r->plan->procedure->steps[task->step],
        .agency = task->agency,
        .opened_at = task->opened_at,
        .closed_at = WALL_NONE,
        .timeout_at = WALL_NONE,
        .how = REHEARSAL_OPEN,
        .dossier_due = WALL_NONE,
    };
}

static void note_closed(const struct rehearsing *r, struct rehearsal_step *row,
                        const struct task *task, const struct outcome *outcome)
{
    row->closed_at = task->closed_at;
    if (task->state == TASK_CANCELLED) {
        row->how = REHEARSAL_TAKEN_AWAY;
    } else if (outcome->fires && outcome->fire_rung < 0 && outcome->fire_scope == task->no) {
        row->how = REHEARSAL_TIMED_OUT;
    } else if (task->no != r->task) {
        row->how = REHEARSAL_BY_ITSELF;
    } else {
        row->how = REHEARSAL_ACTED;
        row->action = r->action;
    }
}

static void note_timers(struct rehearsing *r, const struct outcome *outcome)
{
    struct rehearsal *out = r->out;
    const struct dossier *after = outcome->after;

    for (size_t i = 0; i < outcome->timer_count; i++) {
        const struct timer_row *row = &outcome->timers[i];
        const struct task *task = row->scope != 0 ? dossier_task(after, row->scope) : NULL;

        out->timers = arena_grow(r->arena, out->timers, out->timer_count, &out->timer_cap,
                                 sizeof(*out->timers));
        out->timers[out->timer_count++] = (struct rehearsal_timer){
            .at = row->fire_at,
            .scope = row->scope,
            .epoch = row->epoch,
            .rung = row->rung,
            .step = task != NULL ? &after->procedure->steps[task->step] : NULL,
        };
        if (row->rung < 0 && task != NULL)
            step_of(out, task->no)->timeout_at = row->fire_at;
    }
    for (size_t i = 0; outcome->fires && i < out->timer_count; i++) {
        struct rehearsal_timer *timer = &out->timers[i];

        if (timer->scope == outcome->fire_scope && timer->epoch == outcome->fire_epoch &&
            timer->rung == outcome->fire_rung)
            timer->fired = true;
    }
}

struct dossier *rehearsal_keep(void *ctx, struct outcome *outcome)
{
    struct rehearsing *r = ctx;
    struct dossier *after = outcome->after;

    for (size_t i = 0; i < after->task_count; i++) {
        const struct task *task = &after->tasks[i];
        struct rehearsal_step *row = step_of(r->out, task->no);

        if (row == NULL) {
            note_opened(r, task);
            row = step_of(r->out, task->no);
        }
        row->due = task->due;
        if (task->state != TASK_OPEN)
            note_closed(r, row, task, outcome);
        row->dossier_due = after->due_current;
        row->clock = after->clock;
    }
    note_timers(r, outcome);
    return after;
}

/* ---- when ---- */

static int beyond(int error)
{
    return error != 0 ? REHEARSAL_E_CALENDAR : 0;
}

/* The next moment at which somebody is at the desk; the very end of a working day counts. */
static int at_desk(const struct rehearsing *r, wall_t *ret)
{
    wall_t at = {r->setting.now.us - 1};
    int error = calendar_next_opening(r->setting.calendar, at, &at);

    if (error == 0)
        *ret = at.us > r->setting.now.us ? at : r->setting.now;
    return beyond(error);
}

static int half_way(const struct rehearsing *r, wall_t from, wall_t due, wall_t *ret)
{
    int64_t work;
    int error = calendar_work_between(r->setting.calendar, from, due, &work);

    if (error == 0)
        error = calendar_add_work(r->setting.calendar, from, work / 2, ret);
    return beyond(error);
}

static int at_work(const struct rehearsing *r, const struct task *task, wall_t *ret)
{
    int error;

    if (r->plan->pace == PACE_NOW || wall_is_none(task->due) || task->due.us <= r->setting.now.us)
        return at_desk(r, ret);
    *ret = task->due;
    if (r->plan->pace == PACE_LIMIT)
        return 0;
    error = half_way(r, task->counted_from, task->due, ret);
    return error == 0 && ret->us < r->setting.now.us ? at_desk(r, ret) : error;
}

const struct timer_row *rehearsal_timeout(const struct rehearsing *r, const struct task *task)
{
    for (size_t i = 0; i < r->play.timer_count; i++) {
        if (r->play.timers[i].scope == task->no && r->play.timers[i].rung < 0)
            return &r->play.timers[i];
    }
    return NULL;
}

/* The latest of those that are still out. */
static int linked_until(const struct rehearsing *r, const struct task *task, wall_t *ret)
{
    const struct clock_rule rule = CLOCK_RULE_DEFAULT;
    const struct dossier *d = r->play.dossier;

    for (size_t i = 0; r->plan->linked_limit != NULL && i < d->link_count; i++) {
        const struct dossier_link *link = &d->links[i];
        struct limit limit;
        wall_t at = WALL_NONE;

        if (link->state != LINK_ASKED && link->state != LINK_OPEN)
            continue;
        limit = r->plan->linked_limit(r->plan->ctx, link->procedure);
        if (deadline_due(r->setting.calendar, &rule, limit, task->opened_at, &at) != 0)
            return REHEARSAL_E_CALENDAR;
        if (!wall_is_none(at) && at.us > ret->us)
            *ret = at;
    }
    return 0;
}

static int at_party(const struct rehearsing *r, const struct task *task, wall_t *ret)
{
    const struct step *step = &r->plan->procedure->steps[task->step];
    const struct timer_row *timeout = rehearsal_timeout(r, task);
    wall_t latest = r->setting.now;
    int error = 0;

    *ret = latest;
    if (r->plan->pace == PACE_NOW || step->wait == WAIT_POST)
        return 0;
    if (step->wait == WAIT_LINKED)
        error = linked_until(r, task, &latest);
    else if (timeout != NULL && timeout->fire_at.us > latest.us)
        latest = timeout->fire_at;
    if (error == 0 && r->plan->pace == PACE_HALF)
        latest.us = r->setting.now.us + (latest.us - r->setting.now.us) / 2;
    *ret = latest;
    return error;
}

int rehearsal_moment(const struct rehearsing *r, const struct task *task, wall_t *ret)
{
    return task->role == ROLE_NONE ? at_party(r, task, ret) : at_work(r, task, ret);
}

int rehearsal_wait(struct rehearsing *r, wall_t at)
{
    r->play.result = 0;
    if (at.us > r->setting.now.us) {
        playback_run(&r->play, (wall_t){at.us - 1});
        r->setting.now = at;
    }
    return r->play.result == WF_E_CALENDAR ? REHEARSAL_E_CALENDAR : 0;
}

/* ---- who, and with what ---- */

static struct actor citizen(void)
{
    return (struct actor){.account = 1, .kind = ACCOUNT_CITIZEN, .id_number = REHEARSAL_ID_NUMBER};
}

static struct actor staff(struct rehearsing *r, enum role role, const char *agency, int64_t account)
{
    struct grant *grant = ARENA_NEW(r->arena, struct grant);

    *grant = (struct grant){.role = role, .agency = agency};
    return (struct actor){
        .account = account != 0 ? account : 100 * (int64_t)role,
        .kind = ACCOUNT_STAFF,
        .grants = grant,
        .grant_count = 1,
    };
}

static struct actor actor_for(struct rehearsing *r, const struct task *task,
                              const struct action *action)
{
    enum role role = action->by != ROLE_NONE ? action->by : task->role;
    const char *agency = task->agency != NULL ? task->agency : r->plan->agency;

    if (role == ROLE_APPLICANT)
        return citizen();
    if (!role_is_staff(role))
        return playback_party(role);
    return staff(r, role, agency, role == task->role ? task->assignee : 0);
}

static void give_documents(struct rehearsing *r, struct command *command)
{
    command->documents = ARENA_NEW(r->arena, struct dossier_paper);
    command->documents->paper = r->plan->procedure->papers[0].id;
    command->documents->originals = command->documents->certified = -1;
    command->documents->copies = 1;
    command->document_count = 1;
}

/* The least that each need takes. */
static void fill(struct rehearsing *r, unsigned needs, struct command *command)
{
    const struct procedure *p = r->plan->procedure;
    struct slice somebody = SLICE_LIT(SOMEBODY);

    command->reason = "Chạy thử";
    if ((needs & NEED_PAPERS) != 0 && p->paper_count > 0) {
        command->papers = value_new(r->arena, VALUE_LIST);
        value_append(r->arena, command->papers, value_string(r->arena, slice_str(p->papers[0].id)));
    }
    if ((needs & NEED_DOCUMENTS) != 0 && p->paper_count > 0)
        give_documents(r, command);
    if ((needs & NEED_RESULT) != 0) {
        command->result = ARENA_NEW(r->arena, struct dossier_result);
        command->result->signed_at = WALL_NONE;
        command->result->code = p->result_count > 0 ? p->results[0].code : NULL;
    }
    if ((needs & NEED_RECEIVER) != 0) {
        command->receiver = value_new(r->arena, VALUE_MAP);
        value_set(r->arena, command->receiver, "name", value_string(r->arena, somebody));
    }
    if ((needs & NEED_ASSIGNEE) != 0)
        command->assignee = 100 * (int64_t)ROLE_OFFICER;
    if ((needs & NEED_RECEIPT) != 0)
        command->receipt = "BL-1";
}

/* ---- the acts ---- */

/* What of the dossier the post has to fetch is at the desk as soon as it is filed. */
static int collect(struct rehearsing *r)
{
    const struct dossier *d = r->play.dossier;
    struct command command = command_blank(CMD_POSTAL);
    struct actor actor = playback_party(ROLE_POST);
    const struct parcel *parcel = d->parcel_count > 0 ? &d->parcels[d->parcel_count - 1] : NULL;

    if (parcel == NULL || parcel->direction != PARCEL_COLLECT ||
        parcel_final(parcel->direction, parcel->state))
        return 0;
    command.order_number = slice_str(parcel->order_number);
    command.parcel = (struct parcel_event){
        .source_id = "1", .at = r->setting.now, .state = PARCEL_HANDED_OVER, .moves = true};
    return playback_apply(&r->play, &command, &actor);
}

int rehearsal_file(struct rehearsing *r)
{
    struct command command = command_blank(CMD_SUBMIT);
    struct actor actor = r->play.dossier->channel == CHANNEL_DIRECT
                             ? staff(r, ROLE_RECEIVER, r->plan->agency, 0)
                             : citizen();
    int error = playback_apply(&r->play, &command, &actor);

    return error == 0 ? collect(r) : error;
}

bool rehearsal_owes(const struct rehearsing *r)
{
    return !dossier_fees_paid(r->play.dossier, FEE_BEFORE_RESULT);
}

int rehearsal_pay(struct rehearsing *r)
{
    struct actor actor = playback_party(ROLE_PAYMENT);
    struct rehearsal *out = r->out;
    int error = 0;

    for (size_t i = 0; error == 0 && i < r->play.dossier->fee_count; i++) {
        const struct dossier_fee *fee = &r->play.dossier->fees[i];
        struct command command = command_blank(CMD_ACTION);

        if (fee->waived || !wall_is_none(fee->paid_at))
            continue;
        out->payments = arena_grow(r->arena, out->payments, out->payment_count, &out->payment_cap,
                                   sizeof(*out->payments));
        out->payments[out->payment_count++] =
            (struct rehearsal_payment){r->setting.now, fee->fee, fee->amount};
        command.action = SLICE_LIT("pay");
        command.fee = fee->fee;
        command.receipt = "BL-1";
        error = playback_apply(&r->play, &command, &actor);
    }
    return error;
}

static int by_post(struct rehearsing *r, const struct action *action)
{
    const struct dossier *d = r->play.dossier;
    struct command command = command_blank(CMD_POSTAL);
    struct actor actor = playback_party(ROLE_POST);
    enum parcel_state state = PARCEL_RETURNED_TO_AGENCY;

    if (d->parcel_count == 0 || (strcmp(action->id, "came_back") != 0 &&
                                 parcel_state_parse(slice_str(action->id), &state) != 0))
        return WF_E_REFUSED;
    command.order_number = slice_str(d->parcels[d->parcel_count - 1].order_number);
    command.parcel = (struct parcel_event){
        .source_id = action->id, .at = r->setting.now, .state = state, .moves = true};
    return playback_apply(&r->play, &command, &actor);
}

/* `done` follows when all have ended well, `failed` when they have not. */
static int by_linked(struct rehearsing *r, const struct task *task, const struct action *action)
{
    bool good = strcmp(action->id, "done") == 0;
    struct actor actor = playback_party(ROLE_LINKED);
    int error = 0;

    for (size_t i = 0; error == 0 && i < r->play.dossier->link_count; i++) {
        const struct dossier_link *link = &r->play.dossier->links[i];
        struct command command = command_blank(CMD_LINKED);
        const struct task *waiting = dossier_task(r->play.dossier, task->no);

        if (waiting == NULL || waiting->state != TASK_OPEN)
            break;
        if (link->state != LINK_ASKED && link->state != LINK_OPEN)
            continue;
        command.link = link->no;
        command.link_code = link->procedure;
        command.link_over = true;
        command.link_end = good ? STATE_FINISHED : STATE_REFUSED;
        error = playback_apply(&r->play, &command, &actor);
    }
    return error;
}

int rehearsal_act(struct rehearsing *r, const struct task *task, const struct action *action)
{
    struct command command = command_blank(CMD_ACTION);
    struct actor actor = actor_for(r, task, action);
    int no = task->no, error = 0;

    r->task = no;
    r->action = action;
    if (action->by == ROLE_POST) {
        error = by_post(r, action);
    } else if (action->by == ROLE_LINKED) {
        error = by_linked(r, task, action);
    } else if (action->by == ROLE_PAYMENT && rehearsal_owes(r)) {
        error = rehearsal_pay(r);
    } else {
        command.task = no;
        command.action = slice_str(action->id);
        fill(r, action->needs, &command);
        error = playback_apply(&r->play, &command, &actor);
    }
    r->task = 0;
    task = dossier_task(r->play.dossier, no);
    /* Whoever was to move the token did not: the engine would have said why, of a person. */
    if (error == 0 && task != NULL && task->state == TASK_OPEN)
        error = WF_E_REFUSED;
    return error;
}

int rehearsal_builtin(struct rehearsing *r, struct slice id)
{
    const struct builtin *builtin = workflow_builtin(id);
    struct command command = command_blank(CMD_ACTION);
    struct actor actor = staff(r, ROLE_LEADER, r->plan->agency, 0);

    if (builtin == NULL || builtin->on_task)
        return WF_E_REFUSED;
    if (slice_is(id, "pay"))
        return rehearsal_pay(r);
    if (slice_is(id, "withdraw"))
        actor = citizen();
    command.action = id;
    command.note = "Chạy thử";
    fill(r, builtin->needs, &command);
    return playback_apply(&r->play, &command, &actor);
}

int rehearsal_silence(struct rehearsing *r, const struct task *task)
{
    const struct timer_row *timeout = rehearsal_timeout(r, task);

    if (timeout == NULL)
        return WF_E_REFUSED;
    r->play.result = 0;
    playback_run(&r->play, timeout->fire_at);
    return r->play.result;
}

static bool offered(struct rehearsing *r, const struct task *task, const struct action *action)
{
    struct actor actor = actor_for(r, task, action);
    struct offer *offers;
    size_t count;

    if (action->name == NULL) /* the daemon's own: taken when its time has come */
        return true;
    count = workflow_offers(r->arena, r->play.dossier, task, &actor, &r->setting, &offers);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(offers[i].action, action->id) == 0)
            return true;
    }
    return false;
}

size_t rehearsal_offers(struct rehearsing *r, const char *const **ret)
{
    const struct dossier *d = r->play.dossier;
    const char **list = NULL;
    size_t count = 0, cap = 0;

    for (size_t i = 0; i < d->task_count; i++) {
        const struct task *task = &d->tasks[i];
        const struct step *step = &d->procedure->steps[task->step];

        for (size_t j = 0; task->state == TASK_OPEN && j < step->action_count; j++) {
            if (!offered(r, task, &step->actions[j]))
                continue;
            list = arena_grow(r->arena, list, count, &cap, sizeof(*list));
            list[count++] = step->actions[j].id;
        }
        if (task->state == TASK_OPEN && rehearsal_timeout(r, task) != NULL) {
            list = arena_grow(r->arena, list, count, &cap, sizeof(*list));
            list[count++] = REHEARSAL_TIMEOUT;
        }
    }
    *ret = list;
    return count;
}
