#include "clock/migration.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "clock/errand.h"
#include "service/migration.h"
#include "service/registry.h"
#include "service/service.h"

#define TIMEOUT_US (120 * US_PER_SECOND) /* the list of a whole city's open dossiers */
#define ORDER_DEPTH 8
/* A version that was published is known to every worker within seconds; one that is not by then has
 * a text that cannot be used. */
#define UNKNOWN_LOOKS 30

struct migration {
    struct service *service;
    struct migration_options options;
    struct loop_timer *timer;
    struct migration_plan *plan; /* of the order under way, or NULL */
    struct arena *page;          /* ids and lines of one page */
    int64_t *ids;
    struct migration_line *lines;
    size_t count, next, flying;
    uint64_t moved;
    int unknown; /* looks at which the version was not known */
    bool started, asking, orphan;
};

struct one { /* on its way */
    struct migration *job;
    size_t index;
};

static void pump(struct migration *job);

static void release(struct migration *job)
{
    job->plan = migration_plan_free(job->plan);
    arena_free(job->page);
    free(job);
}

static bool gone(struct migration *job)
{
    if (!job->orphan || job->asking || job->flying > 0)
        return job->orphan;
    release(job);
    return true;
}

static void again(struct migration *job, int64_t pause_us)
{
    if (job->started)
        loop_timer_start(job->timer, pause_us);
}

static void noted(void *ctx, const struct db_result *result)
{
    struct migration *job = ctx;

    job->asking = false;
    if (gone(job))
        return;
    /* What could not be noted still waits, and is found done when it is looked at again. */
    again(job,
          result->code == 0 && db_int_at(result->rows, 0, 0, 0) > 0 ? 0 : job->options.every_us);
}

static void note(struct migration *job)
{
    int64_t *ids = ARENA_ARRAY(job->page, int64_t, job->count);
    struct slice *texts[4];
    size_t settled = 0;

    for (size_t k = 0; k < DVC_COUNT(texts); k++)
        texts[k] = ARENA_ARRAY(job->page, struct slice, job->count);
    for (size_t i = 0; i < job->count; i++) {
        const struct migration_line *line = &job->lines[i];

        if (line->outcome == NULL)
            continue;
        ids[settled] = job->ids[i];
        texts[0][settled] = slice_str(line->outcome);
        texts[1][settled] = slice_str(line->rule);
        texts[2][settled] = slice_str(line->message);
        texts[3][settled++] = slice_str(line->steps);
    }
    job->asking = true;
    store_query(
        job->service->store, service_statement(job->service, "migration_note"),
        (struct db_param[]){db_int(migration_plan_order(job->plan)), db_int_array(ids, settled),
                            db_text_array(texts[0], settled), db_text_array(texts[1], settled),
                            db_text_array(texts[2], settled), db_text_array(texts[3], settled)},
        6, TIMEOUT_US, noted, job);
}

static void decided(void *ctx, const struct decided *result)
{
    struct one *one = ctx;
    struct migration *job = one->job;
    enum errand_verdict verdict = errand_verdict(result);

    job->flying--;
    if (gone(job))
        return;
    migration_line(job->page, result, verdict == ERRAND_AGAIN, &job->lines[one->index]);
    job->moved += result->kind == DECIDE_APPLIED && !migration_plan_rehearses(job->plan);
    if (result->kind == DECIDE_UNSURE && result->store_code == STORE_E_CANCELLED)
        migration_stop(job); /* the store is closing */
    pump(job);
}

static void begin_one(struct migration *job)
{
    struct command command = migration_plan_command(job->plan);
    struct one *one = ARENA_NEW(job->page, struct one);

    one->job = job;
    one->index = job->next++;
    job->flying++;
    if (migration_plan_rehearses(job->plan))
        errand_rehearse(job->service, job->ids[one->index], &command, decided, one);
    else
        errand_run(job->service, job->ids[one->index], &command, decided, one);
}

/* A page that is left in the middle is noted as far as it came. */
static void pump(struct migration *job)
{
    while (job->started && job->next < job->count && job->flying < (size_t)job->options.in_flight)
        begin_one(job);
    if (job->flying == 0 && !job->asking)
        note(job);
}

static void ended(void *ctx, const struct db_result *result)
{
    struct migration *job = ctx;

    (void)result;
    job->asking = false;
    if (!gone(job))
        again(job, job->options.every_us);
}

static void give_up(struct migration *job, int64_t order)
{
    log_error("migration_unusable", "order=%lld", (long long)order);
    job->asking = true;
    store_query(job->service->store, service_statement(job->service, "migration_end"),
                (struct db_param[]){db_int(order), db_str("version_unusable")}, 2, TIMEOUT_US,
                ended, job);
}

static bool find_plan(struct migration *job, const struct value *order)
{
    int64_t id = value_get_int(order, "id", 0);

    if (job->plan != NULL && migration_plan_order(job->plan) == id)
        return true;
    migration_plan_free(job->plan);
    job->plan = migration_plan_new(job->service, order);
    if (job->plan != NULL) {
        job->unknown = 0;
        return true;
    }
    registry_look(job->service->registry);
    if (++job->unknown < UNKNOWN_LOOKS) {
        again(job, job->options.every_us);
    } else {
        job->unknown = 0;
        give_up(job, id);
    }
    return false;
}

static void take_page(struct migration *job, const struct value *order)
{
    const struct value *list = value_get(order, "dossiers");

    job->count = value_count(list);
    job->next = 0;
    if (job->count == 0) {
        log_info("migration_ended", "order=%lld", (long long)value_get_int(order, "id", 0));
        job->plan = migration_plan_free(job->plan);
        again(job, 0); /* the next order */
        return;
    }
    job->ids = ARENA_ARRAY(job->page, int64_t, job->count);
    job->lines = ARENA_ARRAY(job->page, struct migration_line, job->count);
    for (size_t i = 0; i < job->count; i++)
        job->ids[i] = value_at(list, i)->integer;
    pump(job);
}

static void read_page(void *ctx, const struct db_result *result)
{
    struct migration *job = ctx;
    struct json_error error;
    struct value *order = NULL;

    job->asking = false;
    if (gone(job))
        return;
    arena_free(job->page);
    job->page = arena_new();
    if (result->code != 0 || db_json(result->rows).ptr == NULL ||
        json_parse(job->page, db_json(result->rows), ORDER_DEPTH, &order, &error) != 0)
        again(job, job->options.every_us);
    else if (find_plan(job, order))
        take_page(job, order);
}

static void on_timer(void *ctx)
{
    struct migration *job = ctx;
    struct db_param most = db_int(job->options.batch);

    if (job->asking || job->flying > 0)
        return;
    job->asking = true;
    store_query(job->service->store, service_statement(job->service, "migration_page"), &most, 1,
                TIMEOUT_US, read_page, job);
}

struct migration *migration_new(struct service *service, const struct migration_options *options)
{
    struct migration *job = dvc_calloc(1, sizeof(*job));

    *job = (struct migration){.service = service, .options = *options, .page = arena_new()};
    job->timer = loop_timer_new(service->loop, on_timer, job);
    return job;
}

struct migration *migration_free(struct migration *job)
{
    if (job == NULL)
        return NULL;
    job->timer = loop_timer_free(job->timer);
    job->started = false;
    job->orphan = true;
    (void)gone(job);
    return NULL;
}

void migration_start(struct migration *job)
{
    job->started = true;
    loop_timer_start(job->timer, 0);
}

void migration_stop(struct migration *job)
{
    job->started = false;
    loop_timer_stop(job->timer);
}

bool migration_idle(const struct migration *job)
{
    return !job->asking && job->flying == 0;
}

uint64_t migration_moved(const struct migration *job)
{
    return job->moved;
}
