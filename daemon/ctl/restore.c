#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/jw.h"
#include "ctl/backupset.h"
#include "ctl/chains.h"
#include "ctl/commands.h"
#include "ctl/confcopy.h"
#include "ctl/program.h"
#include "store/migrate.h"

#define STOP_US (60 * US_PER_SECOND)
#define WAL_NAME 24

struct restore {
    struct ctl *ctl;
    struct arena *arena;
    struct backup *backup;
    const char *from, *to, *wal; /* as given; wal may be NULL */
    wall_t until;
    char base[PATH_MAX - 64]; /* to/database, which holds the cluster */
    char data[PATH_MAX - 32]; /* base/pg */
    char until_text[64];
    char user[64];          /* who runs the restored server, when we are root; "" postgres */
    char archive[PATH_MAX]; /* of WAL, "" none */
    struct cluster_place place;
    struct cluster *cluster;
    bool made; /* base is ours to remove when it does not come to an end */
    int64_t tail;
    struct chains_report chains;
    int64_t dossiers;
    wall_t last;
    int schema;
};

static int failed(const char *what, const char *path, int r)
{
    ctl_error("%s %s: %s", what, path, strerror(-r));
    return CTL_FAILED;
}

/* The one named, or the newest of a folder that was finished by the moment asked for. */
static int choose(struct restore *restore)
{
    struct backup one, *items = NULL;
    size_t count = 0;
    int r = backup_read(restore->from, &one);

    if (r == 0) {
        items = ARENA_ARRAY(restore->arena, struct backup, 1);
        *items = one;
        count = 1;
    } else if (r == -ENOENT) {
        r = backup_set(restore->arena, restore->from, &items, &count);
    }
    if (r != 0)
        return failed("cannot read", restore->from, r);
    while (count > 0 && !wall_is_none(restore->until) &&
           items[count - 1].finished.us > restore->until.us)
        count--;
    if (count == 0) {
        ctl_error("%s holds no finished backup%s", restore->from,
                  wall_is_none(restore->until) ? "" : " from before that moment");
        return CTL_FAILED;
    }
    restore->backup = &items[count - 1];
    return 0;
}

/* dvcd's own way with folders, so that `dvcd run --data` finds it. */
static int make_target(struct restore *restore)
{
    char real[PATH_MAX];

    if (!tree_is_empty(restore->to)) {
        ctl_error("%s is not empty; a restore never writes over anything", restore->to);
        return CTL_FAILED;
    }
    if ((mkdir(restore->to, 0755) != 0 && errno != EEXIST) || realpath(restore->to, real) == NULL)
        return failed("cannot make", restore->to, -errno);
    if (snprintf(restore->base, sizeof(restore->base), "%s/database", real) >=
        (int)sizeof(restore->base))
        return failed("cannot use", restore->to, -ENAMETOOLONG);
    snprintf(restore->data, sizeof(restore->data), "%s/pg", restore->base);
    if (mkdir(restore->base, 0755) != 0)
        return failed("cannot make", restore->base, -errno);
    restore->made = true;
    return 0;
}

static struct cluster_settings cluster_of(const struct restore *restore)
{
    const struct settings *settings = restore->ctl->settings;
    struct cluster_settings cluster = cluster_settings_default();

    cluster.dir = restore->base;
    cluster.bin_dir = settings->database.bin_dir;
    cluster.sql_dir = restore->ctl->sql_dir;
    cluster.max_connections = (uint32_t)settings->database.max_connections;
    cluster.shared_buffers_mb = (uint32_t)settings->database.shared_buffers_mb;
    cluster.recover = true;
    cluster.until = restore->until_text;
    cluster.user = restore->user[0] != '\0' ? restore->user : NULL;
    cluster.wal_from = restore->archive[0] != '\0' ? restore->archive : NULL;
    return cluster;
}

/* Whose the backup is: the archive beside it is his, too, and the restored server has to read that.
 */
static void find_user(struct restore *restore)
{
    char base[PATH_MAX + 8];
    const struct passwd *owner;
    struct stat st;

    snprintf(base, sizeof(base), "%s/base", restore->backup->path);
    if (geteuid() != 0 || stat(base, &st) != 0 || st.st_uid == 0)
        return;
    owner = getpwuid(st.st_uid);
    if (owner != NULL && strlen(owner->pw_name) < sizeof(restore->user))
        memcpy(restore->user, owner->pw_name, strlen(owner->pw_name) + 1);
}

/* Where it was, or, when all was carried to another place, beside the backup as it was there. */
static void find_archive(struct restore *restore)
{
    const char *was = restore->backup->wal_dir, *name = strrchr(was, '/');
    char beside[PATH_MAX];

    if (was[0] == '\0')
        return;
    if (access(was, F_OK) == 0) {
        snprintf(restore->archive, sizeof(restore->archive), "%s", was);
        return;
    }
    if (name != NULL && snprintf(beside, sizeof(beside), "%s/..%s", restore->backup->path, name) <
                            (int)sizeof(beside))
        (void)!realpath(beside, restore->archive);
    if (access(restore->archive, F_OK) == 0)
        return;
    restore->archive[0] = '\0';
    ctl_error("%s is not there: what was archived after the backup is missing", was);
}

/* A server that cannot read a segment takes it for the end: it would stop there and say nothing. */
static int prove_archive(struct restore *restore)
{
    const struct cluster_place *place = &restore->place;
    struct dirent *entry;
    bool good = true;
    DIR *folder;

    if (restore->archive[0] == '\0')
        return 0;
    folder = opendir(restore->archive);
    if (folder == NULL)
        return failed("cannot read", restore->archive, -errno);
    good = cluster_place_reaches(place, restore->archive);
    while (good && (entry = readdir(folder)) != NULL) {
        char path[PATH_MAX];

        if (entry->d_name[0] == '.' || snprintf(path, sizeof(path), "%s/%s", restore->archive,
                                                entry->d_name) >= (int)sizeof(path))
            continue;
        good = cluster_place_reads(place, path);
        break; /* one process made them all */
    }
    closedir(folder);
    if (!good)
        ctl_error("the user %s, who is to run the restored server, cannot read the archived WAL in "
                  "%s",
                  place->db_user, restore->archive);
    return good ? 0 : CTL_FAILED;
}

/* What is started is what was proved: the copy, file by file, against PostgreSQL's manifest. */
static int copy_base(struct restore *restore)
{
    const struct backup *backup = restore->backup;
    struct cluster_settings cluster = cluster_of(restore);
    char source[PATH_MAX + 8], list[PATH_MAX + 8], wrong[PATH_MAX], program[PATH_MAX];
    const char *argv[] = {program, "-q", "-e", restore->data, NULL};
    int r;

    snprintf(source, sizeof(source), "%s/base", backup->path);
    snprintf(list, sizeof(list), "%s/FILES", backup->path);
    r = tree_compare(source, list, wrong);
    if (r == TREE_E_DIFFERS) {
        ctl_error("the backup is damaged: %s/%s is missing or has another size", source, wrong);
        return CTL_FAILED;
    }
    if (r != 0)
        return failed("cannot read", list, r);
    r = cluster_place_find(&cluster, &restore->place);
    if (r != 0) {
        ctl_error("%s: %s", restore->base, r < 0 ? strerror(-r) : cluster_error_name(r));
        return CTL_FAILED;
    }
    r = prove_archive(restore);
    if (r != 0)
        return r;
    r = tree_copy(source, restore->data, restore->place.uid, restore->place.gid);
    if (r != 0)
        return failed("cannot copy", source, r);
    snprintf(program, sizeof(program), "%s/pg_verifybackup", restore->place.bin);
    return program_run(&restore->place, argv, NULL, NULL);
}

static bool is_wanted(const char *name, const char *first)
{
    size_t digits = strspn(name, "0123456789ABCDEF");

    if (digits == WAL_NAME && name[digits] == '\0')
        return strcmp(name + 8, first + 8) >= 0;
    return digits == 8 && strcmp(name + digits, ".history") == 0;
}

/* Segments that a dead server had written and not archived yet: the last committed seconds. A stale
 * one among them ends recovery where it ends anyway, for its addresses do not fit. */
static int copy_tail(struct restore *restore, const char *dir)
{
    DIR *folder = opendir(dir);
    struct dirent *entry;
    int r = 0;

    if (folder == NULL)
        return failed("cannot read", dir, -errno);
    while (r == 0 && (entry = readdir(folder)) != NULL) {
        char from[PATH_MAX], to[PATH_MAX];

        if (!is_wanted(entry->d_name, restore->backup->wal_file))
            continue;
        if (snprintf(from, sizeof(from), "%s/%s", dir, entry->d_name) >= (int)sizeof(from) ||
            snprintf(to, sizeof(to), "%s/pg_wal/%s", restore->data, entry->d_name) >=
                (int)sizeof(to)) {
            r = failed("cannot copy", entry->d_name, -ENAMETOOLONG);
            break;
        }
        r = tree_copy_file(from, to, restore->place.uid, restore->place.gid);
        if (r != 0 && r != -ENOENT)
            r = failed("cannot copy", from, r);
        else if (r == 0)
            restore->tail++;
        else
            r = 0; /* a living server took it away: it is in the archive by now */
    }
    closedir(folder);
    return r;
}

static int add_tail(struct restore *restore)
{
    const struct settings *settings = restore->ctl->settings;
    char data[PATH_MAX], wal[PATH_MAX + 8];
    uint64_t system;

    if (restore->wal != NULL)
        return copy_tail(restore, restore->wal);
    if (settings->database.mode != DATABASE_EMBEDDED)
        return 0;
    snprintf(data, sizeof(data), "%s/pg", settings->database.dir);
    snprintf(wal, sizeof(wal), "%s/pg_wal", data);
    if (backup_system_of(data, &system) != 0 || system != restore->backup->system)
        return 0;
    return copy_tail(restore, wal);
}

static int ask_for_recovery(struct restore *restore)
{
    char path[PATH_MAX + 32];
    FILE *file;

    snprintf(path, sizeof(path), "%s/recovery.signal", restore->data);
    file = fopen(path, "wex");
    if (file == NULL)
        return failed("cannot make", path, -errno);
    fclose(file);
    if (geteuid() == 0 && chown(path, restore->place.uid, restore->place.gid) != 0)
        return failed("cannot make", path, -errno);
    return 0;
}

static int wait_recovered(struct restore *restore)
{
    const struct timespec nap = {0, 100 * 1000 * 1000};
    int64_t start = mono_now().us, spoken = start;
    int r;

    while ((r = cluster_poll_ready(restore->cluster)) == CLUSTER_E_SLOW && !program_stopped()) {
        nanosleep(&nap, NULL);
        if (mono_now().us - spoken < 5 * US_PER_SECOND)
            continue;
        spoken = mono_now().us;
        fprintf(stderr, "đang chạy lại WAL, %" PRId64 " giây\n", (spoken - start) / US_PER_SECOND);
    }
    return r;
}

static int recover(struct restore *restore)
{
    struct cluster_settings cluster = cluster_of(restore);
    pid_t pid;
    int r = cluster_prepare(&cluster, &restore->cluster);

    if (r == 0)
        r = cluster_start(restore->cluster, &pid);
    if (r == 0)
        r = wait_recovered(restore);
    if (r == 0)
        return 0;
    if (program_stopped()) {
        ctl_error("stopped");
        return CTL_FAILED;
    }
    program_last_words(restore->place.log);
    ctl_error("recovery failed: %s", cluster_problem(restore->cluster));
    if (restore->until_text[0] != '\0')
        ctl_error(
            "a moment after the last change that WAL holds cannot be reached; without --until "
            "everything is restored");
    return CTL_FAILED;
}

/* As the daemon and the auditor will see it. */
static int examine(struct restore *restore)
{
    struct store_sync *sync DVC_CLEANUP(store_sync_closep) = NULL;
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    struct chains_options options = {0};
    struct db_error error = {0};
    int r;

    r = store_schema_version(cluster_conninfo(restore->cluster, CLUSTER_OWNER),
                             restore->ctl->sql_dir, &restore->schema, &error);
    if (r == 0)
        r = store_sync_open(cluster_conninfo(restore->cluster, CLUSTER_APP), "dvcctl restore",
                            10 * US_PER_SECOND, &sync, &error);
    if (r != 0) {
        ctl_error("the restored database does not answer: %s", error.message);
        return CTL_E_DATABASE;
    }
    r = ctl_query(restore->ctl, sync, "verify_summary", NULL, 0, &rows);
    if (r == 0)
        r = chains_check(restore->ctl, sync, &options, &restore->chains);
    if (r == 0) {
        restore->dossiers = db_int_at(rows, 0, 0, 0);
        restore->last = db_wall_at(rows, 0, 1);
    }
    return r;
}

static void report_json(const struct restore *restore)
{
    struct buf text = BUF_INIT(1u << 16);
    struct jw jw = JW_INIT(&text);

    jw_object(&jw);
    jw_kv_str(&jw, "backup", restore->backup->path);
    jw_kv_str(&jw, "data", restore->to);
    jw_kv_int(&jw, "schema_version", restore->schema);
    jw_kv_int(&jw, "dossiers", restore->dossiers);
    jw_kv_int(&jw, "events", restore->chains.events);
    jw_kv_wall(&jw, "last_event", restore->last);
    jw_kv_int(&jw, "broken", restore->chains.broken);
    jw_end_object(&jw);
    puts(text.ptr);
    buf_release(&text);
}

static void report(const struct restore *restore)
{
    struct buf last = BUF_INIT(64);

    if (!wall_is_none(restore->last))
        buf_add_wall(&last, restore->last);
    printf("bản sao lưu %s, thêm %" PRId64 " tệp WAL của máy chủ cũ%s\n", restore->backup->name,
           restore->tail, restore->archive[0] != '\0' ? " và WAL đã lưu trữ" : "");
    printf("lược đồ %d%s\n", restore->schema,
           store_schema_serves(restore->schema) ? "" : " (chạy dvcd migrate trước khi dùng)");
    printf("%" PRId64 " hồ sơ, %" PRId64 " sự kiện, sự kiện cuối lúc %s\n", restore->dossiers,
           restore->chains.events, last.len > 0 ? last.ptr : "(chưa có)");
    if (restore->chains.broken == 0)
        puts("mọi chuỗi sự kiện còn nguyên");
    else
        printf("%" PRId64 " hồ sơ có chuỗi hỏng; đầu tiên: %s\n", restore->chains.broken,
               restore->chains.first);
    puts("\nNếu máy này chưa có cấu hình (quy trình, cơ quan, lịch, khoá và hợp đồng), chép lại:");
    if (confcopy_tell(restore->backup->path))
        puts("     rồi chown -R root:dvcd /etc/dvcd; systemd-tmpfiles --create; dvcd check");
    else
        puts("     bản sao lưu này không kèm cấu hình: lấy từ nơi khác");
    puts("\nViệc tiếp theo:\n"
         "  1. dừng dvcd cũ nếu còn chạy; không để hai bản cùng phục vụ và cùng gửi bưu chính");
    if (restore->ctl->settings->database.mode == DATABASE_EMBEDDED)
        printf(
            "  2. đặt paths.data: %s (hoặc dvcd run --data %s), và một backup.wal_dir mới, trống\n",
            restore->to, restore->to);
    else
        printf("     (systemctl stop dvcd.socket dvcd-tls.socket dvcd dvcd-db)\n"
               "  2. thay thư mục dữ liệu của cụm (của dvcd-db.service: /var/lib/dvcd-db) bằng "
               "%s, chủ là\n     người dùng của cụm (chown -R dvcd-db:dvcd-db), và đặt một "
               "backup.wal_dir mới, trống\n",
               restore->base);
    puts("  3. chạy dvcd; dvcctl doctor; dvcctl backup");
    buf_release(&last);
}

static int run(struct restore *restore)
{
    int r = choose(restore);

    if (r == 0) {
        find_user(restore);
        find_archive(restore);
        r = make_target(restore);
    }
    if (r == 0)
        r = copy_base(restore);
    if (r == 0)
        r = add_tail(restore);
    if (r == 0)
        r = ask_for_recovery(restore);
    if (r == 0)
        r = recover(restore);
    if (r == 0)
        r = examine(restore);
    if (restore->cluster != NULL && cluster_pid(restore->cluster) > 0 &&
        cluster_stop(restore->cluster, STOP_US) != 0 && r == 0)
        r = failed("cannot stop the server of", restore->base, -ETIMEDOUT);
    cluster_free(restore->cluster);
    if (r != 0) {
        if (restore->made && tree_remove(restore->base) != 0)
            ctl_error("%s is left", restore->base);
        return r;
    }
    if (restore->ctl->json)
        report_json(restore);
    else
        report(restore);
    return restore->chains.broken == 0 ? CTL_OK : CTL_FAILED;
}

static int parse(struct restore *restore, int argc, char **argv)
{
    static const struct option options[] = {{"to", required_argument, NULL, 't'},
                                            {"until", required_argument, NULL, 'u'},
                                            {"wal", required_argument, NULL, 'w'},
                                            {NULL, 0, NULL, 0}};
    struct buf text = BUF_INIT(sizeof(restore->until_text));
    int c;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 't')
            restore->to = optarg;
        else if (c == 'w')
            restore->wal = optarg;
        else if (c != 'u')
            return CTL_E_USAGE;
        else if (wall_parse(slice_str(optarg), &restore->until) != 0)
            return ctl_misuse("--until takes a moment such as 2026-11-22T09:00:00+07:00");
    }
    if (optind != argc - 1 || restore->to == NULL)
        return ctl_misuse("restore takes a folder of backups and --to DATADIR");
    restore->from = argv[optind];
    if (!wall_is_none(restore->until)) {
        buf_add_wall(&text, restore->until);
        snprintf(restore->until_text, sizeof(restore->until_text), "%s", text.ptr);
        buf_release(&text);
    }
    return 0;
}

int ctl_restore(struct ctl *ctl, int argc, char **argv)
{
    struct restore *restore = dvc_calloc(1, sizeof(*restore));
    int r;

    restore->ctl = ctl;
    restore->until = WALL_NONE;
    restore->arena = arena_new();
    r = parse(restore, argc, argv);
    if (r == 0)
        r = ctl_settings(ctl);
    if (r == 0)
        r = ctl_statements(ctl);
    if (r == 0) {
        program_catch();
        r = run(restore);
    }
    arena_free(restore->arena);
    free(restore);
    return r;
}
