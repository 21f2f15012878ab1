/* datadir.h - where what belongs to the program lies: installed, or in the source tree it was built
 * from. */
#ifndef DVC_CONF_DATADIR_H
#define DVC_CONF_DATADIR_H

/* The folder of "sql" or "web": $DVCD_SHARE/<name>, else that of the installation, else that of the
 * source tree beside the build folder. Absolute, the caller frees it; NULL when none is
 * there. */
char *datadir_find(const char *name);

#endif
