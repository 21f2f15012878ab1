#include "ctl/backupset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/jw.h"
#include "base/value.h"

#define FORMAT 1
#define MANIFEST_MAX 65536
#define WAL_NAME 24 /* hexadecimal digits: timeline, log, segment */

void backup_name(wall_t at, char ret[32])
{
    struct civil utc = wall_civil((wall_t){at.us - 7 * US_PER_HOUR});

    snprintf(ret, 32, "%04d%02d%02dT%02d%02d%02dZ", utc.year, utc.month, utc.day, utc.hour,
             utc.minute, utc.second);
}

static void write_members(struct jw *jw, const struct backup *backup)
{
    struct buf system = BUF_INIT(64);

    buf_add_hex(&system, &backup->system, sizeof(backup->system));
    jw_object(jw);
    jw_kv_int(jw, "format", FORMAT);
    jw_kv_wall(jw, "started", backup->started);
    jw_kv_wall(jw, "finished", backup->finished);
    jw_kv_int(jw, "files", backup->size.files);
    jw_kv_int(jw, "bytes", backup->size.bytes);
    jw_kv_int(jw, "schema_version", backup->schema_version);
    jw_kv_str(jw, "system", system.ptr);
    jw_kv_str(jw, "wal_from", backup->wal_from);
    jw_kv_str(jw, "wal_to", backup->wal_to);
    jw_kv_str(jw, "wal_file", backup->wal_file);
    jw_kv_str(jw, "wal_dir", backup->wal_dir);
    jw_end_object(jw);
    buf_release(&system);
}

int backup_write(const struct backup *backup)
{
    struct buf text = BUF_INIT(MANIFEST_MAX);
    struct jw jw = JW_INIT(&text);
    char path[4200];
    int fd, r = 0;

    write_members(&jw, backup);
    buf_addc(&text, '\n');
    snprintf(path, sizeof(path), "%s/backup.json", backup->path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        r = -errno;
    } else {
        if (write(fd, text.ptr, text.len) != (ssize_t)text.len || fsync(fd) != 0)
            r = errno != 0 ? -errno : -EIO;
        close(fd);
    }
    buf_release(&text);
    return r;
}

static bool take_text(const struct value *tree, const char *name, char *ret, size_t size)
{
    const char *text = value_get_str(tree, name);

    if (text == NULL || strlen(text) >= size)
        return false;
    memcpy(ret, text, strlen(text) + 1);
    return true;
}

static bool take_wall(const struct value *tree, const char *name, wall_t *ret)
{
    const char *text = value_get_str(tree, name);

    return text != NULL && wall_parse(slice_str(text), ret) == 0;
}

static int take_members(const struct value *tree, struct backup *backup)
{
    char system[32];

    backup->size.files = value_get_int(tree, "files", -1);
    backup->size.bytes = value_get_int(tree, "bytes", -1);
    backup->schema_version = (int)value_get_int(tree, "schema_version", 0);
    if (value_get_int(tree, "format", 0) != FORMAT || backup->size.files < 0 ||
        backup->size.bytes < 0 || !take_wall(tree, "started", &backup->started) ||
        !take_wall(tree, "finished", &backup->finished) ||
        !take_text(tree, "system", system, sizeof(system)) ||
        !take_text(tree, "wal_from", backup->wal_from, sizeof(backup->wal_from)) ||
        !take_text(tree, "wal_to", backup->wal_to, sizeof(backup->wal_to)) ||
        !take_text(tree, "wal_file", backup->wal_file, sizeof(backup->wal_file)) ||
        !take_text(tree, "wal_dir", backup->wal_dir, sizeof(backup->wal_dir)))
        return -EINVAL;
    return hex_parse(slice_str(system), &backup->system, sizeof(backup->system));
}

int backup_read(const char *path, struct backup *ret)
{
    struct backup backup = {0};
    struct arena *arena;
    struct value *tree;
    struct json_error error;
    char text[MANIFEST_MAX], file[4200];
    ssize_t len;
    int fd, r;

    if (strlen(path) >= sizeof(backup.path))
        return -ENAMETOOLONG;
    snprintf(file, sizeof(file), "%s/backup.json", path);
    fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return -errno;
    len = read(fd, text, sizeof(text));
    close(fd);
    if (len < 0)
        return -EIO;
    arena = arena_new();
    r = json_parse(arena, (struct slice){text, (size_t)len}, 4, &tree, &error) == 0
            ? take_members(tree, &backup)
            : -EINVAL;
    arena_free(arena);
    if (r != 0)
        return r;
    memcpy(backup.path, path, strlen(path) + 1);
    backup_name(backup.started, backup.name);
    *ret = backup;
    return 0;
}

static int by_start(const void *a, const void *b)
{
    const struct backup *x = a, *y = b;

    return (x->started.us > y->started.us) - (x->started.us < y->started.us);
}

int backup_set(struct arena *arena, const char *dir, struct backup **ret, size_t *ret_count)
{
    DIR *folder = opendir(dir);
    struct backup *items = NULL;
    struct dirent *entry;
    size_t count = 0, cap = 0;

    if (folder == NULL)
        return -errno;
    while ((entry = readdir(folder)) != NULL) {
        char path[4096];
        struct backup found;

        if (entry->d_name[0] == '.' ||
            snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) >= (int)sizeof(path))
            continue;
        if (backup_read(path, &found) != 0)
            continue;
        items = arena_grow(arena, items, count, &cap, sizeof(*items));
        items[count++] = found;
    }
    closedir(folder);
    if (count > 1)
        qsort(items, count, sizeof(*items), by_start);
    *ret = items;
    *ret_count = count;
    return 0;
}

int backup_sweep(const char *dir)
{
    DIR *folder = opendir(dir);
    struct dirent *entry;
    int r = 0;

    if (folder == NULL)
        return -errno;
    while (r == 0 && (entry = readdir(folder)) != NULL) {
        char path[4096];

        if (strncmp(entry->d_name, BACKUP_PART, strlen(BACKUP_PART)) == 0 &&
            snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) < (int)sizeof(path))
            r = tree_remove(path);
    }
    closedir(folder);
    return r;
}

int backup_remove(const struct backup *backup)
{
    const char *slash = strrchr(backup->path, '/');
    char going[4200];

    snprintf(going, sizeof(going), "%.*s/" BACKUP_PART "old-%s", (int)(slash - backup->path),
             backup->path, slash + 1);
    if (rename(backup->path, going) != 0)
        return -errno;
    return tree_remove(going);
}

/* A segment, its part, or the label of a backup: all start with the segment's name. */
static bool is_segment(const char *name)
{
    return strspn(name, "0123456789ABCDEF") == WAL_NAME;
}

int backup_prune_wal(const char *wal_dir, const char *first)
{
    DIR *folder = opendir(wal_dir);
    struct dirent *entry;
    int removed = 0;

    if (folder == NULL)
        return -errno;
    if (strlen(first) < WAL_NAME) {
        closedir(folder);
        return -EINVAL;
    }
    while ((entry = readdir(folder)) != NULL) {
        /* The first eight digits are the timeline: what counts is the place in the log. */
        if (!is_segment(entry->d_name) || strncmp(entry->d_name + 8, first + 8, WAL_NAME - 8) >= 0)
            continue;
        if (unlinkat(dirfd(folder), entry->d_name, 0) == 0)
            removed++;
    }
    closedir(folder);
    return removed;
}

int backup_system_of(const char *data, uint64_t *ret)
{
    char path[4200];
    ssize_t len;
    int fd;

    snprintf(path, sizeof(path), "%s/global/pg_control", data);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    len = read(fd, ret, sizeof(*ret)); /* its first member */
    close(fd);
    return len == (ssize_t)sizeof(*ret) ? 0 : -EIO;
}
