#include "conf/agency_load.h"

#include <stdlib.h>
#include <string.h>

#include "conf/schema.h"
#include "conf/yaml.h"

/* An agency with the place it was written at, until the tree is tied. */
struct entry {
    struct agency agency;
    const char *parent; /* code, or NULL */
    const char *file;
    const struct value *at;
};

struct agency_loader {
    struct arena *arena;
    struct conf_errors *errors;
    struct entry *entries;
    size_t count, cap;
    size_t faults;
};

struct agency_loader *agency_loader_new(struct arena *arena, struct conf_errors *errors)
{
    struct agency_loader *loader = ARENA_NEW(arena, struct agency_loader);

    loader->arena = arena;
    loader->errors = errors;
    return loader;
}

struct raw_agency {
    const char *code, *name, *parent, *commune, *calendar, *office, *phone, *address;
    int level;
    struct schema_texts functions, predecessors, serves;
    day_t from, to;
    bool provisional;
};

static const struct schema_word level_words[] = {{"province", AGENCY_PROVINCE},
                                                 {"department", AGENCY_DEPARTMENT},
                                                 {"commune", AGENCY_COMMUNE},
                                                 {"post_office", AGENCY_POST_OFFICE},
                                                 {NULL, 0}};

#define AT(field) offsetof(struct raw_agency, field)
static const struct schema_key agency_keys[] = {
    {"code", SCHEMA_CODE, true, AT(code), 2, 19},
    {"name", SCHEMA_TEXT, true, AT(name), 2, 200},
    {"level", SCHEMA_WORD, true, AT(level), .words = level_words},
    {"parent", SCHEMA_CODE, false, AT(parent), 2, 19},
    {"commune", SCHEMA_CODE, false, AT(commune), 5, 5},
    {"calendar", SCHEMA_TEXT, false, AT(calendar), 1, 60},
    {"office", SCHEMA_CODE, false, AT(office), 2, 19},
    {"functions", SCHEMA_TEXTS, false, AT(functions), 1, 40},
    {"predecessors", SCHEMA_CODES, false, AT(predecessors), 2, 19},
    {"serves", SCHEMA_CODES, false, AT(serves), 5, 5},
    {"from", SCHEMA_DAY, false, AT(from)},
    {"to", SCHEMA_DAY, false, AT(to)},
    {"provisional", SCHEMA_BOOL, false, AT(provisional)},
    {"phone", SCHEMA_TEXT, false, AT(phone), 3, 40},
    {"address", SCHEMA_TEXT, false, AT(address), 3, 300},
};
#undef AT

static void functions_ok(struct schema_reader *reader, const struct value *map,
                         const struct schema_texts *functions)
{
    for (size_t i = 0; i < functions->count; i++) {
        if (!schema_is_id(slice_str(functions->items[i])))
            schema_fault_key(reader, map, "functions",
                             "\"functions\": tên \"%s\" không hợp lệ, cần chữ thường không dấu, số "
                             "và dấu gạch dưới",
                             functions->items[i]);
    }
}

static void agency_ok(struct schema_reader *reader, const struct value *map,
                      const struct raw_agency *raw)
{
    if (!agency_code_ok(slice_str(raw->code)))
        schema_fault_key(reader, map, "code",
                         "mã cơ quan \"%s\" sai dạng, cần các nhóm 2 đến 3 chữ số hoặc chữ hoa, "
                         "cách nhau bằng dấu chấm, ví dụ \"H24.15.03\"",
                         raw->code);
    if ((raw->level == AGENCY_COMMUNE) != (raw->commune != NULL))
        schema_fault(reader, map,
                     raw->commune == NULL
                         ? "cơ quan \"%s\": cấp xã cần mã đơn vị hành chính trong \"commune\""
                         : "cơ quan \"%s\": chỉ cấp xã mới có \"commune\"",
                     raw->code);
    if (raw->serves.count > 0 && raw->level != AGENCY_POST_OFFICE)
        schema_fault_key(reader, map, "serves", "cơ quan \"%s\": chỉ bưu cục mới có \"serves\"",
                         raw->code);
    if (!day_is_none(raw->from) && !day_is_none(raw->to) && raw->to.n < raw->from.n)
        schema_fault_key(reader, map, "to", "cơ quan \"%s\": \"to\" trước \"from\"", raw->code);
    functions_ok(reader, map, &raw->functions);
}

static void read_agency(struct agency_loader *loader, struct schema_reader *reader,
                        const struct value *map)
{
    struct raw_agency raw = {.from = DAY_NONE, .to = DAY_NONE};

    if (!SCHEMA_READ(reader, map, "cơ quan", agency_keys, &raw))
        return;
    agency_ok(reader, map, &raw);
    if (loader->count == AGENCIES_MAX) {
        schema_fault(reader, map, "quá nhiều cơ quan, nhiều nhất được %d", AGENCIES_MAX);
        return;
    }
    loader->entries = arena_grow(loader->arena, loader->entries, loader->count, &loader->cap,
                                 sizeof(*loader->entries));
    loader->entries[loader->count++] =
        (struct entry){.agency = {.code = raw.code,
                                  .name = raw.name,
                                  .level = (enum agency_level)raw.level,
                                  .parent = -1,
                                  .first_child = -1,
                                  .sibling = -1,
                                  .commune_code = raw.commune,
                                  .calendar = raw.calendar,
                                  .office = raw.office,
                                  .functions = raw.functions.items,
                                  .function_count = raw.functions.count,
                                  .predecessors = raw.predecessors.items,
                                  .predecessor_count = raw.predecessors.count,
                                  .serves = raw.serves.items,
                                  .serve_count = raw.serves.count,
                                  .from = raw.from,
                                  .to = raw.to,
                                  .provisional = raw.provisional,
                                  .phone = raw.phone,
                                  .address = raw.address},
                       .parent = raw.parent,
                       .file = reader->file,
                       .at = map};
}

int agency_loader_file(struct agency_loader *loader, const char *path, const char *file)
{
    struct {
        int version;
        const struct value *items;
    } raw = {0, NULL};
    const struct schema_key keys[] = {
        {"agencies", SCHEMA_INT32, true, offsetof(__typeof__(raw), version), 1, 1},
        {"items", SCHEMA_LIST, true, offsetof(__typeof__(raw), items)},
    };
    struct schema_reader reader = {
        .arena = loader->arena, .errors = loader->errors, .file = arena_str(loader->arena, file)};
    struct value *tree;

    if (conf_yaml_load(loader->arena, path, file, loader->errors, &tree) != 0) {
        loader->faults++;
        return CONF_E_BAD;
    }
    SCHEMA_READ(&reader, tree, "tệp cơ quan", keys, &raw);
    for (size_t i = 0; i < value_count(raw.items); i++)
        read_agency(loader, &reader, value_at(raw.items, i));
    loader->faults += reader.faults;
    return reader.faults == 0 ? 0 : CONF_E_BAD;
}

static int entry_cmp(const void *a, const void *b)
{
    return agency_code_cmp(slice_str(((const struct entry *)a)->agency.code),
                           slice_str(((const struct entry *)b)->agency.code));
}

static void fault(struct agency_loader *loader, const struct entry *entry, const char *key,
                  const char *text)
{
    struct schema_reader reader = {
        .arena = loader->arena, .errors = loader->errors, .file = entry->file};

    schema_fault_key(&reader, entry->at, key, "cơ quan \"%s\": %s", entry->agency.code, text);
    loader->faults++;
}

static void tie_parent(struct agency_loader *loader, struct agency_tree *tree, size_t index)
{
    struct entry *entry = &loader->entries[index];
    struct agency *agency = &tree->items[index];
    const struct agency *parent;

    if (entry->parent == NULL)
        return;
    parent = agency_find(tree, slice_str(entry->parent));
    if (parent == NULL || parent == agency) {
        fault(loader, entry, "parent",
              arena_printf(loader->arena, "không có cơ quan cấp trên \"%s\"", entry->parent));
        return;
    }
    if ((parent->level == AGENCY_POST_OFFICE) != (agency->level == AGENCY_POST_OFFICE)) {
        fault(loader, entry, "parent", "bưu cục và cơ quan hành chính là hai cây riêng");
        return;
    }
    agency->parent = (int)(parent - tree->items);
}

/* Depths, and children in the order of codes: the last one is put in front of its parent's list
 * first. A circle is told of once and cut. */
static void tie_tree(struct agency_loader *loader, struct agency_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        int up = tree->items[i].parent, depth = 0;

        while (up >= 0 && depth <= (int)tree->count) {
            up = tree->items[up].parent;
            depth++;
        }
        if (up >= 0) {
            fault(loader, &loader->entries[i], "parent", "các cơ quan cấp trên tạo thành vòng");
            tree->items[i].parent = -1;
            depth = 0;
        }
        tree->items[i].depth = depth;
    }
    for (size_t i = tree->count; i-- > 0;) {
        struct agency *agency = &tree->items[i];

        if (agency->parent < 0)
            continue;
        agency->sibling = tree->items[agency->parent].first_child;
        tree->items[agency->parent].first_child = (int)i;
    }
}

static struct agency_function *function_named(struct agency_loader *loader,
                                              struct agency_tree *tree, const char *name)
{
    for (size_t i = 0; i < tree->function_count; i++) {
        if (strcmp(tree->functions[i].name, name) == 0)
            return &tree->functions[i];
    }
    tree->functions = arena_grow(loader->arena, tree->functions, tree->function_count,
                                 &tree->function_cap, sizeof(*tree->functions));
    tree->functions[tree->function_count] = (struct agency_function){.name = name};
    return &tree->functions[tree->function_count++];
}

static void list_functions(struct agency_loader *loader, struct agency_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct agency *agency = &tree->items[i];

        for (size_t k = 0; k < agency->function_count; k++) {
            struct agency_function *f = function_named(loader, tree, agency->functions[k]);

            f->agencies =
                arena_grow(loader->arena, f->agencies, f->count, &f->cap, sizeof(*f->agencies));
            f->agencies[f->count++] = (int)i;
        }
    }
}

static bool overlap(const struct agency *a, const struct agency *b)
{
    return (day_is_none(a->to) || day_is_none(b->from) || b->from.n <= a->to.n) &&
           (day_is_none(b->to) || day_is_none(a->from) || a->from.n <= b->to.n);
}

static void check_commune(struct agency_loader *loader, const struct agency_tree *tree,
                          const struct commune_list *communes, size_t index)
{
    const struct agency *agency = &tree->items[index];

    if (agency->commune_code == NULL)
        return;
    if (communes != NULL && commune_find(communes, slice_str(agency->commune_code)) == NULL)
        fault(loader, &loader->entries[index], "commune",
              arena_printf(loader->arena, "mã xã \"%s\" không có trong danh mục",
                           agency->commune_code));
    for (size_t i = 0; i < index; i++) {
        const struct agency *other = &tree->items[i];

        if (other->commune_code != NULL && strcmp(other->commune_code, agency->commune_code) == 0 &&
            overlap(other, agency))
            fault(loader, &loader->entries[index], "commune",
                  arena_printf(loader->arena, "xã \"%s\" đã thuộc cơ quan \"%s\" cùng thời gian",
                               agency->commune_code, other->code));
    }
}

static void check_office(struct agency_loader *loader, const struct agency_tree *tree,
                         const struct commune_list *communes, size_t index)
{
    const struct agency *agency = &tree->items[index];
    const struct agency *office;

    if (agency->office != NULL) {
        office = agency_find(tree, slice_str(agency->office));
        if (office == NULL || office->level != AGENCY_POST_OFFICE)
            fault(loader, &loader->entries[index], "office",
                  arena_printf(loader->arena, "không có bưu cục \"%s\"", agency->office));
    }
    for (size_t i = 0; communes != NULL && i < agency->serve_count; i++) {
        if (commune_find(communes, slice_str(agency->serves[i])) == NULL)
            fault(loader, &loader->entries[index], "serves",
                  arena_printf(loader->arena, "mã xã \"%s\" không có trong danh mục",
                               agency->serves[i]));
    }
}

int agency_loader_finish(struct agency_loader *loader, const struct commune_list *communes,
                         struct agency_tree **ret)
{
    struct agency_tree *tree = ARENA_NEW(loader->arena, struct agency_tree);

    if (loader->faults > 0)
        return CONF_E_BAD;
    if (loader->count > 1)
        qsort(loader->entries, loader->count, sizeof(*loader->entries), entry_cmp);
    tree->items = ARENA_ARRAY(loader->arena, struct agency, loader->count + 1);
    tree->count = loader->count;
    for (size_t i = 0; i < tree->count; i++) {
        tree->items[i] = loader->entries[i].agency;
        if (i > 0 && strcmp(tree->items[i].code, tree->items[i - 1].code) == 0)
            fault(loader, &loader->entries[i], "code", "mã này đã có ở một cơ quan khác");
    }
    for (size_t i = 0; i < tree->count; i++)
        tie_parent(loader, tree, i);
    tie_tree(loader, tree);
    list_functions(loader, tree);
    for (size_t i = 0; i < tree->count; i++) {
        check_commune(loader, tree, communes, i);
        check_office(loader, tree, communes, i);
    }
    if (loader->faults > 0)
        return CONF_E_BAD;
    *ret = tree;
    return 0;
}
