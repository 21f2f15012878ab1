#include "conf/generation.h"

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
