#include "service/versions.h"

#include <stdlib.h>
#include <string.h>

#define CODE_MAX 64

static int version_cmp(const struct version *a, const char *code, int version)
{
    int order = strcmp(a->is.code, code);

    return order != 0 ? order : (a->is.version > version) - (a->is.version < version);
}

/* Index of the first version that is not before (code, version). */
static size_t code_at(const struct versions *versions, const char *code, int version)
{
    size_t low = 0, high = versions->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (version_cmp(versions->by_code[middle], code, version) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t id_at(const struct versions *versions, int64_t id)
{
    size_t low = 0, high = versions->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (versions->by_id[middle]->is.id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct version *versions_find(const struct versions *versions, int64_t id)
{
    size_t at = id_at(versions, id);

    return at < versions->count && versions->by_id[at]->is.id == id ? versions->by_id[at] : NULL;
}

static void put_at(struct version **list, size_t count, size_t at, struct version *version)
{
    memmove(&list[at + 1], &list[at], (count - at) * sizeof(struct version *));
    list[at] = version;
}

void versions_add(struct versions *versions, struct published_version is)
{
    struct version *version = dvc_calloc(1, sizeof(*version));

    if (versions->count == versions->cap) {
        size_t size = (versions->cap = versions->cap * 2 + 64) * sizeof(struct version *);

        versions->by_code = dvc_realloc(versions->by_code, size);
        versions->by_id = dvc_realloc(versions->by_id, size);
    }
    version->is = is;
    version->procedure = is.procedure;
    version->gone = is.withdrawn;
    versions->missing += version->procedure == NULL;
    put_at(versions->by_code, versions->count, code_at(versions, is.code, is.version), version);
    put_at(versions->by_id, versions->count, id_at(versions, is.id), version);
    versions->count++;
    versions->newest = is.id > versions->newest ? is.id : versions->newest;
}

size_t versions_place(const struct versions *versions, struct slice code, int number)
{
    char text[CODE_MAX];
    size_t at;

    if (code.len == 0 || code.len >= sizeof(text) || memchr(code.ptr, '\0', code.len) != NULL)
        return versions->count;
    memcpy(text, code.ptr, code.len);
    text[code.len] = '\0';
    at = code_at(versions, text, number);
    return at < versions->count && strcmp(versions->by_code[at]->is.code, text) == 0
               ? at
               : versions->count;
}

static bool ends_before(day_t to, day_t day)
{
    return !day_is_none(to) && to.n < day.n;
}

static bool begun(const struct published_version *is, day_t day)
{
    return day_is_none(is->from) || is->from.n <= day.n;
}

const struct procedure *versions_in_force(const struct versions *versions, size_t at, day_t day,
                                          size_t *ret_next)
{
    const char *code = versions->by_code[at]->is.code;
    const struct procedure *best = NULL;

    for (; at < versions->count && strcmp(versions->by_code[at]->is.code, code) == 0; at++) {
        const struct published_version *is = &versions->by_code[at]->is;

        if (versions->by_code[at]->procedure != NULL && !versions->by_code[at]->gone &&
            begun(is, day) && !ends_before(is->to, day))
            best = versions->by_code[at]->procedure;
    }
    *ret_next = at;
    return best;
}

bool versions_offered(const struct versions *versions, size_t at, day_t today)
{
    const struct published_version *is = &versions->by_code[at]->is;

    if (is->withdrawn || ends_before(is->to, today))
        return false;
    for (size_t i = at + 1; i < versions->count; i++) {
        const struct published_version *next = &versions->by_code[i]->is;

        if (strcmp(next->code, is->code) != 0)
            break;
        if (!next->withdrawn && begun(next, today) &&
            (day_is_none(next->to) || (!day_is_none(is->to) && is->to.n <= next->to.n)))
            return false;
    }
    return true;
}

void versions_withdraw(struct versions *versions, const struct value *ids)
{
    if (ids == NULL || ids->kind != VALUE_LIST)
        return;
    for (size_t i = 0; i < versions->count; i++)
        versions->by_id[i]->is.withdrawn = false;
    for (size_t i = 0; i < value_count(ids); i++) {
        const struct value *id = value_at(ids, i);
        struct version *version =
            id->kind == VALUE_INT ? versions_find(versions, id->integer) : NULL;

        if (version != NULL)
            version->is.withdrawn = true;
    }
}

void versions_settle(struct versions *versions)
{
    for (size_t i = 0; i < versions->count; i++)
        versions->by_id[i]->gone = versions->by_id[i]->is.withdrawn;
}

void versions_release(struct versions *versions)
{
    for (size_t i = 0; i < versions->count; i++) {
        arena_free(versions->by_code[i]->arena);
        free(versions->by_code[i]);
    }
    free(versions->by_code);
    free(versions->by_id);
    *versions = (struct versions){0};
}
