/* Plays every scenario file of a folder: scenario ROOT FOLDER [NAME...], TAP on standard output. */
#include "conf/calendar_load.h"
#include "conf/file.h"
#include "script.h"

#include <stdio.h>
#include <string.h>

#define SCENARIO_MAX_BYTES ((size_t)256 * 1024)

static bool wanted(const char *name, int count, char **names)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return count == 0;
}

static bool play(const char *root, const char *folder, const char *name,
                 const struct calendar_set *calendars, int number)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct script script = {.arena = arena,
                            .root = root,
                            .file = name,
                            .calendars = calendars,
                            .calendar = calendar_set_find(calendars, "vn-default")};
    const char *path = arena_printf(arena, "%s/%s", folder, name);
    struct slice text;
    bool good = conf_file_read(arena, path, name, SCENARIO_MAX_BYTES, &errors, &text) == 0;

    good = good && script_play(&script, text);
    printf("%sok %d - %s\n", good ? "" : "not ", number, name);
    if (!good)
        printf("# %s\n", script.fault);
    arena_free(arena);
    return good;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct calendar_set *calendars;
    const char **names;
    size_t count;
    int played = 0, failed = 0;

    if (argc < 3) {
        fprintf(stderr, "usage: scenario ROOT FOLDER [NAME...]\n");
        return 100;
    }
    if (calendar_set_load(arena, arena_printf(arena, "%s/config/calendars", argv[1]),
                          "config/calendars", 0, &errors, &calendars) != 0 ||
        conf_folder_list(arena, argv[2], argv[2], ".scn", 500, &errors, &names, &count) != 0) {
        struct buf text = BUF_INIT(8000);

        conf_errors_write(&text, &errors);
        printf("Bail out! %s\n", text.ptr);
        buf_release(&text);
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        if (wanted(names[i], argc - 3, argv + 3))
            failed += !play(argv[1], argv[2], names[i], calendars, ++played);
    }
    printf("1..%d\n", played);
    arena_free(arena);
    return failed != 0;
}
