#include "store/sqlfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/slice.h"

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int sql_files_list(const char *dir, struct sql_files *ret)
{
    struct sql_files files = {0};
    DIR *handle = opendir(dir);
    struct dirent *entry;

    if (handle == NULL)
        return -errno;
    while ((entry = readdir(handle)) != NULL) {
        struct slice name = slice_str(entry->d_name);

        if (name.len <= 4 || name.ptr[0] == '.' || !slice_ends(name, ".sql"))
            continue;
        files.names = dvc_realloc(files.names, (files.count + 1) * sizeof(*files.names));
        files.names[files.count++] = dvc_strdup(entry->d_name);
    }
    closedir(handle);
    if (files.count > 1)
        qsort(files.names, files.count, sizeof(*files.names), by_text);
    *ret = files;
    return 0;
}

void sql_files_release(struct sql_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->names[i]);
    free(files->names);
    *files = (struct sql_files){0};
}

static int read_all(int fd, char **ret_text)
{
    struct stat st;
    size_t len = 0;
    char *text;

    if (fstat(fd, &st) != 0)
        return -errno;
    if (st.st_size > SQL_FILE_MAX)
        return -EFBIG;
    text = dvc_malloc((size_t)st.st_size + 1);
    while (len < (size_t)st.st_size) {
        ssize_t got = read(fd, text + len, (size_t)st.st_size - len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            free(text);
            return got < 0 ? -errno : -EIO;
        }
        len += (size_t)got;
    }
    text[len] = '\0';
    if (memchr(text, '\0', len) != NULL) {
        free(text);
        return -EILSEQ;
    }
    *ret_text = text;
    return 0;
}

int sql_file_read(const char *dir, const char *name, char **ret_text)
{
    char path[PATH_MAX];
    int fd, rc;

    if (snprintf(path, sizeof(path), "%s%s%s", dir != NULL ? dir : "", dir != NULL ? "/" : "",
                 name) >= (int)sizeof(path))
        return -ENAMETOOLONG;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    rc = read_all(fd, ret_text);
    close(fd);
    return rc;
}
