#include "base/idmap.h"

#include "dvc_test.h"

DVC_TEST(idmap, finds_until_removed)
{
    struct idmap *map = idmap_new(10);
    int a, b;
    uint64_t id_a = idmap_add(map, &a), id_b = idmap_add(map, &b);

    cr_assert(id_a != 0 && id_b != 0 && id_a != id_b);
    cr_assert(idmap_get(map, id_a) == &a && idmap_get(map, id_b) == &b);
    idmap_remove(map, id_a);
    cr_assert_null(idmap_get(map, id_a));
    cr_assert(idmap_get(map, id_b) == &b);
    idmap_remove(map, id_a);
    DVC_EQ_INT(idmap_count(map), 1);
    idmap_free(map);
}

DVC_TEST(idmap, an_old_id_never_finds_the_next_object)
{
    struct idmap *map = idmap_new(1);
    int objects[100];
    uint64_t ids[100];

    for (size_t i = 0; i < DVC_COUNT(ids); i++) {
        ids[i] = idmap_add(map, &objects[i]);
        for (size_t k = 0; k < i; k++)
            cr_assert_null(idmap_get(map, ids[k]));
        cr_assert(idmap_get(map, ids[i]) == &objects[i]);
        if (i > 0)
            idmap_remove(map, ids[i - 1]);
        DVC_EQ_INT(idmap_count(map), 1);
        idmap_remove(map, ids[i]);
    }
    idmap_free(map);
}

DVC_TEST(idmap, refuses_beyond_max)
{
    struct idmap *map = idmap_new(100);
    uint64_t first = 0;
    int object;

    for (int i = 0; i < 100; i++) {
        uint64_t id = idmap_add(map, &object);

        cr_assert(id != 0);
        first = i == 0 ? id : first;
    }
    DVC_EQ_INT(idmap_add(map, &object), 0);
    idmap_remove(map, first);
    cr_assert(idmap_add(map, &object) != 0);
    DVC_EQ_INT(idmap_add(map, &object), 0);
    idmap_free(map);
}

DVC_TEST(idmap, ids_from_nowhere)
{
    struct idmap *map = idmap_new(4);
    int object;
    uint64_t id = idmap_add(map, &object);

    cr_assert_null(idmap_get(map, 0));
    cr_assert_null(idmap_get(map, id + 1));
    cr_assert_null(idmap_get(map, UINT64_MAX));
    idmap_remove(map, UINT64_MAX);
    idmap_remove(map, 0);
    cr_assert(idmap_get(map, id) == &object);
    cr_assert_null(idmap_free(map));
    cr_assert_null(idmap_free(NULL));
}
