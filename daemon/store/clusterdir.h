/* clusterdir.h - the embedded cluster's place in the file system: programs, user, folders, files.
 */
#ifndef DVC_STORE_CLUSTERDIR_H
#define DVC_STORE_CLUSTERDIR_H

#include <limits.h>
#include <sys/types.h>

#include "store/cluster.h"

#define CLUSTER_DATABASE "dvcd"
#define CLUSTER_CONNINFO_SIZE 256

struct cluster_place {
    char bin[PATH_MAX - 64];  /* folder of initdb and postgres */
    char base[PATH_MAX - 64]; /* settings.dir, absolute */
    char data[PATH_MAX];      /* base/pg */
    char log[PATH_MAX];       /* base/pg.log */
    char socket[96];          /* folder of the socket */
    char daemon_user[64];     /* who we are */
    char db_user[64];         /* who PostgreSQL runs as */
    uid_t uid;                /* of db_user */
    gid_t gid;
    bool switches; /* db_user is another user than ours: we are root */
    const char *client; /* settings.client */
    gid_t client_gid;
};

/* Fills the place and makes base (0755, or as it is) if missing. 0, -errno or CLUSTER_E_*. */
int cluster_place_find(const struct cluster_settings *settings,
                       struct cluster_place *ret) DVC_MUSTCHECK;
/* The place of a cluster that is there already: makes nothing and takes no lock. As root, db_user
 * is the data folder's owner, whoever that is. `socket` is "" when none is there. 0, -ENOENT (no
 * cluster was made there), -errno or CLUSTER_E_*. */
int cluster_place_look(const struct cluster_settings *settings,
                       struct cluster_place *ret) DVC_MUSTCHECK;
/* Only the programs, run as `uid`: for a server of somebody else's. 0 or CLUSTER_E_*. */
int cluster_place_programs(const struct cluster_settings *settings, uid_t uid,
                           struct cluster_place *ret) DVC_MUSTCHECK;
/* libpq's text for a role, on the place's socket. */
void cluster_place_conninfo(const struct cluster_place *place, enum cluster_role role,
                            char ret[CLUSTER_CONNINFO_SIZE]);
/* Whether db_user can go through every folder down to `path`. */
bool cluster_place_reaches(const struct cluster_place *place, const char *path);
/* Whether db_user can read a file. */
bool cluster_place_reads(const struct cluster_place *place, const char *path);
/* Makes a folder of db_user's own with mode 0700, or checks that it is one. 0 or -errno. */
int cluster_place_own_dir(const struct cluster_place *place, const char *path) DVC_MUSTCHECK;
/* Chooses and makes the socket's folder. 0 or CLUSTER_E_SOCKET. */
int cluster_place_socket(struct cluster_place *place) DVC_MUSTCHECK;
/* Makes the folder of archived WAL, writes base/pg/dvcd.conf, pg_hba.conf and pg_ident.conf. 0,
 * -errno or CLUSTER_E_WAL_DIR. */
int cluster_place_configure(const struct cluster_place *place,
                            const struct cluster_settings *settings) DVC_MUSTCHECK;

#endif
