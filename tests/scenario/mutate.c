#include "mutate.h"

#include "conf/plugin.h"

#include <string.h>

static const char *const ends[] = {"not_accepted", "refused", "withdrawn", "stopped", "returned"};
static const char *const words[] = {"accept",         "pause",       "resume",
                                    "restart",        "finish",      "request_payment",
                                    "post_collect",   "post_return", "publish_result",
                                    "correct_result", "take_back"};
static const char *const forms[] = {"receipt", "supplement_request", "refusal", "stop_notice"};
static const char *const parties[] = {"applicant", "post", "payment", "linked"};
static const char *const staff[] = {"receiver", "officer", "unit_head", "leader",
                                    "clerk",    "cashier", "postal"};
static const char *const channels[] = {"online", "post", "direct"};

/* Whether this is the change that is wanted. */
static bool is_it(struct mutation *m, const char *where, const char *kind)
{
    if (m->kind != NULL || m->seen++ != m->at)
        return false;
    m->kind = kind;
    m->where = where;
    return true;
}

#define IT(m, where, ...) is_it((m), (where), arena_printf((m)->arena, __VA_ARGS__))

struct value *mutate_copy(struct arena *arena, const struct value *value)
{
    struct value *copy = value_new(arena, value->kind);

    *copy = *value;
    if (value->kind == VALUE_LIST) {
        copy->list.items = ARENA_ARRAY(arena, struct value *, value->list.count + 1);
        copy->list.cap = value->list.count;
        for (size_t i = 0; i < value->list.count; i++)
            copy->list.items[i] = mutate_copy(arena, value->list.items[i]);
    } else if (value->kind == VALUE_MAP) {
        copy->map.members = ARENA_ARRAY(arena, struct value_member, value->map.count + 1);
        copy->map.cap = value->map.count;
        for (size_t i = 0; i < value->map.count; i++) {
            copy->map.members[i] = value->map.members[i];
            copy->map.members[i].value = mutate_copy(arena, value->map.members[i].value);
        }
    }
    return copy;
}

static void drop_key(struct value *map, const char *key)
{
    for (size_t i = 0; i < map->map.count; i++) {
        if (!slice_is(map->map.members[i].key, key))
            continue;
        memmove(&map->map.members[i], &map->map.members[i + 1],
                sizeof(map->map.members[0]) * (map->map.count - i - 1));
        map->map.count--;
        return;
    }
}

static void drop_item(struct value *map, const char *key, size_t at)
{
    struct value *list = value_get(map, key);

    if (list->list.count == 1) {
        drop_key(map, key);
        return;
    }
    memmove(&list->list.items[at], &list->list.items[at + 1],
            sizeof(list->list.items[0]) * (list->list.count - at - 1));
    list->list.count--;
}

static struct value *text(struct mutation *m, const char *word)
{
    struct value *value = value_string(m->arena, slice_str(word));

    value->quoted = true;
    return value;
}

static void set(struct mutation *m, struct value *map, const char *key, const char *word)
{
    value_set(m->arena, map, key, text(m, word));
}

static void retarget(struct mutation *m, struct value *map, const char *key, const char *word)
{
    static const char *const keys[] = {"to", "join", "end", "action", "consent"};

    for (size_t i = 0; i < DVC_COUNT(keys); i++)
        drop_key(map, keys[i]);
    set(m, map, key, word);
}

static const char *effect_name(struct mutation *m, const struct value *effect)
{
    const char *form = value_get_str(effect, "issue");

    if (effect->kind == VALUE_STRING)
        return effect->string.ptr;
    return form != NULL ? arena_printf(m->arena, "issue %s", form) : effect->map.members[0].key.ptr;
}

static void add_effect(struct mutation *m, struct value *map, struct value *effect)
{
    if (value_get(map, "effects") == NULL)
        value_set(m->arena, map, "effects", value_new(m->arena, VALUE_LIST));
    value_append(m->arena, value_get(map, "effects"), effect);
}

/* Of an action or a timeout. */
static void effects(struct mutation *m, const char *where, struct value *map)
{
    for (size_t i = 0; i < value_count(value_get(map, "effects")); i++) {
        const char *name = effect_name(m, value_at(value_get(map, "effects"), i));

        if (IT(m, where, "drop effect %s", name))
            drop_item(map, "effects", i);
    }
    for (size_t i = 0; i < DVC_COUNT(words); i++) {
        if (IT(m, where, "add effect %s", words[i]))
            add_effect(m, map, text(m, words[i]));
    }
    for (size_t i = 0; i < DVC_COUNT(forms); i++) {
        if (IT(m, where, "add effect issue %s", forms[i])) {
            struct value *effect = value_new(m->arena, VALUE_MAP);

            set(m, effect, "issue", forms[i]);
            add_effect(m, map, effect);
        }
    }
}

static void targets(struct mutation *m, const char *where, struct value *map,
                    const struct value *steps)
{
    const char *to = value_get_str(map, "to"), *end = value_get_str(map, "end");

    for (size_t i = 0; i < steps->map.count; i++) {
        const char *step = steps->map.members[i].key.ptr;

        if ((to == NULL || strcmp(to, step) != 0) && IT(m, where, "to %s", step))
            retarget(m, map, "to", step);
    }
    for (size_t i = 0; i < DVC_COUNT(ends); i++) {
        if ((end == NULL || strcmp(end, ends[i]) != 0) && IT(m, where, "end %s", ends[i]))
            retarget(m, map, "end", ends[i]);
    }
    if (IT(m, where, "to previous"))
        retarget(m, map, "to", "previous");
}

static void action(struct mutation *m, const char *where, struct value *map,
                   const struct value *steps)
{
    static const char *const keys[] = {"when", "by", "automatic", "name"};
    const char *when = value_get_str(map, "when");

    effects(m, where, map);
    targets(m, where, map, steps);
    for (size_t i = 0; i < value_count(value_get(map, "needs")); i++) {
        if (IT(m, where, "drop need %s", value_at(value_get(map, "needs"), i)->string.ptr))
            drop_item(map, "needs", i);
    }
    for (size_t i = 0; i < DVC_COUNT(keys); i++) {
        if (value_get(map, keys[i]) != NULL && IT(m, where, "drop %s", keys[i]))
            drop_key(map, keys[i]);
    }
    if (when != NULL && IT(m, where, "not when"))
        set(m, map, "when", arena_printf(m->arena, "not (%s)", when));
    if (IT(m, where, "when direct"))
        set(m, map, "when", "channel == \"direct\"");
    if (value_get(map, "automatic") == NULL && IT(m, where, "automatic"))
        value_set(m->arena, map, "automatic", value_bool(m->arena, true));
    for (size_t i = 0; i < DVC_COUNT(parties); i++) {
        if (IT(m, where, "by %s", parties[i]))
            set(m, map, "by", parties[i]);
    }
    if (IT(m, where, "by receiver"))
        set(m, map, "by", "receiver");
}

static void who(struct mutation *m, const char *where, struct value *step)
{
    for (size_t i = 0; i < DVC_COUNT(staff); i++) {
        if (!IT(m, where, "role %s", staff[i]))
            continue;
        drop_key(step, "wait");
        set(m, step, "role", staff[i]);
    }
    for (size_t i = 0; i < DVC_COUNT(parties); i++) {
        if (!IT(m, where, "wait %s", parties[i]))
            continue;
        drop_key(step, "role");
        set(m, step, "wait", parties[i]);
    }
}

static void step(struct mutation *m, const char *name, struct value *map, const struct value *steps)
{
    static const char *const keys[] = {"agency", "limit",  "limit_after", "warn",    "state",
                                       "clock",  "linked", "of",          "timeout", "join"};
    struct value *actions = value_get(map, "actions"), *timeout = value_get(map, "timeout");

    who(m, name, map);
    for (size_t i = 0; i < DVC_COUNT(keys); i++) {
        if (value_get(map, keys[i]) != NULL && IT(m, name, "drop %s", keys[i]))
            drop_key(map, keys[i]);
    }
    if (IT(m, name, "limit 90 working_days"))
        set(m, map, "limit", "90 working_days");
    for (size_t i = 0; i < value_count(actions); i++) {
        const char *id = actions->map.members[i].key.ptr;
        const char *where = arena_printf(m->arena, "%s.%s", name, id);

        action(m, where, actions->map.members[i].value, steps);
        if (m->kind == NULL && IT(m, where, "drop action")) {
            drop_key(actions, id);
            return;
        }
    }
    if (timeout != NULL && value_get(map, "timeout") != NULL) {
        const char *where = arena_printf(m->arena, "%s.timeout", name);

        effects(m, where, timeout);
        targets(m, where, timeout, steps);
        if (IT(m, where, "after 3 working_days"))
            set(m, timeout, "after", "3 working_days");
    }
}

static void flow(struct mutation *m, struct value *workflow)
{
    struct value *steps = value_get(workflow, "steps");

    for (size_t i = 0; i < steps->map.count && m->kind == NULL; i++) {
        const char *name = steps->map.members[i].key.ptr;

        step(m, name, steps->map.members[i].value, steps);
        if (m->kind == NULL && IT(m, name, "drop step"))
            drop_key(steps, name);
    }
}

static void ways_in(struct mutation *m, struct value *tree)
{
    static const char *const limits[] = {"same_day", "1 working_days", "none", "6 months"};
    struct value *open = value_get(tree, "channels");

    for (size_t i = 0; i < DVC_COUNT(channels); i++) {
        struct value *channel = value_get(open, channels[i]);
        bool known = channel != NULL;

        if (!known)
            channel = value_new(m->arena, VALUE_MAP);
        for (size_t k = 0; k < DVC_COUNT(limits); k++) {
            if (!IT(m, channels[i], "%s %s", known ? "limit" : "open with", limits[k]))
                continue;
            set(m, channel, "limit", limits[k]);
            value_set(m->arena, open, channels[i], channel);
        }
        if (known && value_count(open) > 1 && IT(m, channels[i], "close"))
            drop_key(open, channels[i]);
    }
}

static void flip(struct mutation *m, struct value *map, const char *where, const char *key,
                 bool otherwise)
{
    if (map != NULL && IT(m, where, "flip %s", key))
        value_set(m->arena, map, key, value_bool(m->arena, !value_get_bool(map, key, otherwise)));
}

static void keys_of(struct mutation *m, const char *where, struct value *map)
{
    for (size_t i = 0; map != NULL && map->kind == VALUE_MAP && i < map->map.count; i++) {
        const char *key = map->map.members[i].key.ptr;

        if (IT(m, where, "drop %s", key)) {
            drop_key(map, key);
            return;
        }
    }
}

static void list_of(struct mutation *m, const char *what, struct value *tree)
{
    struct value *list = value_get(tree, what);

    for (size_t i = 0; i < value_count(list) && m->kind == NULL; i++) {
        struct value *item = value_at(list, i);
        const char *id = value_get_str(item, "id");
        const char *where =
            arena_printf(m->arena, "%s.%s", what, id != NULL ? id : value_get_str(item, "code"));

        keys_of(m, where, item);
        if (strcmp(what, "fees") == 0 && IT(m, where, "pay at_submit"))
            set(m, item, "pay", "at_submit");
        if (strcmp(what, "fees") == 0 && IT(m, where, "amount 0"))
            value_set(m->arena, item, "amount", value_int(m->arena, 0));
        if (strcmp(what, "results") == 0)
            flip(m, item, where, "electronic", false);
        if (m->kind == NULL && IT(m, where, "drop"))
            drop_item(tree, what, i);
    }
}

static void supplements(struct mutation *m, struct value *tree)
{
    static const char *const stages[] = {"intake", "appraisal"};

    for (size_t i = 0; i < DVC_COUNT(stages); i++) {
        struct value *stage = value_get(value_get(tree, "supplement"), stages[i]);

        if (stage == NULL)
            continue;
        keys_of(m, stages[i], stage);
        if (IT(m, stages[i], "max 2"))
            value_set(m->arena, stage, "max", value_int(m->arena, 2));
        if (IT(m, stages[i], "closes_after 5 working_days"))
            set(m, stage, "closes_after", "5 working_days");
        if (IT(m, stages[i], "within 90 working_days"))
            set(m, stage, "within", "90 working_days");
        if (IT(m, stages[i], "then resume"))
            set(m, stage, "then", "resume");
    }
}

static void head(struct mutation *m, struct value *tree)
{
    static const char *const levels[] = {"full", "partial", "info"};
    static const char *const lists[] = {"cases", "fees", "form", "documents", "results"};

    for (size_t i = 0; i < DVC_COUNT(levels); i++) {
        if (strcmp(value_get_str(tree, "level"), levels[i]) != 0 && IT(m, "level", "%s", levels[i]))
            set(m, tree, "level", levels[i]);
    }
    flip(m, tree, "head", "presence_required", false);
    flip(m, tree, "head", "authorisation_allowed", true);
    flip(m, tree, "head", "on_the_spot", false);
    flip(m, value_get(tree, "postal"), "postal", "collect", false);
    flip(m, value_get(tree, "postal"), "postal", "return", false);
    keys_of(m, "postal", value_get(tree, "postal"));
    keys_of(m, "clock", value_get(tree, "clock"));
    ways_in(m, tree);
    supplements(m, tree);
    for (size_t i = 0; i < DVC_COUNT(lists); i++)
        list_of(m, lists[i], tree);
    if (m->kind == NULL)
        keys_of(m, "head", tree);
}

bool mutate(struct mutation *m, struct value *tree)
{
    struct value *workflow = value_get(tree, "workflow");

    m->kind = NULL;
    m->seen = 0;
    flow(m, workflow);
    head(m, tree);
    workflow = value_get(tree, "workflow");
    if (workflow != NULL)
        plugin_keep_orders(m->arena, workflow);
    return m->kind != NULL;
}
