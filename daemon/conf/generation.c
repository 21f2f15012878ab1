#include "conf/generation.h"

#include <stdlib.h>

#include "conf/calendar_load.h"
#include "conf/file.h"
#include "conf/generation_reader.h"
#include "conf/plugin_unit.h"
#include "conf/targets.h"

struct generation *generation_load_settings(const char *path, const char *data)
{
    struct generation *g = dvc_calloc(1, sizeof(*g));

    g->arena = arena_new();
    g->errors = CONF_ERRORS_INIT(g->arena);
    g->settings_ok = settings_load(g->arena, path, conf_shown(g->arena, path), data, &g->errors,
                                   &g->settings) == 0;
    return g;
}

struct generation *generation_load(const char *path, const char *data)
{
    struct generation_reader *reader = generation_reader_new(path, data, NULL);

    while (!generation_reader_step(reader, INT32_MAX))
        ;
    return generation_reader_end(reader);
}

struct generation *generation_free(struct generation *generation)
{
    if (generation != NULL) {
        for (size_t i = 0; i < generation->procedure_count; i++)
            plugin_unit_drop(generation->units[i]);
        workflow_shelf_free(generation->workflows);
        arena_free(generation->arena);
        free(generation);
    }
    return NULL;
}

bool generation_ok(const struct generation *generation)
{
    return conf_errors_total(&generation->errors) == 0;
}

struct plugin_unit *generation_unit(const struct generation *generation, struct slice code)
{
    size_t low = 0, high = generation->procedure_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_cmp(code, slice_str(generation->procedures[middle]->code));

        if (order == 0)
            return generation->units[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct procedure *generation_procedure(const struct generation *generation, struct slice code)
{
    const struct plugin_unit *unit = generation_unit(generation, code);

    return unit != NULL ? unit->procedure : NULL;
}

bool generation_report(struct generation *generation, struct buf *buf)
{
    if (!generation_ok(generation)) {
        conf_errors_write(buf, &generation->errors);
        buf_addf(buf, "%zu lỗi\n", conf_errors_total(&generation->errors));
        return false;
    }
    if (generation->agencies != NULL)
        buf_addf(buf, "%zu cơ quan, %zu lịch làm việc, %zu thủ tục, %zu nơi chuyển đến\n",
                 generation->agencies->count, calendar_set_count(generation->calendars),
                 generation->procedure_count, generation->targets->vnpost_count);
    buf_adds(buf, "cấu hình đúng\n");
    return true;
}
