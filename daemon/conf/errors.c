#include "conf/errors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 1500 /* bytes of one message */
#define RULE_LEN 6    /* [K105] */

static bool rule_at_end(struct slice text, struct slice *ret)
{
    if (text.len < RULE_LEN || text.ptr[text.len - RULE_LEN] != '[' || !slice_ends(text, "]"))
        return false;
    *ret = slice_sub(text, text.len - RULE_LEN, RULE_LEN);
    return true;
}

const char *conf_error_text(struct arena *arena, const char *fmt, va_list args)
{
    struct slice rule = SLICE_NULL, text;
    va_list again;
    char *whole;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    DVC_REQUIRE(len >= 0);
    whole = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(whole, (size_t)len + 1, fmt, args);
    if (len <= TEXT_MAX)
        return whole;
    rule_at_end((struct slice){whole, (size_t)len}, &rule);
    /* A cut may fall inside a character; the half is not shown. */
    text = (struct slice){whole, TEXT_MAX};
    while (text.len > 0 && ((unsigned char)whole[text.len] & 0xC0) == 0x80)
        text.len--;
    return arena_printf(arena, "%.*s…%s%.*s", (int)text.len, text.ptr, rule.len > 0 ? " " : "",
                        (int)rule.len, rule.ptr == NULL ? "" : rule.ptr);
}

void conf_error(struct conf_errors *errors, const char *file, uint32_t line, uint32_t column,
                const char *fmt, ...)
{
    const char *text;
    va_list args;

    if (errors->count >= (errors->max > 0 ? errors->max : CONF_ERRORS_MAX)) {
        errors->beyond++;
        return;
    }
    va_start(args, fmt);
    text = conf_error_text(errors->arena, fmt, args);
    va_end(args);
    errors->items = arena_grow(errors->arena, errors->items, errors->count, &errors->cap,
                               sizeof(*errors->items));
    errors->items[errors->count++] = (struct conf_error_item){
        .file = arena_str(errors->arena, file),
        .line = line,
        .column = column,
        .text = text,
    };
}

size_t conf_errors_total(const struct conf_errors *errors)
{
    return errors->count + errors->beyond;
}

static int place_cmp(const struct conf_error_item *a, const struct conf_error_item *b)
{
    int order = strcmp(a->file, b->file);

    if (order == 0 && a->line != b->line)
        order = a->line < b->line ? -1 : 1;
    if (order == 0 && a->column != b->column)
        order = a->column < b->column ? -1 : 1;
    return order;
}

void conf_errors_sort(struct conf_errors *errors)
{
    size_t kept = 0;

    /* Insertion keeps the order of equals, which qsort does not promise; there are 200 at most. */
    for (size_t i = 1; i < errors->count; i++) {
        struct conf_error_item item = errors->items[i];
        size_t at = i;

        while (at > 0 && place_cmp(&item, &errors->items[at - 1]) < 0) {
            errors->items[at] = errors->items[at - 1];
            at--;
        }
        errors->items[at] = item;
    }
    for (size_t i = 0; i < errors->count; i++) {
        struct conf_error_item *item = &errors->items[i];
        bool again = false;

        for (size_t back = kept; back > 0 && !again; back--) {
            if (place_cmp(&errors->items[back - 1], item) != 0)
                break;
            again = strcmp(errors->items[back - 1].text, item->text) == 0;
        }
        if (!again)
            errors->items[kept++] = *item;
    }
    errors->count = kept;
}

/* "... [K105]" into its two parts. */
static struct slice split_rule(const char *text, struct slice *ret_rule)
{
    struct slice message = slice_str(text);
    const char *open = strrchr(text, '[');

    *ret_rule = SLICE_NULL;
    if (open == NULL || open == text || !slice_ends(message, "]") || open[1] != 'K')
        return message;
    *ret_rule = slice_sub(message, (size_t)(open + 1 - text), strlen(open) - 2);
    return slice_trim(slice_sub(message, 0, (size_t)(open - text)));
}

void conf_errors_json(struct jw *jw, struct conf_errors *errors)
{
    conf_errors_sort(errors);
    jw_array(jw);
    for (size_t i = 0; i < errors->count; i++) {
        const struct conf_error_item *item = &errors->items[i];
        struct slice rule, message = split_rule(item->text, &rule);

        jw_object(jw);
        jw_kv_str(jw, "file", item->file);
        if (item->line == 0) {
            jw_kv_null(jw, "line");
            jw_kv_null(jw, "column");
        } else {
            jw_kv_int(jw, "line", item->line);
            jw_kv_int(jw, "column", item->column);
        }
        jw_kv_slice(jw, "message", message);
        if (rule.ptr == NULL)
            jw_kv_null(jw, "rule");
        else
            jw_kv_slice(jw, "rule", rule);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

void conf_errors_write(struct buf *buf, struct conf_errors *errors)
{
    conf_errors_sort(errors);
    for (size_t i = 0; i < errors->count; i++) {
        const struct conf_error_item *item = &errors->items[i];

        if (item->line == 0)
            buf_addf(buf, "%s: %s\n", item->file, item->text);
        else
            buf_addf(buf, "%s:%u:%u: %s\n", item->file, item->line, item->column, item->text);
    }
    if (errors->beyond > 0)
        buf_addf(buf, "còn %zu lỗi nữa không hiện ở đây\n", errors->beyond);
}
