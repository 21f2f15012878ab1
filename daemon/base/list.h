/* list.h - intrusive doubly linked list; a link embedded in the object, no allocation. */
#ifndef DVC_BASE_LIST_H
#define DVC_BASE_LIST_H

#include "base/check.h"

struct list {
    struct list *prev, *next;
};

#define LIST_INIT(name) {&(name), &(name)}
#define LIST_ENTRY(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

static inline void list_init(struct list *list)
{
    list->prev = list->next = list;
}
static inline bool list_empty(const struct list *list)
{
    return list->next == list;
}
static inline void list_push_back(struct list *list, struct list *link)
{
    link->prev = list->prev;
    link->next = list;
    list->prev->next = link;
    list->prev = link;
}
/* Safe to call twice: a removed link points at itself. */
static inline void list_remove(struct list *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    link->prev = link->next = link;
}
static inline struct list *list_pop_front(struct list *list)
{
    struct list *first = list->next;

    if (first == list)
        return NULL;
    list_remove(first);
    return first;
}

#endif
