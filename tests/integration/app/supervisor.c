/* supervisor - readiness, restarts, drain, database and auth helper of the supervisor. */
#include "app/supervisor.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tap.h"
#include "toystage.h"

#define PATIENCE_US (60 * US_PER_SECOND)

static void test_ready(void)
{
    struct toystage stage;
    char out[128];

    tap_about("readiness, reload, end");
    toystage_set(&stage);
    stage.habits.ready_after_us = 200000;
    toystage_gateways(&stage, 2);
    toystage_add(&stage, (struct worker_type){
                             .name = "keeper", .count = 1, .ends_last = true, .run = toy_keeper});
    toystage_start(&stage);
    CHECK(toy_wait_for(&toy_board()->ready, 1));
    CHECK(toy_board()->told_ready_at >= toy_board()->gateway_ready_at);
    CHECK(toystage_notified(&stage, "READY=1"));
    CHECK(toystage_ask(&stage, "pid\n", out)[0] != '\0');
    for (int i = 0; i < 8; i++) {
        const char *open = toystage_ask(&stage, "fds\n", out);

        CHECK_SAY(strcmp(open, "1000") == 0 || strcmp(open, "0100") == 0,
                  "a worker has its own socket only: %s", open);
    }
    (void)kill(stage.pid, SIGHUP);
    CHECK(toy_wait_for(&toy_board()->hups, 2));
    CHECK(toy_board()->reloads == 1 && toy_board()->keeper_starts == 1);
    CHECK_SAY(toy_board()->hup_value == 42, "workers hear how much was wrong");
    CHECK(toystage_stop(&stage) == 0);
    CHECK(toystage_notified(&stage, "STOPPING=1"));
    CHECK_SAY(toy_board()->gateway_ended != 0 &&
                  toy_board()->gateway_ended < toy_board()->keeper_ended,
              "who ends last ends last");
    CHECK(toy_board()->ready == 1);
    toystage_clear(&stage);
}

static void test_restart(void)
{
    struct toystage stage;
    char first[128], second[128];

    tap_about("a killed worker is started again, and nobody's connection is reset");
    toystage_set(&stage);
    stage.habits.restart_after_us = 300000;
    toystage_gateways(&stage, 1);
    toystage_start(&stage);
    CHECK(toy_wait_for(&toy_board()->ready, 1));
    CHECK(toystage_ask(&stage, "pid\n", first)[0] != '\0');
    (void)kill(toy_board()->gateway[0], SIGKILL);
    /* Now there is nobody to accept it. */
    CHECK_SAY(strcmp(toystage_ask(&stage, "pid\n", second), "reset") != 0 && second[0] != '\0',
              "a client that came meanwhile is answered: %s", second);
    CHECK(strcmp(first, second) != 0);
    CHECK(toy_board()->gateway_starts[0] == 2);
    (void)toystage_ask(&stage, "die\n", first);
    CHECK(strcmp(toystage_ask(&stage, "pid\n", first), "reset") != 0 && strcmp(first, second) != 0);
    CHECK(toy_board()->ready == 1);
    CHECK(toystage_stop(&stage) == 0);
    toystage_clear(&stage);
}

/* systemd hears of the supervisor so often only while its loop goes round. */
static void test_silence(void)
{
    struct toystage stage;
    const struct board *board = toy_board();
    char out[128];

    tap_about("who hangs is ended, and a supervisor that hangs is silent");
    toystage_set(&stage);
    stage.settings.roster.silence_us = 3 * US_PER_SECOND;
    stage.habits.beat_ms = 20;
    toystage_gateways(&stage, 1);
    stage.types[0].beats = true;
    toystage_add(&stage, (struct worker_type){.name = "keeper", .count = 1, .run = toy_keeper});
    (void)setenv("WATCHDOG_USEC", "3000000", 1);
    toystage_start(&stage);
    (void)unsetenv("WATCHDOG_USEC");
    CHECK(toy_wait_for(&board->ready, 1));
    usleep(4000000);
    CHECK_SAY(board->gateway_starts[0] == 1 && board->keeper_starts == 1,
              "one that beats lives on, and so does one of which no beat is wanted");
    CHECK(toystage_notified(&stage, "WATCHDOG=1"));
    (void)kill(board->gateway[0], SIGSTOP);
    CHECK_SAY(toy_wait_for(&board->gateway_starts[0], 2), "one that hangs is started again");
    CHECK(toystage_ask(&stage, "pid\n", out)[0] != '\0');
    (void)kill(stage.pid, SIGSTOP);
    usleep(200000);
    (void)toystage_notified(&stage, "");
    usleep(4000000);
    CHECK(!toystage_notified(&stage, "WATCHDOG=1"));
    (void)kill(stage.pid, SIGCONT);
    usleep(300000);
    CHECK(toystage_notified(&stage, "WATCHDOG=1"));
    CHECK_SAY(board->gateway_starts[0] == 2, "and ends nobody for its own silence");
    CHECK(toystage_stop(&stage) == 0);
    toystage_clear(&stage);
}

static void test_drain(void)
{
    struct toystage stage;
    char out[128];
    int client;
    int64_t before;

    tap_about("drain");
    toystage_set(&stage);
    toystage_gateways(&stage, 1);
    toystage_start(&stage);
    CHECK(toy_wait_for(&toy_board()->ready, 1));
    client = toystage_open(&stage, "slow\n");
    usleep(100000);
    (void)kill(stage.pid, SIGTERM);
    CHECK_SAY(strcmp(toy_read(client, out), "reset") != 0 && out[0] != '\0',
              "what is in flight is answered");
    CHECK(toystage_await_end(&stage) == 0);
    toystage_clear(&stage);

    toystage_set(&stage);
    stage.settings.drain_us = 300000;
    toystage_add(&stage, (struct worker_type){.name = "stubborn", .count = 1, .run = toy_stubborn});
    toystage_start(&stage);
    CHECK(toy_wait_for(&toy_board()->ready, 1));
    before = mono_now().us;
    CHECK(toystage_stop(&stage) == 0);
    CHECK_SAY(mono_now().us - before >= 300000 && mono_now().us - before < 30000000,
              "who does not end is ended");
    toystage_clear(&stage);

    toystage_set(&stage);
    stage.settings.drain_us = 60 * US_PER_SECOND;
    toystage_add(&stage, (struct worker_type){.name = "stubborn", .count = 1, .run = toy_stubborn});
    toystage_start(&stage);
    CHECK(toy_wait_for(&toy_board()->ready, 1));
    (void)kill(stage.pid, SIGINT);
    usleep(100000);
    (void)kill(stage.pid, SIGINT);
    CHECK_SAY(toystage_await_end(&stage) == 0, "a second Ctrl-C does not wait");
    toystage_clear(&stage);
}

/* Reaps orphans, which come to this program. */
static bool dies(pid_t pid)
{
    int status;

    for (int64_t until = mono_now().us + PATIENCE_US; mono_now().us < until; toy_nap()) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    }
    return false;
}

static void test_killed_supervisor(void)
{
    struct toystage stage;
    const struct board *board = toy_board();

    tap_about("a killed supervisor takes its workers along");
    toystage_set(&stage);
    toystage_gateways(&stage, 2);
    toystage_add(&stage, (struct worker_type){.name = "stubborn", .count = 1, .run = toy_stubborn});
    toystage_start(&stage);
    CHECK(toy_wait_for(&toy_board()->ready, 1));
    (void)kill(stage.pid, SIGKILL);
    (void)waitpid(stage.pid, NULL, 0);
    CHECK(dies(board->gateway[0]));
    CHECK(dies(board->gateway[1]));
    CHECK(dies(board->stubborn));
    toystage_clear(&stage);
}

static void test_crash_loop(void)
{
    struct toystage stage;
    const int64_t *at = toy_board()->crasher_at;
    char out[128];

    tap_about("a worker that cannot live");
    toystage_set(&stage);
    stage.settings.roster.restart_min_us = 200000;
    stage.settings.roster.restart_max_us = 800000;
    toystage_gateways(&stage, 1);
    toystage_add(&stage, (struct worker_type){.name = "crasher", .count = 1, .run = toy_crasher});
    toystage_start(&stage);
    CHECK(toy_wait_for(&toy_board()->crasher_starts, 7));
    CHECK_SAY(at[1] - at[0] < 200000, "is started at once (%lld us)", (long long)(at[1] - at[0]));
    CHECK_SAY(at[2] - at[1] >= 200000 && at[3] - at[2] >= 400000, "then after 200 and 400 ms");
    CHECK_SAY(at[5] - at[4] >= 800000 && at[6] - at[5] >= 800000 && at[6] - at[5] < 8000000,
              "and then as slowly as it gets");
    CHECK_SAY(toystage_ask(&stage, "pid\n", out)[0] != '\0', "the others go on");
    CHECK(toy_board()->gateway_starts[0] == 1);
    CHECK(toystage_stop(&stage) == 0);
    toystage_clear(&stage);
}

static void test_database(void)
{
    struct toystage stage;
    struct board *board = toy_board();
    pid_t first;
    char out[128];

    tap_about("the embedded database");
    toystage_set(&stage);
    stage.db = toy_database(&stage.toy_db);
    stage.settings.db = &stage.db;
    toystage_gateways(&stage, 1);
    toystage_start(&stage);
    CHECK(toy_wait_for(&board->ready, 1));
    CHECK(board->db_opened == 1 && board->db_starts == 1 && board->started_before_opened == 0);
    first = board->db;
    (void)kill(first, SIGKILL);
    CHECK(toy_wait_for(&board->db_starts, 2));
    CHECK_SAY(toystage_ask(&stage, "pid\n", out)[0] != '\0' && board->gateway_starts[0] == 1,
              "workers outlive it");
    CHECK(board->db != first && board->db_opened == 1);
    CHECK(toystage_stop(&stage) == 0);
    CHECK_SAY(board->db_stopped > board->gateway_ended && board->gateway_ended > 0,
              "it is stopped when the workers are gone");
    toystage_clear(&stage);

    toystage_set(&stage);
    stage.toy_db.never = true;
    stage.db = toy_database(&stage.toy_db);
    stage.settings.db = &stage.db;
    stage.settings.db_ready_us = 300000;
    toystage_start(&stage);
    CHECK_SAY(toystage_await_end(&stage) == SUPERVISOR_E_DATABASE && board->db_stopped > 0,
              "one that never gets ready");
    toystage_clear(&stage);

    toystage_set(&stage);
    stage.toy_db.refuses = true;
    stage.db = toy_database(&stage.toy_db);
    stage.settings.db = &stage.db;
    toystage_gateways(&stage, 1);
    toystage_start(&stage);
    CHECK_SAY(toystage_await_end(&stage) == SUPERVISOR_E_DATABASE && board->gateway_starts[0] == 0,
              "one that cannot be opened");
    toystage_clear(&stage);
}

static void test_auth(void)
{
    struct toystage stage;
    char out[128];

    tap_about("gateways and the auth helper");
    toystage_set(&stage);
    toystage_gateways(&stage, 2);
    toystage_add(
        &stage,
        (struct worker_type){
            .name = "auth", .count = 1, .serves_auth = true, .ends_last = true, .run = toy_auth});
    toystage_start(&stage);
    CHECK(toy_wait_for(&toy_board()->ready, 1));
    for (int i = 0; i < 4; i++)
        CHECK_SAY(strcmp(toystage_ask(&stage, "auth\n", out), "hashed") == 0, "a hash: %s", out);
    (void)kill(toy_board()->keeper, SIGKILL);
    CHECK_SAY(strcmp(toystage_ask(&stage, "auth\n", out), "hashed") == 0,
              "and from the next helper on the same pair: %s", out);
    (void)toystage_ask(&stage, "die\n", out);
    for (int i = 0; i < 4; i++)
        CHECK_SAY(strcmp(toystage_ask(&stage, "auth\n", out), "hashed") == 0,
                  "and for the next gateway: %s", out);
    CHECK(toystage_stop(&stage) == 0);
    toystage_clear(&stage);
}

int main(void)
{
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    (void)toy_board();
    log_setup("test", LOG_LEVEL_ERROR);
    test_ready();
    test_restart();
    test_silence();
    test_drain();
    test_killed_supervisor();
    test_crash_loop();
    test_database();
    test_auth();
    return tap_end();
}
