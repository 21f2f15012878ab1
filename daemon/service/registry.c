#include "service/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "conf/calendar_json.h"
#include "conf/plugin.h"
#include "service/service.h"

/* So that what another node publishes is served here within two. */
#define LOOK_EVERY_US US_PER_SECOND
#define JSON_DEPTH 32

/* One published version. It stays until the worker ends: dossiers may hold on to it. */
struct version {
    int64_t id;
    const struct procedure *procedure; /* NULL while its text is being read */
    struct arena *arena;               /* NULL: compiled before the fork */
    bool withdrawn;
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
    int64_t generation;
    bool reading;
    size_t pending; /* texts still being read */
    struct version *versions;
    size_t version_count, version_cap;
    struct published_calendar *calendars;
    size_t calendar_count, calendar_cap;
};

struct reading { /* one text on its way */
    struct registry *registry;
    int64_t key;
    char *name;
};

static void look(void *ctx);

struct registry *registry_new(struct service *service)
{
    struct registry *registry = dvc_calloc(1, sizeof(*registry));

    registry->service = service;
    registry->timer = loop_timer_new(service->loop, look, registry);
    loop_timer_start(registry->timer, 0);
    return registry;
}

struct registry *registry_free(struct registry *registry)
{
    if (registry == NULL)
        return NULL;
    loop_timer_free(registry->timer);
    for (size_t i = 0; i < registry->version_count; i++)
        arena_free(registry->versions[i].arena);
    for (size_t i = 0; i < registry->calendar_count; i++) {
        arena_free(registry->calendars[i].arena);
        free(registry->calendars[i].name);
    }
    free(registry->versions);
    free(registry->calendars);
    free(registry);
    return NULL;
}

bool registry_ready(const struct registry *registry)
{
    return registry->generation > 0 && registry->pending == 0;
}

int64_t registry_generation(const struct registry *registry)
{
    return registry->generation;
}

void registry_look(struct registry *registry)
{
    loop_timer_start(registry->timer, 0);
}

static struct version *version_find(const struct registry *registry, int64_t id)
{
    for (size_t i = 0; i < registry->version_count; i++)
        if (registry->versions[i].id == id)
            return &registry->versions[i];
    return NULL;
}

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

static void procedure_read(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;
    struct registry *registry = reading->registry;
    struct version *version = version_find(registry, reading->key);
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct procedure *procedure;
    struct value *tree;

    registry->pending--;
    if (result->code != 0) {
        registry->generation = 0; /* read everything again at the next look */
    } else if ((tree = parse(arena, db_text_at(result->rows, 0, 0))) == NULL ||
               procedure_compile(arena, tree, "published", &errors, &procedure) != 0) {
        report("procedure", reading->key, &errors);
    } else if (version != NULL && version->procedure == NULL) {
        procedure->id = reading->key;
        version->procedure = procedure;
        version->arena = arena;
        arena = NULL;
    }
    arena_free(arena);
    free(reading);
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
        registry->generation = 0;
    } else if ((tree = parse(arena, db_text_at(result->rows, 0, 0))) == NULL ||
               calendar_read(arena, tree, &calendar) != 0) {
        report("calendar", reading->key, &errors);
    } else {
        if (registry->calendar_count == registry->calendar_cap) {
            registry->calendar_cap = registry->calendar_cap * 2 + 4;
            registry->calendars = dvc_realloc(registry->calendars, registry->calendar_cap *
                                                                       sizeof(*registry->calendars));
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
}

static void read_text(struct registry *registry, const char *statement, int64_t key,
                      const char *name, db_done_fn done)
{
    struct reading *reading = dvc_calloc(1, sizeof(*reading));
    struct db_param param = db_int(key);

    reading->registry = registry;
    reading->key = key;
    reading->name = name != NULL ? dvc_strdup(name) : NULL;
    registry->pending++;
    store_query(registry->service->store, service_statement(registry->service, statement), &param,
                1, 60 * US_PER_SECOND, done, reading);
}

/* A version whose text this node has compiled from its own file needs no second copy. */
static const struct procedure *compiled_here(const struct registry *registry, const char *code,
                                             int version, const char *sha256, int64_t id)
{
    const struct generation *generation = registry->service->generation;

    for (size_t i = 0; i < generation->procedure_count; i++) {
        struct procedure *procedure = generation->procedures[i];

        if (procedure->version == version && strcmp(procedure->code, code) == 0 &&
            strcmp(procedure->sha256, sha256) == 0) {
            procedure->id = id;
            return procedure;
        }
    }
    return NULL;
}

static void take_procedure(struct registry *registry, const struct value *row)
{
    int64_t id = value_get_int(row, "id", 0);
    struct version *version = version_find(registry, id);

    if (version == NULL) {
        if (registry->version_count == registry->version_cap) {
            registry->version_cap = registry->version_cap * 2 + 16;
            registry->versions = dvc_realloc(registry->versions,
                                             registry->version_cap * sizeof(*registry->versions));
        }
        version = &registry->versions[registry->version_count++];
        *version = (struct version){
            .id = id,
            .procedure = compiled_here(registry, value_get_str(row, "code"),
                                       (int)value_get_int(row, "version", 0),
                                       value_get_str(row, "sha256"), id)};
        if (version->procedure == NULL)
            read_text(registry, "procedure_canonical", id, NULL, procedure_read);
    }
    version->withdrawn = value_get_bool(row, "withdrawn", false);
}

static void take_calendar(struct registry *registry, const struct value *row)
{
    int64_t version = value_get_int(row, "version", 0);

    for (size_t i = 0; i < registry->calendar_count; i++)
        if (registry->calendars[i].version == version)
            return;
    read_text(registry, "calendar_canonical", version, value_get_str(row, "name"), calendar_text);
}

static void looked(void *ctx, const struct db_result *result)
{
    struct registry *registry = ctx;
    struct arena *arena = arena_new();
    const struct value *all, *list;
    int64_t generation;

    registry->reading = false;
    loop_timer_start(registry->timer, LOOK_EVERY_US);
    if (result->code != 0 || (all = parse(arena, db_json(result->rows))) == NULL)
        goto out;
    generation = value_get_int(all, "generation", 0);
    if (generation <= registry->generation)
        goto out;
    registry->generation = generation;
    list = value_get(all, "procedures");
    for (size_t i = 0; i < value_count(list); i++)
        take_procedure(registry, value_at(list, i));
    list = value_get(all, "calendars");
    for (size_t i = 0; i < value_count(list); i++)
        take_calendar(registry, value_at(list, i));
out:
    arena_free(arena);
}

static void look(void *ctx)
{
    struct registry *registry = ctx;
    struct db_param known = db_int(registry->generation);

    if (registry->reading)
        return;
    registry->reading = true;
    store_query(registry->service->store, service_statement(registry->service, "registry_read"),
                &known, 1, 60 * US_PER_SECOND, looked, registry);
}

const struct procedure *registry_procedure(const struct registry *registry, int64_t id)
{
    const struct version *version = version_find(registry, id);

    return version != NULL ? version->procedure : NULL;
}

static bool in_force(const struct version *version, day_t day)
{
    const struct procedure *procedure = version->procedure;

    return procedure != NULL && !version->withdrawn &&
           (day_is_none(procedure->effective_from) || procedure->effective_from.n <= day.n) &&
           (day_is_none(procedure->effective_to) || day.n <= procedure->effective_to.n);
}

const struct procedure *registry_in_force(const struct registry *registry, struct slice code,
                                          day_t day)
{
    const struct procedure *best = NULL;

    for (size_t i = 0; i < registry->version_count; i++) {
        const struct version *version = &registry->versions[i];

        if (in_force(version, day) && slice_is(code, version->procedure->code) &&
            (best == NULL || best->version < version->procedure->version))
            best = version->procedure;
    }
    return best;
}

const struct procedure *registry_version(const struct registry *registry, struct slice code,
                                         int number)
{
    for (size_t i = 0; i < registry->version_count; i++) {
        const struct procedure *procedure = registry->versions[i].procedure;

        if (procedure != NULL && procedure->version == number && slice_is(code, procedure->code))
            return procedure;
    }
    return NULL;
}

void registry_each(const struct registry *registry, day_t day,
                   void (*fn)(void *ctx, const struct procedure *procedure), void *ctx)
{
    for (size_t i = 0; i < registry->version_count; i++) {
        const struct version *version = &registry->versions[i];

        if (in_force(version, day) &&
            registry_in_force(registry, slice_str(version->procedure->code), day) ==
                version->procedure)
            fn(ctx, version->procedure);
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
