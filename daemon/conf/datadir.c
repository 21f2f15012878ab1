#include "conf/datadir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"

static char *if_there(char *path)
{
    if (path != NULL && access(path, R_OK | X_OK) == 0)
        return path;
    free(path);
    return NULL;
}

static char *join(const char *dir, const char *name)
{
    char *path = NULL;

    if (dir == NULL || asprintf(&path, "%s/%s", dir, name) < 0)
        return NULL;
    return if_there(path);
}

char *datadir_find(const char *name)
{
    char *found = join(getenv("DVCD_SHARE"), name);

    if (found == NULL)
        found = join(DVCD_SHARE_DIR, name);
    if (found == NULL && strcmp(name, "web") == 0)
        found = join(DVCD_SOURCE_DIR "/daemon", name);
    if (found == NULL)
        found = join(DVCD_SOURCE_DIR, name);
    return found;
}
