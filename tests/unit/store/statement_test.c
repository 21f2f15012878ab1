#include "store/statement.h"

#include "dvc_test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[64];

static void put(const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "w");
    cr_assert(file != NULL);
    fputs(text, file);
    fclose(file);
}

static void drop(const char *name)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    (void)unlink(path);
}

static void make_dir(void)
{
    snprintf(dir, sizeof(dir), "/tmp/dvcd-unit.XXXXXX");
    cr_assert(mkdtemp(dir) != NULL);
}

DVC_TEST(statement, heads)
{
    struct statements *table = NULL;
    char problem[128] = "";

    make_dir();
    put("b_two.sql",
        "-- What it is for.\n-- params: bigint  text[]\n-- one\n\nSELECT $1 -- params: x\n");
    put("a_write.sql", "-- write\n-- repeatable\nSELECT 1");
    put("notes.txt", "no statement");
    cr_assert(statements_load(dir, &table, problem, sizeof(problem)) == 0, "%s", problem);
    DVC_EQ_INT(statements_count(table), 2);
    DVC_EQ_INT(statements_find(table, "b_two")->param_count, 2);
    DVC_EQ_INT(statements_find(table, "b_two")->param_oids[0], 20);
    DVC_EQ_INT(statements_find(table, "b_two")->shape, STATEMENT_ONE);
    cr_assert(!statements_find(table, "b_two")->write);
    cr_assert(statements_find(table, "a_write")->write &&
              statements_find(table, "a_write")->repeatable);
    cr_assert(statements_find(table, "a_write")->id == 0 &&
              statements_find(table, "b_two")->id == 1);
    cr_assert_null(statements_find(table, "notes"));
    statements_free(table);
    drop("a_write.sql");
    drop("b_two.sql");
    drop("notes.txt");
    cr_assert(rmdir(dir) == 0);
}

static void refuse(const char *text, const char *said)
{
    struct statements *table = NULL;
    char problem[128] = "";

    make_dir();
    put("bad.sql", text);
    DVC_EQ_INT(statements_load(dir, &table, problem, sizeof(problem)), -EINVAL);
    cr_assert(table == NULL && strstr(problem, "bad.sql") != NULL && strstr(problem, said) != NULL,
              "said: %s", problem);
    drop("bad.sql");
    cr_assert(rmdir(dir) == 0);
}

DVC_TEST(statement, bad_heads)
{
    refuse("-- params: bigint Number\nSELECT 1", "Number");
    refuse("-- params: bigint\n-- params: text\nSELECT 1", "second line");
    refuse("-- repeatable\nSELECT 1", "repeatable");
}

DVC_TEST(statement, missing_folder)
{
    struct statements *table = NULL;
    char problem[128] = "";

    DVC_EQ_INT(statements_load("/nowhere/sql", &table, problem, sizeof(problem)), -ENOENT);
    cr_assert(strstr(problem, "/nowhere/sql") != NULL);
}
