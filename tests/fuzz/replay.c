/* replay.c - calls a target with every file of the folders and files named, so that what the fuzzer
 * once found interesting is tried in every run of the tests: fuzz_replay_TARGET PATH... */
#include "fuzz_target.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX (1024 * 1024)

static size_t replayed;

static void one(const char *path)
{
    static uint8_t bytes[INPUT_MAX];
    FILE *file = fopen(path, "rb");
    uint8_t *exact;
    size_t len;

    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    len = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    /* In a block of just its size, so that a sanitizer sees a look behind the end. */
    exact = dvc_malloc(len > 0 ? len : 1);
    memcpy(exact, bytes, len);
    LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    replayed++;
}

static void folder(DIR *dir, const char *path)
{
    struct dirent *entry;

    while ((entry = readdir(dir)) != NULL) {
        char name[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        one(name);
    }
}

int main(int argc, char **argv)
{
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);

        if (dir == NULL) {
            one(argv[i]);
            continue;
        }
        folder(dir, argv[i]);
        closedir(dir);
    }
    printf("%zu inputs\n", replayed);
    return replayed > 0 ? 0 : 1;
}
