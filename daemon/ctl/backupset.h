/* backupset.h - a folder of base backups. Each is a folder named by its start (UTC), holding
 *
 *     base/        the cluster's files as pg_basebackup wrote them, with its own manifest
 *     FILES        size and path of each
 *     config/      the configuration, and config.txt what is in it (confcopy.h)
 *     backup.json  what it is; written last but one: the folder gets its name when all is there
 *
 * A folder whose name starts with ".part-" is one that was not finished, or is going away. */
#ifndef DVC_CTL_BACKUPSET_H
#define DVC_CTL_BACKUPSET_H

#include "base/arena.h"
#include "base/wall.h"
#include "ctl/tree.h"

#define BACKUP_PART ".part-"

struct backup {
    char name[32]; /* "20261122T034500Z" */
    char path[4096];
    wall_t started, finished;
    struct tree_size size;
    int schema_version;
    uint64_t system; /* the cluster's identifier */
    char wal_from[32],
        wal_to[32];     /* "0/2000028": replayed at least up to wal_to it is consistent */
    char wal_file[32];  /* the first segment that a restore needs */
    char wal_dir[4096]; /* where WAL was archived then, "" nowhere */
};

void backup_name(wall_t at, char ret[32]);
/* Writes backup->path/backup.json, flushed. 0 or -errno. */
int backup_write(const struct backup *backup) DVC_MUSTCHECK;
/* Reads the one at `path`. 0, -ENOENT when there is no backup.json, -EINVAL when it is none,
 * -errno. */
int backup_read(const char *path, struct backup *ret) DVC_MUSTCHECK;
/* The finished backups below `dir`, oldest first, in the arena. Others are left out. 0 or -errno.
 */
int backup_set(struct arena *arena, const char *dir, struct backup **ret,
               size_t *ret_count) DVC_MUSTCHECK;
/* Removes what was left unfinished. Only under the folder's lock. */
int backup_sweep(const char *dir) DVC_MUSTCHECK;
/* Takes one out of the set at once, then removes it. */
int backup_remove(const struct backup *backup) DVC_MUSTCHECK;
/* Removes archived segments that are older than `first` (the oldest needed). Returns how many, or
 * -errno. */
int backup_prune_wal(const char *wal_dir, const char *first) DVC_MUSTCHECK;
/* The identifier in a cluster's pg_control. 0 or -errno. */
int backup_system_of(const char *data, uint64_t *ret) DVC_MUSTCHECK;

#endif
