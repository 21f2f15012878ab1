#include "service/migration.h"

#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "conf/places.h"
#include "service/registry.h"
#include "service/service.h"

#define STEPS_MAX 4096

struct migration_plan {
    struct arena *arena;
    struct migrate migrate;
    const char *reason, *note;
    bool rehearsal;
};

static bool reaches(void *ctx, const struct dossier *moved)
{
    return places_have(ctx, moved);
}

/* The order's own memory is the statement's answer. */
static struct value *copied(struct arena *arena, const struct value *map)
{
    struct value *copy = value_new(arena, VALUE_MAP);

    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_member *member = &map->map.members[i];

        value_set(arena, copy, arena_slice_str(arena, member->key),
                  value_string(arena, member->value->string));
    }
    return copy;
}

struct migration_plan *migration_plan_new(struct service *service, const struct value *order)
{
    const struct procedure *to =
        registry_procedure(service->registry, value_get_int(order, "to_id", 0));
    struct arena *arena;
    struct migration_plan *plan;
    struct places *places;

    if (to == NULL)
        return NULL;
    arena = arena_new();
    places = places_new(arena, to);
    if (places == NULL) {
        arena_free(arena);
        return NULL;
    }
    plan = ARENA_NEW(arena, struct migration_plan);
    plan->arena = arena;
    plan->migrate = (struct migrate){.to = to,
                                     .steps = copied(arena, value_get(order, "steps")),
                                     .order = value_get_int(order, "id", 0),
                                     .reaches = reaches,
                                     .ctx = places};
    plan->reason = arena_str(arena, value_get_str(order, "reason"));
    plan->note = arena_printf(arena, "Lệnh chuyển phiên bản số %lld của %s",
                              (long long)plan->migrate.order, value_get_str(order, "ordered_by"));
    plan->rehearsal = value_get_bool(order, "rehearsal", true);
    return plan;
}

struct migration_plan *migration_plan_free(struct migration_plan *plan)
{
    if (plan != NULL)
        arena_free(plan->arena);
    return NULL;
}

int64_t migration_plan_order(const struct migration_plan *plan)
{
    return plan->migrate.order;
}

bool migration_plan_rehearses(const struct migration_plan *plan)
{
    return plan->rehearsal;
}

struct command migration_plan_command(const struct migration_plan *plan)
{
    struct command command = command_blank(CMD_MIGRATE);

    command.migrate = &plan->migrate;
    command.reason = plan->reason;
    command.note = plan->note;
    return command;
}

/* Where each token was and where it stands now, had it not gone on by itself. */
static const char *steps_of(struct arena *arena, const struct decided *decided)
{
    const struct dossier *before = decided->dossier, *after = decided->outcome->after;
    struct buf buf = BUF_INIT(STEPS_MAX);
    struct jw jw = JW_INIT(&buf);
    const char *text;

    jw_array(&jw);
    for (size_t i = 0; i < before->task_count; i++) {
        const struct task *task = &before->tasks[i], *moved = dossier_task(after, task->no);

        if (task->state != TASK_OPEN || moved == NULL)
            continue;
        jw_array(&jw);
        jw_str(&jw, before->procedure->steps[task->step].id);
        jw_str(&jw, after->procedure->steps[moved->step].id);
        jw_end_array(&jw);
    }
    jw_end_array(&jw);
    text = arena_slice_str(arena, buf_slice(&buf));
    buf_release(&buf);
    return text;
}

static void refused(struct arena *arena, const struct refusal *refusal, struct migration_line *line)
{
    /* In that version already: a clock that did not live to say so has moved it. */
    if (strcmp(refusal->code, "migrate_same_version") == 0) {
        line->outcome = "moved";
    } else if (strcmp(refusal->code, "dossier_ended") == 0) {
        line->outcome = "ended";
    } else {
        line->outcome = "refused";
        line->rule = refusal->code;
        line->message = arena_str(arena, refusal->message);
    }
}

void migration_line(struct arena *arena, const struct decided *decided, bool again,
                    struct migration_line *ret)
{
    *ret = (struct migration_line){.rule = "", .message = "", .steps = ""};
    if (again)
        return;
    switch (decided->kind) {
    case DECIDE_APPLIED:
        ret->outcome = "moved";
        ret->steps = steps_of(arena, decided);
        return;
    case DECIDE_GONE:
        ret->outcome = "ended";
        return;
    case DECIDE_REFUSED:
        refused(arena, &decided->refusal, ret);
        return;
    case DECIDE_RULE:
        ret->rule = arena_str(arena, decided->constraint);
        break;
    case DECIDE_UNSURE:
        ret->rule = store_error_name(decided->store_code);
        break;
    case DECIDE_DUPLICATE:
    case DECIDE_FIRED:
        break;
    }
    ret->outcome = "failed";
    ret->message = "Không ghi được vào cơ sở dữ liệu; xem nhật ký của dvcd.";
}
