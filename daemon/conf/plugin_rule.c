#include "conf/plugin_rule.h"

#include "conf/plugin.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The exploration meets the same fault on many ways; it is told of once. */
static bool told(const struct plugin_check *check, const char *file, uint32_t line, uint32_t column,
                 const char *text)
{
    for (size_t i = check->errors->count; i > 0; i--) {
        const struct conf_error_item *item = &check->errors->items[i - 1];

        if (item->line == line && item->column == column && strcmp(item->text, text) == 0 &&
            strcmp(item->file, file) == 0)
            return true;
    }
    return false;
}

static void fault(struct plugin_check *check, enum plugin_rule rule, const char *file,
                  uint32_t line, uint32_t column, const char *fmt, va_list args)
{
    const char *text = conf_error_text(check->arena, fmt, args);
    const char *numbered = arena_printf(check->arena, "%s [K%03d]", text, (int)rule);

    check->faults++;
    if (!told(check, file, line, column, numbered))
        conf_error(check->errors, file, line, column, "%s", numbered);
}

void rule_fault(struct plugin_check *check, enum plugin_rule rule, const struct value *at,
                const char *fmt, ...)
{
    const struct value *source = check->procedure->source;
    va_list args;

    if (at == NULL)
        at = source;
    va_start(args, fmt);
    fault(check, rule, check->file, at->line, at->column, fmt, args);
    va_end(args);
}

void rule_fault_flow(struct plugin_check *check, enum plugin_rule rule, const struct value *at,
                     const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fault(check, rule, check->workflow_file, at->line, at->column, fmt, args);
    va_end(args);
}

void plugin_check_init(struct plugin_check *check, struct arena *arena,
                       const struct procedure *procedure, const struct agency_tree *agencies,
                       const char *file, struct conf_errors *errors)
{
    const struct value *workflow = value_get(procedure->source, "workflow");
    const char *use = value_get_str(workflow, "use");

    *check = (struct plugin_check){.procedure = procedure,
                                   .agencies = agencies,
                                   .file = file,
                                   .workflow_file = file,
                                   .errors = errors,
                                   .arena = arena};
    if (use != NULL)
        check->workflow_file =
            plugin_workflow_file(arena, file, use, value_get_int(workflow, "version", 0));
}

static const struct value_member *member_of(const struct value *map, const char *key)
{
    for (size_t i = 0; map != NULL && map->kind == VALUE_MAP && i < map->map.count; i++) {
        if (slice_is(map->map.members[i].key, key))
            return &map->map.members[i];
    }
    return NULL;
}

static const struct value_member *step_member(const struct plugin_check *check,
                                              const struct step *step)
{
    const struct value *workflow = value_get(check->procedure->source, "workflow");

    return member_of(value_get(workflow, "steps"), step->id);
}

const struct value *rule_step_source(const struct plugin_check *check, const struct step *step)
{
    const struct value_member *member = step_member(check, step);

    return member == NULL ? NULL : member->value;
}

void rule_fault_step(struct plugin_check *check, enum plugin_rule rule, const struct step *step,
                     const struct action *action, const char *fmt, ...)
{
    const struct value_member *member = step_member(check, step);
    va_list args;

    if (action != NULL && member != NULL)
        member = member_of(value_get(member->value, "actions"), action->id);
    va_start(args, fmt);
    fault(check, rule, check->workflow_file, member == NULL ? 0 : member->line,
          member == NULL ? 0 : member->column, fmt, args);
    va_end(args);
}

void rule_fault_timeout(struct plugin_check *check, enum plugin_rule rule, const struct step *step,
                        const char *fmt, ...)
{
    const struct value_member *member = member_of(rule_step_source(check, step), "timeout");
    va_list args;

    va_start(args, fmt);
    fault(check, rule, check->workflow_file, member == NULL ? 0 : member->line,
          member == NULL ? 0 : member->column, fmt, args);
    va_end(args);
}
