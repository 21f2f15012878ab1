#include "conf/targets.h"

#include "base/hash.h"

#include <string.h>

#define SECRET_BYTES_MIN 24
#define SECRET_BYTES_MAX 64
#define SECRET_PREFIX "whsec_"

/* ---- webhook ---- */

struct raw_webhook {
    struct webhook out;
    bool enabled;
    const char *kind;
    const char *secret, *secret_file, *old_secret, *old_secret_file;
    struct schema_texts events;
};

static const struct schema_key webhook_keys[] = {
    {"kind", SCHEMA_ID, true, offsetof(struct raw_webhook, kind)},
    {"enabled", SCHEMA_BOOL, false, offsetof(struct raw_webhook, enabled)},
    {"id", SCHEMA_ID, true, offsetof(struct raw_webhook, out.sink.id)},
    {"url", SCHEMA_TEXT, true, offsetof(struct raw_webhook, out.url), 1, 500},
    {"secret", SCHEMA_TEXT, false, offsetof(struct raw_webhook, secret), 1, 200},
    {"secret_file", SCHEMA_TEXT, false, offsetof(struct raw_webhook, secret_file), 1, 500},
    {"old_secret", SCHEMA_TEXT, false, offsetof(struct raw_webhook, old_secret), 1, 200},
    {"old_secret_file", SCHEMA_TEXT, false, offsetof(struct raw_webhook, old_secret_file), 1, 500},
    {"events", SCHEMA_TEXTS, false, offsetof(struct raw_webhook, events)},
    {"ca_file", SCHEMA_TEXT, false, offsetof(struct raw_webhook, out.ca_file), 1, 500},
    {"max_in_flight", SCHEMA_INT, false, offsetof(struct raw_webhook, out.max_in_flight), 1, 64},
    {"connect_timeout_ms", SCHEMA_INT, false, offsetof(struct raw_webhook, out.connect_timeout_ms),
     10, 60000},
    {"request_timeout_ms", SCHEMA_INT, false, offsetof(struct raw_webhook, out.request_timeout_ms),
     10, 300000},
};

static void add_secret(struct schema_reader *reader, const struct value *map, const char *key,
                       const char *text, struct webhook *webhook)
{
    struct buf bytes = BUF_INIT(SECRET_BYTES_MAX);
    struct slice given = slice_str(text);

    if (!slice_starts(given, SECRET_PREFIX) ||
        base64_parse(slice_sub(given, strlen(SECRET_PREFIX), given.len), &bytes) != 0 ||
        buf_slice(&bytes).len < SECRET_BYTES_MIN)
        schema_fault_key(reader, map, key,
                         "\"%s\" phải là whsec_ và mã base64 của %d đến %d byte ngẫu nhiên", key,
                         SECRET_BYTES_MIN, SECRET_BYTES_MAX);
    else
        webhook->secrets[webhook->secret_count++] = arena_slice(reader->arena, buf_slice(&bytes));
    buf_release(&bytes);
}

/* One of `text` and `file`, which may stay out of the configuration folder. */
static void read_secret(struct schema_reader *reader, const char *dir, const struct value *map,
                        const char *key, const char *text, const char *file,
                        struct webhook *webhook)
{
    const char *file_key = arena_printf(reader->arena, "%s_file", key);

    if (text != NULL && file != NULL) {
        schema_fault_key(reader, map, file_key, "chỉ một trong hai: \"%s\" hoặc \"%s\"", key,
                         file_key);
        return;
    }
    if (file != NULL)
        text = target_secret(reader, dir, map, file_key, file);
    if (text != NULL)
        add_secret(reader, map, file != NULL ? file_key : key, text, webhook);
}

static void read_events(struct schema_reader *reader, const struct value *map,
                        const struct schema_texts *events, struct sink *sink)
{
    for (size_t i = 0; i < events->count; i++) {
        if (!sink_event_known(slice_str(events->items[i])))
            schema_fault_key(
                reader, map, "events",
                "\"events\": không có \"%s\"; cần mã trạng thái hồ sơ, hoặc due_moved, "
                "parcel_moved, paid, result_corrected",
                events->items[i]);
    }
    sink->events = events->items;
    sink->event_count = events->count;
}

static void check_url(struct schema_reader *reader, const struct value *map, const char *url)
{
    if (!target_url_safe(url))
        schema_fault_key(reader, map, "url",
                         "\"url\" phải bắt đầu bằng https:// (http:// chỉ được dùng cho chính máy "
                         "này)");
}

int webhook_read(struct schema_reader *reader, const char *dir, const struct value *map,
                 struct webhook **ret)
{
    struct raw_webhook *raw = ARENA_NEW(reader->arena, struct raw_webhook);
    size_t before = reader->faults;

    raw->out = (struct webhook){
        .max_in_flight = 4, .connect_timeout_ms = 3000, .request_timeout_ms = 10000};
    raw->enabled = true;
    if (!SCHEMA_READ(reader, map, "webhook", webhook_keys, raw))
        return CONF_E_BAD;
    *ret = NULL;
    if (!raw->enabled)
        return 0;
    check_url(reader, map, raw->out.url);
    read_secret(reader, dir, map, "secret", raw->secret, raw->secret_file, &raw->out);
    if (raw->secret == NULL && raw->secret_file == NULL)
        schema_fault(reader, map, "cần \"secret\" hoặc \"secret_file\"");
    read_secret(reader, dir, map, "old_secret", raw->old_secret, raw->old_secret_file, &raw->out);
    read_events(reader, map, &raw->events, &raw->out.sink);
    if (raw->out.ca_file != NULL)
        raw->out.ca_file = conf_path(reader->arena, dir, raw->out.ca_file);
    if (reader->faults != before)
        return CONF_E_BAD;
    *ret = &raw->out;
    return 0;
}

/* ---- smtp ---- */

struct raw_mailer {
    struct mailer out;
    bool enabled;
    const char *kind;
    const char *password_file;
};

static const struct schema_word tls_words[] = {
    {"none", MAILER_PLAIN}, {"starttls", MAILER_STARTTLS}, {"tls", MAILER_TLS}, {NULL, 0}};

static const struct schema_key mailer_keys[] = {
    {"kind", SCHEMA_ID, true, offsetof(struct raw_mailer, kind)},
    {"enabled", SCHEMA_BOOL, false, offsetof(struct raw_mailer, enabled)},
    {"host", SCHEMA_TEXT, true, offsetof(struct raw_mailer, out.host), 1, 253},
    {"port", SCHEMA_INT, true, offsetof(struct raw_mailer, out.port), 1, 65535},
    {"tls", SCHEMA_WORD, true, offsetof(struct raw_mailer, out.tls), 0, 0, tls_words},
    {"user", SCHEMA_TEXT, false, offsetof(struct raw_mailer, out.user), 1, 200},
    {"password", SCHEMA_TEXT, false, offsetof(struct raw_mailer, out.password), 1, 200},
    {"password_file", SCHEMA_TEXT, false, offsetof(struct raw_mailer, password_file), 1, 500},
    {"from", SCHEMA_TEXT, true, offsetof(struct raw_mailer, out.from), 3, 254},
    {"from_name", SCHEMA_TEXT, true, offsetof(struct raw_mailer, out.from_name), 1, 100},
    {"ca_file", SCHEMA_TEXT, false, offsetof(struct raw_mailer, out.ca_file), 1, 500},
    {"max_in_flight", SCHEMA_INT, false, offsetof(struct raw_mailer, out.max_in_flight), 1, 64},
    {"connect_timeout_ms", SCHEMA_INT, false, offsetof(struct raw_mailer, out.connect_timeout_ms),
     10, 60000},
    {"request_timeout_ms", SCHEMA_INT, false, offsetof(struct raw_mailer, out.request_timeout_ms),
     10, 300000},
};

static bool host_ok(const char *host)
{
    return host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:"
                             "[]")] == '\0';
}

static bool this_machine(const char *host)
{
    return strcmp(host, "127.0.0.1") == 0 || strcmp(host, "localhost") == 0 ||
           strcmp(host, "[::1]") == 0;
}

static void check_mailer(struct schema_reader *reader, const struct value *map,
                         const struct mailer *mailer)
{
    if (!host_ok(mailer->host))
        schema_fault_key(reader, map, "host", "\"host\" phải là tên hoặc địa chỉ của máy chủ thư");
    else if (mailer->tls == MAILER_PLAIN && !this_machine(mailer->host))
        schema_fault_key(reader, map, "tls",
                         "\"tls: none\" chỉ được dùng khi máy chủ thư ở chính máy này");
    if (!mailer_address_ok(slice_str(mailer->from)))
        schema_fault_key(reader, map, "from", "\"from\" phải là một địa chỉ thư");
    if ((mailer->user == NULL) != (mailer->password == NULL))
        schema_fault(reader, map, "\"user\" và mật khẩu phải đi cùng nhau");
}

int mailer_read(struct schema_reader *reader, const char *dir, const struct value *map,
                struct mailer **ret)
{
    struct raw_mailer *raw = ARENA_NEW(reader->arena, struct raw_mailer);
    size_t before = reader->faults;

    raw->out = (struct mailer){
        .max_in_flight = 2, .connect_timeout_ms = 5000, .request_timeout_ms = 30000};
    raw->enabled = true;
    if (!SCHEMA_READ(reader, map, "máy chủ thư", mailer_keys, raw))
        return CONF_E_BAD;
    *ret = NULL;
    if (!raw->enabled)
        return 0;
    if (raw->password_file != NULL && raw->out.password != NULL)
        schema_fault_key(reader, map, "password_file",
                         "chỉ một trong hai: \"password\" hoặc \"password_file\"");
    else if (raw->password_file != NULL)
        raw->out.password = target_secret(reader, dir, map, "password_file", raw->password_file);
    check_mailer(reader, map, &raw->out);
    if (raw->out.ca_file != NULL)
        raw->out.ca_file = conf_path(reader->arena, dir, raw->out.ca_file);
    if (reader->faults != before)
        return CONF_E_BAD;
    *ret = &raw->out;
    return 0;
}
