/* confcopy.h - the configuration beside a base backup, so that one folder makes a service whole
 * again on a machine that has nothing: the folder of dvcd.yaml with all that is in it, and what
 * dvcd.yaml names elsewhere (procedures, agencies, calendars, contracts, the certificate and its
 * key). Each lies below BACKUP/config under its own absolute path, modes kept; BACKUP/config.txt
 * names them, a line each. Files that a contract's secret_file or ca_file names outside of them are
 * not found. */
#ifndef DVC_CTL_CONFCOPY_H
#define DVC_CTL_CONFCOPY_H

#include "ctl/ctl.h"

/* Copies into `backup`, owned by that user. `outside` is a folder of backups: a folder with it, or
 * with the data, in it is not configuration. What cannot be copied is said, and the rest goes on.
 * 0 or -errno when nothing could be written at all. */
int confcopy_save(const struct ctl *ctl, const char *backup, const char *outside, uid_t uid,
                  gid_t gid) DVC_MUSTCHECK;
/* Prints the commands that put it where it was, a line each; whether there is anything to put. */
bool confcopy_tell(const char *backup);

#endif
