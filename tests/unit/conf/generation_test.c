#include "conf/generation.h"
#include "conf/generation_reader.h"

#include "conf/calendar_load.h"

#include "conf_fixture.h"
#include "dvc_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

DVC_TEST(conf_generation, the_demo_configuration_is_sound)
{
    struct arena *arena = arena_new();
    struct generation *generation =
        generation_load(fixture_path(arena, "config/demo/dvcd.yaml"), "/nowhere");
    struct buf told = BUF_INIT(1 << 20);
    glob_t files;

    cr_assert(generation_report(generation, &told), "%s", told.ptr);
    cr_assert(glob(fixture_path(arena, "plugins/procedures/*.yaml"), 0, NULL, &files) == 0);
    DVC_EQ_INT(generation->procedure_count, files.gl_pathc);
    globfree(&files);
    DVC_EQ_STR(generation->settings.paths.data, "/nowhere");
    cr_assert(generation->settings.intake.citizen_filing);
    cr_assert(generation_procedure(generation, SLICE_LIT("1.004873")) != NULL);
    cr_assert(generation_procedure(generation, SLICE_LIT("1.004874")) == NULL);
    cr_assert(calendar_set_find(generation->calendars, "vn-default") != NULL);
    buf_release(&told);
    generation_free(generation);
    arena_free(arena);
}

static void put(const char *dir, const char *name, const char *text)
{
    char path[200];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0);
    fclose(file);
}

/* One look shows what is wrong everywhere, and what is sound is still read. */
DVC_TEST(conf_generation, faults_of_all_files_are_told_at_once)
{
    char dir[] = "/tmp/dvc-generation-XXXXXX", command[100];
    struct arena *arena = arena_new();
    struct generation *generation;
    struct buf told = BUF_INIT(1 << 20);
    const char *root = fixture_path(arena, "");

    cr_assert(mkdtemp(dir) != NULL);
    for (size_t i = 0; i < 4; i++) {
        static const char *const folders[] = {"plugins", "workflows", "agencies", "targets"};

        snprintf(command, sizeof(command), "%s/%s", dir, folders[i]);
        cr_assert(mkdir(command, 0700) == 0);
    }
    put(dir, "dvcd.yaml",
        arena_printf(arena,
                     "paths: {data: d, plugins: plugins, workflows: workflows, agencies: agencies, "
                     "communes: %sconfig/agencies/communes.tsv, calendars: nowhere, targets: "
                     "targets}\n",
                     root));
    put(dir, "agencies/a.yaml", "agencies: 1\nitems:\n  - {code: \"H24\", level: province}\n");
    put(dir, "plugins/1.000001.yaml", "dvc: 2\n");
    put(dir, "plugins/1.000002.yaml", "dvc: [\n");
    generation = generation_load(arena_printf(arena, "%s/dvcd.yaml", dir), NULL);
    cr_assert(!generation_report(generation, &told));
    cr_assert(generation->settings_ok && generation->communes != NULL);
    cr_assert(generation->agencies == NULL && generation->calendars == NULL);
    DVC_EQ_INT(generation->plugin_files, 2);
    DVC_EQ_INT(generation->procedure_count, 0);
    cr_assert(strstr(told.ptr, "agencies/a.yaml:3:5: cơ quan: thiếu khoá bắt buộc \"name\"") !=
                  NULL,
              "%s", told.ptr);
    cr_assert(strstr(told.ptr, "/nowhere: ") != NULL, "%s", told.ptr);
    cr_assert(strstr(told.ptr, "1.000001.yaml:1:6: \"dvc\": 2 nằm ngoài khoảng 1 đến 1") != NULL,
              "%s", told.ptr);
    cr_assert(strstr(told.ptr, "1.000002.yaml:") != NULL, "%s", told.ptr);
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    cr_assert(system(command) == 0);
    buf_release(&told);
    generation_free(generation);
    arena_free(arena);
}

DVC_TEST(conf_generation, a_missing_file_is_an_error_not_an_end)
{
    struct generation *generation = generation_load("/nonexistent/dvcd.yaml", NULL);
    struct buf told = BUF_INIT(1000);

    cr_assert(!generation_report(generation, &told));
    DVC_EQ_STR(told.ptr, "/nonexistent/dvcd.yaml: không đọc được: không có tệp này\n1 lỗi\n");
    buf_release(&told);
    generation_free(generation);
}

static struct generation *again(const char *path, const struct generation *old)
{
    struct generation_reader *reader = generation_reader_new(path, NULL, old);
    int slices = 1;

    while (!generation_reader_step(reader, 0)) /* one file a slice */
        slices++;
    cr_assert(slices > 14);
    return generation_reader_end(reader);
}

static size_t shared_between(const struct generation *a, const struct generation *b)
{
    size_t same = 0;

    DVC_EQ_INT(a->procedure_count, b->procedure_count);
    for (size_t i = 0; i < a->procedure_count; i++)
        same += a->procedures[i] == b->procedures[i];
    return same;
}

static void shell(struct arena *arena, const char *fmt, const char *dir)
{
    char *command = arena_printf(arena, "cd %s && %s", dir, fmt);

    DVC_EQ_INT(system(command), 0);
}

/* A reload compiles what changed, and nothing else; but what a file says elsewhere counts as well.
 */
DVC_TEST(conf_generation, what_has_not_changed_is_taken_over)
{
    char dir[] = "/tmp/dvc-generation-XXXXXX";
    struct arena *arena = arena_new();
    struct generation *one, *two, *three, *four, *five;
    const char *path;
    size_t all;

    cr_assert(mkdtemp(dir) != NULL);
    path = arena_printf(arena, "%s/dvcd.yaml", dir);
    shell(arena,
          arena_printf(arena, "cp -R %s/plugins %s/config . && chmod -R u+w .",
                       fixture_path(arena, "."), fixture_path(arena, ".")),
          dir);
    put(dir, "dvcd.yaml",
        "paths: {data: d, plugins: plugins/procedures, workflows: plugins/workflows, agencies: "
        "config/agencies, communes: config/agencies/communes.tsv, calendars: config/calendars, "
        "targets: config/targets}\n");
    one = generation_load(path, NULL);
    cr_assert(generation_ok(one));
    all = one->procedure_count;
    two = again(path, one);
    DVC_EQ_INT(shared_between(one, two), all);

    shell(arena, "sed -i 's/^version: .*/version: 9/' plugins/procedures/1.013225.yaml", dir);
    three = again(path, two);
    generation_free(one); /* what the next one took stays */
    DVC_EQ_INT(shared_between(two, three), all - 1);
    DVC_EQ_INT(generation_procedure(three, SLICE_LIT("1.013225"))->version, 9);
    generation_free(two);

    shell(arena,
          "sed -i 's/name: Tiếp nhận,/name: Nhận,/' plugins/workflows/residence-police-1.yaml",
          dir);
    four = again(path, three);
    cr_assert(generation_ok(four));
    DVC_EQ_INT(all - shared_between(three, four), 2); /* 1.004194 and 1.004222 use it */
    cr_assert(strcmp(generation_procedure(three, SLICE_LIT("1.004194"))->sha256,
                     generation_procedure(four, SLICE_LIT("1.004194"))->sha256) != 0);

    shell(arena,
          "sed -i 's/functions: \\[control\\]/functions: [other]/' config/agencies/haiphong.yaml",
          dir);
    five = again(path, four);
    DVC_EQ_INT(shared_between(four, five), 0);
    generation_free(five);
    generation_free(four);
    generation_free(three);
    shell(arena, arena_printf(arena, "rm -rf %s", dir), "/");
    arena_free(arena);
}
