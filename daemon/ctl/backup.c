#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pidlock.h"
#include "ctl/backupset.h"
#include "ctl/commands.h"
#include "ctl/confcopy.h"
#include "ctl/program.h"
#include "store/migrate.h"

#define MANIFEST_TAIL 4096
#define LOOK_US (US_PER_SECOND / 2)

/* One run. Whatever ends it before the folder has its name leaves a ".part-" folder at most. */
struct run {
    struct ctl *ctl;
    struct store_sync *sync; /* superuser, or backup.url */
    struct cluster_place place;
    char dir[3000];  /* of all backups */
    char part[3100]; /* where this one grows; "" before */
    char conninfo[1024];
    struct backup backup;
    int64_t spoken_us;
    int lock;
};

static int io_failed(const char *what, const char *path, int r)
{
    ctl_error("%s %s: %s", what, path, strerror(-r));
    return CTL_FAILED;
}

static int enter(struct run *run, const char *dir)
{
    char lock[PATH_MAX], real[PATH_MAX];
    int r;

    if (mkdir(dir, 0755) != 0 && errno != EEXIST)
        return io_failed("cannot make", dir, -errno);
    if (realpath(dir, real) == NULL || strlen(real) >= sizeof(run->dir))
        return io_failed("cannot use", dir, errno != 0 ? -errno : -ENAMETOOLONG);
    memcpy(run->dir, real, strlen(real) + 1);
    snprintf(lock, sizeof(lock), "%s/.lock", run->dir);
    r = pidlock_take(lock, &run->lock);
    if (r == -EBUSY) {
        ctl_error("another backup into %s is running", run->dir);
        return CTL_FAILED;
    }
    if (r == 0)
        r = backup_sweep(run->dir);
    return r != 0 ? io_failed("cannot use", run->dir, r) : 0;
}

static int make_part(struct run *run)
{
    struct clock clock = {0};
    int r;

    run->backup.started = clock_now(&clock);
    backup_name(run->backup.started, run->backup.name);
    snprintf(run->part, sizeof(run->part), "%s/" BACKUP_PART "%s", run->dir, run->backup.name);
    r = cluster_place_own_dir(&run->place, run->part);
    if (r != 0)
        return io_failed("cannot make", run->part, r);
    if (!cluster_place_reaches(&run->place, run->part)) {
        ctl_error("the database's user %s cannot enter %s", run->place.db_user, run->dir);
        return CTL_FAILED;
    }
    snprintf(run->place.log, sizeof(run->place.log), "%s/log", run->part);
    return 0;
}

/* Every half second what pg_basebackup has sent, as the server sees it. */
static void tell_progress(void *ctx)
{
    struct run *run = ctx;
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    const struct statement *statement = statements_find(run->ctl->statements, "backup_progress");
    struct db_error error;
    int64_t now = mono_now().us, done, total;

    if (now < run->spoken_us || statement == NULL)
        return;
    run->spoken_us = now + LOOK_US;
    if (store_sync_query(run->sync, statement, NULL, 0, &rows, &error) != 0 ||
        db_rows_count(rows) == 0)
        return;
    done = db_int_at(rows, 0, 0, 0);
    total = db_int_at(rows, 0, 1, 0);
    if (total > 0)
        fprintf(stderr, "%sđã chép %" PRId64 " / %" PRId64 " MB%s", isatty(2) ? "\r" : "",
                done >> 20, total >> 20, isatty(2) ? " " : "\n");
}

static int copy_cluster(struct run *run)
{
    char program[PATH_MAX + 32], base[PATH_MAX], label[64];
    const char *argv[] = {program,       "-D", base,     "-d",
                          run->conninfo, "-X", "stream", "-c",
                          "fast",        "-l", label,    "--manifest-checksums=SHA256",
                          "-w",          NULL};

    snprintf(program, sizeof(program), "%s/pg_basebackup", run->place.bin);
    snprintf(base, sizeof(base), "%s/base", run->part);
    snprintf(label, sizeof(label), "dvcd %s", run->backup.name);
    return program_run(&run->place, argv, tell_progress, run);
}

static int prove_copy(struct run *run)
{
    char program[PATH_MAX + 32], base[PATH_MAX];
    const char *argv[] = {program, "-q", "-e", base, NULL};

    snprintf(program, sizeof(program), "%s/pg_verifybackup", run->place.bin);
    snprintf(base, sizeof(base), "%s/base", run->part);
    return program_run(&run->place, argv, NULL, NULL);
}

/* "name": "0/2000028" or "name: 0/2000028 (file 000...)" in a text of PostgreSQL's own. */
static bool take_word(const char *text, const char *name, const char *stop, char ret[32])
{
    const char *at = strstr(text, name);
    size_t len;

    if (at == NULL)
        return false;
    at += strlen(name);
    len = strcspn(at, stop);
    if (len == 0 || len >= 32)
        return false;
    memcpy(ret, at, len);
    ret[len] = '\0';
    return true;
}

static bool read_end(const char *path, char *ret, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t len = 0;

    if (file == NULL)
        return false;
    if (fseek(file, -(long)(size - 1), SEEK_END) != 0)
        rewind(file);
    len = fread(ret, 1, size - 1, file);
    ret[len] = '\0';
    fclose(file);
    return true;
}

/* The range of WAL stands at the end of PostgreSQL's manifest, the first segment in its label. */
static int describe(struct run *run)
{
    struct backup *backup = &run->backup;
    char path[PATH_MAX], text[MANIFEST_TAIL];
    struct clock clock = {0};
    int r;

    snprintf(path, sizeof(path), "%s/base/backup_manifest", run->part);
    if (!read_end(path, text, sizeof(text)) ||
        !take_word(text, "\"Start-LSN\": \"", "\"", backup->wal_from) ||
        !take_word(text, "\"End-LSN\": \"", "\"", backup->wal_to)) {
        ctl_error("%s cannot be read", path);
        return CTL_FAILED;
    }
    snprintf(path, sizeof(path), "%s/base/backup_label", run->part);
    if (!read_end(path, text, sizeof(text)) || !take_word(text, "(file ", ")", backup->wal_file)) {
        ctl_error("%s cannot be read", path);
        return CTL_FAILED;
    }
    snprintf(path, sizeof(path), "%s/base", run->part);
    r = backup_system_of(path, &backup->system);
    if (r == 0) {
        char list[PATH_MAX];

        snprintf(list, sizeof(list), "%s/FILES", run->part);
        r = tree_list(path, list, &backup->size);
    }
    if (r != 0)
        return io_failed("cannot read", path, r);
    if (run->ctl->settings->backup.wal_dir != NULL)
        snprintf(backup->wal_dir, sizeof(backup->wal_dir), "%s",
                 run->ctl->settings->backup.wal_dir);
    backup->finished = clock_now(&clock);
    return 0;
}

/* From here on it is one of the good ones. */
static int give_name(struct run *run)
{
    struct backup *backup = &run->backup;
    char log[PATH_MAX];
    int r;

    snprintf(backup->path, sizeof(backup->path), "%s", run->part);
    snprintf(log, sizeof(log), "%s/log", run->part);
    (void)unlink(log);
    r = confcopy_save(run->ctl, run->part, run->dir, run->place.uid, run->place.gid);
    if (r == 0)
        r = backup_write(backup);
    if (r == 0)
        r = tree_flush(run->part);
    snprintf(backup->path, sizeof(backup->path), "%s/%s", run->dir, backup->name);
    if (r == 0 && rename(run->part, backup->path) != 0)
        r = -errno;
    if (r == 0) {
        run->part[0] = '\0';
        r = tree_flush(run->dir);
    }
    return r != 0 ? io_failed("cannot finish", run->dir, r) : 0;
}

static int record(struct run *run, bool verified)
{
    const struct backup *backup = &run->backup;
    struct store_sync *owner DVC_CLEANUP(store_sync_closep) = NULL;
    const struct settings *settings = run->ctl->settings;
    char host[64] = "node";
    struct db_param params[] = {db_wall(backup->started),
                                db_str(host),
                                db_str(backup->path),
                                db_int(backup->size.bytes),
                                db_int(backup->size.files),
                                db_str(backup->wal_from[0] != '\0' ? backup->wal_from : NULL),
                                db_str(backup->wal_to[0] != '\0' ? backup->wal_to : NULL),
                                db_int(backup->schema_version),
                                db_bool(verified)};
    int r = 0;

    (void)gethostname(host, sizeof(host) - 1);
    params[1] = db_str(host);
    /* The backup's own login is the superuser of a cluster of ours; of another's it may not write.
     */
    if (settings->database.owner_url != NULL && run->ctl->database == NULL)
        r = ctl_open(run->ctl, CLUSTER_OWNER, &owner);
    if (r == 0)
        r = ctl_query(run->ctl, owner != NULL ? owner : run->sync, "backup_save", params,
                      DVC_COUNT(params), NULL);
    if (r != 0)
        ctl_error("the backup is not recorded in the database: doctor does not know of it");
    return r;
}

/* Segments are kept for the oldest backup that is still there, in whatever folder. */
static int prune_wal(struct run *run)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    const char *wal_dir = run->ctl->settings->backup.wal_dir;
    char oldest[32] = "";
    int r;

    if (wal_dir == NULL)
        return 0;
    r = ctl_query(run->ctl, run->sync, "backup_folders", NULL, 0, &rows);
    for (size_t i = 0; r == 0 && i < db_rows_count(rows); i++) {
        struct slice folder = db_text_at(rows, i, 0);
        struct backup found;

        if (backup_read(folder.ptr, &found) != 0 || found.system != run->backup.system)
            continue;
        if (oldest[0] == '\0' || strcmp(found.wal_file + 8, oldest + 8) < 0)
            memcpy(oldest, found.wal_file, sizeof(oldest));
    }
    if (r == 0 && oldest[0] != '\0') {
        int removed = backup_prune_wal(wal_dir, oldest);

        if (removed < 0)
            return io_failed("cannot clear", wal_dir, removed);
        if (removed > 0 && !run->ctl->json)
            printf("bỏ %d tệp WAL không còn cần\n", removed);
    }
    return r;
}

static int prune(struct run *run)
{
    size_t keep = (size_t)run->ctl->settings->backup.keep, count;
    struct arena *arena = arena_new();
    struct backup *items;
    int r = backup_set(arena, run->dir, &items, &count);

    for (size_t i = 0; r == 0 && i + keep < count; i++) {
        r = backup_remove(&items[i]);
        if (r == 0 && !run->ctl->json)
            printf("bỏ bản sao lưu cũ %s\n", items[i].name);
    }
    arena_free(arena);
    if (r != 0)
        return io_failed("cannot remove old backups in", run->dir, r);
    return prune_wal(run);
}

static int find_schema(struct run *run)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    int r = ctl_query(run->ctl, run->sync, "schema_version", NULL, 0, &rows);

    if (r == 0)
        run->backup.schema_version = (int)db_int_at(rows, 0, 0, 0);
    return r;
}

static int back_up(struct run *run, const char *dir)
{
    int r = ctl_open(run->ctl, CLUSTER_SUPERUSER, &run->sync);

    if (r == 0)
        r = ctl_conninfo(run->ctl, CLUSTER_SUPERUSER, run->conninfo, sizeof(run->conninfo));
    if (r == 0)
        r = ctl_place(run->ctl, &run->place);
    if (r == 0)
        r = find_schema(run);
    if (r == 0)
        r = enter(run, dir);
    if (r == 0)
        r = make_part(run);
    if (r == 0)
        r = copy_cluster(run);
    if (r == 0)
        r = describe(run);
    if (r != 0)
        return r;
    r = prove_copy(run);
    if (r != 0) {
        if (!program_stopped())
            (void)record(run, false);
        return r;
    }
    r = give_name(run);
    return r == 0 ? record(run, true) : r;
}

int ctl_backup(struct ctl *ctl, int argc, char **argv)
{
    struct run *run;
    int64_t start = mono_now().us;
    int r;

    if (argc != 2 || argv[1][0] == '-')
        return ctl_misuse("backup takes a folder");
    r = ctl_settings(ctl);
    if (r != 0)
        return r;
    run = dvc_calloc(1, sizeof(*run));
    run->ctl = ctl;
    run->lock = -1;
    program_catch();
    r = back_up(run, argv[1]);
    if (r != 0 && run->part[0] != '\0' && tree_remove(run->part) != 0)
        ctl_error("%s is left, and goes with the next backup", run->part);
    if (r == 0) {
        printf(ctl->json ? "{\"folder\":\"%s\",\"bytes\":%" PRId64 ",\"files\":%" PRId64 "}\n"
                         : "%s: %" PRId64 " byte, %" PRId64 " tệp, đã kiểm chứng",
               run->backup.path, run->backup.size.bytes, run->backup.size.files);
        if (!ctl->json)
            printf(", %.1f giây\n", (double)(mono_now().us - start) / US_PER_SECOND);
        r = prune(run);
    }
    store_sync_close(run->sync);
    if (run->lock >= 0)
        close(run->lock);
    free(run);
    return r;
}
