/* datadir.h - where what belongs to the program lies: installed, or in the source tree it was built
 * from. */
#ifndef DVC_APP_DATADIR_H
#define DVC_APP_DATADIR_H

/* The folder of "sql" or "web": $DVCD_SHARE/<name>, else that of the installation, else that of the
 * source tree beside the build folder. Absolute, for the life of the process; NULL when none is
 * there. */
const char *datadir_find(const char *name);

#endif
