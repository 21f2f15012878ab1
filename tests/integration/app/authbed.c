#include "authbed.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void authbed_start(struct authbed *bed)
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

int authbed_end(struct authbed *bed, int signo)
{
    int status = -1;

    (void)kill(bed->pid, signo);
    (void)waitpid(bed->pid, &status, 0);
    return status;
}

void authbed_make(struct authbed *bed)
{
    *bed = (struct authbed){.loop = loop_new(), .settings = authhelper_settings_default()};
    if (authhelper_pair(&bed->gateway, &bed->helper) != 0)
        abort();
}

void authbed_clear(struct authbed *bed)
{
    loop_free(bed->loop);
    close(bed->gateway);
    close(bed->helper);
}

static void on_answer(void *ctx, enum auth_answer answer, struct slice hash)
{
    struct authtally *tally = ctx;

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

void authbed_ask(struct authtally *tally, struct authclient *client, const char *password,
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

void authbed_run_for(struct authbed *bed, int64_t us)
{
    struct loop_timer *timer = loop_timer_new(bed->loop, stop_loop, bed->loop);

    loop_timer_start(timer, us);
    if (loop_run(bed->loop) != 0)
        abort();
    loop_timer_free(timer);
}

/* Until every question is answered. */
void authbed_run(struct authtally *tally)
{
    mono_t until = {mono_now().us + 30 * SECOND};

    while (tally->answered < tally->asked && mono_now().us < until.us)
        authbed_run_for(tally->bed, until.us - mono_now().us);
}

enum auth_answer authbed_verify(struct authbed *bed, struct authclient *client,
                                const char *password, const char *hash)
{
    struct authtally tally = {.bed = bed};

    authbed_ask(&tally, client, password, hash, 10 * SECOND);
    authbed_run(&tally);
    for (int i = 0; i <= AUTH_ANSWER_FAILED; i++) {
        if (tally.answered == 1 && tally.answers[i] == 1)
            return (enum auth_answer)i;
    }
    return AUTH_ANSWER_TIMEOUT;
}

void authbed_hash(struct authbed *bed, struct authclient *client, const char *password,
                  char hash[AUTH_HASH_SIZE])
{
    struct authtally tally = {.bed = bed, .asked = 1};

    authclient_hash(client, slice_str(password), 10 * SECOND, on_answer, &tally);
    authbed_run(&tally);
    memcpy(hash, tally.hash, AUTH_HASH_SIZE);
}

bool authbed_counts(const struct authtally *tally, int ok, int mismatch, int busy, int timeout,
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
