#include "service/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/list.h"
#include "base/log.h"
#include "conf/calendar_json.h"
#include "conf/plugin.h"
#include "service/published.h"
#include "service/service.h"

/* So that what another node publishes is served here within two. */
#define LOOK_EVERY_US US_PER_SECOND
#define JSON_DEPTH 32
#define CODE_MAX 64

/* One published version. It stays until the worker ends: dossiers may hold on to it. */
struct version {
    struct published_version is;
    const struct procedure *procedure; /* NULL until its text was read */
    struct arena *arena;               /* NULL: compiled before the fork */
    bool reading, unusable;
};

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
    int64_t generation;  /* what the list is true for */
    int64_t newest;      /* the highest id of a version */
    int64_t newest_calendar;
    bool looking, looked, ready;
    size_t pending;           /* texts being read that readiness waits for */
    size_t missing;           /* versions without a procedure */
    struct version **by_code; /* and by version */
    struct version **by_id;
    size_t count, cap;
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

/* ---- the list ---- */

static int version_cmp(const struct version *a, const char *code, int version)
{
    int order = strcmp(a->is.code, code);

    return order != 0 ? order : (a->is.version > version) - (a->is.version < version);
}

/* Index of the first version that is not before (code, version). */
static size_t code_at(const struct registry *registry, const char *code, int version)
{
    size_t low = 0, high = registry->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (version_cmp(registry->by_code[middle], code, version) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t id_at(const struct registry *registry, int64_t id)
{
    size_t low = 0, high = registry->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (registry->by_id[middle]->is.id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct version *version_find(const struct registry *registry, int64_t id)
{
    size_t at = id_at(registry, id);

    return at < registry->count && registry->by_id[at]->is.id == id ? registry->by_id[at] : NULL;
}

static void put_at(struct version **list, size_t count, size_t at, struct version *version)
{
    memmove(&list[at + 1], &list[at], (count - at) * sizeof(struct version *));
    list[at] = version;
}

static void add(struct registry *registry, struct published_version is)
{
    struct version *version = dvc_calloc(1, sizeof(*version));

    if (registry->count == registry->cap) {
        registry->cap = registry->cap * 2 + 64;
        registry->by_code =
            dvc_realloc(registry->by_code, registry->cap * sizeof(struct version *));
        registry->by_id = dvc_realloc(registry->by_id, registry->cap * sizeof(struct version *));
    }
    version->is = is;
    version->procedure = is.procedure;
    registry->missing += version->procedure == NULL;
    put_at(registry->by_code, registry->count, code_at(registry, is.code, is.version), version);
    put_at(registry->by_id, registry->count, id_at(registry, is.id), version);
    registry->count++;
    registry->newest = is.id > registry->newest ? is.id : registry->newest;
}

struct registry *registry_new(struct service *service, const struct published *published)
{
    struct registry *registry = dvc_calloc(1, sizeof(*registry));

    registry->service = service;
    registry->arena = arena_new();
    list_init(&registry->waiters);
    for (size_t i = 0; published != NULL && i < published->count; i++)
        add(registry, published->items[i]);
    if (published != NULL)
        registry->generation = published->generation;
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
    for (size_t i = 0; i < registry->count; i++) {
        arena_free(registry->by_code[i]->arena);
        free(registry->by_code[i]);
    }
    for (size_t i = 0; i < registry->calendar_count; i++) {
        arena_free(registry->calendars[i].arena);
        free(registry->calendars[i].name);
    }
    free(registry->by_code);
    free(registry->by_id);
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
    return registry->generation;
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

    registry->ready |= registry->looked && registry->pending == 0;
    for (struct list *at = registry->waiters.next; at != &registry->waiters; at = next) {
        struct waiter *waiter = LIST_ENTRY(at, struct waiter, link);
        const struct version *version = version_find(registry, waiter->id);

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
    struct version *version = version_find(registry, reading->key);

    registry->pending -= reading->needed;
    version->reading = false;
    if (result->code == 0 && version->procedure == NULL) {
        if (compile(version, db_text_at(result->rows, 0, 0)))
            registry->missing--;
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

static bool ends_before(day_t to, day_t day)
{
    return !day_is_none(to) && to.n < day.n;
}

/* Whether a higher version of the code is in force and stays so for at least as long. */
static bool shadowed(const struct registry *registry, size_t at, day_t today)
{
    const struct published_version *is = &registry->by_code[at]->is;

    for (size_t i = at + 1; i < registry->count; i++) {
        const struct published_version *next = &registry->by_code[i]->is;

        if (strcmp(next->code, is->code) != 0)
            break;
        if (!next->withdrawn && (day_is_none(next->from) || next->from.n <= today.n) &&
            (day_is_none(next->to) || (!day_is_none(is->to) && is->to.n <= next->to.n)))
            return true;
    }
    return false;
}

/* What may be offered to somebody is compiled at once; what only dossiers still carry, when one of
 * them is looked at. */
static void read_missing(struct registry *registry)
{
    day_t today = day_of(loop_now(registry->service->loop));

    for (size_t i = 0; registry->missing > 0 && i < registry->count; i++) {
        struct version *version = registry->by_code[i];

        if (version->procedure == NULL && !version->is.withdrawn &&
            !ends_before(version->is.to, today) && !shadowed(registry, i, today))
            read_version(registry, version, true);
    }
}

static void take_withdrawn(struct registry *registry, const struct value *ids)
{
    if (ids == NULL || ids->kind != VALUE_LIST)
        return;
    for (size_t i = 0; i < registry->count; i++)
        registry->by_id[i]->is.withdrawn = false;
    for (size_t i = 0; i < value_count(ids); i++) {
        const struct value *id = value_at(ids, i);
        struct version *version =
            id->kind == VALUE_INT ? version_find(registry, id->integer) : NULL;

        if (version != NULL)
            version->is.withdrawn = true;
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

        if (version_find(registry, version.id) == NULL)
            add(registry, version);
    }
    take_withdrawn(registry, value_get(all, "withdrawn"));
    list = value_get(all, "calendars");
    for (size_t i = 0; i < value_count(list); i++)
        take_calendar(registry, value_at(list, i));
    registry->generation = value_get_int(all, "generation", registry->generation);
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
        struct version *version = version_find(registry, waiter->id);

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
    struct db_param known[] = {db_int(registry->generation), db_int(registry->newest),
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
    struct version *version = version_find(registry, id);

    if (version == NULL)
        return NULL;
    read_version(registry, version, false);
    return version->procedure;
}

void registry_await(struct registry *registry, int64_t id, void (*fn)(void *ctx), void *ctx)
{
    struct waiter *waiter = dvc_calloc(1, sizeof(*waiter));
    struct version *version = version_find(registry, id);

    *waiter = (struct waiter){.id = id, .waits_for_look = version == NULL, .fn = fn, .ctx = ctx};
    list_push_back(&registry->waiters, &waiter->link);
    if (version == NULL)
        registry_look(registry);
    else
        read_version(registry, version, false);
}

static bool in_force(const struct version *version, day_t day)
{
    const struct published_version *is = &version->is;

    return version->procedure != NULL && !is->withdrawn && !ends_before(is->to, day) &&
           (day_is_none(is->from) || is->from.n <= day.n);
}

/* The highest version in force of the code that stands at `at`; *ret_next is the next code's place.
 */
static const struct procedure *best_of(const struct registry *registry, size_t at, day_t day,
                                       size_t *ret_next)
{
    const char *code = registry->by_code[at]->is.code;
    const struct procedure *best = NULL;

    for (; at < registry->count && strcmp(registry->by_code[at]->is.code, code) == 0; at++)
        if (in_force(registry->by_code[at], day))
            best = registry->by_code[at]->procedure;
    *ret_next = at;
    return best;
}

/* The place of a code and version, or registry->count. */
static size_t place_of(const struct registry *registry, struct slice code, int number)
{
    char text[CODE_MAX];
    size_t at;

    if (code.len == 0 || code.len >= sizeof(text) || memchr(code.ptr, '\0', code.len) != NULL)
        return registry->count;
    memcpy(text, code.ptr, code.len);
    text[code.len] = '\0';
    at = code_at(registry, text, number);
    return at < registry->count && strcmp(registry->by_code[at]->is.code, text) == 0
               ? at
               : registry->count;
}

const struct procedure *registry_in_force(const struct registry *registry, struct slice code,
                                          day_t day)
{
    size_t at = place_of(registry, code, 0), next;

    return at < registry->count ? best_of(registry, at, day, &next) : NULL;
}

int64_t registry_version(const struct registry *registry, struct slice code, int number)
{
    size_t at = place_of(registry, code, number);

    return at < registry->count && registry->by_code[at]->is.version == number
               ? registry->by_code[at]->is.id
               : 0;
}

void registry_each(const struct registry *registry, day_t day,
                   void (*fn)(void *ctx, const struct procedure *procedure), void *ctx)
{
    for (size_t at = 0, next; at < registry->count; at = next) {
        const struct procedure *best = best_of(registry, at, day, &next);

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
