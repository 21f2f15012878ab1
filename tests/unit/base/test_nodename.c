#include "base/nodename.h"

#include "dvc_test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fresh_dir(char ret[32])
{
    snprintf(ret, 32, "/tmp/dvc-nodename-XXXXXX");
    cr_assert(mkdtemp(ret) != NULL);
}

static void drop(const char *dir)
{
    char path[64];

    snprintf(path, sizeof(path), "%s/node", dir);
    (void)unlink(path);
    cr_assert(rmdir(dir) == 0, "nothing else is left in it");
}

static void put(const char *dir, const char *text)
{
    char path[64];
    FILE *file;

    snprintf(path, sizeof(path), "%s/node", dir);
    file = fopen(path, "w");
    cr_assert(file != NULL);
    fputs(text, file);
    fclose(file);
}

DVC_TEST(nodename, tells_two_folders_of_one_host_apart_and_stays_after_a_restart)
{
    char one[32], two[32], a[NODENAME_SIZE], b[NODENAME_SIZE], again[NODENAME_SIZE], host[65] = "";

    fresh_dir(one);
    fresh_dir(two);
    DVC_EQ_INT(nodename_read(one, a), -ENOENT);
    DVC_EQ_INT(nodename_make(one, a), 0);
    DVC_EQ_INT(nodename_make(two, b), 0);
    cr_assert(strcmp(a, b) != 0);
    DVC_EQ_INT(nodename_make(one, again), 0);
    DVC_EQ_STR(again, a);
    DVC_EQ_INT(nodename_read(one, again), 0);
    DVC_EQ_STR(again, a);
    cr_assert(gethostname(host, sizeof(host) - 1) == 0);
    cr_assert(strncmp(a, host, strlen(host)) == 0 && a[strlen(host)] == '/');
    drop(one);
    drop(two);
}

DVC_TEST(nodename, of_a_folder_that_cannot_keep_it_is_the_hosts)
{
    char name[NODENAME_SIZE], dir[32];

    DVC_EQ_INT(nodename_make("/nowhere/at/all", name), -ENOENT);
    cr_assert(name[0] != '\0' && strchr(name, '/') == NULL);
    fresh_dir(dir);
    put(dir, "0123456789abcdeX\n");
    DVC_EQ_INT(nodename_read(dir, name), -EINVAL);
    cr_assert(strchr(name, '/') == NULL);
    DVC_EQ_INT(nodename_make(dir, name), 0); /* a damaged one is made anew */
    cr_assert(strchr(name, '/') != NULL);
    drop(dir);
}
