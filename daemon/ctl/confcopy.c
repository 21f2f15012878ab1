#include "ctl/confcopy.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/tree.h"

#define ROOTS_MAX 12

struct copy {
    const char *backup;
    char folder[PATH_MAX - 1];           /* backup/config */
    char roots[ROOTS_MAX][PATH_MAX / 2]; /* absolute, shortest first, none below another */
    size_t count;
    uid_t uid;
    gid_t gid;
};

static bool below(const char *path, const char *folder)
{
    size_t len = strlen(folder);

    return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static int by_length(const void *a, const void *b)
{
    size_t left = strlen(a), right = strlen(b);

    return left < right ? -1 : left > right;
}

/* Under the name by which it is known: a certificate may be a link to the newest of several. */
static bool known_as(const char *path, char ret[PATH_MAX / 2])
{
    char text[PATH_MAX], base[PATH_MAX], real[PATH_MAX];
    int len;

    if (path == NULL || strlen(path) >= sizeof(text))
        return false;
    snprintf(text, sizeof(text), "%s", path);
    snprintf(base, sizeof(base), "%s", path);
    if (realpath(dirname(text), real) == NULL)
        return false;
    len = snprintf(ret, PATH_MAX / 2, "%s/%s", real, basename(base));
    return len > 0 && len < PATH_MAX / 2;
}

static void add(struct copy *copy, const char *path, bool folder, const struct ctl *ctl,
                const char *outside)
{
    const struct settings *settings = ctl->settings;
    const char *strange[] = {settings->paths.data, settings->database.dir, settings->backup.wal_dir,
                             outside};
    char name[PATH_MAX / 2];
    struct stat st;

    if (!known_as(path, name) || stat(name, &st) != 0 || copy->count == ROOTS_MAX)
        return;
    for (size_t i = 0; folder && i < DVC_COUNT(strange); i++) {
        char other[PATH_MAX / 2];

        if (known_as(strange[i], other) && below(other, name))
            return;
    }
    memcpy(copy->roots[copy->count++], name, sizeof(name));
}

static void choose(struct copy *copy, const struct ctl *ctl, const char *outside)
{
    const struct settings *settings = ctl->settings;
    char own[PATH_MAX];
    const char *folders[] = {settings->paths.plugins, settings->paths.workflows,
                             settings->paths.agencies, settings->paths.calendars,
                             settings->paths.targets};
    const char *files[] = {ctl->config, settings->paths.communes, settings->paths.forms,
                           settings->http.tls_certificate, settings->http.tls_key};
    size_t kept = 0;

    if (realpath(ctl->config, own) != NULL)
        add(copy, dirname(own), true, ctl, outside);
    for (size_t i = 0; i < DVC_COUNT(folders); i++)
        add(copy, folders[i], true, ctl, outside);
    for (size_t i = 0; i < DVC_COUNT(files); i++)
        add(copy, files[i], false, ctl, outside);
    qsort(copy->roots, copy->count, sizeof(copy->roots[0]), by_length);
    for (size_t i = 0; i < copy->count; i++) {
        bool known = false;

        for (size_t j = 0; j < kept && !known; j++)
            known = below(copy->roots[i], copy->roots[j]);
        if (!known && kept++ != i)
            memcpy(copy->roots[kept - 1], copy->roots[i], sizeof(copy->roots[i]));
    }
    copy->count = kept;
}

/* A folder of the copy, for nobody but its owner. */
static int make(const struct copy *copy, const char *path)
{
    if (mkdir(path, 0700) != 0)
        return errno == EEXIST ? 0 : -errno;
    return geteuid() == 0 && chown(path, copy->uid, copy->gid) != 0 ? -errno : 0;
}

static int copy_root(const struct copy *copy, const char *root)
{
    char to[PATH_MAX * 2], real[PATH_MAX];
    struct stat st;
    int r = 0;

    if (realpath(root, real) == NULL || stat(real, &st) != 0)
        return -errno;
    snprintf(to, sizeof(to), "%s%s", copy->folder, root);
    for (char *at = to + strlen(copy->folder) + 1; r == 0 && (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        r = make(copy, to);
        *at = '/';
    }
    if (r != 0)
        return r;
    r = S_ISDIR(st.st_mode) ? tree_copy(real, to, copy->uid, copy->gid)
                            : tree_copy_file(real, to, copy->uid, copy->gid);
    return r == 0 ? tree_keep_modes(real, to) : r;
}

static int write_list(const struct copy *copy, const bool *done)
{
    char path[PATH_MAX + 16];
    FILE *file;
    int r = 0;

    snprintf(path, sizeof(path), "%s/config.txt", copy->backup);
    file = fopen(path, "wex");
    if (file == NULL)
        return -errno;
    for (size_t i = 0; i < copy->count; i++)
        if (done[i])
            fprintf(file, "%s\n", copy->roots[i]);
    if (ferror(file) || fflush(file) != 0 || fsync(fileno(file)) != 0 ||
        (geteuid() == 0 && fchown(fileno(file), copy->uid, copy->gid) != 0))
        r = errno != 0 ? -errno : -EIO;
    fclose(file);
    return r;
}

int confcopy_save(const struct ctl *ctl, const char *backup, const char *outside, uid_t uid,
                  gid_t gid)
{
    struct copy *copy = dvc_calloc(1, sizeof(*copy));
    bool done[ROOTS_MAX] = {false};
    int r;

    copy->backup = backup;
    copy->uid = uid;
    copy->gid = gid;
    snprintf(copy->folder, sizeof(copy->folder), "%s/config", backup);
    choose(copy, ctl, outside);
    r = make(copy, copy->folder);
    for (size_t i = 0; r == 0 && i < copy->count; i++) {
        int failed = copy_root(copy, copy->roots[i]);

        done[i] = failed == 0;
        if (failed != 0)
            ctl_error("%s is not in the backup: %s", copy->roots[i], strerror(-failed));
    }
    if (r == 0)
        r = write_list(copy, done);
    free(copy);
    return r;
}

bool confcopy_tell(const char *backup)
{
    char path[PATH_MAX + 16], line[PATH_MAX], *folder;
    bool any = false;
    FILE *file;

    snprintf(path, sizeof(path), "%s/config.txt", backup);
    file = fopen(path, "re");
    if (file == NULL)
        return false;
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '/')
            continue;
        printf("     cp -a %s/config%s ", backup, line);
        folder = dirname(line);
        printf("%s%s\n", folder, strcmp(folder, "/") == 0 ? "" : "/");
        any = true;
    }
    fclose(file);
    return any;
}
