#include "conf/check_fit.h"

#include <string.h>

#include "conf/schema.h"

/* What a dossier has beside its form. An applicant's e-mail may be missing, as his identity number
 * when it is a foreigner's; a result is there when the plugin opens after signing, which the
 * dossier itself says. */
static const struct {
    const char *path;
    enum field_type type;
    bool always;
} known_paths[] = {
    {"applicant.name", FIELD_TEXT, true},
    {"applicant.id_number", FIELD_CITIZEN_ID, true},
    {"applicant.phone", FIELD_PHONE, true},
    {"applicant.email", FIELD_EMAIL, false},
    {"applicant.address.province", FIELD_TEXT, true},
    {"applicant.address.commune", FIELD_COMMUNE, true},
    {"applicant.address.line", FIELD_TEXT, true},
    {"dossier.code", FIELD_TEXT, true},
    {"result.number", FIELD_TEXT, true},
    {"result.signed_on", FIELD_DATE, true},
};

const struct field *fit_field(const struct procedure *procedure, const char *id)
{
    for (size_t i = 0; i < procedure->field_count; i++) {
        if (strcmp(procedure->form[i].id, id) == 0)
            return &procedure->form[i];
    }
    return NULL;
}

bool fit_required(const struct field *field)
{
    return field->required && field->show_if == NULL;
}

static bool same(const struct expr *a, const struct expr *b)
{
    return a != NULL && b != NULL && slice_eq(expr_text(a), expr_text(b));
}

/* Shown always or by the very condition of the spawn, and then owed. */
static bool always_there(const struct field *field, const struct spawn *spawn)
{
    bool shown = field->show_if == NULL || same(field->show_if, spawn->when);

    return shown && (field->required || same(field->required_if, spawn->when));
}

void fit_source(const struct procedure *procedure, const struct spawn *spawn,
                const struct spawn_source *source, struct fit *ret)
{
    *ret = (struct fit){.known = true, .always = true, .constant = source->constant};
    if (source->constant != NULL)
        return;
    for (size_t i = 0; i < DVC_COUNT(known_paths); i++) {
        if (strcmp(known_paths[i].path, source->path) == 0) {
            ret->type = known_paths[i].type;
            ret->always = known_paths[i].always;
            return;
        }
    }
    if (strncmp(source->path, "form.", 5) == 0)
        ret->field = fit_field(procedure, source->path + 5);
    ret->known = ret->field != NULL;
    if (ret->known) {
        ret->type = ret->field->type;
        ret->always = always_there(ret->field, spawn);
    }
}

static bool option_of(const struct field *field, struct slice value)
{
    for (size_t i = 0; i < field->option_count; i++) {
        if (slice_is(value, field->options[i].value))
            return true;
    }
    return false;
}

static bool options_within(const struct field *from, const struct field *to)
{
    for (size_t i = 0; i < from->option_count; i++) {
        if (!option_of(to, slice_str(from->options[i].value)))
            return false;
    }
    return true;
}

static bool is_number(enum field_type type)
{
    return type == FIELD_INTEGER || type == FIELD_NUMBER || type == FIELD_MONEY;
}

static bool is_text(enum field_type type)
{
    return type == FIELD_TEXT || type == FIELD_TEXTAREA;
}

static bool constant_fits(const struct value *value, const struct field *target)
{
    if (value->kind == VALUE_BOOL)
        return target->type == FIELD_BOOLEAN && (value->boolean || !target->required);
    if (value->kind == VALUE_INT)
        return is_number(target->type);
    if (value->kind == VALUE_REAL)
        return target->type == FIELD_NUMBER;
    if (target->type == FIELD_SELECT)
        return option_of(target, value->string);
    return is_text(target->type) || target->type == FIELD_COMMUNE || target->type == FIELD_DATE;
}

bool fit_type(const struct fit *fit, const struct field *target)
{
    if (fit->constant != NULL)
        return constant_fits(fit->constant, target);
    if (target->type == FIELD_SELECT || target->type == FIELD_MULTI)
        return fit->type == target->type && options_within(fit->field, target);
    if (is_number(target->type))
        return fit->type == target->type || fit->type == FIELD_INTEGER ||
               (target->type == FIELD_NUMBER && fit->type == FIELD_MONEY);
    if (is_text(target->type))
        return !is_number(fit->type) && fit->type != FIELD_BOOLEAN && fit->type != FIELD_MULTI;
    return fit->type == target->type;
}

const char *fit_name(struct arena *arena, const struct fit *fit)
{
    if (fit->constant != NULL)
        return schema_found(arena, fit->constant);
    return field_type_code(fit->type);
}
