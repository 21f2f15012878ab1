#include "service/health.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "service/service.h"
#include "store/migrate.h"

#define ANSWER_MAX (256u << 10)
#define FACTS_DEPTH 8
#define DAY_S 86400
#define CALENDAR_DAYS 90
#define OUTBOX_LATE_US (15 * US_PER_MINUTE)
#define TRANSACTION_LATE_S 15 /* of one that writes: workers end theirs after ten */
#define TIMERS_LATE_US (2 * US_PER_MINUTE)
#define DELTAS_MANY 50000
#define NODE_GONE_SECONDS 600 /* each says once a minute that it is there */

static const char *const state_names[] = {
    [HEALTH_OK] = "ok", [HEALTH_WARN] = "warn", [HEALTH_FAIL] = "fail"};

struct health_item *health_add(struct health *health, const char *check, enum health_state state)
{
    struct health_item *item;

    DVC_REQUIRE(health->count < HEALTH_ITEMS_MAX);
    item = &health->items[health->count++];
    *item = (struct health_item){.check = check, .state = state};
    return item;
}

/* A cut never falls inside a letter. */
static void write_text(char *out, size_t size, const char *fmt, va_list args)
{
    int len = vsnprintf(out, size, fmt, args);

    if (len < (int)size)
        return;
    len = (int)size - 1;
    while (len > 0 && ((unsigned char)out[len - 1] & 0xC0) == 0x80)
        len--;
    out[len > 0 ? len - 1 : 0] = '\0';
}

void health_say(struct health_item *item, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    write_text(item->message, sizeof(item->message), fmt, args);
    va_end(args);
}

void health_advise(struct health_item *item, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    write_text(item->advice, sizeof(item->advice), fmt, args);
    va_end(args);
}

enum health_state health_worst(const struct health *health)
{
    enum health_state worst = HEALTH_OK;

    for (size_t i = 0; i < health->count; i++)
        if (health->items[i].state > worst)
            worst = health->items[i].state;
    return worst;
}

void health_write(struct jw *jw, const struct health *health)
{
    jw_object(jw);
    jw_key(jw, "items");
    jw_array(jw);
    for (size_t i = 0; i < health->count; i++) {
        const struct health_item *item = &health->items[i];

        jw_object(jw);
        jw_kv_str(jw, "check", item->check);
        jw_kv_str(jw, "state", state_names[item->state]);
        jw_kv_str(jw, "message", item->message);
        jw_kv_str(jw, "advice", item->advice[0] != '\0' ? item->advice : NULL);
        jw_end_object(jw);
    }
    jw_end_array(jw);
    jw_end_object(jw);
}

/* ---- the checks ---- */

static void judge_schema(struct health *health, const struct value *facts)
{
    int schema = (int)value_get_int(facts, "schema", 0);
    int64_t server = value_get_int(facts, "server", 0);
    struct health_item *item = health_add(health, "database", HEALTH_OK);

    health_say(item, "PostgreSQL %" PRId64 ".%" PRId64, server / 10000, server % 10000);
    if (server / 10000 != 15) {
        item->state = HEALTH_WARN;
        health_advise(item, "dvcd được thử với PostgreSQL 15; dùng phiên bản đó");
    }
    item = health_add(health, "schema", HEALTH_OK);
    health_say(item, "lược đồ %d, chương trình dùng %d đến %d", schema, STORE_SCHEMA_MIN,
               STORE_SCHEMA_MAX);
    if (!store_schema_serves(schema)) {
        item->state = HEALTH_FAIL;
        health_advise(item, schema < STORE_SCHEMA_MIN
                                ? "chạy dvcd migrate"
                                : "cài bản dvcd mới hơn: lược đồ mới hơn chương trình này");
    }
}

static void judge_connections(struct health *health, const struct value *facts)
{
    int64_t used = value_get_int(facts, "connections", 0);
    int64_t max = value_get_int(facts, "connections_max", 1);
    struct health_item *item = health_add(health, "connections", HEALTH_OK);

    health_say(item, "%" PRId64 " trên %" PRId64 " kết nối đang dùng", used, max);
    if (used * 10 < max * 8)
        return;
    item->state = used * 20 < max * 19 ? HEALTH_WARN : HEALTH_FAIL;
    health_advise(item, "tăng database.max_connections (cụm riêng) hoặc max_connections của máy "
                        "chủ, hoặc giảm workers.gateways và database.connections");
}

static void judge_workers(struct health *health, const struct value *facts)
{
    const struct value *clock = value_get(facts, "clock");
    bool alive = value_get_bool(clock, "alive", false);
    int64_t couriers = value_get_int(facts, "couriers", 0);
    const char *holder = value_get_str(clock, "holder");
    struct health_item *item = health_add(health, "clock_worker", alive ? HEALTH_OK : HEALTH_FAIL);

    if (alive)
        health_say(item, "đồng hồ chạy ở %s", holder != NULL ? holder : "?");
    else
        health_say(item, "không có tiến trình đồng hồ nào chạy: không nhắc hạn, không gộp số liệu");
    if (!alive)
        health_advise(item, "kiểm tra dvcd có đang chạy không (systemctl status dvcd) và nhật ký");
    item = health_add(health, "courier_worker", couriers > 0 ? HEALTH_OK : HEALTH_FAIL);
    health_say(item,
               couriers > 0 ? "%" PRId64 " tiến trình chuyển đi đang chạy"
                            : "%" PRId64 " tiến trình chuyển đi: không gửi gì ra ngoài",
               couriers);
    if (couriers == 0)
        health_advise(item, "kiểm tra dvcd có đang chạy không (systemctl status dvcd) và nhật ký");
}

static void judge_outbox(struct health *health, const struct lags_seen *lags)
{
    struct health_item *item = health_add(health, "outbox", HEALTH_OK);

    health_say(item, "%" PRId64 " việc chờ gửi, lâu nhất %" PRId64 " giây",
               lags->outbox_undelivered, lags->outbox_oldest_us / US_PER_SECOND);
    if (lags->outbox_oldest_us > OUTBOX_LATE_US) {
        item->state = lags->outbox_oldest_us > 4 * US_PER_HOUR ? HEALTH_FAIL : HEALTH_WARN;
        health_advise(item, "kiểm tra nơi nhận (bưu chính, thư, webhook) và đường mạng; dvcctl "
                            "outbox list cho biết lỗi gần nhất");
    }
    item = health_add(health, "dead_letters", lags->dead_letters > 0 ? HEALTH_FAIL : HEALTH_OK);
    health_say(item, "%" PRId64 " việc gửi đi bị từ chối, chờ người quyết định",
               lags->dead_letters);
    if (lags->dead_letters > 0)
        health_advise(item, "xem dvcctl outbox list, sửa nguyên nhân rồi dvcctl outbox retry, hoặc "
                            "skip kèm lý do");
}

static void judge_transactions(struct health *health, const struct value *facts,
                               const struct lags_seen *lags)
{
    const struct value *oldest = value_get(facts, "transaction");
    int64_t seconds = value_get_int(oldest, "seconds", 0);
    const char *application = value_get_str(oldest, "application");
    struct health_item *item = health_add(health, "transactions", HEALTH_OK);

    if (lags->oldest_transaction_us / US_PER_SECOND > seconds)
        seconds = lags->oldest_transaction_us / US_PER_SECOND;
    health_say(item, "giao dịch ghi lâu nhất %" PRId64 " giây", seconds);
    if (seconds < TRANSACTION_LATE_S)
        return;
    item->state = seconds > 20 * TRANSACTION_LATE_S ? HEALTH_FAIL : HEALTH_WARN;
    health_say(item,
               "giao dịch của “%s” (pid %" PRId64 ") mở đã %" PRId64
               " giây: việc gửi đi và số liệu phải chờ nó",
               application != NULL && application[0] != '\0' ? application : "?",
               value_get_int(oldest, "pid", 0), seconds);
    health_advise(item, "kết thúc nó ở nơi đã mở, hoặc pg_terminate_backend(%" PRId64 ")",
                  value_get_int(oldest, "pid", 0));
}

static void judge_clockwork(struct health *health, const struct lags_seen *lags)
{
    struct health_item *item = health_add(health, "figures", HEALTH_OK);

    health_say(item, "%" PRId64 " thay đổi số liệu chưa gộp", lags->deltas_unfolded);
    if (lags->deltas_unfolded > DELTAS_MANY) {
        item->state = HEALTH_WARN;
        health_advise(item, "số liệu vẫn đúng nhưng đọc chậm; kiểm tra tiến trình đồng hồ");
    }
    item = health_add(health, "timers", HEALTH_OK);
    health_say(item, "việc tới hạn trễ nhất %" PRId64 " giây", lags->timers_us / US_PER_SECOND);
    if (lags->timers_us > TIMERS_LATE_US) {
        item->state = HEALTH_FAIL;
        health_advise(item, "kiểm tra tiến trình đồng hồ và nhật ký của nó");
    }
}

/* What one node read, unless all is well with it. */
static void judge_reading(struct health_item *item, const char *node, const struct value *row)
{
    const struct value *first = value_get(row, "first");
    const char *file = value_get_str(first, "file"), *message = value_get_str(first, "message");

    if (value_get_bool(row, "served", true)) {
        item->state = HEALTH_WARN;
        health_say(item, "máy %s: %s", node, message);
        health_advise(item, "chép các tệp đang có hiệu lực sang máy này rồi dvcctl reload; nếu "
                            "muốn trở lại nội dung cũ: dvcctl reload --take-back");
        return;
    }
    item->state = HEALTH_FAIL;
    health_say(item,
               "máy %s: %" PRId64 " lỗi cấu hình, bản đã công bố trước đó vẫn phục vụ; %s:%" PRId64
               ": %s",
               node, value_get_int(row, "total", 0), file != NULL ? file : "?",
               value_get_int(first, "line", 0), message != NULL ? message : "không công bố được");
    health_advise(item, "chạy dvcd check, sửa các tệp, rồi dvcctl reload");
}

static void judge_readings(struct health *health, const struct value *facts)
{
    const struct value *list = value_get(facts, "readings");
    struct health_item *item = health_add(health, "configuration_served", HEALTH_OK);
    const struct value *gone = NULL;
    size_t here = 0;

    for (size_t i = 0; i < value_count(list) && item->state != HEALTH_FAIL; i++) {
        const struct value *row = value_at(list, i);
        const char *node = value_get_str(row, "node");

        if (value_get_int(row, "seen_seconds", 0) > NODE_GONE_SECONDS) {
            gone = row;
            continue;
        }
        here++;
        if (!value_get_bool(row, "served", true) || value_get_int(row, "total", 0) != 0)
            judge_reading(item, node != NULL ? node : "?", row);
    }
    if (item->state != HEALTH_OK)
        return;
    if (gone == NULL) {
        health_say(item, "%zu máy đã đọc cấu hình, không lỗi", here);
        return;
    }
    item->state = HEALTH_WARN;
    health_say(item,
               "%zu máy đang chạy đã đọc cấu hình, không lỗi; máy %s không còn thấy từ %" PRId64
               " phút trước",
               here, value_get_str(gone, "node"), value_get_int(gone, "seen_seconds", 0) / 60);
    health_advise(item, "nếu máy ấy phải chạy: khởi động lại dvcd ở đó; nếu đã bỏ: không cần làm "
                        "gì, sau một ngày dòng này tự mất");
}

static void judge_calendars(struct health *health, const struct value *facts,
                            const struct settings *settings)
{
    const struct value *list = value_get(facts, "calendars"), *first = NULL;
    int today = day_of((wall_t){value_get_int(facts, "now", 0)}).n, least = CALENDAR_DAYS, year;
    struct health_item *item = health_add(health, "calendars", HEALTH_OK);
    const char *name;

    health_say(item, "%zu lịch làm việc còn dùng được trên %d ngày", value_count(list),
               CALENDAR_DAYS);
    for (size_t i = 0; i < value_count(list); i++) {
        int last = (int)value_get_int(value_at(list, i), "last_year", 0);
        int left = day_from_ymd(last, 12, 31).n - today;

        if (left < least) {
            least = left;
            first = value_at(list, i);
        }
    }
    if (first == NULL)
        return;
    year = (int)value_get_int(first, "last_year", 0);
    name = value_get_str(first, "name");
    item->state = least < 0 && settings->clock.weekends_only_years == 0 ? HEALTH_FAIL : HEALTH_WARN;
    health_say(item,
               least < 0 ? "lịch “%s” đã hết từ 31/12/%d: không tính được hạn mới"
                         : "lịch “%s” chỉ có đến 31/12/%d: hạn rơi vào năm sau chưa tính được "
                           "theo ngày nghỉ",
               name != NULL ? name : "?", year);
    health_advise(item, "thêm năm %d vào tệp lịch khi ngày nghỉ đã công bố, rồi dvcctl reload",
                  year + 1);
}

static void judge_backup(struct health *health, const struct value *facts)
{
    const struct value *backup = value_get(facts, "backup");
    int64_t seconds = value_get_int(backup, "seconds", 0);
    struct health_item *item = health_add(health, "backup", HEALTH_OK);

    health_say(item, "bản sao lưu gần nhất %" PRId64 " giờ trước", seconds / 3600);
    if (value_is_null(backup))
        health_say(item, "chưa có bản sao lưu nào");
    if (value_is_null(backup) || seconds > DAY_S) {
        item->state = HEALTH_WARN;
        health_advise(item,
                      "chạy dvcctl backup THƯ_MỤC mỗi ngày, ở đĩa khác, và thử dvcctl restore");
    }
    if (value_get_bool(facts, "backup_failed", false)) {
        item->state = HEALTH_FAIL;
        health_say(item, "lần sao lưu gần nhất không kiểm chứng được");
        health_advise(item, "kiểm tra đĩa rồi chạy lại dvcctl backup");
    }
}

static void judge_archive(struct health *health, const struct value *facts)
{
    struct health_item *item = health_add(health, "wal_archive", HEALTH_OK);

    health_say(item, "WAL được lưu trữ liên tục");
    if (!value_get_bool(facts, "archiving", false)) {
        item->state = HEALTH_WARN;
        health_say(item,
                   "WAL không được lưu trữ: mất đĩa thì mất mọi thứ sau bản sao lưu gần nhất");
        health_advise(item, "đặt backup.wal_dir ở đĩa khác rồi khởi động lại");
    } else if (value_get_bool(facts, "archive_failing", false)) {
        item->state = HEALTH_FAIL;
        health_say(item, "lần lưu trữ WAL gần nhất bị hỏng; WAL dồn lại trên đĩa dữ liệu");
        health_advise(item, "kiểm tra backup.wal_dir còn chỗ, ghi được, và nhật ký của cụm");
    }
}

static void judge_rights(struct health *health, const struct value *facts)
{
    bool open = value_get_bool(facts, "superuser", false) || value_get_bool(facts, "owns", false) ||
                value_get_bool(facts, "changes_events", false);
    struct health_item *item = health_add(health, "rights", open ? HEALTH_FAIL : HEALTH_OK);

    health_say(item, open ? "vai trò của tiến trình sửa hoặc xoá được sự kiện"
                          : "vai trò của tiến trình chỉ thêm được sự kiện");
    if (open)
        health_advise(item, "dùng vai trò dvcd_app cho database.url và chạy lại dvcd migrate");
}

void health_judge(struct health *health, const struct value *facts, const struct lags_seen *lags,
                  const struct settings *settings)
{
    judge_schema(health, facts);
    judge_rights(health, facts);
    judge_connections(health, facts);
    judge_workers(health, facts);
    judge_outbox(health, lags);
    judge_transactions(health, facts, lags);
    judge_clockwork(health, lags);
    judge_readings(health, facts);
    judge_calendars(health, facts, settings);
    judge_backup(health, facts);
    judge_archive(health, facts);
}

/* ---- for a worker ---- */

struct asking {
    struct op op;
    struct lags_seen lags;
};

static void facts_came(void *ctx, const struct db_result *result)
{
    struct asking *asking = ctx;
    struct health *health = ARENA_NEW(asking->op.arena, struct health);
    struct buf text = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&text);
    struct json_error error;
    struct value *facts;

    if (result->code != 0) {
        service_log_failure("health", result);
        op_store_error(&asking->op, result->code);
        return;
    }
    if (json_parse(asking->op.arena, db_json(result->rows), FACTS_DEPTH, &facts, &error) != 0) {
        op_store_error(&asking->op, STORE_E_DATA);
        return;
    }
    health_judge(health, facts, &asking->lags, &asking->op.service->generation->settings);
    health_write(&jw, health);
    op_json(&asking->op, buf_slice(&text));
    buf_release(&text);
}

static void lags_came(void *ctx, const struct db_result *result)
{
    struct asking *asking = ctx;
    struct service *service = asking->op.service;

    if (result->code != 0) {
        service_log_failure("lags", result);
        op_store_error(&asking->op, result->code);
        return;
    }
    lags_take(&asking->lags, result->rows);
    store_query(service->store, service_statement(service, "health"), NULL, 0,
                service_timeout(service), facts_came, asking);
}

void health_answer(struct service *service, answer_fn answer, void *ctx)
{
    struct asking *asking = op_new(service, sizeof(*asking), answer, ctx);
    struct db_param most = db_int(LAGS_COUNT_MAX);

    store_query(service->store, service_statement(service, "lags"), &most, 1,
                service_timeout(service), lags_came, asking);
}
