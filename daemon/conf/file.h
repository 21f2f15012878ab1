/* file.h - the bytes of a configuration file, and the names of a folder's files. */
#ifndef DVC_CONF_FILE_H
#define DVC_CONF_FILE_H

#include "base/arena.h"
#include "conf/errors.h"

enum {
    CONF_E_BAD = 1, /* of every reader in conf/: at least one error was added to `errors` */
};

/* The whole file, at most `max` bytes. A file that cannot be read is an error without a place. */
int conf_file_read(struct arena *arena, const char *path, const char *file, size_t max,
                   struct conf_errors *errors, struct slice *ret) DVC_MUSTCHECK;
/* Names ending in `suffix` (without the folder), sorted bytewise; hidden ones are left out. A
 * folder that cannot be read is an error, at most `max` names are taken and more are an error. */
int conf_folder_list(struct arena *arena, const char *path, const char *folder, const char *suffix,
                     size_t max, struct conf_errors *errors, const char ***ret,
                     size_t *ret_count) DVC_MUSTCHECK;
/* `path` itself when absolute, else `dir`/`path` with leading ./ and ../ taken off by their text.
 */
const char *conf_path(struct arena *arena, const char *dir, const char *path);
/* The folder part of a path, "." when it has none. */
const char *conf_dirname(struct arena *arena, const char *path);
/* The part after the last slash. */
const char *conf_basename(const char *path);
/* As people would type it from where they are: without the working directory in front. */
const char *conf_shown(struct arena *arena, const char *path);

#endif
