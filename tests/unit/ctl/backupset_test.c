#include "ctl/backupset.h"

#include "dvc_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void make_folder(void)
{
    snprintf(folder, sizeof(folder), "/tmp/dvc-backupset-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
}

static void remove_folder(void)
{
    cr_assert(tree_remove(folder) == 0);
}

static const char *at(const char *name)
{
    static char path[4096];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(at(name), "w");

    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static struct backup planted(const char *name, int64_t second)
{
    struct backup backup = {.started = {second * US_PER_SECOND},
                            .finished = {(second + 5) * US_PER_SECOND},
                            .size = {1532, 52178356},
                            .schema_version = 15,
                            .system = UINT64_C(0x1122334455667788),
                            .wal_from = "0/2000028",
                            .wal_to = "0/20001D0",
                            .wal_file = "000000010000000000000002",
                            .wal_dir = "/var/backups/dvcd/wal"};

    snprintf(backup.path, sizeof(backup.path), "%s", at(name));
    cr_assert(mkdir(backup.path, 0700) == 0);
    DVC_EQ_INT(backup_write(&backup), 0);
    return backup;
}

DVC_TEST(backupset, says_what_was_written)
{
    struct backup read;

    make_folder();
    planted("one", 1795320000);
    DVC_EQ_INT(backup_read(at("one"), &read), 0);
    DVC_EQ_STR(read.name, "20261122T040000Z");
    DVC_EQ_INT(read.size.bytes, 52178356);
    cr_assert(read.system == UINT64_C(0x1122334455667788));
    DVC_EQ_STR(read.wal_file, "000000010000000000000002");
    DVC_EQ_STR(read.wal_dir, "/var/backups/dvcd/wal");
    remove_folder();
}

DVC_TEST(backupset, unfinished_and_damaged_ones_are_no_backups)
{
    struct arena *arena = arena_new();
    struct backup *items;
    size_t count;

    make_folder();
    planted("later", 1795330000);
    planted("earlier", 1795320000);
    planted(BACKUP_PART "x", 1795310000);
    cr_assert(mkdir(at("half"), 0700) == 0);
    cr_assert(mkdir(at("damaged"), 0700) == 0);
    put("damaged/backup.json", "{\"format\": 1, \"started\": ");
    DVC_EQ_INT(backup_set(arena, folder, &items, &count), 0);
    DVC_EQ_INT(count, 2);
    cr_assert(strstr(items[0].path, "earlier") != NULL);
    DVC_EQ_INT(backup_sweep(folder), 0);
    cr_assert(access(at(BACKUP_PART "x"), F_OK) != 0);
    cr_assert(access(at("half"), F_OK) == 0);
    DVC_EQ_INT(backup_remove(&items[0]), 0);
    cr_assert(access(at("earlier"), F_OK) != 0);
    arena_free(arena);
    remove_folder();
}

DVC_TEST(backupset, only_older_segments_go)
{
    make_folder();
    put("000000010000000000000003.gz", "");
    put("000000010000000000000004.00000028.backup.gz", "");
    put("000000010000000000000005.gz", "");
    put("000000020000000000000004.gz", "");
    put("00000002.history.gz", "");
    put("notes", "");
    DVC_EQ_INT(backup_prune_wal(folder, "000000020000000000000005"), 3);
    cr_assert(access(at("000000010000000000000005.gz"), F_OK) == 0);
    cr_assert(access(at("00000002.history.gz"), F_OK) == 0);
    cr_assert(access(at("notes"), F_OK) == 0);
    cr_assert(backup_prune_wal(folder, "short") < 0);
    remove_folder();
}

DVC_TEST(tree, a_copy_is_the_same_and_a_difference_is_named)
{
    struct tree_size size;
    char list[4096], wrong[4096];

    make_folder();
    cr_assert(mkdir(at("a"), 0700) == 0 && mkdir(at("a/b"), 0700) == 0);
    put("a/one", "12345");
    put("a/b/two", "1234567");
    snprintf(list, sizeof(list), "%s", at("list"));
    DVC_EQ_INT(tree_list(at("a"), list, &size), 0);
    DVC_EQ_INT(size.files, 2);
    DVC_EQ_INT(size.bytes, 12);
    {
        char from[4096];

        snprintf(from, sizeof(from), "%s", at("a"));
        DVC_EQ_INT(tree_copy(from, at("copy"), getuid(), getgid()), 0);
    }
    DVC_EQ_INT(tree_compare(at("copy"), list, wrong), 0);
    put("copy/b/two", "123");
    DVC_EQ_INT(tree_compare(at("copy"), list, wrong), TREE_E_DIFFERS);
    DVC_EQ_STR(wrong, "b/two");
    cr_assert(!tree_is_empty(at("copy")) && tree_is_empty(at("nothing")));
    remove_folder();
}
