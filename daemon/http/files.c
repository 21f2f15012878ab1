#include "http/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/gzip.h"
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

/* What pages load beside our own files. node-qrcode-generator, libjs-pdf. */
static const struct {
    const char *path, *file;
} libraries[] = {
    {"/lib/qrcode.js", "javascript/qrcode-generator/qrcode.js"},
    {"/lib/pdf.js", "javascript/pdf/build/pdf.js"},
    {"/lib/pdf.worker.js", "javascript/pdf/build/pdf.worker.js"},
};

/* Pictures a citizen chose are shown from blobs; PDF files of a dossier in frames. */
static const char client_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

struct file {
    char *path; /* "/assets/app.js" */
    const char *type;
    char *data, *packed; /* packed: NULL where gzip does not pay */
    size_t size, packed_size;
    char etag[SHA256_HEX_SIZE + 2], packed_etag[SHA256_HEX_SIZE + 5]; /* each body has its own */
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

static void set_etags(struct file *file)
{
    char hex[SHA256_HEX_SIZE];

    sha256_hex(sha256_of((struct slice){file->data, file->size}), hex);
    snprintf(file->etag, sizeof(file->etag), "\"%s\"", hex);
    snprintf(file->packed_etag, sizeof(file->packed_etag), "\"%s-gz\"", hex);
}

static int load_file(struct files *files, const char *path, int fd, size_t size)
{
    const char *type = type_of(slice_str(path));
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
    *file = (struct file){.type = type, .size = size, .data = dvc_malloc(size + 1)};
    result = read_all(fd, file->data, size);
    if (result < 0) {
        free(file->data);
        return result;
    }
    file->path = dvc_strdup(path);
    if (gzip_pack((struct slice){file->data, size}, &file->packed, &file->packed_size) != 0)
        file->packed = NULL;
    set_etags(file);
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
        result = load_file(loading->files, loading->path.ptr, fd, (size_t)info.st_size);
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

static void sort(struct files *files)
{
    if (files->count > 0)
        qsort(files->items, files->count, sizeof(struct file), compare_files);
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
        sort(loading.files);
        *ret = loading.files;
    } else {
        if (ret_name)
            *ret_name = dvc_strdup(loading.path.ptr);
        files_free(loading.files);
    }
    buf_release(&loading.path);
    return result;
}

/* Links are followed here: Debian's packages share files by them. */
static bool add_library(struct files *files, const char *dir, const char *path, const char *name)
{
    struct buf full = BUF_INIT(4096);
    struct stat info;
    bool added = false;
    int fd;

    buf_addf(&full, "%s/%s", dir, name);
    fd = full.overflow ? -1 : open(full.ptr, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        added = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
                load_file(files, path, fd, (size_t)info.st_size) == 0;
        close(fd);
    }
    buf_release(&full);
    return added;
}

size_t files_add_libraries(struct files *files, const char *dir, const char **ret_missing)
{
    size_t missing = 0;

    for (size_t i = 0; i < DVC_COUNT(libraries); i++) {
        if (add_library(files, dir, libraries[i].path, libraries[i].file))
            continue;
        if (missing++ == 0 && ret_missing)
            *ret_missing = libraries[i].file;
    }
    sort(files);
    return missing;
}

struct files *files_free(struct files *files)
{
    if (!files)
        return NULL;
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
        free(files->items[i].data);
        free(files->items[i].packed);
    }
    free(files->items);
    free(files);
    return NULL;
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
    bool packed;
    const char *etag;

    DVC_REQUIRE(file);
    packed = file->packed && gzip_accepted(request_header(req, "Accept-Encoding"));
    etag = packed ? file->packed_etag : file->etag;
    reply_header_str(req, "Cache-Control", "no-cache");
    reply_header_str(req, "Content-Security-Policy", client_policy);
    reply_header_str(req, "Cross-Origin-Opener-Policy", "same-origin");
    reply_header_str(req, "Permissions-Policy", "camera=(self), microphone=(), geolocation=()");
    if (file->packed)
        reply_header_str(req, "Vary", "Accept-Encoding");
    if (request_etag_matches(req, slice_str(etag))) {
        reply_not_modified(req, slice_str(etag));
        return;
    }
    reply_header_str(req, "ETag", etag);
    if (packed)
        reply_header_str(req, "Content-Encoding", "gzip");
    reply_bytes(req, 200, file->type, NULL,
                packed ? (struct slice){file->packed, file->packed_size}
                       : (struct slice){file->data, file->size});
}
