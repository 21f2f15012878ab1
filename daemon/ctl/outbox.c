#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/jw.h"
#include "base/num.h"
#include "ctl/commands.h"
#include "store/rows.h"

#define LIST_MAX 1000
#define COLUMNS 7
#define REASON_MAX 500

static void print_json(const struct db_rows *rows)
{
    struct buf buf = BUF_INIT(4u << 20);
    struct jw jw = JW_INIT(&buf);

    jw_array(&jw);
    for (size_t i = 0; i < db_rows_count(rows); i++) {
        jw_object(&jw);
        jw_kv_int(&jw, "id", db_int_at(rows, i, 0, 0));
        jw_kv_slice(&jw, "dossier", db_text_at(rows, i, 1));
        jw_kv_slice(&jw, "channel", db_text_at(rows, i, 2));
        jw_kv_slice(&jw, "topic", db_text_at(rows, i, 3));
        jw_kv_int(&jw, "attempts", db_int_at(rows, i, 4, 0));
        jw_kv_slice(&jw, "dead_at", db_text_at(rows, i, 5));
        jw_kv_slice(&jw, "last_error", db_text_at(rows, i, 6));
        jw_end_object(&jw);
    }
    jw_end_array(&jw);
    printf("%.*s\n", (int)buf.len, buf.ptr);
    buf_release(&buf);
}

static void print_table(const struct db_rows *rows)
{
    static const char *const heads[COLUMNS] = {"id",       "dossier", "channel",   "topic",
                                               "attempts", "dead at", "last error"};
    struct arena *arena = arena_new();
    size_t count = db_rows_count(rows);
    const char **cells = ARENA_ARRAY(arena, const char *, (count + 1) * COLUMNS);

    memcpy(cells, heads, sizeof(heads));
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < COLUMNS; k++)
            cells[(i + 1) * COLUMNS + k] =
                k == 0 || k == 4 ? arena_printf(arena, "%lld", (long long)db_int_at(rows, i, k, 0))
                                 : arena_slice_str(arena, db_text_at(rows, i, k));
    }
    ctl_table(cells, count + 1, COLUMNS);
    arena_free(arena);
}

static int list(struct ctl *ctl, struct store_sync *sync)
{
    struct db_param limit = db_int(LIST_MAX);
    struct db_rows *rows = NULL;
    int status = ctl_query(ctl, sync, "outbox_dead_all", &limit, 1, &rows);

    if (status != CTL_OK)
        return status;
    if (ctl->json)
        print_json(rows);
    else
        print_table(rows);
    db_rows_free(rows);
    return CTL_OK;
}

/* No account stands behind it, so that outbox_record tells of it and not the dossier. */
static int settle(struct ctl *ctl, struct store_sync *sync, int64_t id, const char *act,
                  const char *reason)
{
    struct db_param params[] = {db_int(id), db_null(), db_str(act), db_str(reason), db_bool(true),
                                db_null(), db_null()};
    struct db_rows *rows = NULL;
    int status = ctl_query(ctl, sync, "outbox_settle", params, DVC_COUNT(params), &rows);

    if (status != CTL_OK)
        return status;
    if (!db_bool_at(rows, 0, 0)) {
        ctl_error("there is no dead letter %lld", (long long)id);
        status = CTL_FAILED;
    }
    db_rows_free(rows);
    return status;
}

static const char *reason_of(int argc, char **argv)
{
    const char *reason = NULL;

    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--reason") == 0 && i + 1 < argc)
            reason = argv[++i];
        else if (strncmp(argv[i], "--reason=", 9) == 0)
            reason = argv[i] + 9;
        else
            return NULL;
    }
    return reason != NULL && reason[0] != '\0' && strlen(reason) <= REASON_MAX ? reason : NULL;
}

int ctl_outbox(struct ctl *ctl, int argc, char **argv)
{
    bool listing = argc == 2 && strcmp(argv[1], "list") == 0;
    bool deciding = argc > 2 && (strcmp(argv[1], "retry") == 0 || strcmp(argv[1], "skip") == 0);
    const char *reason = deciding ? reason_of(argc, argv) : NULL;
    struct store_sync *sync;
    int64_t id = 0;
    int status;

    if (!listing && (!deciding || num_parse_i64(slice_str(argv[2]), 1, INT64_MAX, &id) != 0))
        return ctl_misuse(
            "outbox list, outbox retry ID --reason TEXT, outbox skip ID --reason TEXT");
    if (deciding && reason == NULL)
        return ctl_misuse("outbox %s needs --reason with at most %d bytes", argv[1], REASON_MAX);
    status = ctl_open(ctl, CLUSTER_APP, &sync);
    if (status != CTL_OK)
        return status;
    status = listing ? list(ctl, sync) : settle(ctl, sync, id, argv[1], reason);
    store_sync_close(sync);
    return status;
}
