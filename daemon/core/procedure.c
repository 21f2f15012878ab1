#include "core/procedure.h"

#include <string.h>

static const char *const level_codes[] = {
    [LEVEL_FULL] = "full",
    [LEVEL_PARTIAL] = "partial",
    [LEVEL_INFO] = "info",
};

static const char *const authority_codes[] = {
    [AUTHORITY_PROVINCE] = "province",
    [AUTHORITY_DEPARTMENT] = "department",
    [AUTHORITY_COMMUNE] = "commune",
};

static const char *const field_type_codes[] = {
    [FIELD_TEXT] = "text",       [FIELD_TEXTAREA] = "textarea",
    [FIELD_INTEGER] = "integer", [FIELD_NUMBER] = "number",
    [FIELD_BOOLEAN] = "boolean", [FIELD_DATE] = "date",
    [FIELD_SELECT] = "select",   [FIELD_MULTI] = "multi",
    [FIELD_PHONE] = "phone",     [FIELD_CITIZEN_ID] = "citizen_id",
    [FIELD_EMAIL] = "email",     [FIELD_TAX_CODE] = "tax_code",
    [FIELD_COMMUNE] = "commune", [FIELD_MONEY] = "money",
};

static const char *const effect_codes[] = {
    [EFFECT_ACCEPT] = "accept",
    [EFFECT_PAUSE] = "pause",
    [EFFECT_RESUME] = "resume",
    [EFFECT_RESTART] = "restart",
    [EFFECT_FINISH] = "finish",
    [EFFECT_ISSUE] = "issue",
    [EFFECT_REQUEST_PAYMENT] = "request_payment",
    [EFFECT_POST_COLLECT] = "post_collect",
    [EFFECT_POST_RETURN] = "post_return",
    [EFFECT_NOTIFY] = "notify",
    [EFFECT_SPAWN] = "spawn",
    [EFFECT_PUBLISH_RESULT] = "publish_result",
    [EFFECT_TAKE_BACK] = "take_back",
    [EFFECT_CORRECT_RESULT] = "correct_result",
};

int procedure_step(const struct procedure *procedure, struct slice id)
{
    for (size_t i = 0; i < procedure->step_count; i++) {
        if (slice_is(id, procedure->steps[i].id))
            return (int)i;
    }
    return -1;
}

const struct action *step_action(const struct step *step, struct slice id)
{
    for (size_t i = 0; i < step->action_count; i++) {
        if (slice_is(id, step->actions[i].id))
            return &step->actions[i];
    }
    return NULL;
}

bool effects_have(const struct effect *effects, size_t count, enum effect_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        if (effects[i].kind == kind)
            return true;
    }
    return false;
}

bool effects_issue(const struct effect *effects, size_t count, enum form_id form)
{
    for (size_t i = 0; i < count; i++) {
        if (effects[i].kind == EFFECT_ISSUE && effects[i].form == form)
            return true;
    }
    return false;
}

bool procedure_has_effect(const struct procedure *procedure, enum effect_kind kind)
{
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct step *step = &procedure->steps[i];

        for (size_t a = 0; a < step->action_count; a++) {
            if (effects_have(step->actions[a].effects, step->actions[a].effect_count, kind))
                return true;
        }
        if (effects_have(step->timeout.effects, step->timeout.effect_count, kind))
            return true;
    }
    return false;
}

bool procedure_has_wait(const struct procedure *procedure, enum wait_for wait)
{
    for (size_t i = 0; i < procedure->step_count; i++) {
        if (procedure->steps[i].wait == wait)
            return true;
    }
    return false;
}

const struct case_kind *procedure_case(const struct procedure *procedure, struct slice id)
{
    for (size_t i = 0; i < procedure->case_count; i++) {
        if (slice_is(id, procedure->cases[i].id))
            return &procedure->cases[i];
    }
    return NULL;
}

struct finding {
    const char *as;
    const struct spawn *found;
};

static void find_spawn(void *ctx, const struct step *step, const struct spawn *spawn)
{
    struct finding *finding = ctx;

    (void)step;
    if (finding->found == NULL && strcmp(spawn->as, finding->as) == 0)
        finding->found = spawn;
}

const struct spawn *procedure_spawn(const struct procedure *procedure, const char *as)
{
    struct finding finding = {as, NULL};

    procedure_each_spawn(procedure, find_spawn, &finding);
    return finding.found;
}

static void each_in(const struct step *step, const struct effect *effects, size_t count,
                    void (*fn)(void *ctx, const struct step *step, const struct spawn *spawn),
                    void *ctx)
{
    for (size_t i = 0; i < count; i++) {
        if (effects[i].kind == EFFECT_SPAWN)
            fn(ctx, step, effects[i].spawn);
    }
}

void procedure_each_spawn(const struct procedure *procedure,
                          void (*fn)(void *ctx, const struct step *step, const struct spawn *spawn),
                          void *ctx)
{
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct step *step = &procedure->steps[i];

        for (size_t k = 0; k < step->action_count; k++)
            each_in(step, step->actions[k].effects, step->actions[k].effect_count, fn, ctx);
        each_in(step, step->timeout.effects, step->timeout.effect_count, fn, ctx);
    }
}

struct limit procedure_limit(const struct procedure *procedure, const char *case_id,
                             enum channel channel)
{
    const struct case_kind *kind = NULL;

    DVC_REQUIRE(channel >= CHANNEL_DIRECT && channel <= CHANNEL_POST);
    if (case_id != NULL)
        kind = procedure_case(procedure, slice_str(case_id));
    if (kind != NULL && kind->has_limit && !limit_is_unset(kind->limit[channel]))
        return kind->limit[channel];
    return procedure->limit[channel];
}

enum role wait_party(enum wait_for wait)
{
    switch (wait) {
    case WAIT_NOTHING:
        break;
    case WAIT_APPLICANT:
        return ROLE_APPLICANT;
    case WAIT_PAYMENT:
        return ROLE_PAYMENT;
    case WAIT_POST:
        return ROLE_POST;
    case WAIT_LINKED:
        return ROLE_LINKED;
    }
    return ROLE_NONE;
}

const char *level_code(enum service_level level)
{
    DVC_REQUIRE(level < DVC_COUNT(level_codes));
    return level_codes[level];
}

const char *authority_code(enum authority authority)
{
    DVC_REQUIRE(authority < DVC_COUNT(authority_codes));
    return authority_codes[authority];
}

const char *field_type_code(enum field_type type)
{
    DVC_REQUIRE(type < DVC_COUNT(field_type_codes));
    return field_type_codes[type];
}

const char *effect_code(enum effect_kind kind)
{
    DVC_REQUIRE(kind < DVC_COUNT(effect_codes));
    return effect_codes[kind];
}

const char *need_code(enum need need)
{
    switch (need) {
    case NEED_REASON:
        return "reason";
    case NEED_PAPERS:
        return "papers";
    case NEED_RESULT:
        return "result";
    case NEED_RECEIVER:
        return "receiver";
    case NEED_DOCUMENTS:
        return "documents";
    case NEED_ASSIGNEE:
        return "assignee";
    case NEED_RECEIPT:
        return "receipt";
    }
    return NULL;
}
