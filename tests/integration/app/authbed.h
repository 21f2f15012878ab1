/* authbed.h - an auth helper in a process of its own, asked over a pair of sockets that the test
 * holds open at both ends, as the supervisor does. */
#ifndef DVC_AUTHBED_H
#define DVC_AUTHBED_H

#include <sys/types.h>

#include "app/authhelper.h"
#include "service/authclient.h"
#include "service/authproto.h"

#define SECOND US_PER_SECOND

struct authbed {
    struct loop *loop;
    int gateway, helper; /* the two ends */
    pid_t pid;
    struct authhelper_settings settings;
};

/* What became of a number of questions. */
struct authtally {
    struct authbed *bed;
    int asked, answered, answers[AUTH_ANSWER_FAILED + 1];
    int inside; /* answered before the asking call had returned */
    bool asking;
    char hash[AUTH_HASH_SIZE];
};

void authbed_make(struct authbed *bed);
void authbed_clear(struct authbed *bed);
void authbed_start(struct authbed *bed);         /* the helper, with the bed's settings */
int authbed_end(struct authbed *bed, int signo); /* by a signal; its wait status */

void authbed_ask(struct authtally *tally, struct authclient *client, const char *password,
                 const char *hash, int64_t timeout_us);
/* Until every question is answered, half a minute at most. */
void authbed_run(struct authtally *tally);
void authbed_run_for(struct authbed *bed, int64_t us);
/* One question and its answer. */
enum auth_answer authbed_verify(struct authbed *bed, struct authclient *client,
                                const char *password, const char *hash);
void authbed_hash(struct authbed *bed, struct authclient *client, const char *password,
                  char hash[AUTH_HASH_SIZE]);
/* Whether the answers came so often, all of them, and none inside of the asking call. */
bool authbed_counts(const struct authtally *tally, int ok, int mismatch, int busy, int timeout,
                    int failed);

#endif
