#include "service/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/list.h"
#include "base/log.h"
#include "conf/calendar_json.h"
#include "conf/plugin.h"
#include "service/service.h"
#include "service/versions.h"

/* So that what another node publishes is served here within two. */
#define LOOK_EVERY_US US_PER_SECOND
#define JSON_DEPTH 32

struct published_calendar {
    int version;
    char *name;
    const struct calendar *calendar;
    struct arena *arena;
};

struct registry {
    struct service *service;
    struct loop_timer *timer;
    struct arena *arena; /* codes of what was published since the fork */
    int64_t listed;      /* number of the generation whose list was read last */
    int64_t served;      /* the same once its texts are here too */
    int64_t newest_calendar;
    bool looking, looked, ready;
    size_t pending; /* texts being read that readiness waits for */
    struct versions versions;
    struct list waiters;
    struct published_calendar *calendars;
    size_t calendar_count, calendar_cap;
};

struct waiter {
    struct list link;
    int64_t id;
    bool waits_for_look; /* the version is not known at all */
    void (*fn)(void *ctx);
    void *ctx;
};

struct reading { /* one text on its way */
    struct registry *registry;
    int64_t key;
    char *name;
    bool needed; /* readiness waits for it */
};

static void look(void *ctx);

struct registry *registry_new(struct service *service, const struct published *published)
{
    struct registry *registry = dvc_calloc(1, sizeof(*registry));

    registry->service = service;
    registry->arena = arena_new();
    list_init(&registry->waiters);
    for (size_t i = 0; published != NULL && i < published->count; i++)
        versions_add(&registry->versions, published->items[i]);
    if (published != NULL)
        registry->listed = published->generation;
    registry->timer = loop_timer_new(service->loop, look, registry);
    loop_timer_start(registry->timer, 0);
    return registry;
}

struct registry *registry_free(struct registry *registry)
{
    if (registry == NULL)
        return NULL;
    loop_timer_free(registry->timer);
    for (struct list *at = list_pop_front(&registry->waiters); at != NULL;
         at = list_pop_front(&registry->waiters))
        free(LIST_ENTRY(at, struct waiter, link)); /* whoever waited is gone with the store */
    versions_release(&registry->versions);
    for (size_t i = 0; i < registry->calendar_count; i++) {
        arena_free(registry->calendars[i].arena);
        free(registry->calendars[i].name);
    }
    free(registry->calendars);
    arena_free(registry->arena);
    free(registry);
    return NULL;
}

bool registry_ready(const struct registry *registry)
{
    return registry->ready;
}

int64_t registry_generation(const struct registry *registry)
{
    return registry->served;
}

void registry_look(struct registry *registry)
{
    loop_timer_start(registry->timer, 0);
}

/* ---- texts ---- */

static struct value *parse(struct arena *arena, struct slice text)
{
    struct json_error error;
    struct value *tree = NULL;

    if (json_parse(arena, text, JSON_DEPTH, &tree, &error) != 0)
        return NULL;
    return tree;
}

static void report(const char *what, int64_t key, const struct conf_errors *errors)
{
    log_error("published_unusable", "what=%s id=%lld errors=%zu detail=%s", what, (long long)key,
              conf_errors_total(errors), errors->count > 0 ? errors->items[0].text : "");
}

static void settle(struct registry *registry)
{
    struct list *next;

    if (registry->looked && registry->pending == 0) {
        registry->ready = true;
        registry->served = registry->listed;
        versions_settle(&registry->versions);
    }
    for (struct list *at = registry->waiters.next; at != &registry->waiters; at = next) {
        struct waiter *waiter = LIST_ENTRY(at, struct waiter, link);
        const struct version *version = versions_find(&registry->versions, waiter->id);

        next = at->next;
        if (waiter->waits_for_look || (version != NULL && version->reading))
            continue;
        list_remove(&waiter->link);
        waiter->fn(waiter->ctx);
        free(waiter);
    }
}

static bool compile(struct version *version, struct slice text)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct procedure *procedure;
    struct value *tree = parse(arena, text);

    if (tree == NULL || procedure_compile(arena, tree, "published", &errors, &procedure) != 0) {
        report("procedure", version->is.id, &errors);
        arena_free(arena);
        return false;
    }
    procedure->id = version->is.id;
    version->procedure = procedure;
    version->arena = arena;
    return true;
}

static void procedure_read(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;
    struct registry *registry = reading->registry;
    struct version *version = versions_find(&registry->versions, reading->key);

    registry->pending -= reading->needed;
    version->reading = false;
    if (result->code == 0 && version->procedure == NULL) {
        if (compile(version, db_text_at(result->rows, 0, 0)))
            registry->versions.missing--;
        else
            version->unusable = true;
    }
    if (result->code != 0 && reading->needed)
        registry->looked = false; /* asked for again at the next look */
    free(reading);
    settle(registry);
}

static void calendar_text(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;
    struct registry *registry = reading->registry;
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct calendar *calendar;
    struct value *tree;

    registry->pending--;
    if (result->code != 0) {
        registry->newest_calendar = 0; /* all are listed again at the next look */
        registry->looked = false;
    } else if ((tree = parse(arena, db_text_at(result->rows, 0, 0))) == NULL ||
               calendar_read(arena, tree, &calendar) != 0) {
        report("calendar", reading->key, &errors);
    } else {
        if (registry->calendar_count == registry->calendar_cap) {
            registry->calendar_cap = registry->calendar_cap * 2 + 4;
            registry->calendars = dvc_realloc(
                registry->calendars, registry->calendar_cap * sizeof(*registry->calendars));
        }
        registry->calendars[registry->calendar_count++] =
            (struct published_calendar){.version = (int)reading->key,
                                        .name = reading->name,
                                        .calendar = calendar,
                                        .arena = arena};
        reading->name = NULL;
        arena = NULL;
    }
    arena_free(arena);
    free(reading->name);
    free(reading);
    settle(registry);
}

static void read_text(struct registry *registry, const char *statement, int64_t key,
                      const char *name, bool needed, db_done_fn done)
{
    struct reading *reading = dvc_calloc(1, sizeof(*reading));
    struct db_param param = db_int(key);

    reading->registry = registry;
    reading->key = key;
    reading->name = name != NULL ? dvc_strdup(name) : NULL;
    reading->needed = needed;
    registry->pending += needed;
    store_query(registry->service->store, service_statement(registry->service, statement), &param,
                1, 60 * US_PER_SECOND, done, reading);
}

static void read_version(struct registry *registry, struct version *version, bool needed)
{
    if (version->procedure != NULL || version->reading || version->unusable)
        return;
    version->reading = true;
    read_text(registry, "procedure_canonical", version->is.id, NULL, needed, procedure_read);
}

/* ---- looking ---- */

/* What may be offered to somebody is compiled at once; what only dossiers still carry, when one of
 * them is looked at. */
static void read_missing(struct registry *registry)
{
    const struct versions *versions = &registry->versions;
    day_t today = day_of(loop_now(registry->service->loop));

    for (size_t i = 0; versions->missing > 0 && i < versions->count; i++) {
        if (versions->by_code[i]->procedure == NULL && versions_offered(versions, i, today))
            read_version(registry, versions->by_code[i], true);
    }
}

static void take_calendar(struct registry *registry, const struct value *row)
{
    int64_t version = value_get_int(row, "version", 0);

    if (version > registry->newest_calendar)
        registry->newest_calendar = version;
    for (size_t i = 0; i < registry->calendar_count; i++)
        if (registry->calendars[i].version == version)
            return;
    read_text(registry, "calendar_canonical", version, value_get_str(row, "name"), true,
              calendar_text);
}

static void take(struct registry *registry, const struct value *all)
{
    const struct value *list = value_get(all, "procedures");

    for (size_t i = 0; i < value_count(list); i++) {
        struct published_version version =
            published_version(registry->arena, value_at(list, i), registry->service->generation);

        if (versions_find(&registry->versions, version.id) == NULL)
            versions_add(&registry->versions, version);
    }
    versions_withdraw(&registry->versions, value_get(all, "withdrawn"));
    list = value_get(all, "calendars");
    for (size_t i = 0; i < value_count(list); i++)
        take_calendar(registry, value_at(list, i));
    registry->listed = value_get_int(all, "generation", registry->listed);
}

static void looked(void *ctx, const struct db_result *result)
{
    struct registry *registry = ctx;
    struct arena *arena = arena_new();
    const struct value *all;

    registry->looking = false;
    loop_timer_start(registry->timer, LOOK_EVERY_US);
    if (result->code == 0 && (all = parse(arena, db_json(result->rows))) != NULL) {
        registry->looked = true;
        take(registry, all);
        read_missing(registry);
    }
    for (struct list *at = registry->waiters.next; at != &registry->waiters; at = at->next) {
        struct waiter *waiter = LIST_ENTRY(at, struct waiter, link);
        struct version *version = versions_find(&registry->versions, waiter->id);

        waiter->waits_for_look = false;
        if (version != NULL)
            read_version(registry, version, false);
    }
    arena_free(arena);
    settle(registry);
}

static void look(void *ctx)
{
    struct registry *registry = ctx;
    struct db_param known[] = {db_int(registry->listed), db_int(registry->versions.newest),
                               db_int(registry->newest_calendar)};

    if (registry->looking)
        return;
    registry->looking = true;
    store_query(registry->service->store, service_statement(registry->service, "registry_read"),
                known, DVC_COUNT(known), 60 * US_PER_SECOND, looked, registry);
}

/* ---- asking ---- */

const struct procedure *registry_procedure(struct registry *registry, int64_t id)
{
    struct version *version = versions_find(&registry->versions, id);

    if (version == NULL)
        return NULL;
    read_version(registry, version, false);
    return version->procedure;
}

void registry_await(struct registry *registry, int64_t id, void (*fn)(void *ctx), void *ctx)
{
    struct waiter *waiter = dvc_calloc(1, sizeof(*waiter));
    struct version *version = versions_find(&registry->versions, id);

    *waiter = (struct waiter){.id = id, .waits_for_look = version == NULL, .fn = fn, .ctx = ctx};
    list_push_back(&registry->waiters, &waiter->link);
    if (version == NULL)
        registry_look(registry);
    else
        read_version(registry, version, false);
}

const struct procedure *registry_in_force(const struct registry *registry, struct slice code,
                                          day_t day)
{
    const struct versions *versions = &registry->versions;
    size_t at = versions_place(versions, code, 0), next;

    return at < versions->count ? versions_in_force(versions, at, day, &next) : NULL;
}

int64_t registry_version(const struct registry *registry, struct slice code, int number)
{
    const struct versions *versions = &registry->versions;
    size_t at = versions_place(versions, code, number);

    return at < versions->count && versions->by_code[at]->is.version == number
               ? versions->by_code[at]->is.id
               : 0;
}

void registry_each(const struct registry *registry, day_t day,
                   void (*fn)(void *ctx, const struct procedure *procedure), void *ctx)
{
    const struct versions *versions = &registry->versions;

    for (size_t at = 0, next; at < versions->count; at = next) {
        const struct procedure *best = versions_in_force(versions, at, day, &next);

        if (best != NULL)
            fn(ctx, best);
    }
}

const struct calendar *registry_calendar(const struct registry *registry, const char *agency,
                                         int *ret_version)
{
    const struct generation *generation = registry->service->generation;
    const struct agency *found = agency_find(generation->agencies, slice_str(agency));
    const char *name = found != NULL && found->calendar != NULL
                           ? found->calendar
                           : generation->settings.clock.default_calendar;
    const struct published_calendar *best = NULL;

    for (size_t i = 0; i < registry->calendar_count; i++) {
        const struct published_calendar *one = &registry->calendars[i];

        if (strcmp(one->name, name) == 0 && (best == NULL || best->version < one->version))
            best = one;
    }
    *ret_version = best != NULL ? best->version : 0;
    return best != NULL ? best->calendar : NULL;
}
