#include "conf/agencies.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"

#define CODE_PARTS_MAX 5

static int part_cmp(struct slice a, struct slice b)
{
    int64_t left, right;

    if (num_parse_i64(a, 0, 999, &left) == 0 && num_parse_i64(b, 0, 999, &right) == 0 &&
        left != right)
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

bool agency_function_known(const struct agency_tree *tree, struct slice function)
{
    for (size_t i = 0; i < tree->count; i++) {
        if (agency_has_function(&tree->items[i], function))
            return true;
    }
    return false;
}

static const struct agency *child_with(const struct agency_tree *tree, const struct agency *agency,
                                       struct slice function)
{
    const struct agency *child = agency_first_child(tree, agency);

    while (child != NULL && !agency_has_function(child, function))
        child = agency_next_sibling(tree, child);
    return child;
}

const struct agency *agency_for_function(const struct agency_tree *tree, struct slice function,
                                         struct slice competent)
{
    const struct agency *agency = agency_find(tree, competent);

    while (agency != NULL) {
        const struct agency *child;

        if (agency_has_function(agency, function))
            return agency;
        child = child_with(tree, agency, function);
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

const char *agency_serving(const struct agency_tree *tree, const char *function,
                           const char *competent)
{
    const struct agency *agency = agency_find(tree, slice_str(competent));

    if (strcmp(function, "post_office") == 0)
        agency = agency != NULL && agency->commune_code != NULL
                     ? agency_post_office(tree, slice_str(agency->commune_code))
                     : NULL;
    else
        agency = agency_for_function(tree, slice_str(function), slice_str(competent));
    return agency != NULL ? agency->code : NULL;
}
