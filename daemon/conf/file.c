#include "conf/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *reason(int error)
{
    switch (error) {
    case ENOENT:
        return "không có tệp này";
    case EACCES:
    case EPERM:
        return "không có quyền đọc";
    case EISDIR:
        return "đây là thư mục, cần một tệp";
    case ENOTDIR:
        return "đây không phải thư mục";
    default:
        return strerror(error);
    }
}

static void closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

int conf_file_read(struct arena *arena, const char *path, const char *file, size_t max,
                   struct conf_errors *errors, struct slice *ret)
{
    int fd DVC_CLEANUP(closep) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    char *text;
    size_t len = 0;

    if (fd < 0 || fstat(fd, &info) < 0) {
        conf_error(errors, file, 0, 0, "không đọc được: %s", reason(errno));
        return CONF_E_BAD;
    }
    if (!S_ISREG(info.st_mode)) {
        conf_error(errors, file, 0, 0, "không đọc được: không phải tệp thường");
        return CONF_E_BAD;
    }
    if ((uint64_t)info.st_size > max) {
        conf_error(errors, file, 0, 0, "tệp có %lld byte, nhiều nhất được %zu byte",
                   (long long)info.st_size, max);
        return CONF_E_BAD;
    }
    text = arena_alloc(arena, (size_t)info.st_size + 1);
    while (len < (size_t)info.st_size) {
        ssize_t got = read(fd, text + len, (size_t)info.st_size - len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            conf_error(errors, file, 0, 0, "không đọc được: %s", reason(errno));
            return CONF_E_BAD;
        }
        if (got == 0)
            break;
        len += (size_t)got;
    }
    *ret = (struct slice){text, len};
    return 0;
}

static int name_cmp(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void closedirp(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

int conf_folder_list(struct arena *arena, const char *path, const char *folder, const char *suffix,
                     size_t max, struct conf_errors *errors, const char ***ret, size_t *ret_count)
{
    DIR *dir DVC_CLEANUP(closedirp) = opendir(path);
    const char **names = NULL;
    size_t count = 0, cap = 0;
    struct dirent *entry;

    if (dir == NULL) {
        conf_error(errors, folder, 0, 0, "không đọc được thư mục: %s", reason(errno));
        return CONF_E_BAD;
    }
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.' || !slice_ends(slice_str(entry->d_name), suffix))
            continue;
        if (count == max) {
            conf_error(errors, folder, 0, 0, "thư mục có quá nhiều tệp, nhiều nhất được %zu", max);
            return CONF_E_BAD;
        }
        names = arena_grow(arena, names, count, &cap, sizeof(*names));
        names[count++] = arena_str(arena, entry->d_name);
    }
    if (count > 1)
        qsort(names, count, sizeof(*names), name_cmp);
    *ret = names;
    *ret_count = count;
    return 0;
}

const char *conf_path(struct arena *arena, const char *dir, const char *path)
{
    if (path[0] == '/')
        return arena_str(arena, path);
    for (;;) {
        if (path[0] == '.' && path[1] == '/') {
            path += 2;
        } else if (strncmp(path, "../", 3) == 0 && strrchr(dir, '/') > dir) {
            dir = conf_dirname(arena, dir);
            path += 3;
        } else {
            break;
        }
    }
    return arena_printf(arena, "%s/%s", dir, path);
}

const char *conf_dirname(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return ".";
    if (slash == path)
        return "/";
    return arena_slice_str(arena, (struct slice){path, (size_t)(slash - path)});
}

const char *conf_basename(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

const char *conf_shown(struct arena *arena, const char *path)
{
    char *here = getcwd(NULL, 0);
    size_t len = here == NULL ? 0 : strlen(here);
    const char *name = path;

    if (len > 1 && strncmp(path, here, len) == 0 && path[len] == '/')
        name = path + len + 1;
    free(here);
    return arena_str(arena, name);
}
