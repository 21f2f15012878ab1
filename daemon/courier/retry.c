#include "courier/retry.h"

/* A receiver that asks for more than this is treated as away. */
#define RETRY_AFTER_MAX_S 86400

const char *attempt_code(enum attempt_result result)
{
    static const char *const codes[] = {
        [ATTEMPT_DONE] = "done",           [ATTEMPT_TRANSPORT] = "transport",
        [ATTEMPT_THROTTLED] = "throttled", [ATTEMPT_SERVER] = "server_error",
        [ATTEMPT_DENIED] = "denied",       [ATTEMPT_STRANGE] = "strange_answer",
        [ATTEMPT_REFUSED] = "refused",     [ATTEMPT_INVALID] = "invalid",
        [ATTEMPT_CANCELLED] = "cancelled",
    };

    return codes[result];
}

enum attempt_result attempt_of_call(enum mux_result result, enum attempt_result answered)
{
    switch (result) {
    case MUX_ANSWERED:
        return answered;
    case MUX_UNREACHED:
    case MUX_TIMEOUT:
    case MUX_BROKEN:
    case MUX_UNTRUSTED: /* a certificate that ran out is renewed one day */
        return ATTEMPT_TRANSPORT;
    case MUX_TOO_LARGE:
        return ATTEMPT_STRANGE;
    case MUX_BAD_CALL:
        return ATTEMPT_INVALID;
    case MUX_CANCELLED:
        break;
    }
    return ATTEMPT_CANCELLED;
}

int64_t retry_delay_us(const struct retry_policy *policy, int attempts, uint64_t draw)
{
    int64_t cap = policy->min_us;

    for (int i = 0; i < attempts && cap < policy->max_us; i++)
        cap = cap > policy->max_us / 2 ? policy->max_us : cap * 2;
    if (cap > policy->max_us)
        cap = policy->max_us;
    return (int64_t)(draw % ((uint64_t)cap + 1));
}

bool retry_strike(enum attempt_result result)
{
    return result == ATTEMPT_DENIED || result == ATTEMPT_STRANGE;
}

enum retry_verdict retry_decide(const struct retry_policy *policy, enum attempt_result result,
                                int attempts, int strikes, wall_t created, wall_t now,
                                int64_t retry_after_s, uint64_t draw, wall_t *ret_at)
{
    int64_t delay = retry_delay_us(policy, attempts, draw);

    if (result == ATTEMPT_DONE)
        return RETRY_DONE;
    if (result == ATTEMPT_REFUSED || result == ATTEMPT_INVALID)
        return RETRY_DEAD;
    if (retry_strike(result) && policy->strikes_max > 0 && strikes >= policy->strikes_max)
        return RETRY_DEAD;
    if (policy->age_max_us > 0 && result != ATTEMPT_CANCELLED &&
        now.us - created.us >= policy->age_max_us)
        return RETRY_DEAD;
    if (retry_after_s > RETRY_AFTER_MAX_S)
        retry_after_s = RETRY_AFTER_MAX_S;
    /* The jitter comes on top: all who were told the same second must not come in it together. */
    if (retry_after_s > 0)
        delay += retry_after_s * US_PER_SECOND;
    ret_at->us = now.us + delay;
    return RETRY_LATER;
}

enum attempt_result attempt_of_status(int http_status)
{
    if (http_status >= 500)
        return ATTEMPT_SERVER;
    switch (http_status) {
    case 401:
    case 403:
        return ATTEMPT_DENIED;
    case 408: /* the server waited for us: a matter of the line */
        return ATTEMPT_TRANSPORT;
    case 429:
        return ATTEMPT_THROTTLED;
    case 400:
    case 409:
    case 413:
    case 422:
        return ATTEMPT_REFUSED;
    default: /* 404, 405, redirects: more likely a wrong address in the configuration */
        return ATTEMPT_STRANGE;
    }
}
