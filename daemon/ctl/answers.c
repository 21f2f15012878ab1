#include "ctl/answers.h"

#include <float.h>
#include <string.h>

#include "base/num.h"
#include "core/form.h"
#include "ctl/ctl.h"

static const struct field *find_field(const struct procedure *p, struct slice id)
{
    for (size_t i = 0; i < p->field_count; i++) {
        if (slice_is(id, p->form[i].id))
            return &p->form[i];
    }
    return NULL;
}

static struct value *list_of(struct arena *arena, struct slice text)
{
    struct value *list = value_new(arena, VALUE_LIST);
    struct slice word;

    while (slice_next(&text, ',', &word))
        value_append(arena, list, value_string(arena, slice_trim(word)));
    return list;
}

static struct value *number_of(struct arena *arena, struct slice text)
{
    struct value *value;
    int64_t integer;
    double real;

    if (num_parse_i64(text, INT64_MIN, INT64_MAX, &integer) == 0)
        return value_int(arena, integer);
    if (num_parse_double(text, -DBL_MAX, DBL_MAX, &real) != 0)
        return value_string(arena, text);
    value = value_new(arena, VALUE_REAL);
    value->real = real;
    return value;
}

/* As the field's kind has it; what cannot be that stays a text, for form_check to say so. */
static struct value *value_of(struct arena *arena, const struct field *field, struct slice text)
{
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_NUMBER:
    case FIELD_MONEY:
        return number_of(arena, text);
    case FIELD_BOOLEAN:
        if (slice_is(text, "true") || slice_is(text, "false"))
            return value_bool(arena, slice_is(text, "true"));
        break;
    case FIELD_MULTI:
        return list_of(arena, text);
    case FIELD_TEXT:
    case FIELD_TEXTAREA:
    case FIELD_DATE:
    case FIELD_SELECT:
    case FIELD_CITIZEN_ID:
    case FIELD_PHONE:
    case FIELD_EMAIL:
    case FIELD_TAX_CODE:
    case FIELD_COMMUNE:
        break;
    }
    return value_string(arena, text);
}

/* Whether the fault is one of an answer that was given: those that were not are nobody's fault
 * here. A pledge that is answered with no is wanted to be yes ("required"), which is played as
 * answered. */
static bool matters(const struct form_fault *fault, const struct value *form)
{
    struct slice pointer = slice_str(fault->pointer), id;

    if (strcmp(fault->code, "hidden") == 0 || strcmp(fault->code, "required") == 0)
        return false;
    return slice_next(&pointer, '/', &id) && slice_next(&pointer, '/', &id) &&
           slice_next(&pointer, '/', &id) && value_get_slice(form, id) != NULL;
}

static int judge(struct arena *arena, const struct procedure *procedure, const struct value *form,
                 day_t today, struct value **ret_right)
{
    struct form_faults faults = {0};
    int result = CTL_OK;

    form_check(arena, procedure, form, today, NULL, NULL, ret_right, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        if (!matters(&faults.items[i], form))
            continue;
        ctl_error("--form: %s", faults.items[i].message);
        result = CTL_E_USAGE;
    }
    return result;
}

int answers_read(struct arena *arena, const struct procedure *procedure, const struct slice *words,
                 size_t count, day_t today, struct value **ret_form)
{
    struct value *form = value_new(arena, VALUE_MAP), *right;

    for (size_t i = 0; i < count; i++) {
        size_t equal = (size_t)slice_find(words[i], '=', 0);
        const char *id = arena_slice_str(arena, slice_sub(words[i], 0, equal));
        const struct field *field = find_field(procedure, slice_str(id));

        if (field == NULL)
            return ctl_misuse("%s has no field '%s' in its form", procedure->code, id);
        value_set(arena, form, id,
                  value_of(arena, field, slice_sub(words[i], equal + 1, words[i].len - equal - 1)));
    }
    if (judge(arena, procedure, form, today, &right) != 0)
        return CTL_E_USAGE;
    /* In the spelling in which a dossier has them. */
    for (size_t i = 0; i < value_count(right); i++)
        value_set(arena, form, right->map.members[i].key.ptr, right->map.members[i].value);
    *ret_form = form;
    return 0;
}
