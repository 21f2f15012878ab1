#include "store/clusterdir.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"

/* sun_path holds 107 characters and a terminator; the file in the folder is "/.s.PGSQL.5432". */
#define SOCKET_DIR_MAX (107 - 14)
#define SOCKET_CHOICES 3
#define CONFIG_MAX 16384

static const char *const bin_dirs[] = {
    "/usr/lib/postgresql/15/bin", /* Debian, Ubuntu */
    "/usr/pgsql-15/bin",          /* PostgreSQL's own packages for Red Hat and its like */
    "/usr/local/pgsql/bin",
};

static bool has_programs(const char *dir)
{
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/initdb", dir);
    if (access(path, X_OK) != 0)
        return false;
    snprintf(path, sizeof(path), "%s/postgres", dir);
    return access(path, X_OK) == 0;
}

static int find_programs(const struct cluster_settings *settings, struct cluster_place *place)
{
    const char *found = NULL;

    if (settings->bin_dir != NULL)
        found = has_programs(settings->bin_dir) ? settings->bin_dir : NULL;
    else
        for (size_t i = 0; i < DVC_COUNT(bin_dirs) && found == NULL; i++)
            if (has_programs(bin_dirs[i]))
                found = bin_dirs[i];
    if (found == NULL || strlen(found) >= sizeof(place->bin))
        return CLUSTER_E_PROGRAM;
    snprintf(place->bin, sizeof(place->bin), "%s", found);
    return 0;
}

static int find_users(const struct cluster_settings *settings, struct cluster_place *place)
{
    struct passwd *me = getpwuid(geteuid());

    if (me == NULL)
        return CLUSTER_E_USER;
    snprintf(place->daemon_user, sizeof(place->daemon_user), "%s", me->pw_name);
    place->switches = geteuid() == 0;
    if (place->switches) {
        me = getpwnam(settings->user != NULL ? settings->user : "postgres");
        if (me == NULL || me->pw_uid == 0)
            return CLUSTER_E_USER;
    }
    snprintf(place->db_user, sizeof(place->db_user), "%s", me->pw_name);
    place->uid = me->pw_uid;
    place->gid = me->pw_gid;
    return 0;
}

static int make_parents(char *path)
{
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST) {
            *at = '/';
            return -errno;
        }
        *at = '/';
    }
    return mkdir(path, 0755) != 0 && errno != EEXIST ? -errno : 0;
}

static int name_base(const struct cluster_settings *settings, struct cluster_place *place)
{
    char real[PATH_MAX];

    if (realpath(settings->dir, real) == NULL)
        return -errno;
    if (strlen(real) >= sizeof(place->base))
        return -ENAMETOOLONG;
    memcpy(place->base, real, strlen(real) + 1);
    snprintf(place->data, sizeof(place->data), "%s/pg", place->base);
    snprintf(place->log, sizeof(place->log), "%s/pg.log", place->base);
    return 0;
}

static int find_base(const struct cluster_settings *settings, struct cluster_place *place)
{
    char given[PATH_MAX];
    int rc;

    if (strlen(settings->dir) >= sizeof(given))
        return -ENAMETOOLONG;
    snprintf(given, sizeof(given), "%s", settings->dir);
    rc = make_parents(given);
    return rc == 0 ? name_base(settings, place) : rc;
}

/* The folder is the service manager's, who made it for us: others pass through it to the socket. */
static int take_socket_dir(const struct cluster_settings *settings, struct cluster_place *place)
{
    struct stat st;

    if (strlen(settings->socket_dir) > SOCKET_DIR_MAX ||
        strpbrk(settings->socket_dir, "'\"\\,") != NULL)
        return CLUSTER_E_SOCKET;
    if (lstat(settings->socket_dir, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != place->uid ||
        (st.st_mode & 0022) != 0)
        return CLUSTER_E_SOCKET;
    snprintf(place->socket, sizeof(place->socket), "%s", settings->socket_dir);
    return 0;
}

static int find_client(const struct cluster_settings *settings, struct cluster_place *place)
{
    const struct passwd *client;

    if (settings->client == NULL)
        return 0;
    client = getpwnam(settings->client);
    if (client == NULL)
        return CLUSTER_E_USER;
    place->client = settings->client;
    place->client_gid = client->pw_gid;
    return 0;
}

int cluster_place_find(const struct cluster_settings *settings, struct cluster_place *ret)
{
    int rc;

    *ret = (struct cluster_place){0};
    rc = find_programs(settings, ret);
    if (rc == 0)
        rc = find_users(settings, ret);
    if (rc == 0)
        rc = find_client(settings, ret);
    if (rc == 0 && settings->socket_dir != NULL)
        rc = take_socket_dir(settings, ret);
    if (rc == 0)
        rc = find_base(settings, ret);
    return rc;
}

/* A mode alone does not tell (ACLs, mounts, name spaces): a child asks the kernel as that user. */
static bool may(const struct cluster_place *place, const char *path, int mode)
{
    int status;
    pid_t pid;

    if (!place->switches)
        return access(path, mode) == 0;
    pid = fork();
    if (pid == 0) {
        if (setgroups(0, NULL) != 0 || setgid(place->gid) != 0 || setuid(place->uid) != 0)
            _exit(2);
        _exit(access(path, mode) == 0 ? 0 : 1);
    }
    if (pid < 0)
        return false;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool cluster_place_reaches(const struct cluster_place *place, const char *path)
{
    return may(place, path, X_OK);
}

bool cluster_place_reads(const struct cluster_place *place, const char *path)
{
    return may(place, path, R_OK);
}

int cluster_place_own_dir(const struct cluster_place *place, const char *path)
{
    struct stat st;

    if (mkdir(path, 0700) == 0) {
        if (place->switches && chown(path, place->uid, place->gid) != 0)
            return -errno;
    } else if (errno != EEXIST) {
        return -errno;
    }
    /* lstat: a link that someone else laid there is not our folder. */
    if (lstat(path, &st) != 0)
        return -errno;
    if (!S_ISDIR(st.st_mode))
        return -ENOTDIR;
    if (st.st_uid != place->uid || (st.st_mode & 0077) != 0)
        return -EPERM;
    return 0;
}

/* The folders that may hold the socket, best first; false when there is no such one. */
static bool socket_choice(const struct cluster_place *place, int number,
                          char ret[SOCKET_DIR_MAX + 1])
{
    char hex[SHA256_HEX_SIZE], path[PATH_MAX];

    if (number == 0) {
        snprintf(path, sizeof(path), "%s/run", place->base);
        /* Letters that mean something in libpq's text or in the server's list of folders. */
        if (strlen(path) > SOCKET_DIR_MAX || strpbrk(path, "'\"\\,") != NULL)
            return false;
        memcpy(ret, path, strlen(path) + 1);
        return true;
    }
    /* The same folder for the same data each time, so that a restart finds the socket again. */
    sha256_hex(sha256_of(slice_str(place->base)), hex);
    snprintf(ret, SOCKET_DIR_MAX + 1, "%s/dvcd-%.16s", number == 1 ? "/run" : "/tmp", hex);
    return true;
}

int cluster_place_socket(struct cluster_place *place)
{
    if (place->socket[0] != '\0')
        return 0;
    for (int i = 0; i < SOCKET_CHOICES; i++) {
        if (socket_choice(place, i, place->socket) &&
            cluster_place_own_dir(place, place->socket) == 0)
            return 0;
    }
    place->socket[0] = '\0';
    return CLUSTER_E_SOCKET;
}

/* A folder of somebody else's might hold a socket that only looks like ours. */
static bool has_socket(const struct cluster_place *place, const char *dir)
{
    char path[SOCKET_DIR_MAX + 32];
    struct stat st;

    snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", dir);
    return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == place->uid &&
           lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static int become(struct cluster_place *place, uid_t uid)
{
    struct passwd *owner;

    place->switches = geteuid() == 0 && uid != 0;
    if (!place->switches)
        return 0;
    owner = getpwuid(uid);
    if (owner == NULL)
        return CLUSTER_E_USER;
    snprintf(place->db_user, sizeof(place->db_user), "%s", owner->pw_name);
    place->uid = owner->pw_uid;
    place->gid = owner->pw_gid;
    return 0;
}

int cluster_place_programs(const struct cluster_settings *settings, uid_t uid,
                           struct cluster_place *ret)
{
    int rc;

    *ret = (struct cluster_place){.uid = geteuid(), .gid = getegid()};
    rc = find_programs(settings, ret);
    return rc == 0 ? become(ret, uid) : rc;
}

int cluster_place_look(const struct cluster_settings *settings, struct cluster_place *ret)
{
    struct stat st;
    int rc;

    *ret = (struct cluster_place){.uid = geteuid(), .gid = getegid()};
    rc = find_programs(settings, ret);
    if (rc == 0)
        rc = name_base(settings, ret);
    if (rc == 0 && stat(ret->data, &st) != 0)
        rc = -errno;
    if (rc == 0)
        rc = become(ret, st.st_uid);
    for (int i = 0; rc == 0 && i < SOCKET_CHOICES; i++) {
        if (socket_choice(ret, i, ret->socket) && has_socket(ret, ret->socket))
            return 0;
    }
    ret->socket[0] = '\0';
    return rc;
}

void cluster_place_conninfo(const struct cluster_place *place, enum cluster_role role,
                            char ret[CLUSTER_CONNINFO_SIZE])
{
    static const char *const users[] = {"dvcd", "dvcd_owner", "dvcd_app", "dvcd_audit"};

    snprintf(ret, CLUSTER_CONNINFO_SIZE, "host='%s' dbname=%s user=%s", place->socket,
             CLUSTER_DATABASE, users[role]);
}

/* Written beside and renamed, so that a crash leaves the old file or the new one. */
static int write_file(const struct cluster_place *place, const char *name, const struct buf *text)
{
    char path[PATH_MAX + 32], fresh[PATH_MAX + 40];
    int fd, rc = 0;

    if (text->overflow)
        return -EFBIG;
    snprintf(path, sizeof(path), "%s/%s", place->data, name);
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    (void)unlink(fresh);
    fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -errno;
    if (write(fd, text->ptr, text->len) != (ssize_t)text->len || fsync(fd) != 0 ||
        (place->switches && fchown(fd, place->uid, place->gid) != 0))
        rc = errno != 0 ? -errno : -EIO;
    close(fd);
    if (rc == 0 && rename(fresh, path) != 0)
        rc = -errno;
    return rc;
}

static void quote(struct buf *out, const char *text)
{
    buf_addc(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            buf_addc(out, *text);
        buf_addc(out, *text);
    }
    buf_addc(out, '\'');
}

/* A segment appears under its name only when it is whole and on the disk, so a crash at any moment
 * leaves nothing that restores wrongly. One that is there already, from before a crash of the
 * server, must be the same: another cluster's WAL is never overwritten. */
static void write_archive(struct buf *text, const struct cluster_settings *settings)
{
    const char *dir = settings->wal_dir;

    if (settings->recover)
        dir = NULL; /* the copy leaves the archive of the original alone */
    buf_addf(text, "archive_mode = %s\n", dir != NULL ? "on" : "off");
    if (dir == NULL)
        return;
    buf_addf(text, "archive_timeout = %u\n", settings->wal_seconds);
    buf_addf(text,
             "archive_command = 'd=\"%s\"; f=\"$d/%%f.gz\"; if test -e \"$f\"; then "
             "gzip -dc \"$f\" | cmp -s - \"%%p\"; else "
             "gzip -1 < \"%%p\" > \"$d/%%f.new\" && sync \"$d/%%f.new\" && "
             "mv \"$d/%%f.new\" \"$f\" && sync \"$d\"; fi'\n",
             dir);
}

static void write_recovery(struct buf *text, const struct cluster_settings *settings)
{
    if (!settings->recover)
        return;
    if (settings->wal_from != NULL)
        buf_addf(text, "restore_command = 'gzip -dc < \"%s/%%f.gz\" > \"%%p\"'\n",
                 settings->wal_from);
    else
        buf_adds(text, "restore_command = 'false'\n");
    if (settings->until != NULL && settings->until[0] != '\0')
        buf_addf(text, "recovery_target_time = '%s'\n", settings->until);
    buf_adds(text, "recovery_target_action = promote\n"
                   "hot_standby = off\n");
}

/* Letters that mean something to the shell, to the server's settings or to its commands. */
static bool plain_path(const char *path)
{
    return path == NULL || (path[0] == '/' && strpbrk(path, "'\"\\%$`\n") == NULL);
}

static int take_wal_dir(const struct cluster_place *place, const struct cluster_settings *settings)
{
    if (!plain_path(settings->wal_dir) || !plain_path(settings->wal_from))
        return CLUSTER_E_WAL_DIR;
    if (settings->until != NULL && strpbrk(settings->until, "'\\\n") != NULL)
        return -EINVAL;
    if (settings->wal_dir == NULL || settings->recover)
        return 0;
    if (cluster_place_own_dir(place, settings->wal_dir) != 0 ||
        !cluster_place_reaches(place, settings->wal_dir))
        return CLUSTER_E_WAL_DIR;
    return 0;
}

static int write_conf(const struct cluster_place *place, const struct cluster_settings *settings)
{
    struct buf text = BUF_INIT(CONFIG_MAX);
    int rc;

    buf_adds(&text, "# Written by dvcd at every start; put own settings into postgresql.auto.conf\n"
                    "# with ALTER SYSTEM.\n"
                    "listen_addresses = ''\n");
    buf_addf(&text, "unix_socket_permissions = %s\n", place->client != NULL ? "0770" : "0700");
    if (place->client != NULL)
        buf_addf(&text, "unix_socket_group = '%u'\n", (unsigned)place->client_gid);
    buf_adds(&text, "unix_socket_directories = ");
    quote(&text, place->socket);
    buf_addf(&text, "\nmax_connections = %u\nshared_buffers = %uMB\n", settings->max_connections,
             settings->shared_buffers_mb);
    buf_adds(&text, "# An acknowledged dossier must survive a power cut.\n"
                    "fsync = on\n"
                    "full_page_writes = on\n"
                    "synchronous_commit = on\n"
                    "wal_level = replica\n"
                    "wal_buffers = 16MB\n"
                    "wal_compression = lz4\n"
                    "default_toast_compression = lz4\n"
                    "max_wal_size = 1GB\n"
                    "min_wal_size = 128MB\n"
                    "checkpoint_timeout = 15min\n"
                    "checkpoint_completion_target = 0.9\n"
                    "idle_in_transaction_session_timeout = 60s\n"
                    "tcp_keepalives_idle = 30\n"
                    "timezone = 'Asia/Ho_Chi_Minh'\n"
                    "log_timezone = 'Asia/Ho_Chi_Minh'\n"
                    "datestyle = 'ISO, YMD'\n"
                    "log_min_messages = warning\n"
                    "# A failing statement's text or values may hold personal data.\n"
                    "log_min_error_statement = panic\n"
                    "log_error_verbosity = terse\n"
                    "log_parameter_max_length = 0\n"
                    "log_parameter_max_length_on_error = 0\n"
                    "autovacuum_naptime = 20s\n"
                    "jit = off\n");
    write_archive(&text, settings);
    write_recovery(&text, settings);
    rc = write_file(place, "dvcd.conf", &text);
    buf_release(&text);
    return rc;
}

static int write_access(const struct cluster_place *place)
{
    struct buf hba = BUF_INIT(CONFIG_MAX), ident = BUF_INIT(CONFIG_MAX);
    static const char *const roles[] = {"dvcd", "dvcd_owner", "dvcd_app", "dvcd_audit"};
    int rc;

    buf_adds(&hba, "# Written by dvcd at every start.\n"
                   "local all all peer map=dvcd\n"
                   "local replication dvcd peer map=dvcd\n");
    buf_adds(&ident, "# Written by dvcd at every start: who may come in as whom.\n");
    for (size_t i = 0; i < DVC_COUNT(roles); i++) {
        buf_addf(&ident, "dvcd \"%s\" %s\n", place->daemon_user, roles[i]);
        if (place->switches)
            buf_addf(&ident, "dvcd \"%s\" %s\n", place->db_user, roles[i]);
        /* Who serves the public owns nothing. */
        if (place->client != NULL && (i == CLUSTER_APP || i == CLUSTER_AUDIT))
            buf_addf(&ident, "dvcd \"%s\" %s\n", place->client, roles[i]);
    }
    rc = write_file(place, "pg_hba.conf", &hba);
    if (rc == 0)
        rc = write_file(place, "pg_ident.conf", &ident);
    buf_release(&hba);
    buf_release(&ident);
    return rc;
}

int cluster_place_configure(const struct cluster_place *place,
                            const struct cluster_settings *settings)
{
    int rc = take_wal_dir(place, settings);

    if (rc == 0)
        rc = write_conf(place, settings);
    return rc == 0 ? write_access(place) : rc;
}
