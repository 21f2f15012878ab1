/* The pool and its connections against a real server: order, errors, deadlines, broken links. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "tap.h"

#define TIMEOUT_US (60 * US_PER_SECOND)

struct answer {
    struct stage *stage;
    int count, code;
    int64_t number;
    char text[256], sqlstate[6], constraint[64];
    int *order, place; /* order of arrival */
};

static void on_answer(void *ctx, const struct db_result *result)
{
    struct answer *answer = ctx;

    answer->count++;
    answer->code = result->code;
    if (answer->order != NULL)
        answer->place = (*answer->order)++;
    if (result->code == 0) {
        struct slice text = db_text_at(result->rows, 0, 0);

        answer->number = db_int_at(result->rows, 0, 0, -1);
        snprintf(answer->text, sizeof(answer->text), "%.*s", (int)text.len,
                 text.ptr != NULL ? text.ptr : "");
    } else {
        snprintf(answer->sqlstate, sizeof(answer->sqlstate), "%s", result->error->sqlstate);
        snprintf(answer->constraint, sizeof(answer->constraint), "%s", result->error->constraint);
    }
    stage_answered(answer->stage);
}

static uint64_t ask(struct stage *stage, const char *name, struct db_param param,
                    int64_t timeout_us, struct answer *answer)
{
    const struct statement *statement = store_statement(stage->store, name);
    int *order = answer->order;

    *answer = (struct answer){.stage = stage, .order = order};
    stage->pending++;
    return store_query(stage->store, statement, &param, statement->param_count, timeout_us,
                       on_answer, answer);
}

static void test_pipeline(struct stage *stage)
{
    struct answer answers[200] = {0};
    int order = 0;
    bool in_order = true;

    tap_about("a pipeline: order kept, errors hurt nobody else");
    for (int i = 0; i < 200; i++) {
        answers[i].order = &order;
        ask(stage, "it_divide", db_int(i % 10), TIMEOUT_US, &answers[i]);
        CHECK_SAY(answers[i].count == 0, "no answer inside the call");
    }
    CHECK(stage_run(stage, TIMEOUT_US));
    for (int i = 0; i < 200; i++) {
        int expect = i % 10 == 0 ? STORE_E_DATA : 0;

        in_order = in_order && answers[i].count == 1 && answers[i].code == expect &&
                   (expect != 0 || answers[i].number == 100 / (i % 10)) &&
                   (i == 0 || answers[i].place > answers[i - 1].place);
    }
    CHECK_SAY(in_order, "200 answers, in order over one connection, each its own");
    CHECK(strcmp(answers[0].sqlstate, "22012") == 0);
}

static void test_errors(struct stage *stage)
{
    struct answer first = {0}, second = {0}, reader = {0}, rows = {0}, kind = {0};

    tap_about("errors come with what can be done about them");
    ask(stage, "it_lease", db_str("a"), TIMEOUT_US, &first);
    CHECK(stage_run(stage, TIMEOUT_US));
    ask(stage, "it_lease", db_str("a"), TIMEOUT_US, &second);
    ask(stage, "it_lease_from_reader", db_str("b"), TIMEOUT_US, &reader);
    ask(stage, "it_two_rows", db_null(), TIMEOUT_US, &rows);
    ask(stage, "it_divide", db_bytes(SLICE_LIT("1")), TIMEOUT_US, &kind);
    CHECK(stage_run(stage, TIMEOUT_US));
    CHECK(first.code == 0);
    CHECK(second.code == STORE_E_UNIQUE && strcmp(second.constraint, "lease_pkey") == 0);
    CHECK(reader.code == STORE_E_READONLY);
    CHECK(rows.code == STORE_E_STATEMENT);
    CHECK(kind.code == STORE_E_STATEMENT);
}

static void test_timeouts(struct stage *stage)
{
    struct answer slow = {0}, behind = {0}, server = {0}, cancelled = {0};
    uint64_t id;

    tap_about("deadlines");
    ask(stage, "it_sleep", db_str("1.2"), US_PER_SECOND / 4, &slow);
    CHECK(stage_run(stage, TIMEOUT_US));
    CHECK(slow.count == 1 && slow.code == STORE_E_TIMEOUT);
    ask(stage, "it_divide", db_int(4), TIMEOUT_US, &behind);
    CHECK(stage_run(stage, TIMEOUT_US));
    CHECK_SAY(behind.code == 0 && behind.number == 25,
              "the late answer is not taken for another's");
    ask(stage, "it_sleep", db_str("20"), TIMEOUT_US, &server);
    CHECK(stage_run(stage, TIMEOUT_US));
    CHECK_SAY(server.code == STORE_E_TIMEOUT && strcmp(server.sqlstate, "57014") == 0,
              "the server ends a statement that takes too long");
    id = ask(stage, "it_sleep", db_str("0.2"), TIMEOUT_US, &cancelled);
    store_cancel(stage->store, id);
    CHECK(cancelled.count == 1 && cancelled.code == STORE_E_CANCELLED);
    store_cancel(stage->store, id);
    CHECK(cancelled.count == 1);
    stage->pending = 0;
}

static void end_links(struct store_sync *killer)
{
    (void)stage_number(killer, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                               " WHERE usename = 'dvcd_app'");
}

static void test_lost(struct stage *stage, struct store_sync *killer)
{
    struct answer read = {0}, write = {0}, later = {0};

    tap_about("links that break");
    ask(stage, "it_sleep", db_str("1.9"), TIMEOUT_US, &read);
    ask(stage, "it_sleep_write", db_str("1.9"), TIMEOUT_US, &write);
    stage->pending++;
    (void)stage_run(stage, US_PER_SECOND * 2 / 3); /* both are with the server now */
    stage->pending--;
    end_links(killer);
    ask(stage, "it_divide", db_int(5), TIMEOUT_US, &later);
    CHECK(stage_run(stage, TIMEOUT_US));
    CHECK_SAY(read.count == 1 && read.code == 0, "a read is asked again");
    CHECK_SAY(write.count == 1 && write.code == STORE_E_LOST, "a write is not: nobody knows");
    CHECK(later.code == 0 && later.number == 20);
    CHECK(stage_up(stage, TIMEOUT_US));
}

static void test_types(struct stage *stage)
{
    const struct slice texts[] = {SLICE_LIT("một"), SLICE_LIT("a,b \"c\" \\"), SLICE_NULL,
                                  SLICE_LIT("NULL"), SLICE_LIT("")};
    const int64_t ints[] = {INT64_MIN, 0, INT64_MAX};
    const struct db_param params[] = {db_int(INT64_MIN),
                                      db_int(-5),
                                      db_str("Đặng 'x'"),
                                      db_bool(true),
                                      db_wall((wall_t){1795311000123456}),
                                      db_day(day_from_ymd(2026, 2, 28)),
                                      db_bytes((struct slice){"\0\xff", 2}),
                                      db_str("{\"a\": [1]}"),
                                      db_text_array(texts, DVC_COUNT(texts)),
                                      db_int_array(ints, 3),
                                      db_str("12.50"),
                                      db_str("0193a8f0-0000-7000-8000-000000000000")};
    struct store_sync *sync = stage_look("DVCD_TEST_APP");
    struct db_rows *rows = NULL;
    struct db_error error = {0};

    tap_about("every kind of parameter comes back as it went");
    CHECK_SAY(store_sync_query(sync, statements_find(stage->statements, "it_types"), params,
                               DVC_COUNT(params), &rows, &error) == 0,
              "types: %s", error.message);
    CHECK(db_int_at(rows, 0, 0, 0) == INT64_MIN && db_int_at(rows, 0, 1, 0) == -5);
    CHECK(slice_is(db_text_at(rows, 0, 2), "Đặng 'x'") && db_bool_at(rows, 0, 3));
    CHECK(db_wall_at(rows, 0, 4).us == 1795311000123456);
    CHECK(slice_is(db_text_at(rows, 0, 5), "2026-02-28"));
    CHECK(slice_eq(db_bytes_at(stage->arena, rows, 0, 6), (struct slice){"\0\xff", 2}));
    CHECK(slice_is(db_text_at(rows, 0, 7), "{\"a\": [1]}"));
    CHECK(slice_is(db_text_at(rows, 0, 8),
                   "{một,\"a,b \\\"c\\\" \\\\\",NULL,\"NULL\",\"\"}"));
    CHECK(slice_is(db_text_at(rows, 0, 9), "{-9223372036854775808,0,9223372036854775807}"));
    CHECK(slice_is(db_text_at(rows, 0, 10), "12.50"));
    CHECK(db_null_at(rows, 0, 99) && db_null_at(rows, 1, 0));
    db_rows_free(rows);
    store_sync_close(sync);
}

static void test_clock(struct stage *stage)
{
    struct store_sync *sync = stage_look("DVCD_TEST_APP");
    int64_t theirs, before, after;

    tap_about("the clock follows the database's");
    CHECK(loop_clock(stage->loop)->anchored);
    before = clock_now(loop_clock(stage->loop)).us;
    theirs = stage_number(sync, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
    after = clock_now(loop_clock(stage->loop)).us;
    CHECK_SAY(before - 200000 < theirs && theirs < after + 200000, "%lld us after, %lld us before",
              (long long)(theirs - before), (long long)(after - theirs));
    store_sync_close(sync);
}

static void test_closing(const struct store_settings *settings)
{
    struct stage stage;
    struct answer answers[3] = {0};

    tap_about("closing answers what is outstanding");
    stage_open(&stage, settings);
    CHECK(stage_up(&stage, TIMEOUT_US));
    for (int i = 0; i < 3; i++)
        ask(&stage, "it_sleep", db_str("5"), TIMEOUT_US, &answers[i]);
    (void)stage_run(&stage, US_PER_SECOND / 10);
    stage_close(&stage);
    for (int i = 0; i < 3; i++)
        CHECK(answers[i].count == 1 && answers[i].code == STORE_E_CANCELLED);
}

static void test_no_server(void)
{
    struct store_settings settings = store_settings_default();
    struct stage stage;
    struct answer waits[4] = {0};
    int busy = 0, late = 0;

    tap_about("without a server calls wait for their deadline, and only so many");
    settings.conninfo = "host=/nowhere dbname=dvcd user=dvcd_app";
    settings.queue_max = 3;
    stage_open(&stage, &settings);
    for (int i = 0; i < 4; i++)
        ask(&stage, "it_divide", db_int(1), US_PER_SECOND / 3, &waits[i]);
    CHECK(stage_run(&stage, TIMEOUT_US));
    for (int i = 0; i < 4; i++) {
        busy += waits[i].code == STORE_E_BUSY;
        late += waits[i].code == STORE_E_TIMEOUT;
    }
    CHECK(busy == 1 && late == 3);
    CHECK(store_last_fault(stage.store).code == STORE_E_DOWN);
    CHECK(!store_up(stage.store));
    stage_close(&stage);
}

int main(void)
{
    struct store_settings settings = store_settings_default();
    struct store_sync *killer = stage_look("DVCD_TEST_SUPERUSER");
    struct stage stage;

    settings.conninfo = tap_env("DVCD_TEST_APP");
    settings.readers = 1;
    settings.writers = 1;
    settings.statement_timeout_us = 2 * US_PER_SECOND;
    stage_open(&stage, &settings);
    CHECK(stage_up(&stage, TIMEOUT_US));
    test_pipeline(&stage);
    test_errors(&stage);
    test_timeouts(&stage);
    test_lost(&stage, killer);
    test_types(&stage);
    test_clock(&stage);
    stage_close(&stage);
    test_closing(&settings);
    test_no_server();
    store_sync_close(killer);
    return tap_end();
}
