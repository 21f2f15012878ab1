#include "base/json.h"

#include <jansson.h>
#include <string.h>

static void set_place(struct slice text, size_t at, struct json_error *ret)
{
    ret->line = 1;
    ret->column = 0;
    for (size_t i = 0; i <= at; i++) {
        if (i > 0 && text.ptr[i - 1] == '\n') {
            ret->line++;
            ret->column = 0;
        }
        ret->column += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    }
}

/* The index of the quote that ends the string whose text begins at `at`, or of a NUL on the way, or
 * the end of the text. */
static size_t skip_string(struct slice text, size_t at)
{
    for (; at < text.len && text.ptr[at] != '"' && text.ptr[at] != '\0'; at++) {
        if (text.ptr[at] == '\\' && at + 1 < text.len && text.ptr[at + 1] != '\0')
            at++;
    }
    return at;
}

/* What the parser would not refuse in time, or not at all: nesting beyond max_depth (a body of a
 * million brackets costs one pass) and NUL, which it skips between tokens. Brackets in strings do
 * not count; what is no JSON at all is found later. 0 or the error. */
static int scan(struct slice text, int max_depth, struct json_error *ret)
{
    int depth = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            i = skip_string(text, i + 1);
        if (i < text.len && text.ptr[i] == '\0') {
            set_place(text, i, ret);
            ret->what = "NUL character";
            return JSON_E_SYNTAX;
        }
        if (i == text.len || text.ptr[i] == '"')
            continue;
        if (text.ptr[i] == ']' || text.ptr[i] == '}')
            depth--;
        if ((text.ptr[i] == '[' || text.ptr[i] == '{') && ++depth > max_depth) {
            set_place(text, i, ret);
            ret->what = "nested too deep";
            return JSON_E_DEPTH;
        }
    }
    return 0;
}

/* The parser's own text may quote what stands near the fault, and that may be personal data: it
 * goes no further than here. */
static const char *describe(enum json_error_code code)
{
    if (code == json_error_premature_end_of_input)
        return "ends too early";
    if (code == json_error_end_of_input_expected)
        return "text after the end of the document";
    if (code == json_error_invalid_utf8)
        return "not valid UTF-8";
    if (code == json_error_null_character || code == json_error_null_byte_in_key)
        return "NUL character";
    if (code == json_error_duplicate_key)
        return "member given twice";
    if (code == json_error_numeric_overflow)
        return "number too large";
    if (code == json_error_stack_overflow)
        return "nested too deep";
    return "not valid JSON here";
}

static int classify(const json_error_t *from, struct json_error *ret)
{
    enum json_error_code code = json_error_code(from);

    ret->line = from->line > 0 ? from->line : 1;
    ret->column = from->column > 0 ? from->column : 1;
    ret->what = describe(code);
    if (code == json_error_duplicate_key)
        return JSON_E_DUPLICATE;
    return code == json_error_stack_overflow ? JSON_E_DEPTH : JSON_E_SYNTAX;
}

static struct value *convert(struct arena *arena, json_t *from);

static struct value *convert_object(struct arena *arena, json_t *from)
{
    struct value *map = value_new(arena, VALUE_MAP);
    size_t count = json_object_size(from);

    if (count == 0)
        return map;
    map->map.members = ARENA_ARRAY(arena, struct value_member, count);
    map->map.cap = count;
    for (void *at = json_object_iter(from); at != NULL; at = json_object_iter_next(from, at)) {
        struct slice key = {json_object_iter_key(at), json_object_iter_key_len(at)};
        struct value_member *member = &map->map.members[map->map.count++];

        member->key = arena_slice(arena, key);
        member->value = convert(arena, json_object_iter_value(at));
    }
    return map;
}

static struct value *convert_array(struct arena *arena, json_t *from)
{
    struct value *list = value_new(arena, VALUE_LIST);
    size_t count = json_array_size(from);

    if (count == 0)
        return list;
    list->list.items = ARENA_ARRAY(arena, struct value *, count);
    list->list.cap = count;
    while (list->list.count < count) {
        list->list.items[list->list.count] = convert(arena, json_array_get(from, list->list.count));
        list->list.count++;
    }
    return list;
}

static struct value *convert(struct arena *arena, json_t *from)
{
    struct value *value;

    switch (json_typeof(from)) {
    case JSON_OBJECT:
        return convert_object(arena, from);
    case JSON_ARRAY:
        return convert_array(arena, from);
    case JSON_STRING:
        return value_string(arena,
                            (struct slice){json_string_value(from), json_string_length(from)});
    case JSON_INTEGER:
        return value_int(arena, json_integer_value(from));
    case JSON_REAL:
        value = value_new(arena, VALUE_REAL);
        value->real = json_real_value(from);
        return value;
    case JSON_TRUE:
        return value_bool(arena, true);
    case JSON_FALSE:
        return value_bool(arena, false);
    case JSON_NULL:
        break;
    }
    return value_new(arena, VALUE_NULL);
}

/* The parser allocates every name and value apart, to give them all back a moment later: from an
 * arena of the one parse that is several times cheaper than from the heap. */
static struct arena *parsing;

static void *take(size_t size)
{
    return arena_alloc(parsing, size);
}

static void leave(void *ptr)
{
    (void)ptr;
}

static json_t *load(struct slice text, json_error_t *error)
{
    json_set_alloc_funcs(take, leave);
    return json_loadb(text.len > 0 ? text.ptr : "", text.len,
                      JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, error);
}

int json_parse(struct arena *arena, struct slice text, int max_depth, struct value **ret,
               struct json_error *ret_error)
{
    json_error_t error;
    json_t *root;
    int result = scan(text, max_depth, ret_error);

    if (result != 0)
        return result;
    parsing = arena_new();
    root = load(text, &error);
    if (root != NULL)
        *ret = convert(arena, root);
    else
        result = classify(&error, ret_error);
    parsing = arena_free(parsing);
    return result;
}
