/* Where a dossier may stand in the shipped building permit, asked as migrate asks. */
#include "conf/places.h"

#include "conf_fixture.h"
#include "dvc_test.h"

#define HOUR(n) ((wall_t){INT64_C(1772409600000000) + (n)*US_PER_HOUR})

struct standing {
    struct arena *arena;
    struct procedure *procedure;
    struct places *places;
    struct dossier *dossier;
};

static struct standing standing_new(void)
{
    struct standing s = {.arena = arena_new()};

    s.procedure = fixture_compile(s.arena, fixture_plugin(s.arena, "1.013225"));
    s.places = places_new(s.arena, s.procedure);
    cr_assert(s.places != NULL && places_count(s.places) > 10);
    s.dossier = dossier_new(s.arena, s.procedure);
    return s;
}

static struct task *put(struct standing *s, const char *step, int group)
{
    struct dossier *d = s->dossier;
    struct task *task;

    d->tasks = arena_grow(s->arena, d->tasks, d->task_count, &d->task_cap, sizeof(*d->tasks));
    task = &d->tasks[d->task_count++];
    *task = (struct task){.no = (int)d->task_count, .state = TASK_OPEN, .group = group};
    task->step = procedure_step(s->procedure, slice_str(step));
    cr_assert(task->step >= 0, "%s", step);
    return task;
}

static void accepted(struct standing *s)
{
    s->dossier->received_at = HOUR(1);
    s->dossier->clock = CLOCK_RUNNING;
}

static void held(struct standing *s, const char *reason)
{
    struct dossier *d = s->dossier;

    accepted(s);
    d->clock = CLOCK_HELD;
    d->holds = arena_grow(s->arena, d->holds, d->hold_count, &d->hold_cap, sizeof(*d->holds));
    d->holds[d->hold_count++] =
        (struct hold){.no = 1, .from = HOUR(2), .to = WALL_NONE, .kind = "hold", .reason = reason};
}

DVC_TEST(places, one_desk_at_its_time)
{
    struct standing s = standing_new();

    put(&s, "receive", 0);
    cr_assert(places_have(s.places, s.dossier));
    accepted(&s);
    cr_assert(!places_have(s.places, s.dossier), "reception is over after acceptance");
    s.dossier->tasks[0].step = procedure_step(s.procedure, SLICE_LIT("appraise"));
    cr_assert(places_have(s.places, s.dossier));
    s.dossier->clock = CLOCK_ENDED;
    cr_assert(!places_have(s.places, s.dossier), "appraisal is over after the result");
    s.dossier->tasks[0].step = procedure_step(s.procedure, SLICE_LIT("return_result"));
    cr_assert(places_have(s.places, s.dossier));
    arena_free(s.arena);
}

DVC_TEST(places, a_wait_needs_its_hold)
{
    struct standing s = standing_new();

    put(&s, "supplement", 0);
    accepted(&s);
    cr_assert(!places_have(s.places, s.dossier), "the clock never runs there");
    held(&s, "supplement");
    cr_assert(places_have(s.places, s.dossier));
    s.dossier->tasks[0].step = procedure_step(s.procedure, SLICE_LIT("review"));
    cr_assert(!places_have(s.places, s.dossier), "and never stands still there,");
    s.dossier->holds[0].reason = "suspended";
    cr_assert(places_have(s.places, s.dossier), "but by the office's own order");
    arena_free(s.arena);
}

DVC_TEST(places, branches_that_were_opened_together)
{
    struct standing s = standing_new();

    accepted(&s);
    put(&s, "ask_fire", 4);
    cr_assert(places_have(s.places, s.dossier), "the other has answered");
    put(&s, "ask_environment", 4);
    cr_assert(places_have(s.places, s.dossier));
    s.dossier->tasks[1].group = 5;
    cr_assert(!places_have(s.places, s.dossier), "of two splits");
    s.dossier->tasks[1].group = 0;
    cr_assert(!places_have(s.places, s.dossier), "one in no branch");
    s.dossier->tasks[1].group = 4;
    s.dossier->tasks[1].step = procedure_step(s.procedure, SLICE_LIT("review"));
    cr_assert(!places_have(s.places, s.dossier), "not of one split");
    s.dossier->tasks[1].step = s.dossier->tasks[0].step;
    cr_assert(!places_have(s.places, s.dossier), "the same opinion twice");
    s.dossier->tasks[1].state = TASK_DONE;
    cr_assert(places_have(s.places, s.dossier), "what is done does not stand");
    arena_free(s.arena);
}
