#include "conf/schema_json.h"

#include <stdio.h>
#include <string.h>

#include "base/jw.h"

#define SHAPES_MAX 128

struct shapes {
    const struct schema_shape *items[SHAPES_MAX];
    size_t count;
};

struct writing {
    struct jw jw;
    const struct schema_help *help;
    size_t help_count;
    struct shapes named;
};

static void write_shape(struct writing *w, const struct schema_shape *shape);

/* ---- which shapes there are ---- */

static void collect(struct shapes *shapes, const struct schema_shape *shape)
{
    if (shape == NULL)
        return;
    for (size_t i = 0; i < shapes->count; i++) {
        if (shapes->items[i] == shape)
            return;
    }
    DVC_REQUIRE(shapes->count < SHAPES_MAX); /* tables of the program's own */
    shapes->items[shapes->count++] = shape;
    for (size_t i = 0; i < shape->count; i++)
        collect(shapes, shape->keys[i].shape);
    for (size_t i = 0; shape->either != NULL && shape->either[i] != NULL; i++)
        collect(shapes, shape->either[i]);
    collect(shapes, shape->item);
}

void schema_each_key(const struct schema_shape *const *roots,
                     void (*fn)(void *ctx, const char *shape, const struct schema_key *key),
                     void *ctx)
{
    struct shapes shapes = {.count = 0};

    for (size_t i = 0; roots[i] != NULL; i++)
        collect(&shapes, roots[i]);
    for (size_t i = 0; i < shapes.count; i++) {
        for (size_t k = 0; k < shapes.items[i]->count; k++)
            fn(ctx, shapes.items[i]->name, &shapes.items[i]->keys[k]);
    }
}

static const struct schema_help *help_of(const struct writing *w, const char *shape,
                                         const char *key)
{
    char name[100];

    snprintf(name, sizeof(name), "%s.%s", shape, key);
    for (size_t i = 0; i < w->help_count; i++) {
        if (strcmp(w->help[i].key, name) == 0)
            return &w->help[i];
    }
    return NULL;
}

/* ---- one value ---- */

static void type(struct jw *jw, const char *name)
{
    jw_kv_str(jw, "type", name);
}

static void text_bounds(struct jw *jw, const struct schema_key *key)
{
    type(jw, "string");
    jw_kv_int(jw, "minLength", key->min > 0 ? key->min : 1);
    jw_kv_int(jw, "maxLength", key->max > 0 ? key->max : SCHEMA_TEXT_MAX);
}

static void number_bounds(struct jw *jw, const struct schema_key *key, bool whole)
{
    bool open = key->min == 0 && key->max == 0;

    type(jw, whole ? "integer" : "number");
    if (open && !whole)
        return;
    jw_kv_int(jw, "minimum", key->min);
    jw_kv_int(jw, "maximum", open ? INT32_MAX : key->max);
}

static void words(struct jw *jw, const struct schema_word *list)
{
    jw_key(jw, "enum");
    jw_array(jw);
    for (; list->word != NULL; list++)
        jw_str(jw, list->word);
    jw_end_array(jw);
}

/* Any blanks between the words of a unit, as limit_parse takes them. */
static void add_unit(struct buf *buf, enum limit_unit unit)
{
    for (int form = 0; limit_unit_word(unit, form) != NULL; form++) {
        if (form > 0)
            buf_addc(buf, '|');
        for (const char *c = limit_unit_word(unit, form); *c != '\0'; c++)
            buf_adds(buf, *c == ' ' ? "[ \\t]+" : (const char[]){*c, '\0'});
    }
}

static void add_counted(struct buf *buf)
{
    buf_adds(buf, "[0-9]+[ \\t]*(");
    for (int unit = LIMIT_NONE; unit <= LIMIT_SAME_DAY; unit++) {
        if (limit_max((enum limit_unit)unit) == 0)
            continue;
        if (unit != LIMIT_WORKING_DAYS)
            buf_addc(buf, '|');
        add_unit(buf, (enum limit_unit)unit);
    }
    buf_addc(buf, ')');
}

static void limit(struct jw *jw, bool moment)
{
    struct buf pattern = BUF_INIT(2000);

    buf_adds(&pattern,
             moment ? "^[ \\t]*([0-9]{1,2}[ \\t]*%|due|đến[ \\t]+hạn|[-+][ \\t]*" : "^[ \\t]*(");
    add_counted(&pattern);
    if (!moment) {
        buf_addc(&pattern, '|');
        add_unit(&pattern, LIMIT_NONE);
        buf_addc(&pattern, '|');
        add_unit(&pattern, LIMIT_SAME_DAY);
        buf_addc(&pattern, '|');
        add_unit(&pattern, LIMIT_TRANSFER);
    }
    buf_adds(&pattern, ")[ \\t]*$");
    type(jw, "string");
    jw_kv_slice(jw, "pattern", buf_slice(&pattern));
    buf_release(&pattern);
}

static void patterned(struct jw *jw, const char *pattern)
{
    type(jw, "string");
    jw_kv_str(jw, "pattern", pattern);
}

/* As schema_is_id. */
static void id(struct jw *jw)
{
    patterned(jw, "^[a-z][a-z0-9_]*$");
    jw_kv_int(jw, "maxLength", SCHEMA_ID_MAX);
}

/* A list of texts, or one text for a list of one. */
static void texts(struct jw *jw, const struct schema_key *key)
{
    jw_key(jw, "anyOf");
    jw_array(jw);
    for (int list = 1; list >= 0; list--) {
        jw_object(jw);
        if (list == 1) {
            type(jw, "array");
            jw_kv_int(jw, "maxItems", SCHEMA_LIST_MAX);
            jw_key(jw, "items");
            jw_object(jw);
        }
        text_bounds(jw, key);
        if (list == 1)
            jw_end_object(jw);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void write_value(struct jw *jw, const struct schema_key *key)
{
    switch (key->type) {
    case SCHEMA_BOOL:
        type(jw, "boolean");
        return;
    case SCHEMA_INT:
    case SCHEMA_INT32:
        number_bounds(jw, key, true);
        return;
    case SCHEMA_REAL:
        number_bounds(jw, key, false);
        return;
    case SCHEMA_TEXT:
    case SCHEMA_CODE:
        text_bounds(jw, key);
        return;
    case SCHEMA_ID:
        id(jw);
        return;
    case SCHEMA_WORD:
        words(jw, key->words);
        return;
    case SCHEMA_DAY:
        patterned(jw, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
        return;
    case SCHEMA_LIMIT:
        limit(jw, false);
        return;
    case SCHEMA_MINUTE:
        patterned(jw, "^[0-9]{2}:[0-9]{2}$");
        return;
    case SCHEMA_EXPR:
        jw_key(jw, "type");
        jw_raw(jw, SLICE_LIT("[\"string\",\"boolean\"]"));
        return;
    case SCHEMA_TEXTS:
    case SCHEMA_CODES:
        texts(jw, key);
        return;
    case SCHEMA_MAP:
    case SCHEMA_LIST:
    case SCHEMA_ANY:
        return; /* their shape says it */
    }
}

/* ---- what is inside ---- */

static void reference(struct writing *w, const struct schema_shape *shape)
{
    char at[100];

    if (shape->name == NULL) {
        write_shape(w, shape);
        return;
    }
    snprintf(at, sizeof(at), "#/$defs/%s", shape->name);
    jw_kv_str(&w->jw, "$ref", at);
    collect(&w->named, shape);
}

static void property(struct writing *w, const char *shape, const struct schema_key *key)
{
    const struct schema_help *help = help_of(w, shape, key->name);

    if (help != NULL && help->text == NULL)
        return;
    jw_key(&w->jw, key->name);
    jw_object(&w->jw);
    if (help != NULL)
        jw_kv_str(&w->jw, "description", help->text);
    if (key->shape != NULL)
        reference(w, key->shape);
    else
        write_value(&w->jw, key);
    jw_end_object(&w->jw);
}

static void one_of_keys(struct jw *jw, const char *const *keys)
{
    jw_key(jw, "oneOf");
    jw_array(jw);
    for (; *keys != NULL; keys++) {
        jw_object(jw);
        jw_key(jw, "required");
        jw_array(jw);
        jw_str(jw, *keys);
        jw_end_array(jw);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void write_keys(struct writing *w, const struct schema_shape *shape)
{
    struct jw *jw = &w->jw;

    type(jw, "object");
    jw_kv_bool(jw, "additionalProperties", false);
    jw_key(jw, "properties");
    jw_object(jw);
    for (size_t i = 0; i < shape->count; i++)
        property(w, shape->name, &shape->keys[i]);
    jw_end_object(jw);
    jw_key(jw, "required");
    jw_array(jw);
    for (size_t i = 0; i < shape->count; i++) {
        if (shape->keys[i].required)
            jw_str(jw, shape->keys[i].name);
    }
    jw_end_array(jw);
    if (shape->exactly_one != NULL)
        one_of_keys(jw, shape->exactly_one);
}

static void write_words(struct jw *jw, const char *(*word)(int index))
{
    jw_key(jw, "enum");
    jw_array(jw);
    for (int i = 0; word(i) != NULL; i++)
        jw_str(jw, word(i));
    jw_end_array(jw);
}

static void write_map(struct writing *w, const struct schema_shape *shape)
{
    struct jw *jw = &w->jw;

    type(jw, "object");
    jw_key(jw, "propertyNames");
    jw_object(jw);
    if (shape->word != NULL)
        write_words(jw, shape->word);
    else
        id(jw);
    jw_end_object(jw);
    jw_key(jw, "additionalProperties");
    jw_object(jw);
    reference(w, shape->item);
    jw_end_object(jw);
    if (shape->min > 0)
        jw_kv_int(jw, "minProperties", (int64_t)shape->min);
    if (shape->max > 0)
        jw_kv_int(jw, "maxProperties", (int64_t)shape->max);
}

static void write_list(struct writing *w, const struct schema_shape *shape)
{
    struct jw *jw = &w->jw;

    type(jw, "array");
    jw_key(jw, "items");
    jw_object(jw);
    reference(w, shape->item);
    jw_end_object(jw);
    if (shape->min > 0)
        jw_kv_int(jw, "minItems", (int64_t)shape->min);
    jw_kv_int(jw, "maxItems", shape->max > 0 ? (int64_t)shape->max : SCHEMA_LIST_MAX);
}

/* Of two kinds of map the one that has `key` is the first: an editor then names what is wrong
 * inside of that kind, and not that no kind fits. */
static void choose(struct writing *w, const struct schema_shape *const *kinds, const char *key)
{
    static const char *const parts[] = {"then", "else"};
    struct jw *jw = &w->jw;

    jw_key(jw, "if");
    jw_object(jw);
    jw_key(jw, "required");
    jw_array(jw);
    jw_str(jw, key);
    jw_end_array(jw);
    jw_end_object(jw);
    for (size_t i = 0; i < 2; i++) {
        jw_key(jw, parts[i]);
        jw_object(jw);
        reference(w, kinds[i]);
        jw_end_object(jw);
    }
}

static void write_either(struct writing *w, const struct schema_shape *shape)
{
    const struct schema_shape *const *either = shape->either;

    if (either[0]->kind == SHAPE_KEYS && either[1]->kind == SHAPE_KEYS) {
        choose(w, either, either[0]->keys[0].name);
        return;
    }
    jw_key(&w->jw, "anyOf");
    jw_array(&w->jw);
    for (; *either != NULL; either++) {
        jw_object(&w->jw);
        reference(w, *either);
        jw_end_object(&w->jw);
    }
    jw_end_array(&w->jw);
}

static void write_shape(struct writing *w, const struct schema_shape *shape)
{
    switch (shape->kind) {
    case SHAPE_KEYS:
        write_keys(w, shape);
        return;
    case SHAPE_MAP:
        write_map(w, shape);
        return;
    case SHAPE_LIST:
        write_list(w, shape);
        return;
    case SHAPE_VALUE:
        write_value(&w->jw, shape->value);
        return;
    case SHAPE_WORDS:
        write_words(&w->jw, shape->word);
        return;
    case SHAPE_TEXT:
        patterned(&w->jw, shape->pattern);
        return;
    case SHAPE_MOMENT:
        limit(&w->jw, true);
        return;
    case SHAPE_EITHER:
        write_either(w, shape);
        return;
    }
}

void schema_json(struct buf *out, const char *title, const struct schema_shape *const roots[3],
                 const struct schema_help *help, size_t help_count)
{
    struct writing w = {.jw = JW_INIT(out), .help = help, .help_count = help_count};
    struct jw *jw = &w.jw;

    jw_object(jw);
    jw_kv_str(jw, "$schema", "https://json-schema.org/draft/2020-12/schema");
    jw_kv_str(jw, "title", title);
    choose(&w, roots, roots[0]->keys[1].name);
    jw_key(jw, "$defs");
    jw_object(jw);
    /* Grows while it is written: the ones that are named inside come after. */
    for (size_t i = 0; i < w.named.count; i++) {
        if (w.named.items[i]->name == NULL)
            continue;
        jw_key(jw, w.named.items[i]->name);
        jw_object(jw);
        write_shape(&w, w.named.items[i]);
        jw_end_object(jw);
    }
    jw_end_object(jw);
    jw_end_object(jw);
}
