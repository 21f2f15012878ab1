#include "conf/communes.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "conf/file.h"

#define COMMUNES_MAX 20000
#define COMMUNES_MAX_BYTES (4 * 1024 * 1024)

struct loading {
    struct arena *arena;
    struct conf_errors *errors;
    const char *file;
    struct commune_list *list;
    size_t cap, province_cap;
    uint32_t line;
    size_t faults;
};

static bool digits(struct slice text, size_t len)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return text.len == len;
}

#define FAULT(loading, ...)                                                                        \
    ((loading)->faults++,                                                                          \
     conf_error((loading)->errors, (loading)->file, (loading)->line, 1, __VA_ARGS__))

static int add_province(struct loading *loading, struct slice code, struct slice name)
{
    struct commune_list *list = loading->list;

    for (size_t i = list->province_count; i > 0; i--) {
        if (slice_is(code, list->provinces[i - 1].code))
            return (int)(i - 1);
    }
    list->provinces = arena_grow(loading->arena, list->provinces, list->province_count,
                                 &loading->province_cap, sizeof(*list->provinces));
    list->provinces[list->province_count] = (struct province){
        arena_slice_str(loading->arena, code), arena_slice_str(loading->arena, name)};
    return (int)list->province_count++;
}

static void add_line(struct loading *loading, struct slice line)
{
    struct commune_list *list = loading->list;
    struct slice part[4], name;
    size_t parts = 0;

    while (parts < DVC_COUNT(part) && slice_next(&line, '\t', &part[parts]))
        parts++;
    if (parts != 4 || line.len != 0) {
        FAULT(loading, "cần đúng 4 cột cách nhau bằng tab: mã tỉnh, tên tỉnh, mã xã, tên xã");
    } else if (!digits(part[0], 2) || !digits(part[2], 5)) {
        FAULT(loading, "mã tỉnh phải có 2 chữ số và mã xã 5 chữ số, ở đây là \"%.*s\" và \"%.*s\"",
              (int)part[0].len, part[0].ptr, (int)part[2].len, part[2].ptr);
    } else if (part[1].len == 0 || part[3].len == 0 ||
               utf8_nfc(loading->arena, part[3], &name) != 0) {
        FAULT(loading, "thiếu tên tỉnh hoặc tên xã, hoặc tên không phải UTF-8");
    } else if (list->count == COMMUNES_MAX) {
        FAULT(loading, "quá nhiều xã, nhiều nhất được %d", COMMUNES_MAX);
    } else {
        list->items = arena_grow(loading->arena, list->items, list->count, &loading->cap,
                                 sizeof(*list->items));
        list->items[list->count++] =
            (struct commune){.code = arena_slice_str(loading->arena, part[2]),
                             .name = arena_slice_str(loading->arena, name),
                             .province = add_province(loading, part[0], part[1])};
    }
}

static int commune_cmp(const void *a, const void *b)
{
    return strcmp(((const struct commune *)a)->code, ((const struct commune *)b)->code);
}

static int commune_key_cmp(const void *key, const void *item)
{
    return slice_cmp(*(const struct slice *)key, slice_str(((const struct commune *)item)->code));
}

static void finish(struct loading *loading)
{
    struct commune_list *list = loading->list;

    if (list->count > 1)
        qsort(list->items, list->count, sizeof(*list->items), commune_cmp);
    for (size_t i = 1; i < list->count; i++) {
        if (strcmp(list->items[i - 1].code, list->items[i].code) == 0) {
            loading->line = 0;
            FAULT(loading, "mã xã \"%s\" có hai lần", list->items[i].code);
        }
    }
    if (list->count == 0)
        FAULT(loading, "tệp không có xã nào");
}

int communes_load(struct arena *arena, const char *path, const char *file,
                  struct conf_errors *errors, struct commune_list **ret)
{
    struct loading loading = {.arena = arena, .errors = errors, .file = file};
    struct slice text, line;

    if (conf_file_read(arena, path, file, COMMUNES_MAX_BYTES, errors, &text) != 0)
        return CONF_E_BAD;
    loading.list = ARENA_NEW(arena, struct commune_list);
    while (slice_next(&text, '\n', &line)) {
        loading.line++;
        if (slice_ends(line, "\r"))
            line.len--;
        if (loading.line > 1 && line.len > 0)
            add_line(&loading, line);
    }
    finish(&loading);
    if (loading.faults > 0)
        return CONF_E_BAD;
    *ret = loading.list;
    return 0;
}

const struct commune *commune_find(const struct commune_list *list, struct slice code)
{
    return list == NULL || list->count == 0
               ? NULL
               : bsearch(&code, list->items, list->count, sizeof(*list->items), commune_key_cmp);
}

const struct province *province_find(const struct commune_list *list, struct slice code)
{
    for (size_t i = 0; list != NULL && i < list->province_count; i++) {
        if (slice_is(code, list->provinces[i].code))
            return &list->provinces[i];
    }
    return NULL;
}

bool commune_in(const struct commune_list *list, struct slice commune, struct slice province)
{
    const struct commune *found = commune_find(list, commune);

    return found != NULL && slice_is(province, list->provinces[found->province].code);
}
