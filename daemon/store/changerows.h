/* changerows.h - a batch of changes as the parameters of store_change_batch_v3. */
#ifndef DVC_STORE_CHANGEROWS_H
#define DVC_STORE_CHANGEROWS_H

#include "store/change.h"
#include "store/rowset.h"

/* The row kinds, in the order of the function's parameters (event_ends goes between). */
enum row_kind {
    ROWS_HEAD,
    ROWS_DOSSIER,
    ROWS_TASK,
    ROWS_LEDGER,
    ROWS_EVENT,
    ROWS_TIMER,
    ROWS_TIMER_CANCEL,
    ROWS_OUTBOX,
    ROWS_NOTICE,
    ROWS_DELTA,
    ROWS_PAPER,
    ROWS_FEE,
    ROWS_SUPPLEMENT,
    ROWS_RESULT,
    ROWS_FORM,
    ROWS_PARCEL,
    ROWS_PARCEL_EVENT,
    ROWS_MOVE,
    ROWS_KIND_COUNT
};
#define CHANGE_PARAMS (ROWS_KIND_COUNT + 1)

const char *row_kind_type(enum row_kind kind); /* name of the SQL row type */

struct change_rows {
    struct rowset sets[ROWS_KIND_COUNT];
    int64_t *event_ends;
    size_t changes, cap;
    int64_t events;
    struct buf scratch; /* JSON under way */
    struct buf params;
};

/* `oids`: of the row types in this database, by kind. */
void change_rows_init(struct change_rows *rows, const uint32_t oids[ROWS_KIND_COUNT]);
void change_rows_release(struct change_rows *rows);
/* Adds the next change of the batch. New dossiers come first, then existing ones by id. */
void change_rows_add(struct change_rows *rows, const struct change *change);
/* For those who add its rows. Begins a row of the newest change, which change_rows_add ends with
 * rowset_end; its first column, the change's number, is there already. */
struct rowset *change_rows_begin(struct change_rows *rows, enum row_kind kind);
/* The next column: the value's JSON, null for NULL. */
void change_rows_value(struct change_rows *rows, struct rowset *set, const struct value *value);
/* Fills the parameters, which borrow from `rows`. False when the batch is too large to send. */
bool change_rows_params(struct change_rows *rows, struct db_param params[CHANGE_PARAMS]);

#endif
