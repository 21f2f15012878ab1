/* The change batch against a real server: what is saved, what is refused, and what two workers do
 * to each other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "tap.h"

#define TIMEOUT_US (20 * US_PER_SECOND)

struct answer {
    struct stage *stage;
    int count;
    struct change_result result;
    char code[64];
};

static void on_answer(void *ctx, const struct change_result *result)
{
    struct answer *answer = ctx;

    answer->count++;
    answer->result = *result;
    snprintf(answer->code, sizeof(answer->code), "%s", result->code != NULL ? result->code : "");
    answer->result.code = answer->code;
    stage_answered(answer->stage);
}

static void submit(struct stage *stage, const struct change *change, struct answer *answer)
{
    *answer = (struct answer){.stage = stage};
    stage->pending++;
    store_change_submit(stage->store, change, TIMEOUT_US, on_answer, answer);
}

static struct answer save(struct stage *stage, const struct change *change)
{
    struct answer answer;

    submit(stage, change, &answer);
    CHECK(stage_run(stage, TIMEOUT_US));
    return answer;
}

static void test_one(struct stage *stage, struct store_sync *look)
{
    struct change change = stage_submission(stage, "H24.15.03", "one", 2);
    struct answer answer = save(stage, &change);

    tap_about("one submission and all that belongs to it");
    CHECK(answer.count == 1);
    CHECK_SAY(answer.result.verdict == CHANGE_APPLIED, "applied (%s %s)",
              answer.result.error.sqlstate, answer.result.error.message);
    CHECK(strncmp(answer.code, "H24.15.03-", 10) == 0 && strcmp(answer.code + 16, "-0001") == 0);
    CHECK(answer.result.version == 1 && answer.result.seq == 2);
    CHECK(stage_number(look, "SELECT count(*) FROM dossier WHERE state = 'submitted'"
                             " AND form->>'child_name' = 'Bình \"Bi\"'"
                             " AND applicant->>'name' = 'Nguyễn Văn Minh'") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM event") == 2);
    CHECK(stage_number(look, "SELECT count(*) FROM event_note WHERE note = 'ghi chú'") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM task WHERE state = 'open'") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM timer") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM outbox o JOIN dossier d ON d.id = o.dossier_id"
                             " WHERE o.key = d.code || ':status:2'") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM notice") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM stat_delta WHERE due_day = 'infinity'") == 1);
}

static void test_key(struct stage *stage, struct store_sync *look)
{
    struct change first = stage_submission(stage, "H24.15.04", "twice", 1);
    struct change other = stage_submission(stage, "H24.15.04", "twice", 1);
    struct answer saved = save(stage, &first), again = save(stage, &first), differs;

    tap_about("a key is used once, whatever comes with it the second time");
    CHECK(again.result.verdict == CHANGE_DUPLICATE);
    CHECK(strcmp(again.code, saved.code) == 0 && again.result.dossier == saved.result.dossier);
    CHECK(memcmp(&again.result.key_digest, &first.key_digest, sizeof(first.key_digest)) == 0);
    other.key_digest = sha256_of(SLICE_LIT("another body"));
    differs = save(stage, &other);
    CHECK(differs.result.verdict == CHANGE_DUPLICATE);
    CHECK(memcmp(&differs.result.key_digest, &other.key_digest, sizeof(other.key_digest)) != 0);
    CHECK(stage_number(look, "SELECT count(*) FROM dossier WHERE agency_receiving = 'H24.15.04'") ==
          1);
    CHECK(stage_number(look, "SELECT last FROM code_counter WHERE agency = 'H24.15.04'") == 1);
}

static void test_same_moment(struct stage *stage, struct store_sync *look)
{
    struct change change = stage_submission(stage, "H24.15.05", "at once", 1);
    struct answer answers[5];
    int applied = 0, duplicate = 0;

    tap_about("five with one key at the same moment");
    for (int i = 0; i < 5; i++)
        submit(stage, &change, &answers[i]);
    CHECK(stage_run(stage, TIMEOUT_US));
    for (int i = 0; i < 5; i++) {
        applied += answers[i].result.verdict == CHANGE_APPLIED;
        duplicate += answers[i].result.verdict == CHANGE_DUPLICATE;
    }
    CHECK(applied == 1 && duplicate == 4);
    CHECK(stage_number(look, "SELECT count(*) FROM dossier WHERE agency_receiving = 'H24.15.05'") ==
          1);
}

static void test_versions(struct stage *stage, struct store_sync *look)
{
    struct change first = stage_submission(stage, "H24.15.06", "v", 1), next, late;
    struct answer saved = save(stage, &first), answers[2];

    tap_about("two changes decided on the same version: one is applied, one is stale");
    next = stage_following(stage, &first, &saved.result, "v2");
    late = stage_following(stage, &first, &saved.result, "v3");
    submit(stage, &next, &answers[0]);
    submit(stage, &late, &answers[1]);
    CHECK(stage_run(stage, TIMEOUT_US));
    CHECK_SAY(answers[0].result.verdict == CHANGE_APPLIED, "applied: %s",
              answers[0].result.error.message);
    CHECK(answers[0].result.version == 2 && answers[0].result.seq == 2);
    CHECK(answers[1].result.verdict == CHANGE_STALE);
    CHECK(answers[1].result.version == 2);
    CHECK(strcmp(answers[1].code, saved.code) == 0);
    CHECK(stage_number(look, "SELECT count(*) FROM idempotency WHERE key = 'v3'") == 0);
    CHECK(stage_number(look, "SELECT head_seq FROM dossier WHERE agency_receiving = 'H24.15.06'"
                             " AND state = 'accepted'") == 2);
    answers[0] = save(stage, &next);
    CHECK(answers[0].result.verdict == CHANGE_DUPLICATE && answers[0].result.seq == 2);
}

static void test_fired(struct stage *stage, struct store_sync *look)
{
    struct change first = stage_submission(stage, "H24.15.07", "t", 1), fire, again;
    struct answer saved = save(stage, &first), fired;
    struct outcome *outcome;

    tap_about("a rung fires once");
    fire = stage_following(stage, &first, &saved.result, NULL);
    outcome = (struct outcome *)(uintptr_t)fire.outcome;
    outcome->fires = true;
    outcome->fire_scope = 1;
    fired = save(stage, &fire);
    CHECK(fired.result.verdict == CHANGE_APPLIED);
    CHECK(stage_number(look, "SELECT count(*) FROM timer t JOIN dossier d ON d.id = t.dossier_id"
                             " WHERE d.agency_receiving = 'H24.15.07'") == 0);
    again = stage_following(stage, &first, &fired.result, NULL);
    outcome = (struct outcome *)(uintptr_t)again.outcome;
    outcome->fires = true;
    outcome->fire_scope = 1;
    CHECK(save(stage, &again).result.verdict == CHANGE_FIRED);
    CHECK(stage_number(look, "SELECT count(*) FROM timer_fire") == 1);
}

static void test_refused(struct stage *stage, struct store_sync *look)
{
    struct change first = stage_submission(stage, "H24.15.08", "x1", 1);
    struct change second = stage_submission(stage, "H24.15.08", "x2", 1);
    struct change paper = stage_submission(stage, "H24.15.08", "x3", 1);
    struct dossier_paper papers[] = {{.no = 1, .paper = "form", .upload = "none", .changed = true}};
    struct answer answers[3];

    tap_about("rules of the data refuse one change and leave its neighbours");
    first.outcome->after->external_code = second.outcome->after->external_code = "000.00-1";
    paper.outcome->after->papers = papers;
    paper.outcome->after->paper_count = 1;
    submit(stage, &first, &answers[0]);
    submit(stage, &second, &answers[1]);
    submit(stage, &paper, &answers[2]);
    CHECK(stage_run(stage, TIMEOUT_US));
    CHECK(answers[0].result.verdict == CHANGE_APPLIED);
    CHECK(answers[1].result.verdict == CHANGE_REFUSED);
    CHECK(strcmp(answers[1].result.error.constraint, "external_code_taken") == 0);
    CHECK(answers[2].result.verdict == CHANGE_REFUSED);
    CHECK(strcmp(answers[2].result.error.constraint, "upload_unknown") == 0);
    answers[1] = save(stage, &second);
    CHECK(answers[1].result.verdict == CHANGE_REFUSED);
    CHECK(stage_number(look, "SELECT last FROM code_counter WHERE agency = 'H24.15.08'") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM idempotency WHERE key IN ('x2', 'x3')") == 0);
}

static void test_children(struct stage *stage, struct store_sync *look)
{
    struct change change = stage_submission(stage, "H24.15.10", "c1", 1), next;
    struct dossier *after = change.outcome->after;
    wall_t now = change.now;
    struct dossier_paper papers[] = {
        {.no = 1, .paper = "form", .upload = "doc-1", .copies = 1, .changed = true}};
    struct dossier_fee fees[] = {
        {.no = 2, .fee = "fee", .amount = 8000, .paid_at = WALL_NONE, .changed = true}};
    struct dossier_form forms[] = {
        {.no = 3, .form = FORM_RECEIPT, .number = "/TN", .issued_at = now, .changed = true}};
    struct parcel_event news[] = {{.source_id = "e1", .at = now, .state = PARCEL_CREATED}};
    struct parcel parcels[] = {{.no = 4,
                                .direction = PARCEL_RETURN,
                                .state = PARCEL_CREATED,
                                .order_number = "-R",
                                .created_at = now,
                                .state_at = now,
                                .events = news,
                                .event_count = 1,
                                .changed = true}};
    struct answer saved;

    tap_about("papers, fees, forms and parcels, saved and saved again");
    CHECK(stage_number(look, "INSERT INTO document (id, account, sha256, size, type)"
                             " VALUES ('doc-1', 3, '\\x00', 1, 'text/plain') RETURNING size") == 1);
    after->papers = papers;
    after->fees = fees;
    after->forms = forms;
    after->parcels = parcels;
    after->paper_count = after->fee_count = after->form_count = after->parcel_count = 1;
    saved = save(stage, &change);
    CHECK_SAY(saved.result.verdict == CHANGE_APPLIED, "applied: %s", saved.result.error.message);
    CHECK(stage_number(look, "SELECT count(*) FROM document WHERE used") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM form_issued f JOIN dossier d ON d.id ="
                             " f.dossier_id WHERE f.number = d.code || '/TN'") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM parcel p JOIN dossier d ON d.id ="
                             " p.dossier_id WHERE p.order_number = d.code || '-R'") == 1);
    next = stage_following(stage, &change, &saved.result, NULL);
    forms[0].changed = false;
    fees[0].paid_at = now;
    fees[0].receipt = "0001";
    parcels[0].state = PARCEL_ORDERED;
    parcels[0].order_number = arena_printf(stage->arena, "%s-R", saved.code);
    after->tasks[0].state = TASK_DONE;
    saved = save(stage, &next);
    CHECK_SAY(saved.result.verdict == CHANGE_APPLIED, "applied: %s", saved.result.error.message);
    CHECK(stage_number(look, "SELECT count(*) FROM dossier_fee WHERE receipt = '0001'") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM parcel WHERE state = 'ordered'") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM parcel_event") == 1);
    CHECK(stage_number(look, "SELECT count(*) FROM task WHERE state = 'done'") == 1);
}

/* A notice with neither account nor role breaks a CHECK of the table: nothing foresees that. */
static void test_isolation(struct stage *stage, struct store_sync *look)
{
    struct change changes[9];
    struct answer answers[9];
    char key[16];
    int applied = 0;

    tap_about("an unforeseen error hits the guilty change only");
    for (int i = 0; i < 9; i++) {
        snprintf(key, sizeof(key), "iso%d", i);
        changes[i] = stage_submission(stage, "H24.15.09", arena_str(stage->arena, key), 1);
        if (i == 4)
            changes[i].outcome->notices[0].role = ROLE_NONE;
        submit(stage, &changes[i], &answers[i]);
    }
    CHECK(stage_run(stage, TIMEOUT_US));
    for (int i = 0; i < 9; i++)
        applied += answers[i].count == 1 && answers[i].result.verdict == CHANGE_APPLIED;
    CHECK(applied == 8);
    CHECK(answers[4].result.verdict == CHANGE_FAILED);
    CHECK(answers[4].result.error.code == STORE_E_CONSTRAINT);
    CHECK(store_stats(stage->store).changes_split >= 1);
    CHECK(stage_number(look, "SELECT count(*) FROM dossier WHERE agency_receiving = 'H24.15.09'") ==
          8);
}

/* Many agencies and two stores: each batch takes counters and dossiers of all agencies. */
static void test_two_workers(struct stage *stage, struct store_sync *look)
{
    enum { MANY = 600 };
    struct store_settings settings = store_settings_default();
    struct stage other;
    struct answer *answers = dvc_calloc(MANY * 2, sizeof(*answers));
    struct change *changes = dvc_calloc(MANY * 2, sizeof(*changes));
    int applied = 0, stale = 0;

    tap_about("two workers on the same agencies and dossiers");
    settings.conninfo = tap_env("DVCD_TEST_APP");
    stage_open(&other, &settings);
    store_free(other.store); /* its own loop is not run: the second store joins the first loop */
    CHECK(store_new(stage->loop, &settings, other.statements, &other.store) == 0);
    CHECK(stage_up(stage, TIMEOUT_US));
    for (int i = 0; i < MANY; i++) {
        const char *agency = arena_printf(stage->arena, "H24.16.%02d", i * 7 % 20);
        const char *key = arena_printf(stage->arena, "w%d", i);

        changes[i] = stage_submission(stage, agency, key, 1 + i % 3);
        answers[i] = (struct answer){.stage = stage};
        stage->pending++;
        store_change_submit(i % 2 != 0 ? other.store : stage->store, &changes[i], TIMEOUT_US,
                            on_answer, &answers[i]);
    }
    CHECK(stage_run(stage, TIMEOUT_US));
    for (int i = 0; i < MANY; i++) {
        applied += answers[i].result.verdict == CHANGE_APPLIED;
        changes[MANY + i] = stage_following(stage, &changes[i], &answers[i].result, NULL);
    }
    CHECK_SAY(applied == MANY, "%d of %d applied", applied, MANY);
    CHECK(stage_number(look, "SELECT count(*) FROM (SELECT agency_receiving,"
                             " max(right(code, 4)::int) = count(*) AS whole FROM dossier"
                             " WHERE agency_receiving LIKE 'H24.16.%' GROUP BY 1) x"
                             " WHERE whole") == 20);
    /* Both workers change every dossier on the version both know: each once. */
    for (int i = 0; i < MANY; i++)
        for (int w = 0; w < 2; w++) {
            struct answer *answer = w == 0 ? &answers[i] : &answers[MANY + i];
            struct change *change = &changes[MANY + (w == 0 ? i : MANY - 1 - i)];

            *answer = (struct answer){.stage = stage};
            stage->pending++;
            store_change_submit(w == 0 ? stage->store : other.store, change, TIMEOUT_US, on_answer,
                                answer);
        }
    CHECK(stage_run(stage, TIMEOUT_US));
    applied = 0;
    for (int i = 0; i < 2 * MANY; i++) {
        applied += answers[i].result.verdict == CHANGE_APPLIED;
        stale += answers[i].result.verdict == CHANGE_STALE;
    }
    CHECK_SAY(applied == MANY && stale == MANY, "%d applied, %d stale", applied, stale);
    CHECK(stage_number(look, "SELECT sum(deadlocks)::bigint FROM pg_stat_database") == 0);
    free(answers);
    free(changes);
    stage_close(&other);
}

/* Ends the server process of a batch under way; 0 when none was met within a second. */
static int64_t cut_one(struct stage *stage, struct store_sync *killer)
{
    int64_t killed = 0;

    for (int turn = 0; turn < 1000 && killed == 0; turn++) {
        stage->pending++; /* so that it is time that ends this */
        (void)stage_run(stage, 1000);
        stage->pending--;
        killed = stage_number(killer, "SELECT count(pg_terminate_backend(pid))"
                                      " FROM pg_stat_activity WHERE state = 'active'"
                                      " AND query LIKE '%store\\_change\\_batch\\_v%'"
                                      " AND usename = 'dvcd_app'");
    }
    return killed;
}

/* The link goes while commits are under way: nothing is lost, nothing is there twice. */
static void test_lost_link(struct stage *stage, struct store_sync *look)
{
    enum { MANY = 400 };
    struct store_sync *killer = stage_look("DVCD_TEST_SUPERUSER");
    struct answer *answers = dvc_calloc(MANY, sizeof(*answers));
    int64_t cut = 0;
    int applied = 0;

    tap_about("links that break under commits");
    for (int i = 0; i < MANY; i++) {
        struct change change =
            stage_submission(stage, "H24.17.01", arena_printf(stage->arena, "lost%d", i), 1);

        submit(stage, &change, &answers[i]);
        if (i % 40 == 39) {
            cut += cut_one(stage, killer);
        }
    }
    CHECK(stage_run(stage, TIMEOUT_US));
    for (int i = 0; i < MANY; i++)
        applied += answers[i].count == 1 && answers[i].result.verdict == CHANGE_APPLIED;
    CHECK_SAY(applied == MANY, "%d of %d applied", applied, MANY);
    CHECK_SAY(cut >= 5, "%d batches were cut", (int)cut);
    CHECK(stage_number(look, "SELECT count(*) FROM dossier WHERE agency_receiving = 'H24.17.01'") ==
          MANY);
    free(answers);
    store_sync_close(killer);
}

static void test_queue_limit(struct stage *stage)
{
    struct store_settings settings = store_settings_default();
    struct stage small;
    struct answer answers[8];
    int busy = 0;

    (void)stage;
    tap_about("a full queue says so at once");
    settings.conninfo = tap_env("DVCD_TEST_APP");
    settings.change_queue_max = 3;
    stage_open(&small, &settings);
    CHECK(stage_up(&small, TIMEOUT_US));
    for (int i = 0; i < 8; i++) {
        struct change change = stage_submission(&small, "H24.18.01", NULL, 1);

        submit(&small, &change, &answers[i]);
    }
    CHECK(stage_run(&small, TIMEOUT_US));
    for (int i = 0; i < 8; i++)
        busy += answers[i].result.verdict == CHANGE_FAILED &&
                answers[i].result.error.code == STORE_E_BUSY;
    CHECK(busy == 5);
    stage_close(&small);
}

int main(void)
{
    struct store_settings settings = store_settings_default();
    struct store_sync *look = stage_look("DVCD_TEST_OWNER");
    struct stage stage;

    settings.conninfo = tap_env("DVCD_TEST_APP");
    stage_open(&stage, &settings);
    CHECK(stage_up(&stage, TIMEOUT_US));
    test_one(&stage, look);
    test_key(&stage, look);
    test_same_moment(&stage, look);
    test_versions(&stage, look);
    test_fired(&stage, look);
    test_refused(&stage, look);
    test_children(&stage, look);
    test_isolation(&stage, look);
    test_two_workers(&stage, look);
    test_lost_link(&stage, look);
    test_queue_limit(&stage);
    stage_close(&stage);
    store_sync_close(look);
    return tap_end();
}
