#include "core/form_schema.h"

#include "base/jw.h"
#include "core/expr_tree.h"
#include "core/form.h"

#include <math.h>
#include <string.h>

enum { CONDITION_MAX = 64 * 1024 };

/* Conditions are written without jw: they nest as deep as a plugin's brackets. Each function
 * answers whether JSON Schema can say it; when not, what is in the buffer is thrown away. */
static bool write_condition(struct buf *buf, const struct expr_node *node);

/* The id of a path form.<id>, or an empty slice. */
static struct slice form_id(struct slice path)
{
    return slice_starts(path, "form.") ? slice_sub(path, 5, path.len) : SLICE_NULL;
}

/* {"properties":{"<id>":<open..close>},"required":["<id>"]} around what the caller writes. */
static void open_property(struct buf *buf, struct slice id)
{
    buf_adds(buf, "{\"properties\":{");
    buf_add_json_string(buf, id);
    buf_addc(buf, ':');
}

static void close_property(struct buf *buf, struct slice id, bool required)
{
    buf_addc(buf, '}');
    if (required) {
        buf_adds(buf, ",\"required\":[");
        buf_add_json_string(buf, id);
        buf_addc(buf, ']');
    }
    buf_addc(buf, '}');
}

static bool write_null_test(struct buf *buf, struct slice id, bool is_null)
{
    open_property(buf, id);
    buf_adds(buf, is_null ? "{\"type\":\"null\"}" : "{\"not\":{\"type\":\"null\"}}");
    close_property(buf, id, !is_null);
    return true;
}

/* `literal op path` is `path flipped(op) literal`. */
static enum expr_op flipped(enum expr_op op)
{
    switch (op) {
    case EXPR_LT:
        return EXPR_GT;
    case EXPR_LE:
        return EXPR_GE;
    case EXPR_GT:
        return EXPR_LT;
    case EXPR_GE:
        return EXPR_LE;
    case EXPR_EQ:
    case EXPR_NE:
        break;
    }
    return op;
}

static const char *bound_word(enum expr_op op)
{
    switch (op) {
    case EXPR_LT:
        return "exclusiveMaximum";
    case EXPR_LE:
        return "maximum";
    case EXPR_GT:
        return "exclusiveMinimum";
    case EXPR_GE:
        return "minimum";
    case EXPR_EQ:
    case EXPR_NE:
        break;
    }
    return NULL;
}

static bool write_compare(struct buf *buf, const struct expr_node *node)
{
    bool left = node->a.path.ptr != NULL;
    struct slice id = form_id(left ? node->a.path : node->b.path);
    const struct value *literal = left ? node->b.literal : node->a.literal;
    enum expr_op op = left ? node->op : flipped(node->op);
    const char *bound = bound_word(op);

    if (id.len == 0 || literal == NULL)
        return false;
    if (literal->kind == VALUE_NULL)
        return write_null_test(buf, id, op == EXPR_EQ);
    if (bound != NULL && literal->kind != VALUE_INT && literal->kind != VALUE_REAL)
        return false; /* JSON Schema has no order of texts */
    open_property(buf, id);
    if (bound != NULL) {
        buf_adds(buf, "{\"type\":\"number\",\"");
        buf_adds(buf, bound);
        buf_adds(buf, "\":");
        value_write(buf, literal, false);
        buf_addc(buf, '}');
    } else {
        buf_adds(buf, op == EXPR_EQ ? "{\"const\":" : "{\"not\":{\"enum\":[null,");
        value_write(buf, literal, false);
        buf_adds(buf, op == EXPR_EQ ? "}" : "]}}");
    }
    close_property(buf, id, true);
    return true;
}

static bool write_in(struct buf *buf, const struct expr_node *node)
{
    bool listed = node->b.literal != NULL; /* path in [..], else literal in path */
    struct slice id = form_id(listed ? node->a.path : node->b.path);
    const struct value *literal = listed ? node->b.literal : node->a.literal;

    if (id.len == 0 || value_is_null(literal))
        return false;
    open_property(buf, id);
    buf_adds(buf, listed ? "{\"enum\":" : "{\"type\":\"array\",\"contains\":{\"const\":");
    value_write(buf, literal, false);
    buf_adds(buf, listed ? "}" : "}}");
    close_property(buf, id, true);
    return true;
}

/* A chain `a and b and c` leans to the left; it becomes one list. */
static bool write_parts(struct buf *buf, const struct expr_node *node, enum expr_kind kind)
{
    if (node->kind != kind)
        return write_condition(buf, node);
    if (!write_parts(buf, node->left, kind))
        return false;
    buf_addc(buf, ',');
    return write_parts(buf, node->right, kind);
}

static bool write_list(struct buf *buf, const struct expr_node *node)
{
    buf_adds(buf, node->kind == EXPR_AND ? "{\"allOf\":[" : "{\"anyOf\":[");
    if (!write_parts(buf, node, node->kind))
        return false;
    buf_adds(buf, "]}");
    return true;
}

static bool write_truth(struct buf *buf, const struct expr_node *node)
{
    struct slice id = form_id(node->a.path);

    if (node->a.literal != NULL) {
        value_write(buf, node->a.literal, false);
        return true;
    }
    if (id.len == 0)
        return false;
    open_property(buf, id);
    buf_adds(buf, "{\"const\":true}");
    close_property(buf, id, true);
    return true;
}

static bool write_condition(struct buf *buf, const struct expr_node *node)
{
    switch (node->kind) {
    case EXPR_OR:
    case EXPR_AND:
        return write_list(buf, node);
    case EXPR_NOT:
        buf_adds(buf, "{\"not\":");
        if (!write_condition(buf, node->left))
            return false;
        buf_addc(buf, '}');
        return true;
    case EXPR_COMPARE:
        return write_compare(buf, node);
    case EXPR_IN:
        return write_in(buf, node);
    case EXPR_TRUTH:
        return write_truth(buf, node);
    }
    return false;
}

static void write_number(struct jw *jw, const char *key, double number)
{
    bool whole = fabs(number) < 0x1p53 && !islessgreater(trunc(number), number);

    jw_key(jw, key);
    if (whole)
        jw_int(jw, (int64_t)number);
    else
        jw_real(jw, number);
}

static void write_bounds(struct jw *jw, const struct field *field)
{
    if (field->has_min || field->type == FIELD_MONEY)
        write_number(jw, "minimum", field->has_min ? field->min : 0);
    if (field->has_max)
        write_number(jw, "maximum", field->max);
}

/* A pattern with POSIX classes means nothing to ECMAScript, whose syntax JSON Schema takes. */
static bool pattern_portable(const char *pattern)
{
    return strstr(pattern, "[:") == NULL && strstr(pattern, "[.") == NULL &&
           strstr(pattern, "[=") == NULL;
}

static void write_text_rules(struct jw *jw, struct buf *spare, const struct field *field)
{
    int least = field->min_length;
    int most = field->max_length;

    if (least == 0 && field->required)
        least = 1;
    if (most == 0)
        most = field->type == FIELD_TEXTAREA ? FORM_TEXTAREA_LENGTH : FORM_TEXT_LENGTH;
    if (least > 0)
        jw_kv_int(jw, "minLength", least);
    jw_kv_int(jw, "maxLength", most);
    if (field->pattern != NULL && pattern_portable(field->pattern)) {
        buf_clear(spare);
        buf_addf(spare, "^(%s)$", field->pattern);
        jw_kv_slice(jw, "pattern", buf_slice(spare));
    }
}

static void write_date_rules(struct jw *jw, const struct field *field)
{
    jw_kv_str(jw, "format", "date");
    if (!day_is_none(field->min_date))
        jw_kv_day(jw, "x-min-date", field->min_date);
    if (!day_is_none(field->max_date))
        jw_kv_day(jw, "x-max-date", field->max_date);
    if (field->not_future)
        jw_kv_bool(jw, "x-not-future", true);
}

static void write_options(struct jw *jw, const struct field *field)
{
    jw_key(jw, "oneOf");
    jw_array(jw);
    for (size_t i = 0; i < field->option_count; i++) {
        jw_object(jw);
        jw_kv_str(jw, "const", field->options[i].value);
        jw_kv_str(jw, "title", field->options[i].label);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void write_multi(struct jw *jw, const struct field *field)
{
    jw_kv_bool(jw, "uniqueItems", true);
    if (field->required)
        jw_kv_int(jw, "minItems", 1);
    jw_key(jw, "items");
    jw_object(jw);
    write_options(jw, field);
    jw_end_object(jw);
}

static const char *json_type(enum field_type type)
{
    switch (type) {
    case FIELD_INTEGER:
    case FIELD_MONEY:
        return "integer";
    case FIELD_NUMBER:
        return "number";
    case FIELD_BOOLEAN:
        return "boolean";
    case FIELD_MULTI:
        return "array";
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
    return "string";
}

/* Numbers that people group are described as loosely as form_value.h reads them: a client must not
 * refuse what the daemon would take. */
static void write_rules(struct jw *jw, struct buf *spare, const struct field *field)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_TEXTAREA:
        write_text_rules(jw, spare, field);
        break;
    case FIELD_INTEGER:
    case FIELD_NUMBER:
    case FIELD_MONEY:
        write_bounds(jw, field);
        break;
    case FIELD_BOOLEAN:
        if (field->required)
            jw_kv_bool(jw, "const", true);
        break;
    case FIELD_DATE:
        write_date_rules(jw, field);
        break;
    case FIELD_SELECT:
        write_options(jw, field);
        break;
    case FIELD_MULTI:
        write_multi(jw, field);
        break;
    case FIELD_CITIZEN_ID:
        jw_kv_str(jw, "pattern", "^ *([0-9][ .-]*){12}$");
        break;
    case FIELD_PHONE:
        jw_kv_str(jw, "pattern", "^ *[+(]?([0-9][ .()-]*){10,15}$");
        break;
    case FIELD_EMAIL:
        jw_kv_str(jw, "format", "email");
        break;
    case FIELD_TAX_CODE:
        jw_kv_str(jw, "pattern", "^ *([0-9][ .-]*){10,13}$");
        break;
    case FIELD_COMMUNE:
        jw_kv_str(jw, "pattern", "^ *[0-9]{5} *$");
        break;
    }
}

static void write_expr_text(struct jw *jw, const char *key, const struct expr *condition)
{
    if (condition != NULL)
        jw_kv_slice(jw, key, expr_text(condition));
}

static void write_field(struct jw *jw, struct buf *spare, const struct field *field)
{
    jw_key(jw, field->id);
    jw_object(jw);
    jw_kv_str(jw, "title", field->label);
    if (field->hint != NULL)
        jw_kv_str(jw, "description", field->hint);
    jw_kv_str(jw, "type", json_type(field->type));
    jw_kv_str(jw, "x-type", field_type_code(field->type));
    write_rules(jw, spare, field);
    if (field->fill != NULL)
        jw_kv_str(jw, "x-fill", field->fill);
    write_expr_text(jw, "x-required-if", field->required_if);
    write_expr_text(jw, "x-show-if", field->show_if);
    jw_end_object(jw);
}

/* {"required":[id]}, and for a pledge that it is true. */
static void write_must_have(struct jw *jw, const struct field *field)
{
    jw_object(jw);
    if (field->type == FIELD_BOOLEAN) {
        jw_key(jw, "properties");
        jw_object(jw);
        jw_key(jw, field->id);
        jw_object(jw);
        jw_kv_bool(jw, "const", true);
        jw_end_object(jw);
        jw_end_object(jw);
    }
    jw_key(jw, "required");
    jw_array(jw);
    jw_str(jw, field->id);
    jw_end_array(jw);
    jw_end_object(jw);
}

static bool condition_text(struct buf *spare, const struct expr *condition)
{
    buf_clear(spare);
    return write_condition(spare, condition->root) && !spare->overflow;
}

static void write_hiding(struct jw *jw, struct buf *spare, const struct field *field)
{
    if (!condition_text(spare, field->show_if))
        return;
    jw_object(jw);
    jw_key(jw, "if");
    jw_raw(jw, buf_slice(spare));
    if (field->required) {
        jw_key(jw, "then");
        write_must_have(jw, field);
    }
    buf_clear(spare);
    write_null_test(spare, slice_str(field->id), true);
    jw_key(jw, "else");
    jw_raw(jw, buf_slice(spare));
    jw_end_object(jw);
}

/* Required when its condition holds; and, for a field that is hidden at times, when it is shown. */
static void write_requiring(struct jw *jw, struct buf *spare, const struct field *field)
{
    bool said;

    buf_clear(spare);
    if (field->show_if != NULL) {
        buf_adds(spare, "{\"allOf\":[");
        said = write_condition(spare, field->show_if->root);
        buf_addc(spare, ',');
        said = said && write_condition(spare, field->required_if->root);
        buf_adds(spare, "]}");
    } else {
        said = write_condition(spare, field->required_if->root);
    }
    if (!said || spare->overflow)
        return;
    jw_object(jw);
    jw_key(jw, "if");
    jw_raw(jw, buf_slice(spare));
    jw_key(jw, "then");
    write_must_have(jw, field);
    jw_end_object(jw);
}

static void write_required(struct jw *jw, const struct procedure *procedure)
{
    jw_key(jw, "required");
    jw_array(jw);
    for (size_t i = 0; i < procedure->field_count; i++) {
        if (procedure->form[i].required && procedure->form[i].show_if == NULL)
            jw_str(jw, procedure->form[i].id);
    }
    jw_end_array(jw);
}

void form_schema(struct buf *buf, const struct procedure *procedure)
{
    struct buf spare = BUF_INIT(CONDITION_MAX);
    struct jw jw = JW_INIT(buf);

    jw_object(&jw);
    jw_kv_str(&jw, "$schema", "https://json-schema.org/draft/2020-12/schema");
    jw_kv_str(&jw, "type", "object");
    jw_key(&jw, "properties");
    jw_object(&jw);
    for (size_t i = 0; i < procedure->field_count; i++)
        write_field(&jw, &spare, &procedure->form[i]);
    jw_end_object(&jw);
    write_required(&jw, procedure);
    jw_kv_bool(&jw, "additionalProperties", false);
    jw_key(&jw, "allOf");
    jw_array(&jw);
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct field *field = &procedure->form[i];

        if (field->show_if != NULL)
            write_hiding(&jw, &spare, field);
        if (field->required_if != NULL && !field->required)
            write_requiring(&jw, &spare, field);
    }
    jw_end_array(&jw);
    jw_end_object(&jw);
    buf_release(&spare);
}
