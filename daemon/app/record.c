#include "app/record.h"

#include "base/jw.h"
#include "base/log.h"
#include "store/sync.h"

#define ERRORS_MAX (1u << 20)

static int save(const struct startup *startup, const struct generation *generation,
                const struct db_param *params, size_t count, struct db_error *ret_error)
{
    const struct statement *statement = statements_find(startup->statements, "config_reading_save");
    int64_t connect_us = generation->settings.database.connect_timeout_ms * 1000;
    struct store_sync *sync = NULL;
    int r;

    if (statement == NULL) {
        db_error_set(ret_error, STORE_E_STATEMENT, "config_reading_save.sql is missing");
        return STORE_E_STATEMENT;
    }
    r = store_sync_open(startup->conninfo, "dvcd reading", connect_us, &sync, ret_error);
    if (r == 0)
        r = store_sync_query(sync, statement, params, count, NULL, ret_error);
    store_sync_close(sync);
    return r;
}

void record_reading(const struct startup *startup, struct generation *generation, const char *cause,
                    bool served)
{
    struct buf text = BUF_INIT(ERRORS_MAX);
    struct jw jw = JW_INIT(&text);
    struct db_error error = {0};
    int r;

    conflicts_tell(&startup->conflicts, generation, &generation->errors);
    if (startup->older[0] != '\0')
        conf_error(&generation->errors, generation->settings.file, 0, 0,
                   "tệp của máy này cũ hơn bản đang có hiệu lực (%s): bản đã công bố sau vẫn được "
                   "giữ",
                   startup->older);
    conf_errors_json(&jw, &generation->errors);
    if (text.overflow) {
        buf_clear(&text);
        buf_adds(&text, "[]");
    }
    {
        struct db_param params[] = {db_str(startup->node), db_str(cause), db_bool(served),
                                    db_int((int64_t)conf_errors_total(&generation->errors)),
                                    db_str(text.ptr)};

        r = save(startup, generation, params, DVC_COUNT(params), &error);
    }
    if (r != 0)
        log_warn("reading_not_recorded", "reason=%s detail=%s", store_error_name(r), error.message);
    buf_release(&text);
}
