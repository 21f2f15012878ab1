/* rowlist.h - a list whose rows SQL picks and writes as JSON objects, and to which this floor adds
 * what only it knows: names of states, the status, what a step allows.
 *
 * Its statement gives one row an item, at most limit + 1 of them: column 0 the item's JSON object,
 * column 1 the item's place for page tokens, then whatever `more` wants to know. */
#ifndef DVC_SERVICE_ROWLIST_H
#define DVC_SERVICE_ROWLIST_H

#include "base/jw.h"
#include "service/list.h"
#include "service/service.h"
#include "store/pool.h"

struct rowlist {
    struct op op;
    const char *statement; /* also the list's name in page tokens */
    int limit;
    bool single;          /* the answer is the first item itself, not a page */
    bool none_is_missing; /* without a row the answer is NOT_FOUND */
    struct member *who;   /* NULL, or a reference that is given back in the end */
    /* The column with the row id of a version that `more` asks the registry for; 0: none. Versions
     * that this worker has not compiled yet are waited for, so that no row lacks what it allows. */
    int procedure;
    size_t looked;        /* rows whose version is there */
    struct db_rows *kept; /* while one is waited for */
    /* Adds members to the item's object, which is open. NULL: nothing to add. */
    void (*more)(struct rowlist *list, const struct db_rows *rows, size_t row, struct jw *jw);
};

/* `size` at least a struct rowlist, placed first. *ret_place: SLICE_NULL for the first page. NULL
 * when the page's token is none of ours; then the answer has been given. */
void *rowlist_begin(struct service *service, size_t size, const char *statement,
                    struct page_ask page, answer_fn answer, void *ctx, struct slice *ret_place);
/* A place that is one number; false, and the answer given, when it is not. `otherwise` for the
 * first page. */
bool rowlist_number(struct rowlist *list, struct slice place, int64_t otherwise,
                    int64_t *ret) DVC_MUSTCHECK;
/* Runs the statement and answers {items, next}. */
void rowlist_run(struct rowlist *list, const struct db_param *params, size_t count);
/* Answers that the page token is none of ours, and ends the list. */
void rowlist_bad_page(struct rowlist *list);

/* Null for an empty slice: it does not filter. */
struct db_param rowlist_filter(struct slice text);

#endif
