/* sync.h - a blocking connection: for migrations, dvcctl and checks only, never on a loop. */
#ifndef DVC_STORE_SYNC_H
#define DVC_STORE_SYNC_H

#include "store/rows.h"
#include "store/statement.h"

struct store_sync;

/* 0, or STORE_E_* with *ret_error filled. The timeout covers connecting only. */
int store_sync_open(const char *conninfo, const char *application, int64_t timeout_us,
                    struct store_sync **ret, struct db_error *ret_error) DVC_MUSTCHECK;
struct store_sync *store_sync_close(struct store_sync *sync); /* takes NULL, returns NULL */
void store_sync_closep(struct store_sync **sync);
/* A text of any number of statements without parameters; stops at the first error. `ret_rows` (may
 * be NULL) gets the last statement's answer, to be freed by db_rows_free. */
int store_sync_script(struct store_sync *sync, const char *sql, struct db_rows **ret_rows,
                      struct db_error *ret_error) DVC_MUSTCHECK;
/* One named statement with parameters. */
int store_sync_query(struct store_sync *sync, const struct statement *statement,
                     const struct db_param *params, size_t count, struct db_rows **ret_rows,
                     struct db_error *ret_error) DVC_MUSTCHECK;

#endif
