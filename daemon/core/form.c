#include "core/form.h"

#include "core/form_text.h"
#include "core/form_value.h"

#include <math.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    FAULTS_KEPT = 100,
    KEY_SHOWN = 64, /* bytes of an unknown member's name that are repeated to the sender */
};

/* What sums of money are designed for: 15 digits of đồng. */
#define MONEY_MAX 999999999999999.0
/* Whole numbers up to here survive every JSON reader, those of browsers included. */
#define INTEGER_MAX 9007199254740991.0

struct slot {
    struct value *value; /* normalised; NULL: absent */
    bool bad;
};

struct check {
    struct arena *arena;
    const struct procedure *procedure;
    day_t today;
    expr_lookup_fn lookup;
    void *ctx;
    struct form_faults *faults;
    struct slot *slots;
    bool saw_bad; /* the condition being evaluated asked for a value that has a fault */
};

void form_fault(struct arena *arena, struct form_faults *faults, const char *code,
                const char *message, const char *pointer_fmt, ...)
{
    char pointer[256];
    va_list args;

    if (faults->count >= FAULTS_KEPT)
        return;
    va_start(args, pointer_fmt);
    vsnprintf(pointer, sizeof(pointer), pointer_fmt, args);
    va_end(args);
    faults->items =
        arena_grow(arena, faults->items, faults->count, &faults->cap, sizeof(*faults->items));
    faults->items[faults->count++] = (struct form_fault){arena_str(arena, pointer), code, message};
}

/* Each check of a value below answers the value as it is to be kept, or NULL after a fault. */
static struct value *fault(struct check *check, const struct field *field, enum form_rule rule,
                           const char *limit)
{
    form_fault(check->arena, check->faults, form_rule_code(rule),
               form_rule_message(check->arena, rule, field->label, limit), "/form/%s", field->id);
    return NULL;
}

static const char *number_text(struct check *check, double number)
{
    char *text = arena_printf(check->arena, "%.15g", number);
    char *point = strchr(text, '.');

    if (point != NULL)
        *point = ',';
    return text;
}

static const char *day_text(struct check *check, day_t day)
{
    struct buf buf = BUF_INIT(32);
    const char *text;

    buf_add_day_vi(&buf, day);
    text = arena_str(check->arena, buf.ptr);
    buf_release(&buf);
    return text;
}

/* `raw` when `text` is all of it, else a string of its own. */
static struct value *kept_text(struct check *check, struct value *raw, struct slice text)
{
    if (text.len == raw->string.len)
        return raw;
    return value_string(check->arena, text);
}

/* Browsers send line ends as they please; one spelling is stored, so that digests agree. */
static struct slice with_plain_lines(struct check *check, struct slice text)
{
    char *copy;
    size_t len = 0;

    if (slice_find(text, '\r', 0) < 0)
        return text;
    copy = arena_alloc(check->arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\r')
            copy[len++] = text.ptr[i];
        else if (i + 1 == text.len || text.ptr[i + 1] != '\n')
            copy[len++] = '\n';
    }
    return (struct slice){copy, len};
}

static bool pattern_holds(const struct field *field, const struct value *value)
{
    if (field->regex == NULL)
        return true;
    return value->string.len <= FIELD_PATTERN_BYTES &&
           regexec(field->regex, value->string.ptr, 0, NULL, 0) == 0;
}

static struct value *check_text(struct check *check, const struct field *field, struct value *raw,
                                struct slice text)
{
    bool lines = field->type == FIELD_TEXTAREA;
    int most = field->max_length;
    size_t length;
    struct value *value;

    if (most == 0)
        most = lines ? FORM_TEXTAREA_LENGTH : FORM_TEXT_LENGTH;
    if (form_has_control(text, lines))
        return fault(check, field, FORM_CONTROL, NULL);
    if (lines)
        text = with_plain_lines(check, text);
    length = form_length(text);
    if (length > (size_t)most)
        return fault(check, field, FORM_TOO_LONG, number_text(check, most));
    if (length < (size_t)field->min_length)
        return fault(check, field, FORM_TOO_SHORT, number_text(check, field->min_length));
    value = kept_text(check, raw, text);
    if (!pattern_holds(field, value))
        return fault(check, field, FORM_PATTERN, NULL);
    return value;
}

/* Outside these a year is a slip of the fingers, whatever the plugin allows. */
static bool year_plausible(day_t day)
{
    return day.n >= day_from_ymd(1800, 1, 1).n && day.n <= day_from_ymd(2200, 12, 31).n;
}

static struct value *check_date(struct check *check, const struct field *field, struct value *raw,
                                struct slice text)
{
    day_t day;

    if (day_parse(text, &day) != 0 || !year_plausible(day))
        return fault(check, field, FORM_DATE, NULL);
    if (!day_is_none(field->min_date) && day.n < field->min_date.n)
        return fault(check, field, FORM_DATE_MIN, day_text(check, field->min_date));
    if (!day_is_none(field->max_date) && day.n > field->max_date.n)
        return fault(check, field, FORM_DATE_MAX, day_text(check, field->max_date));
    if (field->not_future && day.n > check->today.n)
        return fault(check, field, FORM_FUTURE, NULL);
    return kept_text(check, raw, text);
}

/* `text` as the rule has written it. */
static struct value *respelled(struct check *check, struct value *raw, const char *text)
{
    if (slice_is(raw->string, text))
        return raw;
    return value_string(check->arena, slice_str(text));
}

static bool is_commune(struct slice text)
{
    if (text.len != 5)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return true;
}

static int option_index(const struct field *field, const struct value *value)
{
    if (value == NULL || value->kind != VALUE_STRING)
        return -1;
    for (size_t i = 0; i < field->option_count; i++) {
        if (slice_is(value->string, field->options[i].value))
            return (int)i;
    }
    return -1;
}

/* Types whose value is a text. */
static struct value *check_string(struct check *check, const struct field *field, struct value *raw)
{
    char spelled[32];
    struct slice text = slice_trim(raw->string);

    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_TEXTAREA:
        return check_text(check, field, raw, text);
    case FIELD_DATE:
        return check_date(check, field, raw, text);
    case FIELD_SELECT:
        return option_index(field, raw) >= 0 ? raw : fault(check, field, FORM_OPTION, NULL);
    case FIELD_CITIZEN_ID:
        return form_citizen_id(text, spelled) ? respelled(check, raw, spelled)
                                              : fault(check, field, FORM_CITIZEN_ID, NULL);
    case FIELD_PHONE:
        return form_phone(text, spelled) ? respelled(check, raw, spelled)
                                         : fault(check, field, FORM_PHONE, NULL);
    case FIELD_EMAIL:
        return form_email_ok(text) ? kept_text(check, raw, text)
                                   : fault(check, field, FORM_EMAIL, NULL);
    case FIELD_TAX_CODE:
        return form_tax_code(text, spelled) ? respelled(check, raw, spelled)
                                            : fault(check, field, FORM_TAX_CODE, NULL);
    case FIELD_COMMUNE:
        return is_commune(text) ? kept_text(check, raw, text)
                                : fault(check, field, FORM_COMMUNE, NULL);
    case FIELD_INTEGER:
    case FIELD_NUMBER:
    case FIELD_BOOLEAN:
    case FIELD_MULTI:
    case FIELD_MONEY:
        break;
    }
    return NULL;
}

static struct value *check_number(struct check *check, const struct field *field, struct value *raw)
{
    bool whole = field->type != FIELD_NUMBER;
    double number = raw->kind == VALUE_INT ? (double)raw->integer : raw->real;
    double least = whole ? -INTEGER_MAX : -HUGE_VAL, most = whole ? INTEGER_MAX : HUGE_VAL;

    if (whole && raw->kind == VALUE_REAL && islessgreater(trunc(number), number))
        return fault(check, field, FORM_TYPE_INTEGER, NULL);
    if (field->type == FIELD_MONEY) {
        least = 0;
        most = MONEY_MAX;
    }
    if (field->has_min)
        least = field->min;
    if (field->has_max)
        most = field->max;
    if (number < least)
        return fault(check, field, FORM_MIN, number_text(check, least));
    if (number > most)
        return fault(check, field, FORM_MAX, number_text(check, most));
    /* 5.0 is a whole number in JSON Schema; one spelling of it is stored. */
    if (whole && raw->kind == VALUE_REAL)
        return value_int(check->arena, (int64_t)number);
    return raw;
}

static struct value *check_multi(struct check *check, const struct field *field, struct value *raw)
{
    bool *seen = ARENA_ARRAY(check->arena, bool, field->option_count);

    for (size_t i = 0; i < raw->list.count; i++) {
        int index = option_index(field, raw->list.items[i]);

        if (index < 0)
            return fault(check, field, FORM_OPTION, NULL);
        if (seen[index])
            return fault(check, field, FORM_TWICE, NULL);
        seen[index] = true;
    }
    return raw;
}

static bool is_blank(const struct value *raw)
{
    if (value_is_null(raw))
        return true;
    if (raw->kind == VALUE_LIST)
        return raw->list.count == 0;
    return raw->kind == VALUE_STRING && slice_trim(raw->string).len == 0;
}

static struct value *check_value(struct check *check, const struct field *field, struct value *raw)
{
    bool number = raw->kind == VALUE_INT || raw->kind == VALUE_REAL;

    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_TEXTAREA:
    case FIELD_DATE:
    case FIELD_SELECT:
    case FIELD_CITIZEN_ID:
    case FIELD_PHONE:
    case FIELD_EMAIL:
    case FIELD_TAX_CODE:
    case FIELD_COMMUNE:
        return raw->kind == VALUE_STRING ? check_string(check, field, raw)
                                         : fault(check, field, FORM_TYPE_TEXT, NULL);
    case FIELD_INTEGER:
    case FIELD_MONEY:
        return number ? check_number(check, field, raw)
                      : fault(check, field, FORM_TYPE_INTEGER, NULL);
    case FIELD_NUMBER:
        return number ? check_number(check, field, raw)
                      : fault(check, field, FORM_TYPE_NUMBER, NULL);
    case FIELD_BOOLEAN:
        return raw->kind == VALUE_BOOL ? raw : fault(check, field, FORM_TYPE_BOOLEAN, NULL);
    case FIELD_MULTI:
        return raw->kind == VALUE_LIST ? check_multi(check, field, raw)
                                       : fault(check, field, FORM_TYPE_LIST, NULL);
    }
    return NULL;
}

/* The member of that name. Clients mostly send the fields in their order, so the place where the
 * last one was found is tried first. */
static struct value *find_member(const struct value *form, const char *id, size_t *at)
{
    struct slice key = slice_str(id);
    size_t count = form->map.count;

    for (size_t i = 0; i < count; i++) {
        size_t place = *at + i < count ? *at + i : *at + i - count;

        if (slice_eq(form->map.members[place].key, key)) {
            *at = place + 1;
            return form->map.members[place].value;
        }
    }
    return NULL;
}

/* Fills the slots; answers how many members of the form belong to a field. */
static size_t check_fields(struct check *check, const struct value *form)
{
    size_t at = 0, known = 0;

    for (size_t i = 0; i < check->procedure->field_count; i++) {
        size_t before = at;
        struct value *raw = find_member(form, check->procedure->form[i].id, &at);

        known += at != before || raw != NULL;
        if (is_blank(raw))
            continue;
        check->slots[i].value = check_value(check, &check->procedure->form[i], raw);
        check->slots[i].bad = check->slots[i].value == NULL;
    }
    return known;
}

static int field_index(const struct procedure *procedure, struct slice id)
{
    for (size_t i = 0; i < procedure->field_count; i++) {
        if (slice_is(id, procedure->form[i].id))
            return (int)i;
    }
    return -1;
}

static void report_unknown(struct check *check, const struct value *form)
{
    for (size_t i = 0; i < form->map.count && check->faults->count < FAULTS_KEPT; i++) {
        struct slice key = form_shorten(form->map.members[i].key, KEY_SHOWN);
        char escaped[2 * KEY_SHOWN + 1];
        size_t len = 0;

        if (field_index(check->procedure, form->map.members[i].key) >= 0)
            continue;
        for (size_t k = 0; k < key.len; k++) {
            bool special = key.ptr[k] == '~' || key.ptr[k] == '/';

            escaped[len++] = special ? '~' : key.ptr[k];
            if (special)
                escaped[len++] = key.ptr[k] == '~' ? '0' : '1';
        }
        escaped[len] = '\0';
        form_fault(
            check->arena, check->faults, form_rule_code(FORM_UNKNOWN),
            form_rule_message(check->arena, FORM_UNKNOWN, arena_slice_str(check->arena, key), NULL),
            "/form/%s", escaped);
    }
}

static const struct value *look_up(void *ctx, struct slice path)
{
    struct check *check = ctx;
    int index;

    if (!slice_starts(path, "form."))
        return check->lookup != NULL ? check->lookup(check->ctx, path) : NULL;
    index = field_index(check->procedure, slice_sub(path, 5, path.len));
    if (index < 0)
        return NULL;
    check->saw_bad = check->saw_bad || check->slots[index].bad;
    return check->slots[index].value;
}

static bool holds(struct check *check, const struct expr *condition)
{
    return condition != NULL && expr_eval(condition, look_up, check);
}

/* Presence, once all values are known: conditions may look forwards. A condition on a value that
 * has a fault of its own says nothing; it is asked again when that fault is mended. */
static void check_presence(struct check *check, size_t i)
{
    const struct field *field = &check->procedure->form[i];
    const struct slot *slot = &check->slots[i];
    bool required, pledged;

    check->saw_bad = false;
    if (field->show_if != NULL && !holds(check, field->show_if)) {
        if (slot->value != NULL && !check->saw_bad)
            (void)fault(check, field, FORM_HIDDEN, NULL);
        return;
    }
    required = field->required || holds(check, field->required_if);
    if (!required || slot->bad || check->saw_bad)
        return;
    if (slot->value == NULL)
        (void)fault(check, field, field->type == FIELD_BOOLEAN ? FORM_PLEDGE : FORM_REQUIRED, NULL);
    pledged = slot->value == NULL || field->type != FIELD_BOOLEAN || slot->value->boolean;
    if (!pledged)
        (void)fault(check, field, FORM_PLEDGE, NULL);
}

/* Keys are borrowed from the procedure, values mostly from the request: nothing is copied that need
 * not be. */
static struct value *normal_form(struct check *check)
{
    size_t count = check->procedure->field_count;
    struct value *map = value_new(check->arena, VALUE_MAP);

    map->map.members = ARENA_ARRAY(check->arena, struct value_member, count);
    map->map.cap = count;
    for (size_t i = 0; i < count; i++) {
        if (check->slots[i].value == NULL)
            continue;
        map->map.members[map->map.count++] = (struct value_member){
            .key = slice_str(check->procedure->form[i].id), .value = check->slots[i].value};
    }
    return map;
}

void form_check(struct arena *arena, const struct procedure *procedure, const struct value *form,
                day_t today, expr_lookup_fn lookup, void *ctx, struct value **ret_form,
                struct form_faults *faults)
{
    struct check check = {arena, procedure, today, lookup, ctx, faults, NULL, false};
    const struct value none = {.kind = VALUE_MAP};

    if (!value_is_null(form) && form->kind != VALUE_MAP)
        form_fault(arena, faults, form_rule_code(FORM_NOT_MAP),
                   form_rule_message(arena, FORM_NOT_MAP, "form", NULL), "/form");
    if (value_is_null(form) || form->kind != VALUE_MAP)
        form = &none;
    check.slots = ARENA_ARRAY(arena, struct slot, procedure->field_count);
    if (check_fields(&check, form) < form->map.count)
        report_unknown(&check, form);
    for (size_t i = 0; i < procedure->field_count; i++)
        check_presence(&check, i);
    *ret_form = normal_form(&check);
}
