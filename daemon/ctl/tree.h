/* tree.h - whole folders: how much they hold, a list of it, a copy, an end. Nothing here follows a
 * link out of its folder. */
#ifndef DVC_CTL_TREE_H
#define DVC_CTL_TREE_H

#include <sys/types.h>

#include "base/check.h"

struct tree_size {
    int64_t files, bytes;
};

/* Writes "<bytes>\t<path below dir>" of every file into the file `list`, flushed to disk, or only
 * adds up when it is NULL. 0 or -errno. */
int tree_list(const char *dir, const char *list, struct tree_size *ret) DVC_MUSTCHECK;
/* Whether `dir` holds every file of `list` with its size. 0, -errno, or TREE_E_DIFFERS with the
 * path in `ret_path` (PATH_MAX). */
enum { TREE_E_DIFFERS = 1 };
int tree_compare(const char *dir, const char *list, char *ret_path) DVC_MUSTCHECK;
/* Copies `from` to the new folder `to`, owned by that user and open to him alone, flushed to disk.
 * Anything but files, folders and links is left out. 0 or -errno. */
int tree_copy(const char *from, const char *to, uid_t uid, gid_t gid) DVC_MUSTCHECK;
/* One file, the same way; replaces what is there. */
int tree_copy_file(const char *from, const char *to, uid_t uid, gid_t gid) DVC_MUSTCHECK;
/* Gives the files and folders of a copy the modes of those it was made of. 0 or -errno. */
int tree_keep_modes(const char *from, const char *to) DVC_MUSTCHECK;
int tree_remove(const char *dir) DVC_MUSTCHECK; /* 0, also when it is not there, or -errno */
int tree_flush(const char *path) DVC_MUSTCHECK; /* fsync of a file or folder. 0 or -errno */
bool tree_is_empty(const char *dir);            /* also when it is not there */

#endif
