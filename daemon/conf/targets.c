#include "conf/targets.h"

#include "base/num.h"
#include "conf/file.h"
#include "conf/yaml.h"

#include <stdlib.h>
#include <string.h>

#define SECRET_MAX_BYTES 4096

static const struct schema_word time_words[] = {
    {"milliseconds", CARRIER_TIME_MS},
    {"seconds", CARRIER_TIME_S},
    {NULL, 0},
};

struct raw_target {
    struct vnpost_target out;
    const char *kind;
    const struct value *customers, *statuses, *provinces;
};

struct raw_customer {
    struct carrier_customer out;
    struct schema_texts agencies;
    const char *secret_file;
    const struct value *sender;
};

static const struct schema_key target_keys[] = {
    {"kind", SCHEMA_ID, true, offsetof(struct raw_target, kind)},
    {"id", SCHEMA_ID, true, offsetof(struct raw_target, out.id)},
    {"token_url", SCHEMA_TEXT, true, offsetof(struct raw_target, out.token_url), 1, 500},
    {"order_url", SCHEMA_TEXT, true, offsetof(struct raw_target, out.order_url), 1, 500},
    {"cancel_url", SCHEMA_TEXT, true, offsetof(struct raw_target, out.cancel_url), 1, 500},
    {"tracking_url", SCHEMA_TEXT, true, offsetof(struct raw_target, out.tracking_url), 1, 500},
    {"ca_file", SCHEMA_TEXT, false, offsetof(struct raw_target, out.ca_file), 1, 500},
    {"event_time", SCHEMA_WORD, false, offsetof(struct raw_target, out.event_time), 0, 0,
     time_words},
    {"max_in_flight", SCHEMA_INT, false, offsetof(struct raw_target, out.max_in_flight), 1, 64},
    {"page_size", SCHEMA_INT, false, offsetof(struct raw_target, out.page_size), 1, 1000},
    {"connect_timeout_ms", SCHEMA_INT, false, offsetof(struct raw_target, out.connect_timeout_ms),
     10, 60000},
    {"request_timeout_ms", SCHEMA_INT, false, offsetof(struct raw_target, out.request_timeout_ms),
     10, 300000},
    {"tracking_ms", SCHEMA_INT, false, offsetof(struct raw_target, out.tracking_ms), 50, 86400000},
    {"customers", SCHEMA_LIST, true, offsetof(struct raw_target, customers)},
    {"status", SCHEMA_MAP, true, offsetof(struct raw_target, statuses)},
    {"provinces", SCHEMA_MAP, true, offsetof(struct raw_target, provinces)},
};

static const struct schema_key customer_keys[] = {
    {"code", SCHEMA_CODE, true, offsetof(struct raw_customer, out.code), 1, 100},
    {"key", SCHEMA_CODE, true, offsetof(struct raw_customer, out.key), 1, 200},
    {"secret", SCHEMA_CODE, false, offsetof(struct raw_customer, out.secret), 1, 200},
    {"secret_file", SCHEMA_TEXT, false, offsetof(struct raw_customer, secret_file), 1, 500},
    {"agencies", SCHEMA_CODES, true, offsetof(struct raw_customer, agencies)},
    {"sender", SCHEMA_MAP, true, offsetof(struct raw_customer, sender)},
};

static const struct schema_key sender_keys[] = {
    {"name", SCHEMA_TEXT, true, offsetof(struct carrier_sender, name), 1, 200},
    {"address", SCHEMA_TEXT, true, offsetof(struct carrier_sender, address), 1, 300},
    {"tel", SCHEMA_CODE, true, offsetof(struct carrier_sender, tel), 6, 20},
    {"email", SCHEMA_TEXT, false, offsetof(struct carrier_sender, email), 3, 200},
    {"province", SCHEMA_INT32, true, offsetof(struct carrier_sender, province), 1, 9999},
    {"district", SCHEMA_INT32, true, offsetof(struct carrier_sender, district), 1, 999999},
};

bool target_url_safe(const char *url)
{
    struct slice text = slice_str(url);

    return slice_starts(text, "https://") || slice_starts(text, "http://127.0.0.1:") ||
           slice_starts(text, "http://127.0.0.1/") || slice_starts(text, "http://localhost:") ||
           slice_starts(text, "http://localhost/") || slice_starts(text, "http://[::1]:") ||
           slice_starts(text, "http://[::1]/");
}

static void check_urls(struct schema_reader *reader, const struct value *map,
                       const struct vnpost_target *target)
{
    const struct {
        const char *key, *url;
    } urls[] = {{"token_url", target->token_url},
                {"order_url", target->order_url},
                {"cancel_url", target->cancel_url},
                {"tracking_url", target->tracking_url}};

    for (size_t i = 0; i < DVC_COUNT(urls); i++) {
        if (urls[i].url != NULL && !target_url_safe(urls[i].url))
            schema_fault_key(reader, map, urls[i].key,
                             "\"%s\" phải bắt đầu bằng https:// (http:// chỉ được dùng cho chính "
                             "máy này)",
                             urls[i].key);
    }
}

const char *target_secret(struct schema_reader *reader, const char *dir, const struct value *map,
                          const char *key, const char *file)
{
    const char *path = conf_path(reader->arena, dir, file);
    struct slice text;

    if (conf_file_read(reader->arena, path, file, SECRET_MAX_BYTES, reader->errors, &text) != 0) {
        reader->faults++;
        return NULL;
    }
    text = slice_trim(text);
    if (text.len == 0) {
        schema_fault_key(reader, map, key, "tệp %s không có nội dung", file);
        return NULL;
    }
    return arena_slice_str(reader->arena, text);
}

/* The secret may stay out of the configuration folder, which more people read than should know it.
 */
static void read_secret(struct schema_reader *reader, const char *dir, const struct value *map,
                        struct raw_customer *raw)
{
    if ((raw->out.secret == NULL) == (raw->secret_file == NULL)) {
        schema_fault(reader, map, "cần đúng một trong hai: \"secret\" hoặc \"secret_file\"");
        return;
    }
    if (raw->secret_file != NULL)
        raw->out.secret = target_secret(reader, dir, map, "secret_file", raw->secret_file);
}

static void read_customer(struct schema_reader *reader, const char *dir, const struct value *map,
                          struct carrier_customer *ret)
{
    struct raw_customer raw = {0};

    if (map->kind != VALUE_MAP) {
        schema_fault(reader, map, "mỗi hợp đồng phải là một nhóm khoá, nhưng ở đây là %s",
                     schema_found(reader->arena, map));
        return;
    }
    if (!SCHEMA_READ(reader, map, "hợp đồng bưu chính", customer_keys, &raw))
        return;
    SCHEMA_READ(reader, raw.sender, "bên gửi", sender_keys, &raw.out.sender);
    read_secret(reader, dir, map, &raw);
    raw.out.agencies = raw.agencies.items;
    raw.out.agency_count = raw.agencies.count;
    *ret = raw.out;
}

static void check_agencies(struct schema_reader *reader, const struct value *list,
                           const struct vnpost_target *target)
{
    for (size_t i = 0; i < target->customer_count; i++) {
        for (size_t a = 0; a < target->customers[i].agency_count; a++) {
            for (size_t j = 0; j < i; j++) {
                for (size_t b = 0; b < target->customers[j].agency_count; b++) {
                    if (strcmp(target->customers[i].agencies[a],
                               target->customers[j].agencies[b]) == 0)
                        schema_fault(reader, value_at(list, i),
                                     "cơ quan \"%s\" đã có hợp đồng khác ở trên",
                                     target->customers[i].agencies[a]);
                }
            }
        }
    }
}

static void read_customers(struct schema_reader *reader, const char *dir, const struct value *list,
                           struct vnpost_target *target)
{
    size_t count = value_count(list);

    if (count == 0)
        schema_fault(reader, list, "\"customers\" cần ít nhất một hợp đồng");
    target->customers = ARENA_ARRAY(reader->arena, struct carrier_customer, count);
    target->customer_count = count;
    for (size_t i = 0; i < count; i++)
        read_customer(reader, dir, value_at(list, i), &target->customers[i]);
    check_agencies(reader, list, target);
}

static bool read_state(struct schema_reader *reader, const struct value *map, const char *direction,
                       enum parcel_state *ret)
{
    struct slice code = value_get_text(map, direction);

    if (parcel_state_parse(code, ret) == 0)
        return true;
    schema_fault_key(reader, map, direction, "\"%s\" phải là một trạng thái bưu gửi", direction);
    return false;
}

static int by_code(const void *a, const void *b)
{
    const struct carrier_status *x = a, *y = b;

    return (x->code > y->code) - (x->code < y->code);
}

static void read_statuses(struct schema_reader *reader, const struct value *map,
                          struct vnpost_target *target)
{
    target->statuses = ARENA_ARRAY(reader->arena, struct carrier_status, map->map.count);
    for (size_t i = 0; i < map->map.count; i++) {
        const struct value_member *member = &map->map.members[i];
        struct carrier_status status;
        int64_t code;

        if (num_parse_i64(member->key, 0, TARGET_STATUS_MAX, &code) < 0) {
            schema_fault(reader, member->value, "mã trạng thái phải là số từ 0 đến %d",
                         TARGET_STATUS_MAX);
            continue;
        }
        status.code = (int)code;
        if (read_state(reader, member->value, "collect", &status.collect) &&
            read_state(reader, member->value, "return", &status.ret))
            target->statuses[target->status_count++] = status;
    }
    qsort(target->statuses, target->status_count, sizeof(struct carrier_status), by_code);
}

static void read_provinces(struct schema_reader *reader, const struct value *map,
                           struct vnpost_target *target)
{
    target->provinces = ARENA_ARRAY(reader->arena, struct carrier_province, map->map.count);
    for (size_t i = 0; i < map->map.count; i++) {
        const struct value_member *member = &map->map.members[i];
        int64_t civil;

        if (member->key.len != 2 || num_parse_i64(member->key, 1, 99, &civil) < 0)
            schema_fault(reader, member->value, "mã tỉnh phải gồm hai chữ số, ví dụ \"31\"");
        else if (member->value->kind != VALUE_INT || member->value->integer < 1 ||
                 member->value->integer > 9999)
            schema_fault(reader, member->value, "mã tỉnh của bưu chính phải là số từ 1 đến 9999");
        else
            target->provinces[target->province_count++] = (struct carrier_province){
                arena_slice_str(reader->arena, member->key), (int)member->value->integer};
    }
}

int vnpost_target_read(struct schema_reader *reader, const char *dir, const struct value *map,
                       struct vnpost_target **ret)
{
    struct raw_target *raw = ARENA_NEW(reader->arena, struct raw_target);
    size_t before = reader->faults;

    raw->out = (struct vnpost_target){.max_in_flight = 4,
                                      .page_size = 100,
                                      .connect_timeout_ms = 3000,
                                      .request_timeout_ms = 10000,
                                      .tracking_ms = 60000};
    if (!SCHEMA_READ(reader, map, "bưu chính", target_keys, raw))
        return CONF_E_BAD;
    if (strcmp(raw->kind, "vnpost") != 0)
        schema_fault_key(reader, map, "kind", "\"kind\" phải là vnpost, webhook hoặc smtp");
    if (raw->out.ca_file != NULL)
        raw->out.ca_file = conf_path(reader->arena, dir, raw->out.ca_file);
    check_urls(reader, map, &raw->out);
    read_customers(reader, dir, raw->customers, &raw->out);
    read_statuses(reader, raw->statuses, &raw->out);
    read_provinces(reader, raw->provinces, &raw->out);
    if (reader->faults != before)
        return CONF_E_BAD;
    *ret = &raw->out;
    return 0;
}

static bool id_taken(const struct targets *targets, const char *id)
{
    for (size_t i = 0; i < targets->vnpost_count; i++) {
        if (strcmp(targets->vnposts[i]->id, id) == 0)
            return true;
    }
    for (size_t i = 0; i < targets->webhook_count; i++) {
        if (strcmp(targets->webhooks[i]->sink.id, id) == 0)
            return true;
    }
    return strcmp(id, MAILER_CHANNEL) == 0 || strcmp(id, "portal") == 0 ||
           strcmp(id, "papers") == 0;
}

static int add_mailer(struct schema_reader *reader, const char *dir, const struct value *root,
                      struct targets *targets)
{
    struct mailer *mailer;

    if (mailer_read(reader, dir, root, &mailer) != 0)
        return CONF_E_BAD;
    if (mailer == NULL)
        return 0;
    if (targets->mailer != NULL) {
        schema_fault_key(reader, root, "kind", "chỉ có một máy chủ thư; đã có trong một tệp khác");
        return CONF_E_BAD;
    }
    targets->mailer = mailer;
    return 0;
}

static int add_target(struct schema_reader *reader, const char *dir, const struct value *root,
                      struct targets *targets)
{
    struct slice kind = value_get_text(root, "kind");
    struct vnpost_target *vnpost = NULL;
    struct webhook *webhook = NULL;
    const char *id;

    if (slice_is(kind, "smtp"))
        return add_mailer(reader, dir, root, targets);
    if (slice_is(kind, "webhook")) {
        if (webhook_read(reader, dir, root, &webhook) != 0)
            return CONF_E_BAD;
        if (webhook == NULL)
            return 0;
        id = webhook->sink.id;
    } else {
        if (vnpost_target_read(reader, dir, root, &vnpost) != 0)
            return CONF_E_BAD;
        id = vnpost->id;
    }
    if (id_taken(targets, id)) {
        schema_fault_key(reader, root, "id", "\"%s\" đã có trong một tệp khác, hoặc để dành", id);
        return CONF_E_BAD;
    }
    if (slice_is(kind, "webhook")) {
        targets->sinks[targets->webhook_count] = webhook->sink;
        targets->webhooks[targets->webhook_count++] = webhook;
    } else {
        targets->vnposts[targets->vnpost_count++] = vnpost;
    }
    return 0;
}

static int load_one(struct arena *arena, const char *folder, const char *label, const char *name,
                    struct conf_errors *errors, struct targets *targets)
{
    const char *file = arena_printf(arena, "%s/%s", label, name);
    struct schema_reader reader = {.arena = arena, .errors = errors, .file = file};
    struct value *root;
    int r = conf_yaml_load(arena, conf_path(arena, folder, name), file, errors, &root);

    return r == 0 ? add_target(&reader, folder, root, targets) : r;
}

int targets_load(struct arena *arena, const char *folder, const char *label,
                 struct conf_errors *errors, struct targets **ret)
{
    struct targets *targets = ARENA_NEW(arena, struct targets);
    const char **names;
    size_t count;
    int r =
        conf_folder_list(arena, folder, label, ".yaml", TARGET_FILES_MAX, errors, &names, &count);

    if (r != 0)
        return r;
    targets->vnposts = ARENA_ARRAY(arena, struct vnpost_target *, count);
    targets->webhooks = ARENA_ARRAY(arena, struct webhook *, count);
    targets->sinks = ARENA_ARRAY(arena, struct sink, count);
    for (size_t i = 0; i < count; i++) {
        if (load_one(arena, folder, label, names[i], errors, targets) != 0)
            r = CONF_E_BAD;
    }
    if (r == 0)
        *ret = targets;
    return r;
}
