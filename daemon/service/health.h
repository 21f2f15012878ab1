/* health.h - what an administrator must know, as a list of judged checks: state, what is wrong,
 * what to do about it. dvcctl doctor adds what only the machine shows. */
#ifndef DVC_SERVICE_HEALTH_H
#define DVC_SERVICE_HEALTH_H

#include "base/jw.h"
#include "base/value.h"
#include "conf/settings.h"
#include "service/answer.h"
#include "service/lags.h"

struct service;

enum health_state { HEALTH_OK, HEALTH_WARN, HEALTH_FAIL };

struct health_item {
    const char *check; /* stable snake_case word */
    enum health_state state;
    char message[400]; /* Vietnamese: how it is */
    char advice[300];  /* Vietnamese: what to do, "" when all is well */
};

#define HEALTH_ITEMS_MAX 40

struct health {
    struct health_item items[HEALTH_ITEMS_MAX];
    size_t count;
};

/* The new item, already in the list; its texts are to be written by health_say. */
struct health_item *health_add(struct health *health, const char *check, enum health_state state);
void health_say(struct health_item *item, const char *fmt, ...) DVC_PRINTF(2, 3);
void health_advise(struct health_item *item, const char *fmt, ...) DVC_PRINTF(2, 3);
enum health_state health_worst(const struct health *health);
/* {items: [{check, state, message, advice}]} */
void health_write(struct jw *jw, const struct health *health);

/* Judges what the statement `health` gave (a tree of its JSON) and the lags. */
void health_judge(struct health *health, const struct value *facts, const struct lags_seen *lags,
                  const struct settings *settings);
/* Reads both and answers. Rights are the caller's matter. */
void health_answer(struct service *service, answer_fn answer, void *ctx);

#endif
