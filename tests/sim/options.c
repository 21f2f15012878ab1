#include "options.h"

#include "base/num.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

const char options_help[] =
    "postsim - a simulated VNPost (interface A) for tests and the quick start\n"
    "\n"
    "usage: postsim --journal FILE [options]; listens on 127.0.0.1 only and prints\n"
    "`port N` on standard output once it is ready.\n"
    "\n"
    "  --journal FILE        where accepted orders and events are kept; read back at start\n"
    "  --port N              0 (default): any free port\n"
    "  --customer K:S:CODE   customer key, secret and CustomerCode; repeatable.\n"
    "                        None: every key is welcome\n"
    "  --step-ms N           a parcel's time from one StatusCode to the next: 1 ordered,\n"
    "                        2 collecting, 3 in transit, 4 delivered. 0 (default): only\n"
    "                        POST /sim/advance moves it\n"
    "  --seed N              of all draws; the same seed gives each order the same fate\n"
    "  --rate KIND=R         how often (0 to 1) KIND is met; repeatable. Kinds:\n"
    "                        token_expired too_many server_error refused reset_before\n"
    "                        reset_after slow status_text no_content_type\n"
    "                        event_swapped event_twice event_unknown\n"
    "  --slow-ms N           delay of a slow answer (default 30000)\n"
    "  --retry-after N       seconds in Retry-After of a 429; 0 leaves it out (default 1)\n"
    "  --token-seconds N     life of a token (default 3600)\n"
    "  --away FROM:SECONDS   away from second FROM after the start\n"
    "  --away-how HOW        reset (default), 503 or hang\n"
    "  --parent-pid N        end when that process has ended\n"
    "\n"
    "interface A: POST /token, POST /order/post, GET /order/cancel, GET /order/tracking\n"
    "looking in:  GET /sim/orders?from=&limit=&brief=1 | ?order=, /sim/log, /sim/summary\n"
    "steering:    POST /sim/advance?order=&code=&time=&twice=1 | ?all=1,\n"
    "             /sim/away?seconds=&how=, /sim/fault?kind=&count=, /sim/rate?kind=&rate=\n";

enum option_name {
    OPT_HELP = 1,
    OPT_JOURNAL,
    OPT_PORT,
    OPT_CUSTOMER,
    OPT_STEP_MS,
    OPT_SEED,
    OPT_RATE,
    OPT_SLOW_MS,
    OPT_RETRY_AFTER,
    OPT_TOKEN_SECONDS,
    OPT_AWAY,
    OPT_AWAY_HOW,
    OPT_PARENT_PID,
};

static const struct option longs[] = {
    {"help", no_argument, NULL, OPT_HELP},
    {"journal", required_argument, NULL, OPT_JOURNAL},
    {"port", required_argument, NULL, OPT_PORT},
    {"customer", required_argument, NULL, OPT_CUSTOMER},
    {"step-ms", required_argument, NULL, OPT_STEP_MS},
    {"seed", required_argument, NULL, OPT_SEED},
    {"rate", required_argument, NULL, OPT_RATE},
    {"slow-ms", required_argument, NULL, OPT_SLOW_MS},
    {"retry-after", required_argument, NULL, OPT_RETRY_AFTER},
    {"token-seconds", required_argument, NULL, OPT_TOKEN_SECONDS},
    {"away", required_argument, NULL, OPT_AWAY},
    {"away-how", required_argument, NULL, OPT_AWAY_HOW},
    {"parent-pid", required_argument, NULL, OPT_PARENT_PID},
    {NULL, 0, NULL, 0},
};

bool options_customer(struct slice text, struct slice parts[3])
{
    for (int i = 0; i < 3; i++) {
        if (!slice_next(&text, ':', &parts[i]) || parts[i].len == 0)
            return false;
    }
    return text.len == 0;
}

static int set_rate(struct options *options, struct slice text)
{
    ptrdiff_t equal = slice_find(text, '=', 0);
    enum fault_kind kind;
    int r;

    if (equal < 0)
        return -EINVAL;
    r = fault_by_name(slice_sub(text, 0, (size_t)equal), &kind);
    if (r < 0)
        return r;
    return num_parse_double(slice_sub(text, (size_t)equal + 1, text.len), 0, 1,
                            &options->rate[kind]);
}

static int set_away(struct options *options, struct slice text)
{
    struct slice from;
    int r;

    if (!slice_next(&text, ':', &from))
        return -EINVAL;
    r = num_parse_i64(from, 0, 86400, &options->away_after_s);
    return r < 0 ? r : num_parse_i64(text, 1, 86400, &options->away_seconds);
}

static int set_away_how(struct options *options, struct slice text)
{
    if (slice_is(text, "reset"))
        options->away_how = AWAY_RESET;
    else if (slice_is(text, "503"))
        options->away_how = AWAY_503;
    else if (slice_is(text, "hang"))
        options->away_how = AWAY_HANG;
    else
        return -EINVAL;
    return 0;
}

static int set_customer(struct options *options, struct slice text)
{
    struct slice parts[3];

    if (options->customer_count == OPTION_CUSTOMERS_MAX || !options_customer(text, parts))
        return -EINVAL;
    options->customers[options->customer_count++] = text;
    return 0;
}

static int set_option(struct options *options, int name, const char *arg)
{
    struct slice text = slice_str(arg);

    switch (name) {
    case OPT_HELP:
        options->help = true;
        return 0;
    case OPT_JOURNAL:
        options->journal = arg;
        return 0;
    case OPT_PORT:
        return num_parse_i64(text, 0, 65535, &options->port);
    case OPT_CUSTOMER:
        return set_customer(options, text);
    case OPT_STEP_MS:
        return num_parse_i64(text, 0, 86400000, &options->step_ms);
    case OPT_SEED:
        return num_parse_i64(text, 0, INT64_MAX, &options->seed);
    case OPT_RATE:
        return set_rate(options, text);
    case OPT_SLOW_MS:
        return num_parse_i64(text, 0, 3600000, &options->slow_ms);
    case OPT_RETRY_AFTER:
        return num_parse_i64(text, 0, 86400, &options->retry_after_s);
    case OPT_TOKEN_SECONDS:
        return num_parse_i64(text, 1, 31536000, &options->token_seconds);
    case OPT_AWAY:
        return set_away(options, text);
    case OPT_AWAY_HOW:
        return set_away_how(options, text);
    case OPT_PARENT_PID:
        return num_parse_i64(text, 1, INT32_MAX, &options->parent_pid);
    default:
        return -EINVAL;
    }
}

int options_parse(int argc, char **argv, struct options *ret)
{
    struct options options = {
        .seed = 1, .slow_ms = 30000, .token_seconds = 3600, .retry_after_s = 1};
    int name, index = 0;

    while ((name = getopt_long(argc, argv, "", longs, &index)) != -1) {
        if (name == '?')
            return -EINVAL;
        if (set_option(&options, name, optarg) < 0) {
            fprintf(stderr, "postsim: --%s: '%s' is not a value it takes\n", longs[index].name,
                    optarg);
            return -EINVAL;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "postsim: unexpected argument '%s'\n", argv[optind]);
        return -EINVAL;
    }
    if (options.journal == NULL && !options.help) {
        fprintf(stderr, "postsim: --journal FILE is required\n");
        return -EINVAL;
    }
    *ret = options;
    return 0;
}
