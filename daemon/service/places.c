#include "service/places.h"

#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "base/utf8.h"
#include "service/service.h"

#define ANSWER_MAX (1u << 20)

static void place(struct jw *jw, const char *code, const char *name)
{
    jw_object(jw);
    jw_kv_str(jw, "code", code);
    jw_kv_str(jw, "name", name);
    jw_end_object(jw);
}

/* Index of the province whose communes this system serves; -1 for none. */
static int home_province(const struct service *service)
{
    const struct agency_tree *tree = service->generation->agencies;

    for (size_t i = 0; i < tree->count; i++) {
        const char *code = tree->items[i].commune_code;
        const struct commune *commune =
            code != NULL ? commune_find(service->generation->communes, slice_str(code)) : NULL;

        if (commune != NULL)
            return commune->province;
    }
    return -1;
}

void places_provinces(struct service *service, answer_fn answer, void *ctx)
{
    const struct commune_list *list = service->generation->communes;
    int home = home_province(service);
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_key(&jw, "items");
    jw_array(&jw);
    if (home >= 0)
        place(&jw, list->provinces[home].code, list->provinces[home].name);
    for (size_t i = 0; i < list->province_count; i++)
        if ((int)i != home)
            place(&jw, list->provinces[i].code, list->provinces[i].name);
    jw_end_array(&jw);
    jw_kv_str(&jw, "home", home >= 0 ? list->provinces[home].code : NULL);
    jw_end_object(&jw);
    answer_json(answer, ctx, buf_slice(&buf));
    buf_release(&buf);
}

struct named {
    const struct commune *commune;
    struct slice folded;
};

static int by_name(const void *a, const void *b)
{
    const struct named *one = a, *other = b;
    int order = slice_cmp(one->folded, other->folded);

    return order != 0 ? order : strcmp(one->commune->code, other->commune->code);
}

void places_communes(struct service *service, struct slice province, answer_fn answer, void *ctx)
{
    const struct commune_list *list = service->generation->communes;
    const struct province *of = province_find(list, province);
    struct op *op = op_new(service, sizeof(*op), answer, ctx);
    struct named *found = ARENA_ARRAY(op->arena, struct named, list->count + 1);
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&buf);
    size_t count = 0;

    if (of == NULL) {
        op_fault(op, ANSWER_NOT_FOUND, "not_found", "Không có tỉnh, thành phố với mã này.");
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct commune *commune = &list->items[i];

        if (commune->province != of - list->provinces)
            continue;
        found[count] = (struct named){commune, slice_str(commune->name)};
        if (utf8_fold(op->arena, slice_str(commune->name), &found[count].folded) != 0)
            found[count].folded = slice_str(commune->name);
        count++;
    }
    if (count > 0)
        qsort(found, count, sizeof(*found), by_name);
    jw_object(&jw);
    jw_key(&jw, "items");
    jw_array(&jw);
    for (size_t i = 0; i < count; i++)
        place(&jw, found[i].commune->code, found[i].commune->name);
    jw_end_array(&jw);
    jw_end_object(&jw);
    op_json(op, buf_slice(&buf));
    buf_release(&buf);
}
