#include "conf/check_fit.h"

#include <regex.h>
#include <string.h>

#include "base/utf8.h"
#include "conf/schema.h"
#include "core/form.h"

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
    day_t day;

    if (value->kind == VALUE_BOOL)
        return target->type == FIELD_BOOLEAN && (value->boolean || !target->required);
    if (value->kind == VALUE_INT)
        return is_number(target->type);
    if (value->kind == VALUE_REAL)
        return target->type == FIELD_NUMBER;
    if (target->type == FIELD_SELECT)
        return option_of(target, value->string);
    if (target->type == FIELD_DATE)
        return day_parse(value->string, &day) == 0;
    return is_text(target->type) || target->type == FIELD_COMMUNE;
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

/* What a source can hold at least and at most, and whether anything bounds it. */
struct span {
    bool has_min, has_max;
    double min, max;
};

static struct span number_span(const struct fit *fit)
{
    const struct value *constant = fit->constant;
    double value;

    if (constant == NULL)
        return (struct span){fit->field->has_min, fit->field->has_max, fit->field->min,
                             fit->field->max};
    value = constant->kind == VALUE_INT ? (double)constant->integer : constant->real;
    return (struct span){true, true, value, value};
}

static struct span date_span(const struct fit *fit)
{
    const struct field *field = fit->field;
    day_t day = DAY_NONE;

    if (fit->constant != NULL && day_parse(fit->constant->string, &day) != 0)
        return (struct span){.has_min = false};
    if (fit->constant != NULL)
        return (struct span){true, true, day.n, day.n};
    return (struct span){!day_is_none(field->min_date), !day_is_none(field->max_date),
                         field->min_date.n, field->max_date.n};
}

static int most_letters(const struct field *field)
{
    if (field->max_length > 0)
        return field->max_length;
    return field->type == FIELD_TEXTAREA ? FORM_TEXTAREA_LENGTH : FORM_TEXT_LENGTH;
}

static struct span length_span(const struct fit *fit)
{
    double length;

    if (fit->constant == NULL)
        return (struct span){true, true, fit->field->min_length, most_letters(fit->field)};
    length = (double)utf8_length(fit->constant->string);
    return (struct span){true, true, length, length};
}

static bool below(const struct span *span, double min)
{
    return !span->has_min || span->min < min;
}

static bool above(const struct span *span, double max)
{
    return !span->has_max || span->max > max;
}

static const char *number_bounds(struct arena *arena, const struct fit *fit,
                                 const struct field *target)
{
    struct span span = number_span(fit);

    if (target->has_min && below(&span, target->min))
        return arena_printf(arena, "cần \"min\" từ %.15g trở lên", target->min);
    if (target->has_max && above(&span, target->max))
        return arena_printf(arena, "cần \"max\" không quá %.15g", target->max);
    return NULL;
}

static const char *date_bounds(struct arena *arena, const struct fit *fit,
                               const struct field *target)
{
    struct span span = date_span(fit);
    struct buf day = BUF_INIT(32);
    const char *text = NULL;

    if (!day_is_none(target->min_date) && below(&span, target->min_date.n)) {
        buf_add_day_vi(&day, target->min_date);
        text = arena_printf(arena, "cần \"min_date\" từ %s trở đi", day.ptr);
    } else if (!day_is_none(target->max_date) && above(&span, target->max_date.n)) {
        buf_add_day_vi(&day, target->max_date);
        text = arena_printf(arena, "cần \"max_date\" không sau %s", day.ptr);
    } else if (target->not_future && fit->field != NULL && !fit->field->not_future) {
        text = "cần \"not_future: true\"";
    }
    buf_release(&day);
    return text;
}

static bool pattern_refuses(const struct fit *fit, const struct field *target)
{
    return fit->constant != NULL && target->regex != NULL &&
           regexec(target->regex, fit->constant->string.ptr, 0, NULL, 0) != 0;
}

static const char *text_bounds(struct arena *arena, const struct fit *fit,
                               const struct field *target)
{
    struct span span = length_span(fit);

    if (below(&span, target->min_length))
        return arena_printf(arena, "cần \"min_length\" từ %d trở lên", target->min_length);
    if (above(&span, most_letters(target)))
        return arena_printf(arena, "cần \"max_length\" không quá %d", most_letters(target));
    return pattern_refuses(fit, target) ? "không theo mẫu (pattern) của trường đó" : NULL;
}

const char *fit_bounds(struct arena *arena, const struct fit *fit, const struct field *target)
{
    /* What is known of the applicant and of the result is short, and checked where it comes in. */
    if (fit->constant == NULL && fit->field == NULL)
        return NULL;
    if (is_number(target->type))
        return number_bounds(arena, fit, target);
    if (target->type == FIELD_DATE)
        return date_bounds(arena, fit, target);
    if (is_text(target->type) && (fit->constant != NULL || is_text(fit->type)))
        return text_bounds(arena, fit, target);
    return NULL;
}

const char *fit_name(struct arena *arena, const struct fit *fit)
{
    if (fit->constant != NULL)
        return schema_found(arena, fit->constant);
    return field_type_code(fit->type);
}
