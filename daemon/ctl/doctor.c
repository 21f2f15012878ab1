#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "ctl/commands.h"
#include "ctl/machine.h"

#define FACTS_DEPTH 8
#define EXIT_WARNINGS 2

static void judge_configuration(struct health *health, struct ctl *ctl, bool usable)
{
    const struct conf_errors *errors = &ctl->generation->errors;
    size_t total = conf_errors_total(errors);
    struct health_item *item = health_add(health, "configuration", HEALTH_OK);

    health_say(item, "%s và các tệp nó nêu đều đúng", ctl->config);
    if (usable && total == 0)
        return;
    item->state = HEALTH_FAIL;
    if (errors->count > 0)
        health_say(item, "%zu lỗi; đầu tiên: %s:%u: %s", total, errors->items[0].file,
                   errors->items[0].line, errors->items[0].text);
    else
        health_say(item, "%s không đọc được", ctl->config);
    health_advise(item, "dvcd check cho biết tất cả; sửa rồi dvcctl reload");
}

/* Only a login that may see everybody's can name who holds up the others. */
static void find_transaction(struct ctl *ctl, struct arena *arena, struct value *facts)
{
    struct store_sync *sync DVC_CLEANUP(store_sync_closep) = NULL;
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    struct db_error db_error = {0};
    struct json_error error;
    struct value *oldest;

    if (ctl->database != NULL || ctl_try_open(ctl, CLUSTER_SUPERUSER, &sync, &db_error) != 0)
        return;
    if (ctl_query(ctl, sync, "doctor_transaction", NULL, 0, &rows) == 0 &&
        db_json(rows).ptr != NULL &&
        json_parse(arena, db_json(rows), FACTS_DEPTH, &oldest, &error) == 0)
        value_set(arena, facts, "transaction", oldest);
}

static int ask(struct ctl *ctl, struct store_sync *sync, struct arena *arena,
               struct value **ret_facts, struct lags_seen *ret_lags)
{
    struct db_rows *lags DVC_CLEANUP(db_rows_freep) = NULL;
    struct db_rows *facts DVC_CLEANUP(db_rows_freep) = NULL;
    struct db_param most = db_int(LAGS_COUNT_MAX);
    struct json_error error;
    int r = ctl_query(ctl, sync, "lags", &most, 1, &lags);

    if (r == 0)
        r = ctl_query(ctl, sync, "health", NULL, 0, &facts);
    if (r != 0)
        return r;
    if (json_parse(arena, db_json(facts), FACTS_DEPTH, ret_facts, &error) != 0)
        return CTL_FAILED;
    lags_take(ret_lags, lags);
    find_transaction(ctl, arena, *ret_facts);
    return 0;
}

static wall_t judge_database(struct health *health, struct ctl *ctl, struct arena *arena)
{
    struct store_sync *sync DVC_CLEANUP(store_sync_closep) = NULL;
    struct db_error error = {0};
    struct lags_seen lags = {0};
    struct value *facts;
    struct health_item *item;

    if (ctl_try_open(ctl, CLUSTER_APP, &sync, &error) != 0) {
        item = health_add(health, "database", HEALTH_FAIL);
        health_say(item, "không vào được cơ sở dữ liệu: %s", error.message);
        health_advise(item,
                      "kiểm tra dvcd-db.service (hoặc dvcd run), database.url, và nhật ký của "
                      "PostgreSQL");
        return WALL_NONE;
    }
    if (ask(ctl, sync, arena, &facts, &lags) != 0) {
        item = health_add(health, "database", HEALTH_FAIL);
        health_say(item, "cơ sở dữ liệu không trả lời các câu hỏi của dvcctl");
        health_advise(item, "chạy dvcd migrate; dvcctl và dvcd phải cùng một bản");
        return WALL_NONE;
    }
    health_judge(health, facts, &lags, ctl->settings);
    return (wall_t){value_get_int(facts, "now", 0)};
}

static void print_table(const struct health *health)
{
    static const char *const words[] = {
        [HEALTH_OK] = "tốt", [HEALTH_WARN] = "cảnh báo", [HEALTH_FAIL] = "hỏng"};
    size_t counts[3] = {0};
    const char **cells = dvc_calloc((health->count + 1) * 4, sizeof(*cells));
    char(*numbers)[24] = dvc_calloc(health->count + 1, sizeof(*numbers));

    cells[0] = "số";
    cells[1] = "";
    cells[2] = "kiểm tra";
    cells[3] = "thấy gì";
    for (size_t i = 0; i < health->count; i++) {
        const struct health_item *item = &health->items[i];

        counts[item->state]++;
        snprintf(numbers[i], sizeof(numbers[i]), "%zu", i + 1);
        cells[4 * i + 4] = numbers[i];
        cells[4 * i + 5] = words[item->state];
        cells[4 * i + 6] = item->check;
        cells[4 * i + 7] = item->message;
    }
    ctl_table(cells, health->count + 1, 4);
    printf("\n%zu tốt, %zu cảnh báo, %zu hỏng\n", counts[HEALTH_OK], counts[HEALTH_WARN],
           counts[HEALTH_FAIL]);
    for (size_t i = 0; i < health->count; i++)
        if (health->items[i].advice[0] != '\0')
            printf("  %zu. %s\n", i + 1, health->items[i].advice);
    free(numbers);
    free(cells);
}

static void print_json(const struct health *health)
{
    struct buf text = BUF_INIT(256u << 10);
    struct jw jw = JW_INIT(&text);

    health_write(&jw, health);
    puts(text.ptr);
    buf_release(&text);
}

int ctl_doctor(struct ctl *ctl, int argc, char **argv)
{
    struct health *health;
    struct arena *arena;
    enum health_state worst;
    int r;

    if (argc != 1)
        return ctl_misuse("%s takes no arguments", argv[0]);
    health = dvc_calloc(1, sizeof(*health));
    arena = arena_new();
    r = ctl_configuration(ctl);
    judge_configuration(health, ctl, r == 0);
    if (ctl->generation->settings.file != NULL) /* keys with faults have their defaults */
        ctl->settings = &ctl->generation->settings;
    if (ctl->settings != NULL)
        machine_judge(health, ctl, judge_database(health, ctl, arena));
    if (ctl->json)
        print_json(health);
    else
        print_table(health);
    worst = health_worst(health);
    arena_free(arena);
    free(health);
    switch (worst) {
    case HEALTH_OK:
        return CTL_OK;
    case HEALTH_WARN:
        return EXIT_WARNINGS;
    case HEALTH_FAIL:
        break;
    }
    return CTL_FAILED;
}
