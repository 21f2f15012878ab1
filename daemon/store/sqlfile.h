/* sqlfile.h - reads SQL files from a folder, in the order of their names. */
#ifndef DVC_STORE_SQLFILE_H
#define DVC_STORE_SQLFILE_H

#include "base/check.h"

#define SQL_FILE_MAX (1024 * 1024)

struct sql_files {
    char **names; /* of files ending in ".sql", bytewise sorted */
    size_t count;
};

int sql_files_list(const char *dir, struct sql_files *ret) DVC_MUSTCHECK; /* 0 or -errno */
void sql_files_release(struct sql_files *files);
/* The whole text, NUL-terminated, to be freed by the caller. 0, -errno, -EFBIG, or -EILSEQ when it
 * holds a NUL. `dir` may be NULL: then `name` is the path. */
int sql_file_read(const char *dir, const char *name, char **ret_text) DVC_MUSTCHECK;

#endif
