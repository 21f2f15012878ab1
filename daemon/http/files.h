/* files.h - the web client's files, read once at start and served from memory. */
#ifndef DVC_HTTP_FILES_H
#define DVC_HTTP_FILES_H

#include "http/request.h"

struct files;

enum {
    FILES_E_TYPE = 1, /* a file whose extension is not in the allow-list */
    FILES_E_LARGE,    /* more than 512 files, one over 4 MiB, or 32 MiB in all */
};

/* Reads `dir` and its folders, and packs what gets smaller; names that start with '.' are left out,
 * symbolic links refused. "/" is index.html. 0, -errno, or FILES_E_*; on failure *ret_name (if not
 * NULL) tells the file and is the caller's to free. */
int files_load(const char *dir, struct files **ret, char **ret_name) DVC_MUSTCHECK;
/* Adds "/lib/...": the libraries of Debian's packages that pages load, from below `dir` (the
 * setting paths.javascript). A page does without one that is not there: returns how many are not,
 * and in *ret_missing (if not NULL) the first one's path below `dir`. */
size_t files_add_libraries(struct files *files, const char *dir, const char **ret_missing);
struct files *files_free(struct files *files);
/* True when the path names a file of ours. */
bool files_has(const struct files *files, struct slice path);
/* Answers GET or HEAD of such a path: strong ETag, 304, gzip for who takes it, the client's own
 * CSP. */
void files_reply(const struct files *files, struct request *req);

#endif
