/* files.h - the web client's files, read once at start and served from memory. */
#ifndef DVC_HTTP_FILES_H
#define DVC_HTTP_FILES_H

#include "http/request.h"

struct files;

enum {
    FILES_E_TYPE = 1, /* a file whose extension is not in the allow-list */
    FILES_E_LARGE,    /* more than 512 files, one over 4 MiB, or 32 MiB in all */
};

/* Reads `dir` and its folders; names that start with '.' are left out, symbolic links refused.
 * "/" is index.html. 0, -errno, or FILES_E_*; on failure *ret_name (if not NULL) tells the file and
 * is the caller's to free. */
int files_load(const char *dir, struct files **ret, char **ret_name) DVC_MUSTCHECK;
struct files *files_free(struct files *files);
size_t files_count(const struct files *files);
/* True when the path names a file of ours. */
bool files_has(const struct files *files, struct slice path);
/* Answers GET or HEAD of such a path: strong ETag, 304, the client's own CSP. */
void files_reply(const struct files *files, struct request *req);

#endif
