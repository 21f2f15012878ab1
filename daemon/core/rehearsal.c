#include "core/rehearsal.h"

#include "core/rehearsal_act.h"
#include "core/workflow_builtin.h"
#include "core/workflow_effect.h"

#include <string.h>

#define PLACES_MAX 5000 /* more than any procedure of the law has, and soon gone through */

enum goal {
    GOAL_STRAIGHT, /* the result in hand, and no place passed twice */
    GOAL_ROUND,    /* the same, passing a place again when it was prepared elsewhere meanwhile */
    GOAL_ANY_END,
    GOAL_COUNT
};

enum { NO_WAY = 128 }; /* apart from enum rehearsal_error and WF_E_* */

struct search {
    struct rehearsing *r;
    enum goal goal;
    const char **places; /* been there */
    size_t count, cap;
};

/* ---- going back ---- */

struct snapshot {
    struct playback play;
    struct rehearsal out;
    wall_t now;
};

static void *copy_items(struct arena *arena, const void *items, size_t count, size_t size)
{
    void *copy = arena_alloc(arena, count * size + 1);

    if (count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

#define COPY(arena, at, items, count, cap)                                                         \
    do {                                                                                           \
        (at)->items = copy_items((arena), (at)->items, (at)->count, sizeof(*(at)->items));         \
        (at)->cap = (at)->count;                                                                   \
    } while (0)

static struct snapshot snapshot(const struct rehearsing *r)
{
    struct snapshot s = {r->play, *r->out, r->setting.now};

    COPY(r->arena, &s.play, timers, timer_count, timer_cap);
    COPY(r->arena, &s.play, fired, fired_count, fired_cap);
    COPY(r->arena, &s.out, steps, step_count, step_cap);
    COPY(r->arena, &s.out, timers, timer_count, timer_cap);
    COPY(r->arena, &s.out, payments, payment_count, payment_cap);
    return s;
}

/* A snapshot is good for one return: what is done next is done to its arrays. */
static void go_back(struct rehearsing *r, const struct snapshot *s)
{
    struct refusal refusal = r->play.refusal;

    r->play = s->play;
    r->play.refusal = refusal;
    *r->out = s->out;
    r->setting.now = s->now;
}

/* ---- the main path ---- */

static bool over(const struct rehearsing *r)
{
    return state_info(r->play.dossier->state)->terminal;
}

/* Where the tokens stand, what the clock does, what is owed: the same place again leads nowhere
 * new. */
static const char *place_of(const struct search *s)
{
    const struct dossier *d = s->r->play.dossier;
    struct buf text = BUF_INIT(64 * 1024);
    const char *place;

    for (size_t i = 0; i < d->procedure->step_count; i++) {
        for (size_t j = 0; j < d->task_count; j++) {
            if (d->tasks[j].state == TASK_OPEN && d->tasks[j].step == (int)i)
                buf_addf(&text, "%zu ", i);
        }
    }
    buf_addf(&text, "%s %d", clock_state_code(d->clock), rehearsal_owes(s->r));
    for (size_t i = 0; s->goal != GOAL_STRAIGHT && i < d->procedure->step_count; i++)
        buf_addc(&text, d->visits[i] > 0 ? '+' : '-');
    place = arena_str(s->r->arena, text.ptr);
    buf_release(&text);
    return place;
}

static bool been_here(struct search *s)
{
    const char *place = place_of(s);

    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->places[i], place) == 0)
            return true;
    }
    if (s->count == PLACES_MAX)
        return true;
    s->places = arena_grow(s->r->arena, s->places, s->count, &s->cap, sizeof(*s->places));
    s->places[s->count++] = place;
    return false;
}

/* The open task that is worked on first. 0, NO_WAY or REHEARSAL_E_CALENDAR. */
static int first_task(const struct rehearsing *r, struct slice step, struct slice action,
                      const struct task **ret, wall_t *ret_at)
{
    const struct dossier *d = r->play.dossier;
    int error = 0;

    *ret = NULL;
    for (size_t i = 0; error == 0 && i < d->task_count; i++) {
        const struct task *task = &d->tasks[i];
        const struct step *spec = &d->procedure->steps[task->step];
        wall_t at = WALL_NONE;

        if (task->state != TASK_OPEN || (step.len > 0 && !slice_is(step, spec->id)))
            continue;
        if (slice_is(action, REHEARSAL_TIMEOUT) && rehearsal_timeout(r, task) == NULL)
            continue;
        if (action.len > 0 && !slice_is(action, REHEARSAL_TIMEOUT) &&
            step_action(spec, action) == NULL)
            continue;
        error = rehearsal_moment(r, task, &at);
        if (error == 0 && (*ret == NULL || at.us < ret_at->us)) {
            *ret = task;
            *ret_at = at;
        }
    }
    return error == 0 && *ret == NULL ? NO_WAY : error;
}

static bool wanted(enum goal goal, const struct action *action)
{
    if (effects_issue(action->effects, action->effect_count, FORM_SUPPLEMENT_REQUEST))
        return false;
    return goal == GOAL_ANY_END || action->to.kind != TARGET_END ||
           action->to.end == STATE_RETURNED;
}

static int go_on(struct search *s);

/* After an act: onwards, or back to before it. */
static int onwards(struct search *s, int acted, const struct snapshot *before)
{
    int error = acted == 0 ? go_on(s) : NO_WAY;

    if (acted == WF_E_CALENDAR)
        return REHEARSAL_E_CALENDAR;
    if (error == NO_WAY)
        go_back(s->r, before);
    return error;
}

/* What may be done at this place, one after the other, until something leads to the goal. */
static int try_all(struct search *s, const struct task *task)
{
    struct rehearsing *r = s->r;
    const struct step *step = &r->plan->procedure->steps[task->step];
    struct snapshot before;
    int error = NO_WAY;

    for (size_t i = 0; error == NO_WAY && i < step->action_count; i++) {
        if (!wanted(s->goal, &step->actions[i]))
            continue;
        before = snapshot(r);
        error = onwards(s, rehearsal_act(r, task, &step->actions[i]), &before);
    }
    if (error == NO_WAY && rehearsal_owes(r)) {
        before = snapshot(r);
        error = onwards(s, rehearsal_pay(r), &before);
    }
    if (error == NO_WAY && step->timeout.present) {
        before = snapshot(r);
        error = onwards(s, rehearsal_silence(r, task), &before);
    }
    return error;
}

static int go_on(struct search *s)
{
    struct rehearsing *r = s->r;
    const struct task *task;
    int no, error;
    wall_t at = WALL_NONE;

    if (over(r))
        return s->goal == GOAL_ANY_END || r->play.dossier->state == STATE_RETURNED ? 0 : NO_WAY;
    if (been_here(s))
        return NO_WAY;
    error = first_task(r, SLICE_NULL, SLICE_NULL, &task, &at);
    if (error != 0)
        return error;
    no = task->no;
    error = rehearsal_wait(r, at);
    if (error != 0)
        return error;
    /* Meanwhile the clock may have done something itself. */
    task = dossier_task(r->play.dossier, no);
    if (task == NULL || task->state != TASK_OPEN)
        return go_on(s);
    return try_all(s, task);
}

static int main_path(struct rehearsing *r)
{
    int error = over(r) ? 0 : NO_WAY;

    for (int goal = GOAL_STRAIGHT; error == NO_WAY && goal < GOAL_COUNT; goal++) {
        struct search s = {.r = r, .goal = (enum goal)goal};
        struct snapshot before = snapshot(r);

        error = go_on(&s);
        if (error == NO_WAY)
            go_back(r, &before);
    }
    return error == NO_WAY ? REHEARSAL_E_NO_WAY : error;
}

/* ---- the path that is named ---- */

static bool fee_in_the_way(const struct rehearsing *r)
{
    const char *code = r->play.refusal.code;

    return code != NULL && strcmp(code, "fee_unpaid") == 0;
}

static int act_on(struct rehearsing *r, const struct task *task, struct slice name)
{
    const struct step *step = &r->plan->procedure->steps[task->step];
    const struct action *action = step_action(step, name);
    int no = task->no, error;

    if (slice_is(name, REHEARSAL_TIMEOUT))
        return rehearsal_silence(r, task);
    error = rehearsal_act(r, task, action);
    if (error == 0 || !fee_in_the_way(r))
        return error;
    error = rehearsal_pay(r);
    task = dossier_task(r->play.dossier, no);
    return error == 0 && task != NULL ? rehearsal_act(r, task, action) : error;
}

static int take(struct rehearsing *r, struct slice word)
{
    struct slice step = SLICE_NULL, name = word;
    ptrdiff_t dot = slice_find(word, '.', 0);
    const struct task *task;
    wall_t at = WALL_NONE;
    int no, error;

    if (dot >= 0) {
        step = slice_sub(word, 0, (size_t)dot);
        name = slice_sub(word, (size_t)dot + 1, word.len - (size_t)dot - 1);
    }
    error = first_task(r, step, name, &task, &at);
    if (error == NO_WAY && step.len == 0 && workflow_builtin(name) != NULL)
        return rehearsal_builtin(r, name);
    if (error != 0)
        return error;
    no = task->no;
    if (!slice_is(name, REHEARSAL_TIMEOUT))
        error = rehearsal_wait(r, at);
    task = dossier_task(r->play.dossier, no);
    if (error == 0 && (task == NULL || task->state != TASK_OPEN))
        error = NO_WAY;
    return error == 0 ? act_on(r, task, name) : error;
}

static int walk(struct rehearsing *r)
{
    const struct rehearsal_plan *plan = r->plan;

    for (size_t i = 0; i < plan->path_count; i++) {
        int error;

        r->out->at = i;
        if (over(r))
            return REHEARSAL_E_ENDED;
        r->play.refusal = (struct refusal){NULL, NULL, NULL};
        error = take(r, plan->path[i]);
        if (error == WF_E_CALENDAR || error == REHEARSAL_E_CALENDAR)
            return REHEARSAL_E_CALENDAR;
        if (error != 0) {
            r->out->offer_count = rehearsal_offers(r, &r->out->offers);
            return REHEARSAL_E_ACTION;
        }
    }
    return main_path(r);
}

int rehearse(struct arena *arena, const struct rehearsal_plan *plan, struct rehearsal *ret)
{
    struct dossier *d = dossier_copy(arena, plan->dossier);
    struct rehearsing r = {.arena = arena, .plan = plan, .setting = plan->setting, .out = ret};
    int error;

    *ret = (struct rehearsal){.end = d};
    d->agency_receiving = d->agency_competent = plan->agency;
    d->applicant.id_number = REHEARSAL_ID_NUMBER;
    d->on_behalf = "self";
    r.play = (struct playback){
        .arena = arena,
        .setting = &r.setting,
        .dossier = d,
        .code = arena_printf(arena, "%s-0", plan->agency),
        .keep = rehearsal_keep,
        .ctx = &r,
    };
    error = rehearsal_file(&r);
    if (error == 0)
        error = walk(&r);
    else
        error = error == WF_E_CALENDAR ? REHEARSAL_E_CALENDAR : REHEARSAL_E_FILING;
    ret->end = r.play.dossier;
    ret->stray = r.play.stray;
    ret->refusal = r.play.refusal;
    return error;
}
