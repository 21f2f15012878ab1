#include "ctl/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "base/slice.h"

#define FOLDERS_OPEN 32

/* nftw has no context of its own. */
static struct {
    FILE *list;
    struct tree_size size;
    const char *to;
    size_t from_len;
    uid_t uid;
    gid_t gid;
    int error;
} walk;

int tree_flush(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int r = 0;

    if (fd < 0)
        return -errno;
    if (fsync(fd) != 0)
        r = -errno;
    close(fd);
    return r;
}

static int list_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)at;
    if (kind == FTW_DNR || kind == FTW_NS) {
        walk.error = -EACCES;
        return 1;
    }
    if (kind != FTW_F || !S_ISREG(st->st_mode))
        return 0;
    walk.size.files++;
    walk.size.bytes += st->st_size;
    if (walk.list != NULL &&
        fprintf(walk.list, "%lld\t%s\n", (long long)st->st_size, path + walk.from_len + 1) < 0) {
        walk.error = -EIO;
        return 1;
    }
    return 0;
}

int tree_list(const char *dir, const char *list, struct tree_size *ret)
{
    memset(&walk, 0, sizeof(walk));
    walk.from_len = strlen(dir);
    if (list != NULL) {
        walk.list = fopen(list, "wex");
        if (walk.list == NULL)
            return -errno;
    }
    if (nftw(dir, list_entry, FOLDERS_OPEN, FTW_PHYS) != 0 && walk.error == 0)
        walk.error = errno != 0 ? -errno : -EIO;
    if (walk.list != NULL) {
        if (walk.error == 0 && (fflush(walk.list) != 0 || fsync(fileno(walk.list)) != 0))
            walk.error = -errno;
        fclose(walk.list);
    }
    if (walk.error == 0)
        *ret = walk.size;
    return walk.error;
}

int tree_compare(const char *dir, const char *list, char *ret_path)
{
    FILE *file = fopen(list, "re");
    char *line = NULL;
    size_t cap = 0;
    int r = 0;

    if (file == NULL)
        return -errno;
    while (r == 0 && getline(&line, &cap, file) > 0) {
        char *tab = strchr(line, '\t'), path[PATH_MAX];
        struct slice rest = slice_str(line), number;
        struct stat st;
        int64_t bytes;

        if (tab == NULL || !slice_next(&rest, '\t', &number) ||
            num_parse_i64(number, 0, INT64_MAX, &bytes) != 0) {
            r = -EINVAL;
            break;
        }
        tab[strcspn(tab, "\n")] = '\0';
        snprintf(path, sizeof(path), "%s/%s", dir, tab + 1);
        if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size != bytes) {
            snprintf(ret_path, PATH_MAX, "%s", tab + 1);
            r = TREE_E_DIFFERS;
        }
    }
    free(line);
    fclose(file);
    return r;
}

static int pour(int in, int out)
{
    ssize_t n;

    while ((n = copy_file_range(in, NULL, out, NULL, 1 << 26, 0)) > 0)
        ;
    return n < 0 ? -errno : 0;
}

static int copy_file(const char *from, const char *to, uid_t uid, gid_t gid, bool flush)
{
    struct stat st;
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), out = -1, r = 0;

    if (in < 0)
        return -errno;
    if (fstat(in, &st) != 0)
        r = -errno;
    if (r == 0) {
        (void)unlink(to);
        out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0700);
        r = out < 0 ? -errno : pour(in, out);
    }
    if (r == 0 && geteuid() == 0 && fchown(out, uid, gid) != 0)
        r = -errno;
    if (r == 0 && flush && fsync(out) != 0)
        r = -errno;
    if (out >= 0)
        close(out);
    close(in);
    return r;
}

int tree_copy_file(const char *from, const char *to, uid_t uid, gid_t gid)
{
    return copy_file(from, to, uid, gid, true);
}

static int copy_link(const char *from, const char *to)
{
    char target[PATH_MAX];
    ssize_t len = readlink(from, target, sizeof(target) - 1);

    if (len < 0)
        return -errno;
    target[len] = '\0';
    if (symlink(target, to) != 0 || (geteuid() == 0 && lchown(to, walk.uid, walk.gid) != 0))
        return -errno;
    return 0;
}

static int copy_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    char to[PATH_MAX];

    (void)at;
    if (snprintf(to, sizeof(to), "%s%s", walk.to, path + walk.from_len) >= (int)sizeof(to))
        walk.error = -ENAMETOOLONG;
    else if (kind == FTW_DNR || kind == FTW_NS)
        walk.error = -EACCES;
    else if (kind == FTW_D && (mkdir(to, st->st_mode & 0700) != 0 ||
                               (geteuid() == 0 && chown(to, walk.uid, walk.gid) != 0)))
        walk.error = -errno;
    else if (kind == FTW_SL)
        walk.error = copy_link(path, to);
    else if (kind == FTW_F && S_ISREG(st->st_mode))
        walk.error = copy_file(path, to, walk.uid, walk.gid, false);
    return walk.error != 0;
}

static int flush_all(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;

    if (fd < 0)
        return -errno;
    if (syncfs(fd) != 0)
        r = -errno;
    close(fd);
    return r;
}

int tree_copy(const char *from, const char *to, uid_t uid, gid_t gid)
{
    memset(&walk, 0, sizeof(walk));
    walk.to = to;
    walk.from_len = strlen(from);
    walk.uid = uid;
    walk.gid = gid;
    if (nftw(from, copy_entry, FOLDERS_OPEN, FTW_PHYS) != 0 && walk.error == 0)
        walk.error = errno != 0 ? -errno : -EIO;
    if (walk.error == 0)
        walk.error = flush_all(to); /* a thousand files at once, much faster than one by one */
    return walk.error;
}

static int keep_mode(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    char to[PATH_MAX];

    (void)at;
    if (kind == FTW_SL)
        return 0;
    if (snprintf(to, sizeof(to), "%s%s", walk.to, path + walk.from_len) >= (int)sizeof(to))
        walk.error = -ENAMETOOLONG;
    else if (chmod(to, st->st_mode & 0777) != 0)
        walk.error = -errno;
    return walk.error != 0;
}

int tree_keep_modes(const char *from, const char *to)
{
    memset(&walk, 0, sizeof(walk));
    walk.to = to;
    walk.from_len = strlen(from);
    if (nftw(from, keep_mode, FOLDERS_OPEN, FTW_PHYS | FTW_DEPTH) != 0 && walk.error == 0)
        walk.error = errno != 0 ? -errno : -EIO;
    return walk.error;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

int tree_remove(const char *dir)
{
    if (nftw(dir, remove_entry, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return -errno;
    return 0;
}

bool tree_is_empty(const char *dir)
{
    DIR *folder = opendir(dir);
    struct dirent *entry;
    bool empty = true;

    if (folder == NULL)
        return errno == ENOENT;
    while ((entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            empty = false;
    closedir(folder);
    return empty;
}
