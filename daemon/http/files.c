#include "http/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/reply.h"

#define FILES_MAX 512
#define FILE_BYTES_MAX (4u << 20)
#define ALL_BYTES_MAX (32u << 20)
#define DEPTH_MAX 8

static const struct {
    const char *extension, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".webmanifest", "application/manifest+json; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
};

static const char client_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

struct file {
    char *path; /* "/assets/app.js" */
    const char *type;
    char *data;
    size_t size;
    char etag[SHA256_HEX_SIZE + 2];
};

struct files {
    struct file *items; /* sorted by path */
    size_t count, cap, bytes;
};

struct loading {
    struct files *files;
    struct buf path; /* below the served folder, starts with '/' */
};

static const char *type_of(struct slice name)
{
    for (size_t i = 0; i < DVC_COUNT(types); i++) {
        if (slice_ends(name, types[i].extension))
            return types[i].type;
    }
    return NULL;
}

static int read_all(int fd, char *data, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t got = read(fd, data + done, size - done);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -errno : -EIO; /* it shrank while we read */
        done += (size_t)got;
    }
    return 0;
}

static void set_etag(struct file *file)
{
    file->etag[0] = '"';
    sha256_hex(sha256_of((struct slice){file->data, file->size}), file->etag + 1);
    file->etag[SHA256_HEX_SIZE] = '"';
    file->etag[SHA256_HEX_SIZE + 1] = '\0';
}

static int load_file(struct loading *loading, int fd, size_t size)
{
    struct files *files = loading->files;
    const char *type = type_of(buf_slice(&loading->path));
    struct file *file;
    int result;

    if (!type)
        return FILES_E_TYPE;
    if (files->count == FILES_MAX || size > FILE_BYTES_MAX || files->bytes + size > ALL_BYTES_MAX)
        return FILES_E_LARGE;
    if (files->count == files->cap) {
        files->cap = files->cap ? files->cap * 2 : 16;
        files->items = dvc_realloc(files->items, files->cap * sizeof(*files->items));
    }
    file = &files->items[files->count];
    file->data = dvc_malloc(size + 1);
    result = read_all(fd, file->data, size);
    if (result < 0) {
        free(file->data);
        return result;
    }
    file->path = dvc_strdup(loading->path.ptr);
    file->type = type;
    file->size = size;
    set_etag(file);
    files->bytes += size;
    files->count++;
    return 0;
}

static int load_dir(struct loading *loading, int fd, int depth);

/* `name` inside the folder `dir_fd`; loading->path names it already. */
static int load_entry(struct loading *loading, int dir_fd, const char *name, int depth)
{
    int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    int result;

    if (fd < 0)
        return -errno;
    if (fstat(fd, &info) < 0) {
        result = -errno;
    } else if (S_ISDIR(info.st_mode)) {
        return load_dir(loading, fd, depth + 1);
    } else if (S_ISREG(info.st_mode)) {
        result = load_file(loading, fd, (size_t)info.st_size);
    } else {
        result = FILES_E_TYPE;
    }
    close(fd);
    return result;
}

/* Takes over `fd`. On failure loading->path stays at the culprit. */
static int load_dir(struct loading *loading, int fd, int depth)
{
    DIR *dir = depth > DEPTH_MAX ? NULL : fdopendir(fd);
    size_t len = loading->path.len;
    struct dirent *entry;
    int result = 0;

    if (!dir) {
        result = depth > DEPTH_MAX ? FILES_E_LARGE : -errno;
        close(fd);
        return result;
    }
    while (result == 0 && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        buf_truncate(&loading->path, len);
        buf_addc(&loading->path, '/');
        buf_adds(&loading->path, entry->d_name);
        result = load_entry(loading, dirfd(dir), entry->d_name, depth);
    }
    if (result == 0)
        buf_truncate(&loading->path, len);
    closedir(dir);
    return result;
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

int files_load(const char *dir, struct files **ret, char **ret_name)
{
    struct loading loading = {.path = BUF_INIT(4096)};
    int fd = open(dir, O_RDONLY | O_CLOEXEC | O_DIRECTORY), result;

    if (fd < 0) {
        result = -errno;
        if (ret_name)
            *ret_name = dvc_strdup(dir);
        return result;
    }
    loading.files = dvc_calloc(1, sizeof(*loading.files));
    result = load_dir(&loading, fd, 0);
    if (result == 0) {
        if (loading.files->count > 0)
            qsort(loading.files->items, loading.files->count, sizeof(struct file), compare_files);
        *ret = loading.files;
    } else {
        if (ret_name)
            *ret_name = dvc_strdup(loading.path.ptr);
        files_free(loading.files);
    }
    buf_release(&loading.path);
    return result;
}

struct files *files_free(struct files *files)
{
    if (!files)
        return NULL;
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
        free(files->items[i].data);
    }
    free(files->items);
    free(files);
    return NULL;
}

size_t files_count(const struct files *files)
{
    return files->count;
}

static const struct file *find_file(const struct files *files, struct slice path)
{
    size_t low = 0, high = files->count;

    if (slice_is(path, "/"))
        path = SLICE_LIT("/index.html");
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_cmp(path, slice_str(files->items[middle].path));

        if (order == 0)
            return &files->items[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool files_has(const struct files *files, struct slice path)
{
    return find_file(files, path) != NULL;
}

void files_reply(const struct files *files, struct request *req)
{
    const struct file *file = find_file(files, req->path);

    DVC_REQUIRE(file);
    reply_header_str(req, "Cache-Control", "no-cache");
    reply_header_str(req, "Content-Security-Policy", client_policy);
    if (request_etag_matches(req, slice_str(file->etag))) {
        reply_not_modified(req, slice_str(file->etag));
        return;
    }
    reply_header_str(req, "ETag", file->etag);
    reply_bytes(req, 200, file->type, NULL, (struct slice){file->data, file->size});
}
