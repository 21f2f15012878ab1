/* auth_helper - the auth helper in a process of its own, asked over a pair of sockets that this
 * program holds open at both ends, as the supervisor does. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/authhelper.h"
#include "app/memory.h"
#include "base/hash.h"
#include "service/authclient.h"
#include "service/authproto.h"
#include "tap.h"

#define SECOND US_PER_SECOND

struct bed {
    struct loop *loop;
    int gateway, helper; /* the two ends */
    pid_t pid;
    struct authhelper_settings settings;
};

/* What became of a number of questions. */
struct tally {
    struct bed *bed;
    int asked, answered, answers[AUTH_ANSWER_FAILED + 1];
    int inside; /* answered before the asking call had returned */
    bool asking;
    char hash[AUTH_HASH_SIZE];
};

static void helper_start(struct bed *bed)
{
    pid_t parent = getpid();

    fflush(NULL);
    bed->pid = fork();
    if (bed->pid != 0)
        return;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    _exit(authhelper_run(&bed->settings, &bed->helper, 1, NULL, NULL) == 0 ? 0 : 1);
}

static int helper_end(struct bed *bed, int signo)
{
    int status = -1;

    (void)kill(bed->pid, signo);
    (void)waitpid(bed->pid, &status, 0);
    return status;
}

static void bed_make(struct bed *bed)
{
    *bed = (struct bed){.loop = loop_new(), .settings = authhelper_settings_default()};
    if (authhelper_pair(&bed->gateway, &bed->helper) != 0)
        abort();
}

static void bed_clear(struct bed *bed)
{
    loop_free(bed->loop);
    close(bed->gateway);
    close(bed->helper);
}

static void on_answer(void *ctx, enum auth_answer answer, struct slice hash)
{
    struct tally *tally = ctx;

    tally->answered++;
    tally->answers[answer]++;
    tally->inside += tally->asking;
    if (hash.len > 0 && hash.len < sizeof(tally->hash)) {
        memcpy(tally->hash, hash.ptr, hash.len);
        tally->hash[hash.len] = '\0';
    }
    if (tally->answered == tally->asked)
        loop_stop(tally->bed->loop);
}

static void ask_verify(struct tally *tally, struct authclient *client, const char *password,
                       const char *hash, int64_t timeout_us)
{
    tally->asked++;
    tally->asking = true;
    authclient_verify(client, slice_str(password), hash, timeout_us, on_answer, tally);
    tally->asking = false;
}

static void stop_loop(void *ctx)
{
    loop_stop(ctx);
}

static void run_for(struct bed *bed, int64_t us)
{
    struct loop_timer *timer = loop_timer_new(bed->loop, stop_loop, bed->loop);

    loop_timer_start(timer, us);
    if (loop_run(bed->loop) != 0)
        abort();
    loop_timer_free(timer);
}

/* Until every question is answered. */
static void run(struct tally *tally)
{
    mono_t until = {mono_now().us + 30 * SECOND};

    while (tally->answered < tally->asked && mono_now().us < until.us)
        run_for(tally->bed, until.us - mono_now().us);
}

static enum auth_answer verify_once(struct bed *bed, struct authclient *client,
                                    const char *password, const char *hash)
{
    struct tally tally = {.bed = bed};

    ask_verify(&tally, client, password, hash, 10 * SECOND);
    run(&tally);
    for (int i = 0; i <= AUTH_ANSWER_FAILED; i++) {
        if (tally.answered == 1 && tally.answers[i] == 1)
            return (enum auth_answer)i;
    }
    return AUTH_ANSWER_TIMEOUT;
}

static void hash_once(struct bed *bed, struct authclient *client, const char *password,
                      char hash[AUTH_HASH_SIZE])
{
    struct tally tally = {.bed = bed, .asked = 1};

    authclient_hash(client, slice_str(password), 10 * SECOND, on_answer, &tally);
    run(&tally);
    memcpy(hash, tally.hash, AUTH_HASH_SIZE);
}

static bool counts(const struct tally *tally, int ok, int mismatch, int busy, int timeout,
                   int failed)
{
    const int expected[] = {ok, mismatch, busy, timeout, failed};

    for (int i = 0; i <= AUTH_ANSWER_FAILED; i++) {
        if (tally->answers[i] != expected[i]) {
            printf("# answer %d came %d times, expected %d\n", i, tally->answers[i], expected[i]);
            return false;
        }
    }
    return tally->answered == tally->asked && tally->inside == 0;
}

static void test_answers(void)
{
    struct bed bed;
    struct authclient *client;
    char hash[AUTH_HASH_SIZE], other[AUTH_HASH_SIZE], longest[AUTH_PASSWORD_MAX + 2];

    bed_make(&bed);
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    hash_once(&bed, client, "Mật khẩu 1", hash);
    hash_once(&bed, client, "Mật khẩu 1", other);
    CHECK_SAY(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0,
              "argon2id, 19 MiB, 2 passes");
    CHECK_SAY(strcmp(hash, other) != 0, "each hash has its own salt");
    CHECK_SAY(verify_once(&bed, client, "Mật khẩu 1", hash) == AUTH_ANSWER_OK, "right password");
    CHECK_SAY(verify_once(&bed, client, "Mat khau 1", hash) == AUTH_ANSWER_MISMATCH,
              "wrong password");
    CHECK_SAY(verify_once(&bed, client, "", hash) == AUTH_ANSWER_MISMATCH, "empty password");
    CHECK_SAY(verify_once(&bed, client, "x", NULL) == AUTH_ANSWER_MISMATCH, "no such account");
    CHECK_SAY(verify_once(&bed, client, "x", "plain text") == AUTH_ANSWER_FAILED, "no hash at all");
    CHECK_SAY(
        verify_once(&bed, client, "x", "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$aGFzaA") ==
            AUTH_ANSWER_FAILED,
        "a stored hash that asks for 4 GiB");
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    CHECK_SAY(verify_once(&bed, client, longest, hash) == AUTH_ANSWER_MISMATCH,
              "too long a password");
    longest[AUTH_PASSWORD_MAX] = '\0';
    hash_once(&bed, client, longest, hash);
    CHECK_SAY(verify_once(&bed, client, longest, hash) == AUTH_ANSWER_OK, "the longest password");
    CHECK_SAY(authclient_outstanding(client) == 0, "nothing is left outstanding");
    authclient_free(client);
    CHECK_SAY(helper_end(&bed, SIGTERM) == 0, "the helper ends when told to");
    bed_clear(&bed);
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
    struct bed bed;
    struct authclient *client;
    struct tally tally = {.bed = &bed};
    struct ticker ticker = {.ticks = 0};
    char hash[AUTH_HASH_SIZE];

    bed_make(&bed);
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 32);
    hash_once(&bed, client, "right", hash);
    ticker.timer = loop_timer_new(bed.loop, on_tick, &ticker);
    loop_timer_start(ticker.timer, 2000);
    for (int i = 0; i < 24; i++)
        ask_verify(&tally, client, i % 3 == 0 ? "right" : "wrong", hash, 30 * SECOND);
    run(&tally);
    CHECK_SAY(counts(&tally, 8, 16, 0, 0, 0), "24 at once: each answered once and rightly");
    CHECK_SAY(ticker.ticks > 24, "the loop went on meanwhile (%d turns)", ticker.ticks);
    loop_timer_free(ticker.timer);
    authclient_free(client);
    (void)helper_end(&bed, SIGKILL);
    bed_clear(&bed);
}

static void test_limits(void)
{
    struct bed bed;
    struct authclient *client;
    struct tally tally = {.bed = &bed}, flood = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];

    bed_make(&bed);
    bed.settings.queue_max = 3;
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 4);
    hash_once(&bed, client, "right", hash);
    for (int i = 0; i < 7; i++)
        ask_verify(&tally, client, "right", hash, 30 * SECOND);
    CHECK_SAY(authclient_outstanding(client) == 4, "a client asks only so much at once");
    run(&tally);
    CHECK_SAY(tally.answers[AUTH_ANSWER_BUSY] >= 3 && tally.answers[AUTH_ANSWER_OK] >= 3 &&
                  tally.answers[AUTH_ANSWER_OK] + tally.answers[AUTH_ANSWER_BUSY] == 7 &&
                  tally.inside == 0,
              "what is over the client's limit is told so at once: %d done, %d busy, %d inside",
              tally.answers[AUTH_ANSWER_OK], tally.answers[AUTH_ANSWER_BUSY], tally.inside);
    authclient_free(client);
    client = authclient_new(bed.loop, bed.gateway, 100);
    for (int i = 0; i < 40; i++)
        ask_verify(&flood, client, "right", hash, 30 * SECOND);
    run(&flood);
    CHECK_SAY(flood.answered == 40 && flood.answers[AUTH_ANSWER_OK] >= 3 &&
                  flood.answers[AUTH_ANSWER_BUSY] >= 20 &&
                  flood.answers[AUTH_ANSWER_OK] + flood.answers[AUTH_ANSWER_BUSY] == 40,
              "the helper's queue is bounded: %d done, %d busy", flood.answers[AUTH_ANSWER_OK],
              flood.answers[AUTH_ANSWER_BUSY]);
    authclient_free(client);
    (void)helper_end(&bed, SIGKILL);
    bed_clear(&bed);
}

static void test_restart(void)
{
    struct bed bed;
    struct authclient *client;
    struct tally tally = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];

    bed_make(&bed);
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 32);
    hash_once(&bed, client, "right", hash);
    for (int i = 0; i < 12; i++)
        ask_verify(&tally, client, i % 2 == 0 ? "right" : "wrong", hash, 30 * SECOND);
    for (int kills = 0; kills < 3; kills++) {
        run_for(&bed, 60000);
        (void)helper_end(&bed, SIGKILL);
        run_for(&bed, 20000);
        helper_start(&bed);
    }
    run(&tally);
    CHECK_SAY(counts(&tally, 6, 6, 0, 0, 0), "killed three times: each answered once, none lost");
    run_for(&bed, 500000);
    CHECK_SAY(tally.answered == 12, "and nothing is answered twice");
    authclient_free(client);
    (void)helper_end(&bed, SIGKILL);
    bed_clear(&bed);
}

static void test_deadline(void)
{
    struct bed bed;
    struct authclient *client;
    struct tally tally = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];
    mono_t before, after;
    int64_t waited, one;

    bed_make(&bed);
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 64);
    hash_once(&bed, client, "right", hash);
    (void)helper_end(&bed, SIGKILL);
    for (int i = 0; i < 30; i++)
        ask_verify(&tally, client, "right", hash, SECOND / 5);
    before = mono_now();
    run(&tally);
    after = mono_now();
    CHECK_SAY(counts(&tally, 0, 0, 0, 30, 0), "no helper: each times out once");
    CHECK_SAY(after.us - before.us < SECOND, "in their time (%lld ms)",
              (long long)(after.us - before.us) / 1000);
    helper_start(&bed);
    before = mono_now();
    CHECK_SAY(verify_once(&bed, client, "right", hash) == AUTH_ANSWER_OK,
              "the next helper answers");
    after = mono_now();
    waited = after.us - before.us;
    before = mono_now();
    for (int i = 0; i < 4; i++)
        (void)verify_once(&bed, client, "right", hash);
    one = (mono_now().us - before.us) / 4;
    /* The thirty wait in the kernel in front of this one: hashed, they would take thirty times as
     * long as one takes on this machine now. */
    CHECK_SAY(waited < 20 * one || waited < 600000,
              "and wastes no time on what nobody waits for (%lld ms, one takes %lld)",
              (long long)waited / 1000, (long long)one / 1000);
    CHECK_SAY(tally.answered == 30, "late answers are nobody's");
    authclient_free(client);
    (void)helper_end(&bed, SIGKILL);
    bed_clear(&bed);
}

/* A gateway that is started again has the same pair and other questions. */
static void test_gateway_restart(void)
{
    struct bed bed;
    struct authclient *client;
    struct tally first = {.bed = &bed}, second = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];

    bed_make(&bed);
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    hash_once(&bed, client, "right", hash);
    for (int i = 0; i < 4; i++)
        ask_verify(&first, client, "right", hash, 30 * SECOND);
    client = authclient_free(client);
    CHECK_SAY(counts(&first, 0, 0, 0, 0, 4), "a client that goes answers what it was asked");
    client = authclient_new(bed.loop, bed.gateway, 8);
    for (int i = 0; i < 4; i++)
        ask_verify(&second, client, "wrong", hash, 30 * SECOND);
    run(&second);
    CHECK_SAY(counts(&second, 0, 4, 0, 0, 0),
              "answers for the gateway before are not taken for ours");
    CHECK_SAY(first.answered == 4, "and go to nobody");
    authclient_free(client);
    (void)helper_end(&bed, SIGKILL);
    bed_clear(&bed);
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
    struct bed bed;
    struct authclient *client;
    struct tally tally = {.bed = &bed};

    bed_make(&bed);
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    authclient_verify(client, SLICE_LIT("x"), NULL, 10 * SECOND, free_client, &client);
    ask_verify(&tally, client, "y", NULL, 10 * SECOND);
    run(&tally);
    CHECK_SAY(client == NULL && counts(&tally, 0, 0, 0, 0, 1),
              "a client may go in its own callback");
    (void)helper_end(&bed, SIGKILL);
    bed_clear(&bed);
}

static void test_broken_pair(void)
{
    struct bed bed;
    struct authclient *client;
    struct tally tally = {.bed = &bed};

    bed_make(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    ask_verify(&tally, client, "x", NULL, 10 * SECOND);
    close(bed.helper);
    run(&tally);
    CHECK_SAY(counts(&tally, 0, 0, 0, 0, 1), "a pair without a second end fails at once");
    ask_verify(&tally, client, "x", NULL, 10 * SECOND);
    run(&tally);
    CHECK_SAY(counts(&tally, 0, 0, 0, 0, 2), "and stays failed");
    authclient_free(client);
    bed.helper = dup(bed.gateway);
    bed_clear(&bed);
}

static void test_drain(void)
{
    struct bed bed;
    struct authclient *client;
    struct tally tally = {.bed = &bed};
    char hash[AUTH_HASH_SIZE];
    int status = -1;

    bed_make(&bed);
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    hash_once(&bed, client, "right", hash);
    for (int i = 0; i < 6; i++)
        ask_verify(&tally, client, "right", hash, 10 * SECOND);
    (void)kill(bed.pid, SIGTERM);
    run(&tally);
    CHECK_SAY(counts(&tally, 6, 0, 0, 0, 0),
              "told to end, the helper does what it was asked first");
    (void)waitpid(bed.pid, &status, 0);
    CHECK_SAY(status == 0, "and ends well");
    authclient_free(client);
    bed_clear(&bed);
}

static unsigned long hexadecimal(const char *text)
{
    static const char digits[] = "0123456789abcdef";
    unsigned long number = 0;

    for (const char *at; *text != '\0' && (at = strchr(digits, *text)) != NULL; text++)
        number = number * 16 + (unsigned long)(at - digits);
    return number;
}

/* Whether `text` stands anywhere in the memory that the process can write. -1: cannot be read. */
static int memory_holds(pid_t pid, const char *text)
{
    static char block[1 << 20];
    char path[64], line[512];
    unsigned long from, to;
    int found = 0, memory;
    FILE *maps;

    snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
    memory = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    maps = fopen(path, "re");
    if (memory < 0 || maps == NULL)
        return -1;
    while (found == 0 && fgets(line, sizeof(line), maps) != NULL) {
        char *dash = strchr(line, '-'), *blank = strchr(line, ' ');

        if (dash == NULL || blank == NULL || blank[2] != 'w')
            continue;
        from = hexadecimal(line);
        to = hexadecimal(dash + 1);
        if (to - from > 1UL << 30) /* a sanitizer's shadow, not memory of the program's */
            continue;
        for (; from < to && found == 0; from += sizeof(block) - 256) {
            ssize_t len = pread(memory, block, sizeof(block), (off_t)from);

            if (len > 0 && memmem(block, (size_t)len, text, strlen(text)) != NULL)
                found = 1;
        }
    }
    fclose(maps);
    close(memory);
    return found;
}

static void test_wiped(void)
{
    struct bed bed;
    struct authclient *client;
    struct buf password = BUF_INIT(100);
    uint8_t random[24];
    char hash[AUTH_HASH_SIZE];
    int held;

    bed_make(&bed);
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    random_bytes(random, sizeof(random)); /* after the fork: not in the memory it began with */
    buf_add_hex(&password, random, sizeof(random));
    hash_once(&bed, client, password.ptr, hash);
    CHECK_SAY(verify_once(&bed, client, password.ptr, hash) == AUTH_ANSWER_OK, "a secret password");
    held = memory_holds(bed.pid, password.ptr);
    if (held < 0)
        CHECK_SAY(true, "the helper's memory cannot be read here # SKIP no right to");
    else
        CHECK_SAY(held == 0, "is nowhere in the helper's memory afterwards");
    buf_release(&password);
    authclient_free(client);
    (void)helper_end(&bed, SIGKILL);
    bed_clear(&bed);
}

/* KiB that only that process has; negative: cannot be read. */
static int64_t private_kib(pid_t pid)
{
    char path[64], text[4096];
    FILE *file;
    size_t len;

    snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
    file = fopen(path, "re");
    if (file == NULL)
        return -1;
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    return memory_private_in((struct slice){text, len});
}

/* What one hash takes goes back to the system, not into a heap that stays. */
static void test_memory(void)
{
    struct bed bed;
    struct authclient *client;
    char hash[AUTH_HASH_SIZE];
    int64_t kib;

    bed_make(&bed);
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    hash_once(&bed, client, "mật khẩu thứ nhất", hash);
    for (int i = 0; i < 3; i++)
        (void)verify_once(&bed, client, "mật khẩu thứ nhất", hash);
    kib = private_kib(bed.pid);
#ifdef __SANITIZE_ADDRESS__
    kib = 0; /* its allocator keeps what was freed on purpose */
#endif
    CHECK_SAY(kib < 8 * 1024, "idle after four hashes: %lld KiB of its own", (long long)kib);
    authclient_free(client);
    CHECK_SAY(helper_end(&bed, SIGTERM) == 0, "and ends well");
    bed_clear(&bed);
}

/* A limit below what one hash leaves: it ends by itself, with what it had been asked answered. */
static void test_too_large(void)
{
    struct bed bed;
    struct authclient *client;
    char hash[AUTH_HASH_SIZE] = "";
    int status = -1;

    bed_make(&bed);
    bed.settings.memory_max_kib = 1;
    bed.settings.look_every_us = SECOND / 5;
    helper_start(&bed);
    client = authclient_new(bed.loop, bed.gateway, 8);
    hash_once(&bed, client, "mật khẩu", hash);
    CHECK(hash[0] == '$');
    for (int i = 0; i < 100 && waitpid(bed.pid, &status, WNOHANG) == 0; i++)
        usleep(50000);
    CHECK_SAY(WIFEXITED(status) && WEXITSTATUS(status) == 0, "one that is too large ends");
    authclient_free(client);
    bed_clear(&bed);
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
    test_wiped();
    test_memory();
    test_too_large();
    return tap_end();
}
