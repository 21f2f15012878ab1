#include "service/versions.h"

#include "dvc_test.h"

#include <stdlib.h>

#define TODAY 20000

static struct procedure texts[4];

static void add(struct versions *versions, int64_t id, int number, int from, int to, bool read)
{
    versions_add(versions,
                 (struct published_version){.id = id,
                                            .code = "1.000001",
                                            .sha256 = "",
                                            .version = number,
                                            .from = {TODAY + from},
                                            .to = to == 0 ? DAY_NONE : (day_t){TODAY + to},
                                            .procedure = read ? &texts[number] : NULL});
}

static const struct procedure *in_force(const struct versions *versions, int days)
{
    size_t at = versions_place(versions, SLICE_LIT("1.000001"), 0), next;

    return at < versions->count ? versions_in_force(versions, at, (day_t){TODAY + days}, &next)
                                : NULL;
}

static void withdraw(struct versions *versions, int64_t id)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *ids = value_new(arena, VALUE_LIST);

    value_append(arena, ids, value_int(arena, id));
    versions_withdraw(versions, ids);
}

DVC_TEST(versions, the_highest_that_has_begun_is_in_force)
{
    struct versions versions = {0};

    add(&versions, 12, 3, 5, 0, true); /* published in any order */
    add(&versions, 10, 1, -9, 0, true);
    add(&versions, 11, 2, -4, 8, true);
    cr_assert(in_force(&versions, 0) == &texts[2]);
    cr_assert(in_force(&versions, -6) == &texts[1]);
    cr_assert(in_force(&versions, 5) == &texts[3]);
    cr_assert(in_force(&versions, -10) == NULL);
    cr_assert(versions_place(&versions, SLICE_LIT("1.000002"), 0) == versions.count);
    cr_assert(versions_find(&versions, 11)->is.version == 2);
    cr_assert(versions_find(&versions, 13) == NULL && versions.newest == 12);
    versions_release(&versions);
}

DVC_TEST(versions, one_that_nobody_may_be_offered_need_not_be_read)
{
    struct versions versions = {0};

    add(&versions, 10, 1, -9, 0, false);
    add(&versions, 11, 2, -4, 8, false);
    add(&versions, 12, 3, 5, 0, false);
    cr_assert(versions.missing == 3);
    /* The second ends before the first, which comes back then. */
    cr_assert(versions_offered(&versions, 0, (day_t){TODAY}));
    cr_assert(versions_offered(&versions, 1, (day_t){TODAY}));
    cr_assert(versions_offered(&versions, 2, (day_t){TODAY}), "it is about to begin");
    cr_assert(!versions_offered(&versions, 0, (day_t){TODAY + 5}));
    cr_assert(!versions_offered(&versions, 1, (day_t){TODAY + 9}));
    withdraw(&versions, 12);
    cr_assert(versions_offered(&versions, 0, (day_t){TODAY + 5}));
    cr_assert(!versions_offered(&versions, 2, (day_t){TODAY + 5}));
    versions_release(&versions);
}

/* Else the procedure were gone for as long as the text of the older one is on its way. */
DVC_TEST(versions, a_withdrawn_one_serves_until_the_one_in_its_place_is_read)
{
    struct versions versions = {0};

    add(&versions, 10, 1, -9, 0, false);
    add(&versions, 11, 2, -4, 0, true);
    cr_assert(!versions_offered(&versions, 0, (day_t){TODAY}));
    withdraw(&versions, 11);
    cr_assert(versions_offered(&versions, 0, (day_t){TODAY}), "to be read now");
    cr_assert(in_force(&versions, 0) == &texts[2]);
    versions_find(&versions, 10)->procedure = &texts[1];
    versions_settle(&versions);
    cr_assert(in_force(&versions, 0) == &texts[1]);
    withdraw(&versions, 10);
    versions_settle(&versions);
    cr_assert(in_force(&versions, 0) == &texts[2], "what is taken back is offered again");
    versions_release(&versions);
}
