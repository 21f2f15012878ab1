/* renewal - what a reload does with the workers: one after another, and gateways so that somebody
 * serves in each slot at any time. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "tap.h"
#include "toystage.h"

#define PATIENCE_US (60 * US_PER_SECOND)

enum { TOGETHER = 4 };

/* Several ask at the same time, without a pause, until `count` says so; how many were not answered,
 * or not by `wanted`. */
static int ask_until(const struct toystage *stage, const char *line, const char *wanted,
                     const volatile unsigned *count, unsigned least, int *ret_asked)
{
    int64_t until = mono_now().us + PATIENCE_US;
    char out[128];
    int failed = 0;

    *ret_asked = 0;
    while (*count < least && mono_now().us < until) {
        int clients[TOGETHER];

        for (int i = 0; i < TOGETHER; i++)
            clients[i] = toystage_open(stage, line);
        for (int i = 0; i < TOGETHER; i++) {
            const char *answer = toy_read(clients[i], out);

            failed += wanted != NULL ? strcmp(answer, wanted) != 0
                                     : strcmp(answer, "reset") == 0 || answer[0] == '\0';
            ++*ret_asked;
        }
    }
    return failed;
}

static void add_keeper(struct toystage *stage)
{
    toystage_add(stage, (struct worker_type){
                            .name = "keeper", .count = 1, .ends_last = true, .run = toy_keeper});
}

static void test_renew(void)
{
    struct toystage stage;
    struct board *board = toy_board();
    pid_t first[2];
    int asked, failed;

    tap_about("a good reload replaces the workers one after another");
    toystage_set(&stage);
    stage.habits.restart_after_us = 100000;
    board->renews = true;
    toystage_gateways(&stage, 2);
    add_keeper(&stage);
    toystage_start(&stage);
    CHECK(toy_wait_for(&board->ready, 1));
    first[0] = board->gateway[0];
    first[1] = board->gateway[1];
    (void)kill(stage.pid, SIGHUP);
    failed = ask_until(&stage, "pid\n", NULL, &board->keeper_starts, 2, &asked);
    CHECK_SAY(failed == 0 && asked > 0, "%d of %d clients failed meanwhile", failed, asked);
    CHECK(board->gateway[0] != first[0] && board->gateway[1] != first[1]);
    CHECK(board->gateway_starts[0] == 2 && board->gateway_starts[1] == 2);
    CHECK_SAY(board->most_away == 1, "never two away at once: %u", board->most_away);
    CHECK_SAY(board->hups == 0 && board->ready == 1, "without a hangup, and ready only once");
    board->renews = false;
    (void)kill(stage.pid, SIGHUP);
    CHECK_SAY(toy_wait_for(&board->hups, 2) && board->gateway_starts[0] == 2, "a bad one does not");
    CHECK(toystage_stop(&stage) == 0);
    toystage_clear(&stage);
}

static void test_renew_stubborn(void)
{
    struct toystage stage;
    struct board *board = toy_board();

    tap_about("a worker that does not end");
    toystage_set(&stage);
    stage.settings.drain_us = 100000;
    board->renews = true;
    toystage_add(&stage, (struct worker_type){.name = "stubborn", .count = 1, .run = toy_stubborn});
    toystage_add(&stage, (struct worker_type){.name = "keeper", .count = 1, .run = toy_keeper});
    toystage_start(&stage);
    CHECK(toy_wait_for(&board->ready, 1));
    (void)kill(stage.pid, SIGHUP);
    CHECK_SAY(toy_wait_for(&board->keeper_starts, 2), "is ended, and the next one has its turn");
    CHECK(toystage_stop(&stage) == 0);
    toystage_clear(&stage);
}

/* Gateways that overlap, then somebody whose renewal tells that theirs is over. */
static void set_overlapping(struct toystage *stage, unsigned count)
{
    toystage_set(stage);
    stage->habits.restart_after_us = 100000;
    toy_board()->renews = true;
    toystage_gateways(stage, count);
    stage->types[0].overlaps = true;
    add_keeper(stage);
}

static void test_overlap(void)
{
    struct toystage stage;
    struct board *board = toy_board();
    int asked, failed;

    tap_about("a successor is ready before the one that serves is told to end");
    set_overlapping(&stage, 2);
    stage.habits.linger_us = 700000;
    toystage_add(&stage, (struct worker_type){
                             .name = "auth", .count = 1, .serves_auth = true, .run = toy_auth});
    toystage_start(&stage);
    CHECK(toy_wait_for(&board->ready, 1));
    (void)kill(stage.pid, SIGHUP);
    /* Both of a slot are asked at the same time: each has a pair of its own with the helper. */
    failed = ask_until(&stage, "auth\n", "hashed", &board->keeper_starts, 2, &asked);
    CHECK_SAY(failed == 0 && asked > 0, "%d of %d clients failed meanwhile", failed, asked);
    CHECK(board->gateway_starts[0] == 2 && board->gateway_starts[1] == 2);
    CHECK_SAY(board->most_away == 0, "each slot served all the time");
    CHECK_SAY(board->relieved == 2, "and those before were told why they end");
    CHECK(toystage_stop(&stage) == 0);
    toystage_clear(&stage);
}

static void test_overlap_again(void)
{
    struct toystage stage;
    struct board *board = toy_board();
    int asked, failed;

    tap_about("another reload before the successor is ready");
    set_overlapping(&stage, 1);
    board->hold = true;
    toystage_start(&stage);
    CHECK(toy_wait_for(&board->ready, 1));
    (void)kill(stage.pid, SIGHUP);
    CHECK(toy_wait_for(&board->gateway_starts[0], 2));
    (void)kill(stage.pid, SIGHUP);
    CHECK(toy_wait_for(&board->slices, 6)); /* three a reload */
    board->hold = false;
    failed = ask_until(&stage, "pid\n", NULL, &board->keeper_starts, 2, &asked);
    CHECK_SAY(failed == 0 && asked > 0, "%d of %d clients failed meanwhile", failed, asked);
    CHECK_SAY(board->gateway_starts[0] == 3, "the outdated one makes room: %u",
              board->gateway_starts[0]);
    CHECK(board->most_away == 0 && board->relieved == 1);
    CHECK(toystage_stop(&stage) == 0);
    toystage_clear(&stage);
}

static void test_overlap_fails(void)
{
    struct toystage stage;
    struct board *board = toy_board();
    int asked, failed;

    tap_about("a successor that fails");
    set_overlapping(&stage, 1);
    stage.habits.crash = 2;
    toystage_start(&stage);
    CHECK(toy_wait_for(&board->ready, 1));
    (void)kill(stage.pid, SIGHUP);
    failed = ask_until(&stage, "pid\n", NULL, &board->keeper_starts, 2, &asked);
    CHECK_SAY(failed == 0 && asked > 0 && board->most_away == 0,
              "one that dies leaves the one before at work");
    CHECK(board->gateway_starts[0] == 3);
    CHECK(toystage_stop(&stage) == 0);
    toystage_clear(&stage);

    set_overlapping(&stage, 1);
    stage.habits.hang = 2;
    stage.settings.drain_us = 100000;
    stage.settings.roster.successor_us = 300000;
    toystage_start(&stage);
    CHECK(toy_wait_for(&board->ready, 1));
    (void)kill(stage.pid, SIGHUP);
    CHECK_SAY(toy_wait_for(&board->most_away, 1) && board->relieved == 0,
              "one that is not ready in time may lack what the one before it holds");
    CHECK_SAY(toystage_stop(&stage) == 0, "and is ended with all others");
    toystage_clear(&stage);
}

static void test_overlap_stop(void)
{
    struct toystage stage;
    struct board *board = toy_board();

    tap_about("an end between the two");
    set_overlapping(&stage, 1);
    stage.habits.restart_after_us = 1000000;
    toystage_start(&stage);
    CHECK(toy_wait_for(&board->ready, 1));
    (void)kill(stage.pid, SIGHUP);
    CHECK(toy_wait_for(&board->gateway_starts[0], 2));
    CHECK_SAY(toystage_stop(&stage) == 0, "both are told and end");
    CHECK(board->serving[0] == 0);
    CHECK_SAY(board->gateway_ended < board->keeper_ended, "who ends last ends last");
    toystage_clear(&stage);
}

int main(void)
{
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    (void)toy_board();
    log_setup("test", LOG_LEVEL_ERROR);
    test_renew();
    test_renew_stubborn();
    test_overlap();
    test_overlap_again();
    test_overlap_fails();
    test_overlap_stop();
    return tap_end();
}
