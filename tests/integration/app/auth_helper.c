/* auth_helper - answers, limits, restarts and deadlines of the auth helper. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "authbed.h"
#include "tap.h"

static void test_answers(void)
{
    struct authbed bed;
    struct authclient *client;
    char hash[AUTH_HASH_SIZE], other[AUTH_HASH_SIZE], longest[AUTH_PASSWORD_MAX + 2];

    authbed_make(&bed);
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    authbed_hash(&bed, client, "Mật khẩu 1", hash);
    authbed_hash(&bed, client, "Mật khẩu 1", other);
    CHECK_SAY(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0,
              "argon2id, 19 MiB, 2 passes");
    CHECK_SAY(strcmp(hash, other) != 0, "each hash has its own salt");
    CHECK_SAY(authbed_verify(&bed, client, "Mật khẩu 1", hash) == AUTH_ANSWER_OK, "right password");
    CHECK_SAY(authbed_verify(&bed, client, "Mat khau 1", hash) == AUTH_ANSWER_MISMATCH,
              "wrong password");
    CHECK_SAY(authbed_verify(&bed, client, "", hash) == AUTH_ANSWER_MISMATCH, "empty password");
    CHECK_SAY(authbed_verify(&bed, client, "x", NULL) == AUTH_ANSWER_MISMATCH, "no such account");
    CHECK_SAY(authbed_verify(&bed, client, "x", "plain text") == AUTH_ANSWER_FAILED,
              "no hash at all");
    CHECK_SAY(
        authbed_verify(&bed, client, "x", "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$aGFzaA") ==
            AUTH_ANSWER_FAILED,
        "a stored hash that asks for 4 GiB");
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    CHECK_SAY(authbed_verify(&bed, client, longest, hash) == AUTH_ANSWER_MISMATCH,
              "too long a password");
    longest[AUTH_PASSWORD_MAX] = '\0';
    authbed_hash(&bed, client, longest, hash);
    CHECK_SAY(authbed_verify(&bed, client, longest, hash) == AUTH_ANSWER_OK,
              "the longest password");
    CHECK_SAY(authclient_outstanding(client) == 0, "nothing is left outstanding");
    authclient_free(client);
    CHECK_SAY(authbed_end(&bed, SIGTERM) == 0, "the helper ends when told to");
    authbed_clear(&bed);
}

struct ticker {
    struct loop_timer *timer;
    int ticks;
};

static void on_tick(void *ctx)
{
    struct ticker *ticker = ctx;

    ticker->ticks++;
    loop_timer_start(ticker->timer, 2000);
}

static void test_parallel(void)
{
    struct authbed bed;
    struct authclient *client;
    struct authtally tally = {.bed = &bed};
    struct ticker ticker = {.ticks = 0};
    char hash[AUTH_HASH_SIZE];

    authbed_make(&bed);
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 32);
    authbed_hash(&bed, client, "right", hash);
    ticker.timer = loop_timer_new(bed.loop, on_tick, &ticker);
    loop_timer_start(ticker.timer, 2000);
    for (int i = 0; i < 24; i++)
        authbed_ask(&tally, client, i % 3 == 0 ? "right" : "wrong", hash, 30 * SECOND);
    authbed_run(&tally);
    CHECK_SAY(authbed_counts(&tally, 8, 16, 0, 0, 0), "24 at once: each answered once and rightly");
    CHECK_SAY(ticker.ticks > 24, "the loop went on meanwhile (%d turns)", ticker.ticks);
    loop_timer_free(ticker.timer);
    authclient_free(client);
    (void)authbed_end(&bed, SIGKILL);
    authbed_clear(&bed);
}

static void test_limits(void)
{
    struct authbed bed;
    struct authclient *client;
    struct authtally tally = {.bed = &bed}, flood = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];

    authbed_make(&bed);
    bed.settings.queue_max = 3;
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 4);
    authbed_hash(&bed, client, "right", hash);
    for (int i = 0; i < 7; i++)
        authbed_ask(&tally, client, "right", hash, 30 * SECOND);
    CHECK_SAY(authclient_outstanding(client) == 4, "a client asks only so much at once");
    authbed_run(&tally);
    CHECK_SAY(tally.answers[AUTH_ANSWER_BUSY] >= 3 && tally.answers[AUTH_ANSWER_OK] >= 3 &&
                  tally.answers[AUTH_ANSWER_OK] + tally.answers[AUTH_ANSWER_BUSY] == 7 &&
                  tally.inside == 0,
              "what is over the client's limit is told so at once: %d done, %d busy, %d inside",
              tally.answers[AUTH_ANSWER_OK], tally.answers[AUTH_ANSWER_BUSY], tally.inside);
    authclient_free(client);
    client = authclient_new(bed.loop, bed.gateway, 100);
    for (int i = 0; i < 40; i++)
        authbed_ask(&flood, client, "right", hash, 30 * SECOND);
    authbed_run(&flood);
    CHECK_SAY(flood.answered == 40 && flood.answers[AUTH_ANSWER_OK] >= 3 &&
                  flood.answers[AUTH_ANSWER_BUSY] >= 20 &&
                  flood.answers[AUTH_ANSWER_OK] + flood.answers[AUTH_ANSWER_BUSY] == 40,
              "the helper's queue is bounded: %d done, %d busy", flood.answers[AUTH_ANSWER_OK],
              flood.answers[AUTH_ANSWER_BUSY]);
    authclient_free(client);
    (void)authbed_end(&bed, SIGKILL);
    authbed_clear(&bed);
}

static void test_restart(void)
{
    struct authbed bed;
    struct authclient *client;
    struct authtally tally = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];

    authbed_make(&bed);
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 32);
    authbed_hash(&bed, client, "right", hash);
    for (int i = 0; i < 12; i++)
        authbed_ask(&tally, client, i % 2 == 0 ? "right" : "wrong", hash, 30 * SECOND);
    for (int kills = 0; kills < 3; kills++) {
        authbed_run_for(&bed, 60000);
        (void)authbed_end(&bed, SIGKILL);
        authbed_run_for(&bed, 20000);
        authbed_start(&bed);
    }
    authbed_run(&tally);
    CHECK_SAY(authbed_counts(&tally, 6, 6, 0, 0, 0),
              "killed three times: each answered once, none lost");
    authbed_run_for(&bed, 500000);
    CHECK_SAY(tally.answered == 12, "and nothing is answered twice");
    authclient_free(client);
    (void)authbed_end(&bed, SIGKILL);
    authbed_clear(&bed);
}

static void test_deadline(void)
{
    struct authbed bed;
    struct authclient *client;
    struct authtally tally = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];
    mono_t before, after;
    int64_t waited, one;

    authbed_make(&bed);
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 64);
    authbed_hash(&bed, client, "right", hash);
    (void)authbed_end(&bed, SIGKILL);
    for (int i = 0; i < 30; i++)
        authbed_ask(&tally, client, "right", hash, SECOND / 5);
    before = mono_now();
    authbed_run(&tally);
    after = mono_now();
    CHECK_SAY(authbed_counts(&tally, 0, 0, 0, 30, 0), "no helper: each times out once");
    CHECK_SAY(after.us - before.us < SECOND, "in their time (%lld ms)",
              (long long)(after.us - before.us) / 1000);
    authbed_start(&bed);
    before = mono_now();
    CHECK_SAY(authbed_verify(&bed, client, "right", hash) == AUTH_ANSWER_OK,
              "the next helper answers");
    after = mono_now();
    waited = after.us - before.us;
    before = mono_now();
    for (int i = 0; i < 4; i++)
        (void)authbed_verify(&bed, client, "right", hash);
    one = (mono_now().us - before.us) / 4;
    /* The thirty wait in the kernel in front of this one: hashed, they would take thirty times as
     * long as one takes on this machine now. */
    CHECK_SAY(waited < 20 * one || waited < 600000,
              "and wastes no time on what nobody waits for (%lld ms, one takes %lld)",
              (long long)waited / 1000, (long long)one / 1000);
    CHECK_SAY(tally.answered == 30, "late answers are nobody's");
    authclient_free(client);
    (void)authbed_end(&bed, SIGKILL);
    authbed_clear(&bed);
}

/* A gateway that is started again has the same pair and other questions. */
static void test_gateway_restart(void)
{
    struct authbed bed;
    struct authclient *client;
    struct authtally first = {.bed = &bed}, second = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];

    authbed_make(&bed);
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    authbed_hash(&bed, client, "right", hash);
    for (int i = 0; i < 4; i++)
        authbed_ask(&first, client, "right", hash, 30 * SECOND);
    client = authclient_free(client);
    CHECK_SAY(authbed_counts(&first, 0, 0, 0, 0, 4),
              "a client that goes answers what it was asked");
    client = authclient_new(bed.loop, bed.gateway, 8);
    for (int i = 0; i < 4; i++)
        authbed_ask(&second, client, "wrong", hash, 30 * SECOND);
    authbed_run(&second);
    CHECK_SAY(authbed_counts(&second, 0, 4, 0, 0, 0),
              "answers for the gateway before are not taken for ours");
    CHECK_SAY(first.answered == 4, "and go to nobody");
    authclient_free(client);
    (void)authbed_end(&bed, SIGKILL);
    authbed_clear(&bed);
}

static void free_client(void *ctx, enum auth_answer answer, struct slice hash)
{
    struct authclient **client = ctx;

    (void)answer;
    (void)hash;
    *client = authclient_free(*client);
}

static void test_free_inside(void)
{
    struct authbed bed;
    struct authclient *client;
    struct authtally tally = {.bed = &bed};

    authbed_make(&bed);
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    authclient_verify(client, SLICE_LIT("x"), NULL, 10 * SECOND, free_client, &client);
    authbed_ask(&tally, client, "y", NULL, 10 * SECOND);
    authbed_run(&tally);
    CHECK_SAY(client == NULL && authbed_counts(&tally, 0, 0, 0, 0, 1),
              "a client may go in its own callback");
    (void)authbed_end(&bed, SIGKILL);
    authbed_clear(&bed);
}

static void test_broken_pair(void)
{
    struct authbed bed;
    struct authclient *client;
    struct authtally tally = {.bed = &bed};

    authbed_make(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    authbed_ask(&tally, client, "x", NULL, 10 * SECOND);
    close(bed.helper);
    authbed_run(&tally);
    CHECK_SAY(authbed_counts(&tally, 0, 0, 0, 0, 1), "a pair without a second end fails at once");
    authbed_ask(&tally, client, "x", NULL, 10 * SECOND);
    authbed_run(&tally);
    CHECK_SAY(authbed_counts(&tally, 0, 0, 0, 0, 2), "and stays failed");
    authclient_free(client);
    bed.helper = dup(bed.gateway);
    authbed_clear(&bed);
}

static void test_drain(void)
{
    struct authbed bed;
    struct authclient *client;
    struct authtally tally = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];
    int status = -1;

    authbed_make(&bed);
    authbed_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    authbed_hash(&bed, client, "right", hash);
    for (int i = 0; i < 6; i++)
        authbed_ask(&tally, client, "right", hash, 10 * SECOND);
    (void)kill(bed.pid, SIGTERM);
    authbed_run(&tally);
    CHECK_SAY(authbed_counts(&tally, 6, 0, 0, 0, 0),
              "told to end, the helper does what it was asked first");
    (void)waitpid(bed.pid, &status, 0);
    CHECK_SAY(status == 0, "and ends well");
    authclient_free(client);
    authbed_clear(&bed);
}

int main(void)
{
    test_answers();
    test_parallel();
    test_limits();
    test_restart();
    test_deadline();
    test_gateway_restart();
    test_free_inside();
    test_broken_pair();
    test_drain();
    return tap_end();
}
