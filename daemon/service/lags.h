/* lags.h - how far the work of the whole cluster is behind, read from the database with one
 * statement: at most every five seconds, and only while somebody asks. */
#ifndef DVC_SERVICE_LAGS_H
#define DVC_SERVICE_LAGS_H

#include "store/rows.h"

struct lags;
struct service;

struct lags_seen {
    mono_t at;                     /* when it was read */
    int64_t outbox_undelivered;    /* rows neither delivered nor dead; LAGS_COUNT_MAX: or more */
    int64_t outbox_oldest_us;      /* age of the oldest of them; 0: none */
    int64_t dead_letters;          /* wait for a person */
    int64_t deltas_unfolded;       /* of the figures; LAGS_COUNT_MAX: or more */
    int64_t oldest_transaction_us; /* age of the longest one running with the workers' login */
    int64_t transactions_behind;   /* begun since the oldest one running: rows that commit late */
    int64_t timers_us;             /* how long the first timer is past due; 0: none is */
};
#define LAGS_COUNT_MAX 100000

/* What the statement `lags` gave; ret->at is left as it is. */
void lags_take(struct lags_seen *ret, const struct db_rows *rows);

struct lags *lags_new(struct service *service);
struct lags *lags_free(struct lags *lags); /* takes NULL, returns NULL */
/* What was read last, NULL when nothing was yet. Asking has it read again from now on: every five
 * seconds for the next minute. */
const struct lags_seen *lags_ask(struct lags *lags);

#endif
