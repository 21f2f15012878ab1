#include "migrate_fixture.h"

#include "dvc_test.h"

struct procedure *second_copy(struct engine *engine)
{
    struct procedure *to = ARENA_NEW(engine->arena, struct procedure);

    *to = *engine->procedure;
    to->version = engine->procedure->version + 1;
    to->steps = ARENA_ARRAY(engine->arena, struct step, to->step_count);
    for (size_t i = 0; i < to->step_count; i++)
        to->steps[i] = engine->procedure->steps[i];
    return to;
}

struct second second_new(void)
{
    struct second s = {.engine = engine_new(), .reason = "Quyết định 12/QĐ-UBND"};

    s.to = second_copy(s.engine);
    s.migrate = (struct migrate){.to = s.to, .order = 31};
    return s;
}

int second_move(struct second *s)
{
    struct engine *engine = s->engine;
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};
    struct command command = command_blank(CMD_MIGRATE);
    struct outcome *outcome = NULL;
    int r;

    command.migrate = &s->migrate;
    command.reason = s->reason;
    engine->refusal = (struct refusal){"", "", ""};
    r = workflow_apply(engine->arena, engine->dossier, &command, &actor, &engine->setting, &outcome,
                       &engine->refusal);
    engine->last = r == 0 ? outcome : NULL;
    if (r == 0)
        engine->dossier = dossier_copy(engine->arena, outcome->after);
    return r;
}

bool second_said(const struct second *s, const char *part)
{
    struct slice body = engine_body(s->engine);

    return memmem(body.ptr, body.len, part, strlen(part)) != NULL;
}

void second_refused(struct second *s, const char *code)
{
    DVC_EQ_INT(second_move(s), WF_E_REFUSED);
    DVC_EQ_STR(s->engine->refusal.code, code);
    cr_assert(s->engine->dossier->procedure == s->engine->procedure, "nothing changed");
    engine_free(s->engine);
}

bool second_reaches(void *ctx, const struct dossier *moved)
{
    (void)moved;
    return *(bool *)ctx;
}

struct value *second_map(struct second *s, const char *from, const char *to)
{
    struct value *map = value_new(s->engine->arena, VALUE_MAP);

    value_set(s->engine->arena, map, from, value_string(s->engine->arena, slice_str(to)));
    return map;
}
