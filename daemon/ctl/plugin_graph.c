#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "core/state.h"
#include "ctl/flowdraw.h"
#include "ctl/plugin.h"
#include "ctl/plugin_load.h"
#include "store/rows.h"

#define DRAWING_MAX (4u << 20)

/* Columns of dossier_place. */
enum { COL_CODE, COL_CANONICAL, COL_STATE, COL_OPEN, COL_VISITS };

struct asked {
    const char *what;    /* CODE or FILE; NULL with a dossier: its procedure */
    const char *dossier; /* or NULL */
    void (*write)(struct buf *buf, const struct flowdraw *draw);
};

/* ---- a dossier's place ---- */

/* The state's own end, where the workflow has it; withdrawal and stop are in no picture. */
static void mark(struct arena *arena, const struct db_rows *rows, struct flowdraw *draw)
{
    const struct flowgraph *graph = draw->graph;
    struct flow_mark *marks = ARENA_ARRAY(arena, struct flow_mark, graph->node_count + 1);
    struct json_error error;
    struct value *visits = NULL, *open = NULL;
    enum dossier_state state;
    bool known = state_parse(db_text_at(rows, 0, COL_STATE), &state) == 0;

    if (json_parse(arena, db_text_at(rows, 0, COL_VISITS), 4, &visits, &error) != 0 ||
        json_parse(arena, db_text_at(rows, 0, COL_OPEN), 4, &open, &error) != 0)
        visits = open = NULL;
    for (size_t i = 0; i < graph->node_count; i++) {
        const struct flow_node *node = &graph->nodes[i];

        if (node->kind == FLOW_END) {
            marks[i].here = known && node->end == state;
            continue;
        }
        marks[i].visits = (int)value_get_int(visits, node->id, 0);
        for (size_t k = 0; k < value_count(open); k++)
            marks[i].here = marks[i].here || (value_at(open, k)->kind == VALUE_STRING &&
                                              slice_is(value_at(open, k)->string, node->id));
    }
    draw->marks = marks;
    draw->state_name = known ? state_info(state)->name_vi : "";
}

static int find_dossier(struct ctl *ctl, struct arena *arena, const struct asked *asked,
                        struct flowdraw *draw)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    struct db_param code = db_str(asked->dossier);
    const struct procedure *procedure;
    struct store_sync *sync;
    int status = ctl_open(ctl, CLUSTER_APP, &sync);

    if (status != CTL_OK)
        return status;
    status = ctl_query(ctl, sync, "dossier_place", &code, 1, &rows);
    store_sync_close(sync);
    if (status != CTL_OK)
        return status;
    if (db_rows_count(rows) == 0) {
        ctl_error("there is no dossier %s", asked->dossier);
        return CTL_FAILED;
    }
    status = plugin_published(arena, "database", db_text_at(rows, 0, COL_CANONICAL), &procedure);
    if (status != CTL_OK)
        return status;
    if (asked->what != NULL && strcmp(asked->what, procedure->code) != 0) {
        ctl_error("dossier %s is of procedure %s", asked->dossier, procedure->code);
        return CTL_FAILED;
    }
    draw->graph = flowgraph_make(arena, procedure);
    draw->dossier = arena_slice_str(arena, db_text_at(rows, 0, COL_CODE));
    mark(arena, rows, draw);
    return CTL_OK;
}

/* ---- the command ---- */

static bool read_format(const char *word, struct asked *asked)
{
    if (strcmp(word, "dot") == 0)
        asked->write = flowdraw_dot;
    else if (strcmp(word, "mermaid") == 0)
        asked->write = flowdraw_mermaid;
    else
        return false;
    return true;
}

/* 0, or CTL_E_USAGE, printed. */
static int read_arguments(int argc, char **argv, struct asked *asked)
{
    static const struct option options[] = {{"format", required_argument, NULL, 'f'},
                                            {"dossier", required_argument, NULL, 'd'},
                                            {NULL, 0, NULL, 0}};
    int c;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'd')
            asked->dossier = optarg;
        else if (c != 'f')
            return CTL_E_USAGE;
        else if (!read_format(optarg, asked))
            return ctl_misuse("--format is dot or mermaid, not '%s'", optarg);
    }
    if (optind < argc)
        asked->what = argv[optind++];
    if (optind < argc || (asked->what == NULL && asked->dossier == NULL))
        return ctl_misuse("plugin graph takes one FILE or CODE, or --dossier CODE");
    if (asked->dossier != NULL && asked->what != NULL && plugin_is_file(asked->what))
        return ctl_misuse("a dossier stands in the version that was published, not in a file");
    return 0;
}

int ctl_plugin_graph(struct ctl *ctl, int argc, char **argv)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct asked asked = {.write = flowdraw_dot};
    struct flowdraw draw = {.graph = NULL};
    struct buf out = BUF_INIT(DRAWING_MAX);
    const struct procedure *procedure;
    int status = read_arguments(argc, argv, &asked);

    if (status == CTL_OK && asked.dossier != NULL) {
        status = find_dossier(ctl, arena, &asked, &draw);
    } else if (status == CTL_OK) {
        status = plugin_load_one(ctl, arena, asked.what, false, &procedure);
        if (status == CTL_OK)
            draw.graph = flowgraph_make(arena, procedure);
    }
    if (status != CTL_OK)
        return status;
    asked.write(&out, &draw);
    if (out.overflow) {
        ctl_error("the workflow is too large to be drawn");
        status = CTL_FAILED;
    } else {
        fwrite(out.ptr, 1, out.len, stdout);
    }
    buf_release(&out);
    return status;
}
