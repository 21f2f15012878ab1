#include "conf/forms.h"

#include "conf/schema.h"
#include "conf/yaml.h"

struct edition {
    const char *circular;
    day_t from, to; /* DAY_NONE: open */
    const struct value *map;
    struct form_label forms[FORM_COUNT];
};

struct form_editions {
    struct edition *items;
    size_t count;
};

struct raw_editions {
    const struct value *list;
};

static const struct schema_key root_keys[] = {
    {"editions", SCHEMA_LIST, true, offsetof(struct raw_editions, list)},
};
static const struct schema_key edition_keys[] = {
    {"circular", SCHEMA_CODE, true, offsetof(struct edition, circular), 1, 60},
    {"from", SCHEMA_DAY, true, offsetof(struct edition, from)},
    {"to", SCHEMA_DAY, false, offsetof(struct edition, to)},
    {"forms", SCHEMA_MAP, true, offsetof(struct edition, map)},
};
static const struct schema_key label_keys[] = {
    {"mark", SCHEMA_TEXT, true, offsetof(struct form_label, mark), 1, 40},
    {"title", SCHEMA_TEXT, true, offsetof(struct form_label, title), 1, 200},
};

static bool form_of(struct slice name, enum form_id *ret)
{
    for (int i = 0; i < FORM_COUNT; i++) {
        if (slice_is(name, form_id_code((enum form_id)i))) {
            *ret = (enum form_id)i;
            return true;
        }
    }
    return false;
}

static void read_labels(struct schema_reader *reader, struct edition *edition)
{
    const struct value *map = edition->map;

    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_member *member = &map->map.members[i];
        enum form_id form;

        if (!form_of(member->key, &form)) {
            schema_fault_key(reader, map, member->key.ptr, "không có mẫu giấy tờ \"%s\"",
                             member->key.ptr);
            continue;
        }
        if (SCHEMA_READ(reader, member->value, "mẫu giấy tờ", label_keys, &edition->forms[form]))
            edition->forms[form].circular = edition->circular;
    }
}

static void read_editions(struct schema_reader *reader, const struct value *list,
                          struct form_editions *editions)
{
    size_t count = value_count(list);

    if (count == 0 || count > FORM_EDITIONS_MAX) {
        schema_fault(reader, list, "\"editions\": cần từ 1 đến %d mục", FORM_EDITIONS_MAX);
        return;
    }
    editions->items = ARENA_ARRAY(reader->arena, struct edition, count);
    for (size_t i = 0; i < count; i++) {
        struct edition *edition = &editions->items[editions->count];
        const struct value *map = value_at(list, i);

        *edition = (struct edition){.from = DAY_NONE, .to = DAY_NONE};
        if (!SCHEMA_READ(reader, map, "thông tư", edition_keys, edition))
            continue;
        if (!day_is_none(edition->to) && edition->to.n < edition->from.n)
            schema_fault_key(reader, map, "to", "\"to\" phải từ ngày \"from\" trở đi");
        read_labels(reader, edition);
        editions->count++;
    }
}

int forms_load(struct arena *arena, const char *path, const char *file, struct conf_errors *errors,
               struct form_editions **ret)
{
    struct form_editions *editions = ARENA_NEW(arena, struct form_editions);
    struct schema_reader reader = {.arena = arena, .errors = errors, .file = file};
    struct raw_editions raw = {NULL};
    struct value *root;

    if (conf_yaml_load(arena, path, file, errors, &root) != 0)
        return CONF_E_BAD;
    if (SCHEMA_READ(&reader, root, "tệp", root_keys, &raw))
        read_editions(&reader, raw.list, editions);
    if (reader.faults > 0)
        return CONF_E_BAD;
    *ret = editions;
    return 0;
}

static bool in_force(const struct edition *edition, day_t day)
{
    return day.n >= edition->from.n && (day_is_none(edition->to) || day.n <= edition->to.n);
}

struct form_label forms_label(const struct form_editions *editions, enum form_id form, day_t day)
{
    struct form_label label = {NULL, NULL, NULL};

    for (size_t i = 0; editions != NULL && i < editions->count; i++) {
        const struct edition *edition = &editions->items[i];

        if (edition->forms[form].title == NULL)
            continue;
        if (in_force(edition, day))
            return edition->forms[form];
        if (label.title == NULL)
            label.title = edition->forms[form].title;
    }
    return label;
}
