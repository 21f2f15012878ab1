/* options.h - the simulator's command line. */
#ifndef POSTSIM_OPTIONS_H
#define POSTSIM_OPTIONS_H

#include "sim.h"

#define OPTION_CUSTOMERS_MAX 256

struct options {
    const char *journal;
    int64_t port, seed, step_ms, slow_ms, token_seconds, retry_after_s, parent_pid;
    int64_t away_after_s, away_seconds;
    enum away_how away_how;
    double rate[FAULT_COUNT];
    struct slice customers[OPTION_CUSTOMERS_MAX]; /* KEY:SECRET:CODE as given */
    size_t customer_count;
    bool help;
};

extern const char options_help[];

/* 0, or -EINVAL after saying on standard error what is wrong. Texts are borrowed from argv. */
int options_parse(int argc, char **argv, struct options *ret) DVC_MUSTCHECK;
/* KEY:SECRET:CODE into its parts; false when a part is missing or empty. */
bool options_customer(struct slice text, struct slice parts[3]);

#endif
