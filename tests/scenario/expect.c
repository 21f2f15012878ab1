#include "script.h"

#include "base/num.h"
#include "core/workflow_offer.h"
#include "world.h"

#include <string.h>

static const char *say(struct script *script, wall_t at)
{
    struct buf buf = BUF_INIT(64);
    const char *text;

    if (wall_is_none(at))
        return "none";
    buf_add_wall(&buf, at);
    text = arena_slice_str(script->arena, slice_sub(buf_slice(&buf), 0, 16));
    buf_release(&buf);
    return text;
}

static void same(struct script *script, const char *what, const char *is, struct slice wanted)
{
    if (!slice_is(wanted, is))
        script_fault(script, "%s is %s, expected %.*s", what, is, (int)wanted.len, wanted.ptr);
}

static void number(struct script *script, const char *what, int is, struct slice wanted)
{
    int64_t expected;

    if (wanted.len > 0 && wanted.ptr[0] == '+')
        wanted = slice_sub(wanted, 1, wanted.len - 1);
    if (num_parse_i64(wanted, -1000000000, 1000000000, &expected) != 0 || expected != is)
        script_fault(script, "%s is %d, expected %.*s", what, is, (int)wanted.len, wanted.ptr);
}

static void refused(struct script *script, int kind, struct slice code)
{
    const struct world *world = script->world;

    if (world->result == 0)
        script_fault(script, "was not refused");
    else if (kind != 0 && world->result != kind)
        script_fault(script, "refused with %d (%s)", world->result, world->refusal.code);
    else if (code.len > 0)
        same(script, "refusal", world->refusal.code, code);
    script->refusal_open = false;
}

static const struct task *find_task(struct script *script, struct slice step)
{
    const struct dossier *d = script->world->dossier;

    for (size_t i = 0; i < d->task_count; i++) {
        if (slice_is(step, d->procedure->steps[d->tasks[i].step].id))
            return &d->tasks[i];
    }
    return NULL;
}

static void task(struct script *script, struct slice step)
{
    const struct task *task = find_task(script, step);
    struct slice key, wanted;

    if (task == NULL) {
        script_fault(script, "no open task on %.*s", (int)step.len, step.ptr);
        return;
    }
    while (script_word(script, &key) && script_word(script, &wanted)) {
        if (slice_is(key, "role"))
            same(script, "role", task->role == ROLE_NONE ? "none" : role_code(task->role), wanted);
        else if (slice_is(key, "due"))
            same(script, "due of the task", say(script, task->due), wanted);
        else if (slice_is(key, "agency"))
            same(script, "agency", task->agency != NULL ? task->agency : "none", wanted);
        else if (slice_is(key, "assignee"))
            number(script, "assignee", (int)task->assignee, wanted);
        else
            script_fault(script, "a task has no %.*s", (int)key.len, key.ptr);
    }
}

/* Notices of a kind since `listen`, to a role ("applicant": to the citizen's account). */
static int told(struct script *script, const char *kind, struct slice whom)
{
    const struct world *world = script->world;
    int count = 0;

    for (size_t i = 0; i < world->notice_count; i++) {
        const struct notice_row *row = &world->notices[i];
        const char *to = row->account == 1 ? "applicant" : "assignee";

        if (row->account == 0)
            to = role_code(row->role);
        count += strcmp(row->kind, kind) == 0 && (whom.len == 0 || slice_is(whom, to));
    }
    return count;
}

static void warned(struct script *script, struct slice whom, bool wanted)
{
    struct slice word;
    int count = told(script, "warned", whom);

    if (script_word(script, &word))
        number(script, "count of warnings", count, word);
    else if ((count > 0) != wanted)
        script_fault(script, "%.*s was %swarned", (int)whom.len, whom.ptr, count > 0 ? "" : "not ");
}

static void delta(struct script *script, struct slice code)
{
    const struct outcome *last = script->world->last;
    struct slice wanted;
    int sum = 0;

    for (size_t i = 0; last != NULL && i < last->delta_count; i++) {
        if (slice_is(code, measure_code(last->deltas[i].measure)))
            sum += last->deltas[i].count;
    }
    if (script_word(script, &wanted))
        number(script, "delta", sum, wanted);
}

static void ledger(struct script *script, struct slice kind)
{
    const struct dossier *d = script->world->dossier;
    struct slice reason;
    bool found = false;

    if (!script_word(script, &reason))
        reason = SLICE_NULL;
    for (size_t i = 0; i < d->hold_count; i++)
        found = found || (slice_is(kind, d->holds[i].kind) &&
                          (reason.len == 0 || slice_is(reason, d->holds[i].reason)));
    if (!found)
        script_fault(script, "no %.*s in the ledger", (int)kind.len, kind.ptr);
}

static void offered(struct script *script, struct slice action, bool wanted)
{
    struct world *world = script->world;
    struct slice word;
    struct actor actor;
    bool found = false;

    if (!script_word(script, &word) || !slice_is(word, "by") || !script_word(script, &word) ||
        !world_actor(world, word, &actor)) {
        script_fault(script, "offered to whom?");
        return;
    }
    for (size_t i = 0; i <= world->dossier->task_count; i++) {
        const struct task *task = i == 0 ? NULL : &world->dossier->tasks[i - 1];
        struct offer *offers;
        size_t count =
            workflow_offers(script->arena, world->dossier, task, &actor, &world->setting, &offers);

        for (size_t j = 0; j < count; j++)
            found = found || slice_is(action, offers[j].action);
    }
    if (found != wanted)
        script_fault(script, "%.*s is %soffered", (int)action.len, action.ptr, found ? "" : "not ");
}

static void form(struct script *script, struct slice code)
{
    const struct dossier *d = script->world->dossier;

    for (size_t i = 0; i < d->form_count; i++) {
        if (slice_is(code, form_id_code(d->forms[i].form)))
            return;
    }
    script_fault(script, "no form %.*s", (int)code.len, code.ptr);
}

/* `sum MEASURE N`: the figure over the dossier's whole life. */
static void sum(struct script *script, struct slice code)
{
    struct slice wanted;

    for (int measure = 0; measure < MEASURE_COUNT; measure++) {
        if (slice_is(code, measure_code((enum measure)measure)) && script_word(script, &wanted)) {
            number(script, "sum", world_sum(script->world, (enum measure)measure), wanted);
            return;
        }
    }
    script_fault(script, "no measure: %.*s", (int)code.len, code.ptr);
}

/* `fee ID AMOUNT`, `fee ID waived`; `no fee ID`. */
static void fee(struct script *script, struct slice id, bool wanted)
{
    const struct dossier *d = script->world->dossier;
    const struct dossier_fee *found = NULL;
    struct slice word;

    for (size_t i = 0; i < d->fee_count && found == NULL; i++)
        found = slice_is(id, d->fees[i].fee) ? &d->fees[i] : NULL;
    if ((found != NULL) != wanted)
        script_fault(script, "%s fee %.*s", wanted ? "no" : "there is a", (int)id.len, id.ptr);
    else if (wanted && script_word(script, &word) && slice_is(word, "waived") != found->waived)
        script_fault(script, "the fee %.*s is %swaived", (int)id.len, id.ptr,
                     found->waived ? "" : "not ");
    else if (wanted && !found->waived)
        number(script, "the fee", (int)found->amount, word);
}

static void event(struct script *script, struct slice kind)
{
    const struct world *world = script->world;

    if (world->event_count == 0)
        script_fault(script, "no event");
    else
        same(script, "last event", world->events[world->event_count - 1].kind, kind);
}

/* expect linked residence open: as the dossier knows it now. */
static void linked(struct script *script, struct slice as)
{
    const struct dossier_link *link =
        dossier_link_as(script->world->dossier, arena_slice_str(script->arena, as));
    struct slice word = SLICE_NULL;

    script_word(script, &word);
    same(script, "linked dossier", link != NULL ? link_state_code(link->state) : "none", word);
}

static void sent(struct script *script, struct slice channel)
{
    const struct world *world = script->world;
    struct slice topic = SLICE_NULL;

    script_word(script, &topic);
    for (size_t i = 0; i < world->outbox_count; i++) {
        if (slice_is(channel, world->outbox[i].channel) && slice_is(topic, world->outbox[i].topic))
            return;
    }
    script_fault(script, "nothing of %.*s went to %.*s", (int)topic.len, topic.ptr,
                 (int)channel.len, channel.ptr);
}

static void order(struct script *script, struct slice topic)
{
    const struct world *world = script->world;

    for (size_t i = 0; i < world->outbox_count; i++) {
        if (strcmp(world->outbox[i].channel, "vnpost") == 0 &&
            slice_is(topic, world->outbox[i].topic))
            return;
    }
    script_fault(script, "nothing of %.*s went to the post", (int)topic.len, topic.ptr);
}

static void about_dossier(struct script *script, struct slice what, struct slice word)
{
    const struct dossier *d = script->world->dossier;

    if (slice_is(what, "state"))
        same(script, "state", state_info(d->state)->code, word);
    else if (slice_is(what, "clock"))
        same(script, "clock", clock_state_code(d->clock), word);
    else if (slice_is(what, "due"))
        same(script, "due", say(script, d->due_current), word);
    else if (slice_is(what, "due_first"))
        same(script, "first due", say(script, d->due_first), word);
    else if (slice_is(what, "intake_due"))
        same(script, "intake due", say(script, d->intake_due), word);
    else if (slice_is(what, "finished"))
        same(script, "finished", say(script, d->finished_at), word);
    else if (slice_is(what, "received"))
        same(script, "received", say(script, d->received_at), word);
    else if (slice_is(what, "returned"))
        same(script, "returned", say(script, d->returned_at), word);
    else if (slice_is(what, "on_time"))
        same(script, "on time", legally_late(d->due_current, d->finished_at) ? "no" : "yes", word);
    else if (slice_is(what, "status"))
        number(script, "status", dossier_national(d), word);
    else if (slice_is(what, "tasks"))
        number(script, "open tasks", (int)dossier_open_tasks(d), word);
    else if (slice_is(what, "timers"))
        number(script, "armed timers", (int)script->world->play.timer_count, word);
    else if (slice_is(what, "completion"))
        number(script, "completion", workflow_completion(d), word);
    else if (slice_is(what, "decision"))
        number(script, "decision", (int)d->decision, word);
    else if (slice_is(what, "parcel"))
        same(script, "parcel",
             d->parcel_count > 0 ? parcel_state_code(d->parcels[d->parcel_count - 1].state)
                                 : "none",
             word);
    else
        script_fault(script, "cannot expect %.*s", (int)what.len, what.ptr);
}

void script_expect(struct script *script)
{
    struct slice what, word = SLICE_NULL;
    bool wanted = true;

    if (!script_word(script, &what)) {
        script_fault(script, "expect what?");
        return;
    }
    if (slice_is(what, "no") || slice_is(what, "not")) {
        wanted = false;
        script_word(script, &what);
    }
    script_word(script, &word);
    if (slice_is(what, "refused"))
        refused(script, WF_E_REFUSED, word);
    else if (slice_is(what, "forbidden"))
        refused(script, WF_E_FORBIDDEN, word);
    else if (slice_is(what, "gone"))
        refused(script, WF_E_TASK_GONE, word);
    else if (slice_is(what, "stale"))
        refused(script, WF_E_STALE, word);
    else if (slice_is(what, "stale_news"))
        refused(script, WF_E_NOT_DUE, SLICE_LIT("link_settled"));
    else if (slice_is(what, "beyond"))
        refused(script, WF_E_CALENDAR, word);
    else if (slice_is(what, "task") && wanted)
        task(script, word);
    else if (slice_is(what, "task") && find_task(script, word) != NULL)
        script_fault(script, "a task on %.*s is open", (int)word.len, word.ptr);
    else if (slice_is(what, "warned"))
        warned(script, word, wanted);
    else if (slice_is(what, "told"))
        (void)(told(script, arena_slice_str(script->arena, word), SLICE_NULL) > 0
                   ? (void)0
                   : script_fault(script, "nobody was told %.*s", (int)word.len, word.ptr));
    else if (slice_is(what, "delta"))
        delta(script, word);
    else if (slice_is(what, "sum"))
        sum(script, word);
    else if (slice_is(what, "ledger"))
        ledger(script, word);
    else if (slice_is(what, "offered"))
        offered(script, word, wanted);
    else if (slice_is(what, "form"))
        form(script, word);
    else if (slice_is(what, "fee"))
        fee(script, word, wanted);
    else if (slice_is(what, "event"))
        event(script, word);
    else if (slice_is(what, "order"))
        order(script, word);
    else if (slice_is(what, "linked"))
        linked(script, word);
    else if (slice_is(what, "sent"))
        sent(script, word);
    else if (!slice_is(what, "task"))
        about_dossier(script, what, word);
}
