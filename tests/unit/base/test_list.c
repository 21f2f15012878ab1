#include "base/list.h"

#include "dvc_test.h"

struct item {
    int n;
    struct list link;
};

DVC_TEST(list, first_in_first_out)
{
    struct list list = LIST_INIT(list);
    struct item items[3] = {{.n = 0}, {.n = 1}, {.n = 2}};

    cr_assert(list_empty(&list));
    cr_assert_null(list_pop_front(&list));
    for (int i = 0; i < 3; i++)
        list_push_back(&list, &items[i].link);
    for (int i = 0; i < 3; i++)
        DVC_EQ_INT(LIST_ENTRY(list_pop_front(&list), struct item, link)->n, i);
    cr_assert(list_empty(&list));
}

DVC_TEST(list, removes_from_the_middle_and_twice)
{
    struct list list = LIST_INIT(list);
    struct item items[3] = {{.n = 0}, {.n = 1}, {.n = 2}};

    for (int i = 0; i < 3; i++)
        list_push_back(&list, &items[i].link);
    list_remove(&items[1].link);
    list_remove(&items[1].link);
    cr_assert(list_pop_front(&list) == &items[0].link);
    cr_assert(list_pop_front(&list) == &items[2].link);
    cr_assert(list_empty(&list));
    list_push_back(&list, &items[1].link);
    cr_assert(!list_empty(&list));
}
