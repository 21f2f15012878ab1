#include "conf/settings.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "conf/settings_table.h"
#include "conf/yaml.h"

#define ROWS_PER_SECTION_MAX 40
#define SOCKET_PATH_MAX 107

static void *field_of(struct settings *settings, const struct settings_row *row)
{
    return (char *)settings + row->key.offset;
}

/* The row's default as the value that the YAML of the reference would give. */
static const struct value *fallback_of(struct arena *arena, const struct settings_row *row)
{
    struct slice text = slice_str(row->fallback);
    int64_t number;

    if (row->key.type == SCHEMA_BOOL)
        return value_bool(arena, slice_is(text, "true"));
    if (row->key.type == SCHEMA_INT && num_parse_i64(text, INT64_MIN, INT64_MAX, &number) == 0)
        return value_int(arena, number);
    return value_string(arena, text);
}

static void defaults(struct schema_reader *reader, struct settings *settings)
{
    for (size_t i = 0; i < settings_row_count; i++) {
        const struct settings_row *row = &settings_rows[i];

        if (row->fallback != NULL)
            DVC_REQUIRE(schema_value(reader, fallback_of(reader->arena, row), &row->key,
                                     field_of(settings, row)));
    }
}

static void read_section(struct schema_reader *reader, const struct value *map, const char *section,
                         struct settings *settings)
{
    struct schema_key keys[ROWS_PER_SECTION_MAX];
    size_t count = 0;

    for (size_t i = 0; i < settings_row_count; i++) {
        if (strcmp(settings_rows[i].section, section) != 0)
            continue;
        DVC_REQUIRE(count < DVC_COUNT(keys));
        keys[count++] = settings_rows[i].key;
    }
    schema_read(reader, map, arena_printf(reader->arena, "mục \"%s\"", section), keys, count,
                settings);
}

static void read_sections(struct schema_reader *reader, const struct value *tree,
                          struct settings *settings)
{
    const struct value *maps[ROWS_PER_SECTION_MAX] = {NULL};
    struct schema_key keys[ROWS_PER_SECTION_MAX];

    DVC_REQUIRE(settings_section_count <= DVC_COUNT(keys));
    for (size_t i = 0; i < settings_section_count; i++)
        keys[i] = (struct schema_key){
            .name = settings_sections[i].name, .type = SCHEMA_MAP, .offset = i * sizeof(maps[0])};
    schema_read(reader, tree, "cấu hình", keys, settings_section_count, maps);
    for (size_t i = 0; i < settings_section_count; i++) {
        if (maps[i] != NULL)
            read_section(reader, maps[i], settings_sections[i].name, settings);
    }
}

static void make_paths(struct arena *arena, const char *dir, const char *data,
                       struct settings *settings)
{
    /* Those of the configuration first: paths.data is one of them. */
    for (size_t i = 0; i < settings_row_count; i++) {
        const char **field = field_of(settings, &settings_rows[i]);

        if (settings_rows[i].path == SETTINGS_CONF_PATH && *field != NULL)
            *field = conf_path(arena, dir, *field);
    }
    if (data != NULL)
        settings->paths.data = arena_str(arena, data);
    for (size_t i = 0; i < settings_row_count; i++) {
        const char **field = field_of(settings, &settings_rows[i]);

        if (settings_rows[i].path == SETTINGS_DATA_PATH && *field != NULL)
            *field = conf_path(arena, settings->paths.data, *field);
    }
}

bool settings_network_ok(struct slice text)
{
    char address[INET6_ADDRSTRLEN];
    unsigned char binary[16];
    ptrdiff_t slash = slice_find(text, '/', 0);
    struct slice host = slash < 0 ? text : slice_sub(text, 0, (size_t)slash);
    int64_t bits = 0;
    int family;

    if (host.len == 0 || host.len >= sizeof(address))
        return false;
    memcpy(address, host.ptr, host.len);
    address[host.len] = '\0';
    family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
    if (inet_pton(family, address, binary) != 1)
        return false;
    return slash < 0 || num_parse_i64(slice_sub(text, (size_t)slash + 1, text.len), 0,
                                      family == AF_INET ? 32 : 128, &bits) == 0;
}

bool settings_listen_ok(struct slice text)
{
    ptrdiff_t colon = -1;
    struct slice host;
    int64_t port;

    if (slice_starts(text, "unix:"))
        return text.len > 6 && text.ptr[5] == '/' && text.len < 100;
    for (ptrdiff_t at = slice_find(text, ':', 0); at >= 0;
         at = slice_find(text, ':', (size_t)at + 1))
        colon = at;
    if (colon < 0 || num_parse_i64(slice_sub(text, (size_t)colon + 1, text.len), 0, 65535, &port))
        return false;
    host = slice_sub(text, 0, (size_t)colon);
    if (slice_starts(host, "["))
        return slice_ends(host, "]") && slice_find(host, '/', 0) < 0 &&
               settings_network_ok(slice_sub(host, 1, host.len - 2));
    return slice_find(host, ':', 0) < 0 && slice_find(host, '/', 0) < 0 &&
           settings_network_ok(host);
}

static void fault_in(struct schema_reader *reader, const struct value *tree, const char *section,
                     const char *key, const char *text)
{
    const struct value *map = value_get(tree, section);

    schema_fault_key(reader, map != NULL ? map : tree, key, "\"%s.%s\": %s", section, key, text);
}

static void check_texts(struct schema_reader *reader, const struct value *tree, const char *key,
                        const struct schema_texts *texts, bool (*ok)(struct slice),
                        const char *expected)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (!ok(slice_str(texts->items[i])))
            fault_in(reader, tree, "http", key,
                     arena_printf(reader->arena, "\"%s\" không hợp lệ, cần %s", texts->items[i],
                                  expected));
    }
}

/* "https://dvc.example.vn" or with a port; what follows is ours. */
static bool url_ok(struct slice text)
{
    size_t start = slice_starts(text, "https://") ? 8 : slice_starts(text, "http://") ? 7 : 0;

    if (start == 0 || text.len == start || text.len > 200)
        return false;
    for (size_t i = start; i < text.len; i++) {
        char c = text.ptr[i];
        bool host = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                    c == ':' || c == '[' || c == ']';

        if (!host)
            return false;
    }
    return true;
}

static void check_https(struct schema_reader *reader, const struct value *tree,
                        const struct settings *settings)
{
    const char *url = settings->http.public_url;

    check_texts(reader, tree, "tls_listen", &settings->http.tls_listen, settings_listen_ok,
                "địa chỉ số và cổng như \"0.0.0.0:443\", \"[::]:443\"");
    if (settings->http.tls_listen.count > 0 && settings->http.tls_certificate == NULL)
        fault_in(reader, tree, "http", "tls_listen", "cần \"tls_certificate\" và \"tls_key\"");
    if ((settings->http.tls_certificate == NULL) != (settings->http.tls_key == NULL))
        fault_in(reader, tree, "http",
                 settings->http.tls_key != NULL ? "tls_key" : "tls_certificate",
                 "\"tls_certificate\" và \"tls_key\" đi đôi với nhau");
    if (url != NULL && !url_ok(slice_str(url)))
        fault_in(reader, tree, "http", "public_url",
                 "cần dạng \"https://tên-miền\", chữ thường, không có dấu / ở cuối");
    if (settings->http.redirect_to_https && (url == NULL || strncmp(url, "https://", 8) != 0))
        fault_in(reader, tree, "http", "redirect_to_https",
                 "cần \"public_url\" bắt đầu bằng https://");
}

/* What no single key shows. */
static void check_together(struct schema_reader *reader, const struct value *tree,
                           const struct settings *settings)
{
    const char *network = "địa chỉ số như \"127.0.0.1\" hoặc mạng như \"10.1.0.0/16\"";

    check_texts(reader, tree, "listen", &settings->http.listen, settings_listen_ok,
                "địa chỉ số và cổng như \"127.0.0.1:8080\", \"[::1]:8080\", hoặc \"unix:/đường/"
                "dẫn\"");
    check_texts(reader, tree, "trusted_proxies", &settings->http.trusted_proxies,
                settings_network_ok, network);
    check_texts(reader, tree, "metrics_from", &settings->http.metrics_from, settings_network_ok,
                network);
    check_https(reader, tree, settings);
    if (settings->http.listen.count == 0)
        fault_in(reader, tree, "http", "listen", "cần ít nhất một địa chỉ");
    if (settings->database.mode == DATABASE_EXTERNAL && settings->database.url == NULL)
        fault_in(reader, tree, "database", "mode", "external cần \"url\"");
    if (settings->database.mode == DATABASE_EMBEDDED && settings->database.url != NULL)
        fault_in(reader, tree, "database", "url", "chỉ dùng với \"mode: external\"");
    if (settings->files.clamd != NULL &&
        (settings->files.clamd[0] != '/' || strlen(settings->files.clamd) > SOCKET_PATH_MAX))
        fault_in(reader, tree, "files", "clamd", "cần đường dẫn tuyệt đối, dài nhất 107 byte");
    if (settings->workers.restart_min_ms > settings->workers.restart_max_ms)
        fault_in(reader, tree, "workers", "restart_min_ms", "lớn hơn restart_max_ms");
    if (settings->courier.retry_min_ms > settings->courier.retry_max_ms)
        fault_in(reader, tree, "courier", "retry_min_ms", "lớn hơn retry_max_ms");
    if (settings->database.poll_busy_ms > settings->clock.tick_ms)
        fault_in(reader, tree, "database", "poll_busy_ms", "lớn hơn clock.tick_ms");
    if (settings->database.poll_busy_ms > settings->courier.poll_ms)
        fault_in(reader, tree, "database", "poll_busy_ms", "lớn hơn courier.poll_ms");
}

/* An absolute folder for a path that may be relative to where the process is. */
static const char *folder_of(struct arena *arena, const char *path)
{
    char *real = realpath(path, NULL);
    const char *dir = conf_dirname(arena, real != NULL ? real : path);

    free(real);
    return dir;
}

int settings_load(struct arena *arena, const char *path, const char *file, const char *data,
                  struct conf_errors *errors, struct settings *ret)
{
    struct schema_reader reader = {.arena = arena, .errors = errors, .file = file};
    struct settings settings;
    struct value *tree;

    memset(&settings, 0, sizeof(settings));
    defaults(&reader, &settings);
    if (conf_yaml_load(arena, path, file, errors, &tree) != 0)
        return CONF_E_BAD;
    read_sections(&reader, tree, &settings);
    if (reader.faults == 0)
        check_together(&reader, tree, &settings);
    make_paths(arena, folder_of(arena, path), data, &settings);
    settings.file = arena_str(arena, path);
    *ret = settings;
    return reader.faults > 0 ? CONF_E_BAD : 0;
}

static bool texts_eq(const struct schema_texts *a, const struct schema_texts *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    }
    return true;
}

static bool field_eq(const struct settings_row *row, const struct settings *a,
                     const struct settings *b)
{
    const void *left = (const char *)a + row->key.offset,
               *right = (const char *)b + row->key.offset;

    if (row->key.type == SCHEMA_TEXTS)
        return texts_eq(left, right);
    if (row->key.type == SCHEMA_TEXT)
        return slice_eq(slice_str(*(const char *const *)left),
                        slice_str(*(const char *const *)right));
    if (row->key.type == SCHEMA_LIMIT)
        return limit_eq(*(const struct limit *)left, *(const struct limit *)right);
    if (row->key.type == SCHEMA_BOOL)
        return *(const bool *)left == *(const bool *)right;
    if (row->key.type == SCHEMA_WORD)
        return *(const int *)left == *(const int *)right;
    return *(const int64_t *)left == *(const int64_t *)right;
}

size_t settings_restart_keys(const struct settings *old, const struct settings *new,
                             const char **ret, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < settings_row_count; i++) {
        const struct settings_row *row = &settings_rows[i];

        if (row->reloadable || field_eq(row, old, new))
            continue;
        if (count < max)
            ret[count] = row->full;
        count++;
    }
    return count;
}

static struct schema_texts texts_copy(struct arena *arena, const struct schema_texts *texts)
{
    const char **items = ARENA_ARRAY(arena, const char *, texts->count + 1);

    for (size_t i = 0; i < texts->count; i++)
        items[i] = arena_str(arena, texts->items[i]);
    return (struct schema_texts){.items = items, .count = texts->count};
}

static void field_copy(struct arena *arena, const struct settings_row *row,
                       const struct settings *from, struct settings *to)
{
    const void *source = (const char *)from + row->key.offset;
    void *target = field_of(to, row);

    if (row->key.type == SCHEMA_TEXTS)
        *(struct schema_texts *)target = texts_copy(arena, source);
    else if (row->key.type == SCHEMA_TEXT)
        *(const char **)target = arena_str(arena, *(const char *const *)source);
    else if (row->key.type == SCHEMA_LIMIT)
        *(struct limit *)target = *(const struct limit *)source;
    else if (row->key.type == SCHEMA_BOOL)
        *(bool *)target = *(const bool *)source;
    else if (row->key.type == SCHEMA_WORD)
        *(int *)target = *(const int *)source;
    else
        *(int64_t *)target = *(const int64_t *)source;
}

void settings_keep(struct arena *arena, const struct settings *old, struct settings *new)
{
    for (size_t i = 0; i < settings_row_count; i++) {
        if (!settings_rows[i].reloadable)
            field_copy(arena, &settings_rows[i], old, new);
    }
}

static void write_row(struct buf *buf, const struct settings_row *row)
{
    buf_addf(buf, "  # %s.\n", row->help);
    if (row->key.type == SCHEMA_INT)
        buf_addf(buf, "  # Từ %lld đến %lld.", (long long)row->key.min, (long long)row->key.max);
    if (row->key.type == SCHEMA_WORD) {
        buf_adds(buf, "  # Một trong:");
        for (const struct schema_word *word = row->key.words; word->word != NULL; word++)
            buf_addf(buf, "%s %s", word == row->key.words ? "" : ",", word->word);
        buf_adds(buf, ".");
    }
    if (row->key.type == SCHEMA_INT || row->key.type == SCHEMA_WORD)
        buf_adds(buf, row->reloadable ? "\n" : " Đổi phải khởi động lại.\n");
    else if (!row->reloadable)
        buf_adds(buf, "  # Đổi phải khởi động lại.\n");
    if (row->fallback == NULL)
        buf_addf(buf, "  # %s:\n", row->key.name);
    else if (row->key.type == SCHEMA_TEXTS)
        buf_addf(buf, "  %s: [\"%s\"]\n", row->key.name, row->fallback);
    else
        buf_addf(buf, "  %s: %s\n", row->key.name, row->fallback);
}

void settings_reference(struct buf *buf)
{
    buf_adds(buf,
             "# Cấu hình của dvcd. Mỗi khoá viết ở đây với giá trị mặc định; bỏ khoá nào thì khoá "
             "đó dùng mặc định.\n"
             "# Kiểm tra: dvcd check. Nạp lại không dừng dịch vụ: dvcctl reload hoặc SIGHUP.\n"
             "# Đường dẫn tương đối tính từ thư mục của tệp này.\n");
    for (size_t s = 0; s < settings_section_count; s++) {
        buf_addf(buf, "\n# %s.\n%s:\n", settings_sections[s].help, settings_sections[s].name);
        for (size_t i = 0; i < settings_row_count; i++) {
            if (strcmp(settings_rows[i].section, settings_sections[s].name) == 0)
                write_row(buf, &settings_rows[i]);
        }
    }
}
