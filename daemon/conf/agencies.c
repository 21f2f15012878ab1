#include "conf/agencies.h"

#include <stdlib.h>
#include <string.h>

#define CODE_PARTS_MAX 5

/* The value of a part of at most three digits, else -1. */
static int part_number(struct slice part)
{
    int number = 0;

    if (part.len == 0 || part.len > 3)
        return -1;
    for (size_t i = 0; i < part.len; i++) {
        if (part.ptr[i] < '0' || part.ptr[i] > '9')
            return -1;
        number = number * 10 + (part.ptr[i] - '0');
    }
    return number;
}

static int part_cmp(struct slice a, struct slice b)
{
    int left = part_number(a), right = part_number(b);

    if (left >= 0 && right >= 0 && left != right)
        return left < right ? -1 : 1;
    return slice_cmp(a, b);
}

/* Where the first part begins in which the two may differ. */
static size_t same_parts(struct slice a, struct slice b)
{
    size_t part = 0;

    for (size_t i = 0; i < a.len && i < b.len && a.ptr[i] == b.ptr[i]; i++) {
        if (a.ptr[i] == '.')
            part = i + 1;
    }
    return part;
}

int agency_code_cmp(struct slice a, struct slice b)
{
    size_t same = same_parts(a, b);
    struct slice left, right;

    a = slice_sub(a, same, a.len);
    b = slice_sub(b, same, b.len);
    for (;;) {
        bool more_left = slice_next(&a, '.', &left), more_right = slice_next(&b, '.', &right);
        int order;

        if (!more_left || !more_right)
            return (int)more_left - (int)more_right;
        order = part_cmp(left, right);
        if (order != 0)
            return order;
    }
}

static int key_cmp(const void *key, const void *item)
{
    return agency_code_cmp(*(const struct slice *)key,
                           slice_str(((const struct agency *)item)->code));
}

const struct agency *agency_find(const struct agency_tree *tree, struct slice code)
{
    if (tree == NULL || tree->count == 0 || code.ptr == NULL)
        return NULL;
    return bsearch(&code, tree->items, tree->count, sizeof(*tree->items), key_cmp);
}

static const struct agency *at(const struct agency_tree *tree, int index)
{
    return index < 0 ? NULL : &tree->items[index];
}

const struct agency *agency_parent(const struct agency_tree *tree, const struct agency *agency)
{
    return at(tree, agency->parent);
}

const struct agency *agency_first_child(const struct agency_tree *tree, const struct agency *agency)
{
    return at(tree, agency->first_child);
}

const struct agency *agency_next_sibling(const struct agency_tree *tree,
                                         const struct agency *agency)
{
    return at(tree, agency->sibling);
}

bool agency_under(const struct agency_tree *tree, struct slice code, struct slice ancestor)
{
    const struct agency *agency = agency_find(tree, code);
    const struct agency *top = agency_find(tree, ancestor);

    while (agency != NULL && top != NULL && agency != top)
        agency = agency_parent(tree, agency);
    return agency != NULL && top != NULL;
}

bool agency_valid_on(const struct agency *agency, day_t day)
{
    return (day_is_none(agency->from) || agency->from.n <= day.n) &&
           (day_is_none(agency->to) || day.n <= agency->to.n);
}

bool agency_has_function(const struct agency *agency, struct slice function)
{
    for (size_t i = 0; i < agency->function_count; i++) {
        if (slice_is(function, agency->functions[i]))
            return true;
    }
    return false;
}

bool agency_decides(const struct agency *agency, enum agency_level level, const char *function)
{
    return function != NULL ? agency_has_function(agency, slice_str(function))
                            : agency->level == level;
}

static const struct agency_function *function_of(const struct agency_tree *tree, struct slice name)
{
    for (size_t i = 0; i < tree->function_count; i++) {
        if (slice_is(name, tree->functions[i].name))
            return &tree->functions[i];
    }
    return NULL;
}

bool agency_function_known(const struct agency_tree *tree, struct slice function)
{
    return function_of(tree, function) != NULL;
}

static const struct agency *child_with(const struct agency_tree *tree, const struct agency *agency,
                                       const struct agency_function *function)
{
    for (size_t i = 0; i < function->count; i++) {
        const struct agency *having = &tree->items[function->agencies[i]];

        if (agency_parent(tree, having) == agency)
            return having;
    }
    return NULL;
}

const struct agency *agency_for_function(const struct agency_tree *tree, struct slice function,
                                         struct slice competent)
{
    const struct agency_function *wanted = function_of(tree, function);
    const struct agency *agency = wanted != NULL ? agency_find(tree, competent) : NULL;

    while (agency != NULL) {
        const struct agency *child;

        if (agency_has_function(agency, function))
            return agency;
        child = child_with(tree, agency, wanted);
        if (child != NULL)
            return child;
        agency = agency_parent(tree, agency);
    }
    return NULL;
}

const struct agency *agency_post_office(const struct agency_tree *tree, struct slice commune_code)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct agency *office = &tree->items[i];

        for (size_t k = 0; k < office->serve_count; k++) {
            if (slice_is(commune_code, office->serves[k]))
                return office;
        }
    }
    return NULL;
}

const char *agency_level_code(enum agency_level level)
{
    switch (level) {
    case AGENCY_PROVINCE:
        return "province";
    case AGENCY_DEPARTMENT:
        return "department";
    case AGENCY_COMMUNE:
        return "commune";
    case AGENCY_POST_OFFICE:
        return "post_office";
    }
    return "";
}

bool agency_code_ok(struct slice code)
{
    struct slice part;
    int parts = 0;

    while (slice_next(&code, '.', &part)) {
        if (++parts > CODE_PARTS_MAX || part.len < 2 || part.len > 3)
            return false;
        for (size_t i = 0; i < part.len; i++) {
            char c = part.ptr[i];

            if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
                return false;
        }
    }
    return parts > 0;
}

/* The one that comes to the desk of a commune's agency. */
static const struct agency *post_office_of(const struct agency_tree *tree, struct slice competent)
{
    const struct agency *agency = agency_find(tree, competent);

    if (agency == NULL || agency->commune_code == NULL)
        return NULL;
    return agency_post_office(tree, slice_str(agency->commune_code));
}

const char *agency_serving(const struct agency_tree *tree, const char *function,
                           const char *competent)
{
    const struct agency *agency =
        strcmp(function, "post_office") == 0
            ? post_office_of(tree, slice_str(competent))
            : agency_for_function(tree, slice_str(function), slice_str(competent));

    return agency != NULL ? agency->code : NULL;
}
