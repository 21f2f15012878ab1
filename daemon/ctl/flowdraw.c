#include "ctl/flowdraw.h"

#include <string.h>

#include "core/flowwords.h"

#define LABEL_MAX 8192
#define EDGE_LETTERS 24

/* How a program wants its text. */
struct dialect {
    void (*add)(struct buf *buf, struct slice text); /* escaped */
    const char *line;                                /* between lines */
    const char *strong, *strong_end, *slight, *slight_end;
    size_t node_letters; /* of a line; Mermaid breaks lines itself, which must not cross ours */
};

/* What a dialect escapes: '&', '<', '>' and '"', as HTML does or with Mermaid's own numbers. */
static void add_with(struct buf *buf, struct slice text, const char *const words[4],
                     const char *hash)
{
    for (size_t i = 0; i < text.len; i++) {
        static const char special[] = "&<>\"";
        const char *at = memchr(special, text.ptr[i], sizeof(special) - 1);

        if (at != NULL)
            buf_adds(buf, words[at - special]);
        else if (text.ptr[i] == '#' && hash != NULL)
            buf_adds(buf, hash);
        else
            buf_addc(buf, text.ptr[i]);
    }
}

static void add_html(struct buf *buf, struct slice text)
{
    static const char *const words[] = {"&amp;", "&lt;", "&gt;", "&quot;"};

    add_with(buf, text, words, NULL);
}

static void add_mermaid(struct buf *buf, struct slice text)
{
    static const char *const words[] = {"#38;", "#lt;", "#gt;", "#quot;"};

    add_with(buf, text, words, "#35;");
}

static const struct dialect dot = {add_html, "<BR/>", "<B>", "</B>", "<I>", "</I>", 30};
static const struct dialect mermaid = {add_mermaid, "<br/>", "<b>", "</b>", "<i>", "</i>", 22};

/* ---- text in lines ---- */

static size_t letters(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return count;
}

/* Breaks at blanks into lines of at most `width` letters; a longer word stays whole, and a short
 * last one is left to no line of its own. */
static void wrapped(struct buf *buf, const struct dialect *dialect, struct slice text, size_t width)
{
    struct slice word;
    size_t used = 0;

    while (slice_next(&text, ' ', &word)) {
        size_t more = letters(word);

        if (word.len == 0)
            continue;
        if (used > 0 && used + 1 + more > width + (text.len == 0 && more <= 4 ? 5 : 0)) {
            buf_adds(buf, dialect->line);
            used = 0;
        } else if (used > 0) {
            buf_addc(buf, ' ');
            used++;
        }
        dialect->add(buf, word);
        used += more;
    }
}

/* A part of a label on a line of its own. */
static void part(struct buf *buf, const struct dialect *dialect, const char *before,
                 const char *text, const char *after, size_t width)
{
    if (text[0] == '\0')
        return;
    if (buf->len > 0)
        buf_adds(buf, dialect->line);
    buf_adds(buf, before);
    wrapped(buf, dialect, slice_str(text), width);
    buf_adds(buf, after);
}

static const char *visited(const struct flowdraw *draw, int node)
{
    if (draw->marks == NULL)
        return "";
    if (draw->marks[node].here)
        return "▶ ĐANG Ở ĐÂY ◀";
    return draw->marks[node].visits > 0 ? "✓ đã qua" : "";
}

static void node_label(struct buf *out, const struct flowdraw *draw, int index,
                       const struct dialect *dialect)
{
    const struct flow_node *node = &draw->graph->nodes[index];
    struct buf label = BUF_INIT(LABEL_MAX), text = BUF_INIT(LABEL_MAX);

    part(&label, dialect, dialect->strong, visited(draw, index), dialect->strong_end,
         dialect->node_letters);
    if (node->joins)
        part(&label, dialect, dialect->slight,
             node->step->join_any ? "(gặp nhau: nhánh nào xong trước)"
                                  : "(gặp nhau: khi đủ các nhánh)",
             dialect->slight_end, dialect->node_letters);
    if (node->kind == FLOW_END)
        buf_adds(&text, "Kết thúc: ");
    buf_adds(&text, node->name);
    part(&label, dialect, dialect->strong, text.ptr, dialect->strong_end, dialect->node_letters);
    buf_clear(&text);
    flow_who_vi(&text, node);
    if (node->kind == FLOW_AUTOMATIC)
        buf_adds(&text, " (tự động)");
    part(&label, dialect, "", text.ptr, "", dialect->node_letters);
    buf_clear(&text);
    if (node->step != NULL)
        flow_limit_vi(&text, draw->graph->procedure, node->step->limit);
    part(&label, dialect, dialect->slight, text.ptr, dialect->slight_end, dialect->node_letters);
    buf_add_slice(out, buf_slice(&label));
    buf_release(&text);
    buf_release(&label);
}

/* What stands in brackets after an action's name. */
static void edge_notes(struct buf *label, const struct flowdraw *draw, const struct flow_edge *edge,
                       const struct dialect *dialect)
{
    const struct flow_node *from = &draw->graph->nodes[edge->from];
    struct buf text = BUF_INIT(LABEL_MAX);

    if (edge->timeout == NULL && edge->by != from->who) {
        buf_addf(&text, "(%s)", role_name_vi(edge->by));
        part(label, dialect, "", text.ptr, "", EDGE_LETTERS);
        buf_clear(&text);
    }
    if (edge->timeout == NULL && edge->action->is_default && from->kind != FLOW_AUTOMATIC)
        part(label, dialect, "", "(tự động)", "", EDGE_LETTERS);
    if (edge->action != NULL && edge->action->when != NULL) {
        buf_adds(&text, "khi ");
        flow_condition_vi(&text, draw->graph->procedure, edge->action->when);
        part(label, dialect, dialect->slight, text.ptr, dialect->slight_end, EDGE_LETTERS);
        buf_clear(&text);
    }
    if (edge->parallel)
        part(label, dialect, "", "(cùng lúc)", "", EDGE_LETTERS);
    if (edge->previous)
        part(label, dialect, "", "(về bước trước đó)", "", EDGE_LETTERS);
    for (size_t i = 0; i < edge->spawn_count; i++) {
        buf_addf(&text, "mở hồ sơ liên thông %s", edge->spawns[i]->procedure);
        part(label, dialect, dialect->slight, text.ptr, dialect->slight_end, EDGE_LETTERS);
        buf_clear(&text);
    }
    buf_release(&text);
}

static void edge_label(struct buf *out, const struct flowdraw *draw, const struct flow_edge *edge,
                       const struct dialect *dialect)
{
    struct buf label = BUF_INIT(LABEL_MAX), text = BUF_INIT(LABEL_MAX);

    if (edge->timeout != NULL) {
        buf_adds(&text, edge->timeout->consents ? "Im lặng sau " : "Quá ");
        limit_name_vi(&text, edge->timeout->after);
        if (edge->timeout->consents)
            buf_adds(&text, " là đồng ý");
        part(&label, dialect, "", text.ptr, "", EDGE_LETTERS);
    }
    if (edge->action != NULL)
        part(&label, dialect, "", flow_action_vi(edge), "", EDGE_LETTERS);
    edge_notes(&label, draw, edge, dialect);
    buf_add_slice(out, buf_slice(&label));
    buf_release(&text);
    buf_release(&label);
}

/* ---- Graphviz ---- */

/* A label on a ground of its own, so that no line runs through it. */
#define EDGE_CELL                                                                                  \
    "label=<<TABLE BORDER=\"0\" CELLPADDING=\"2\" CELLSPACING=\"0\" BGCOLOR=\"white\"><TR><TD>"
#define EDGE_CELL_END "</TD></TR></TABLE>>];\n"

static const char *dot_shape(const struct flow_node *node)
{
    if (node->kind == FLOW_END)
        return "shape=box, style=\"rounded,filled\", peripheries=2, fillcolor=\"#e9ebef\"";
    if (node->kind == FLOW_WAIT)
        return "shape=hexagon, margin=\"0.02,0.03\", fillcolor=\"#fff1d0\"";
    if (node->kind == FLOW_AUTOMATIC)
        return "shape=cds, fillcolor=\"#ffffff\"";
    if (node->who == ROLE_RECEIVER)
        return "shape=folder, fillcolor=\"#e3eefb\"";
    if (node->who == ROLE_UNIT_HEAD)
        return "shape=box3d, fillcolor=\"#e0f3e6\"";
    if (node->who == ROLE_LEADER)
        return "shape=octagon, margin=\"0.04,0.03\", fillcolor=\"#e0f3e6\"";
    if (node->who == ROLE_CLERK)
        return "shape=note, fillcolor=\"#ffffff\"";
    if (node->who == ROLE_CASHIER)
        return "shape=cylinder, fillcolor=\"#ffffff\"";
    return "shape=box, fillcolor=\"#ffffff\"";
}

static void dot_head(struct buf *buf, const struct flowdraw *draw)
{
    const struct procedure *procedure = draw->graph->procedure;
    struct buf text = BUF_INIT(LABEL_MAX);

    buf_adds(buf, "digraph procedure {\n"
                  "    graph [rankdir=TB, nodesep=0.45, ranksep=0.55, labelloc=t, "
                  "fontname=\"Liberation Sans\", fontsize=16,\n        label=<<B>");
    wrapped(buf, &dot, slice_str(procedure->name), 90);
    buf_addf(&text, "%s, phiên bản %d", procedure->code, procedure->version);
    if (draw->dossier != NULL)
        buf_addf(&text, ". Hồ sơ %s: %s", draw->dossier, draw->state_name);
    buf_adds(buf, "</B><BR/>");
    wrapped(buf, &dot, buf_slice(&text), 90);
    buf_adds(buf, ">];\n"
                  "    node [fontname=\"Liberation Sans\", fontsize=12, style=filled, "
                  "margin=\"0.16,0.09\"];\n"
                  "    edge [fontname=\"Liberation Sans\", fontsize=11, arrowsize=0.8];\n");
    buf_release(&text);
}

static void dot_nodes(struct buf *buf, const struct flowdraw *draw)
{
    const struct flowgraph *graph = draw->graph;
    int rank = -1;

    for (size_t i = 0; i < graph->node_count; i++) {
        int index = graph->order[i];
        const struct flow_node *node = &graph->nodes[index];
        bool here = draw->marks != NULL && draw->marks[index].here;

        if (node->rank != rank) {
            buf_adds(buf, rank < 0 ? "    { rank=same;\n" : "    }\n    { rank=same;\n");
            rank = node->rank;
        }
        buf_addf(buf, "        n%d [%s%s%s, label=<", index, dot_shape(node),
                 node->main ? ", group=main" : "", here ? ", penwidth=4" : "");
        node_label(buf, draw, index, &dot);
        buf_adds(buf, ">];\n");
    }
    if (rank >= 0)
        buf_adds(buf, "    }\n");
}

void flowdraw_dot(struct buf *buf, const struct flowdraw *draw)
{
    const struct flowgraph *graph = draw->graph;

    dot_head(buf, draw);
    dot_nodes(buf, draw);
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct flow_edge *edge = &graph->edges[i];

        buf_addf(buf, "    n%d -> n%d [%s%s%s", edge->from, edge->to,
                 edge->timeout != NULL ? "style=dashed, "
                 : edge->main          ? "penwidth=2, weight=8, "
                                       : "",
                 edge->back ? "constraint=false, " : "", EDGE_CELL);
        edge_label(buf, draw, edge, &dot);
        buf_adds(buf, EDGE_CELL_END);
    }
    buf_adds(buf, "}\n");
}

/* ---- Mermaid ---- */

/* What stands around a node's text. */
static const char *const *mermaid_shape(const struct flow_node *node)
{
    static const char *const shapes[][2] = {
        {"([\"", "\"])"},  /* end */
        {"{{\"", "\"}}"},  /* wait */
        {"(\"", "\")"},    /* automatic */
        {"[/\"", "\"/]"},  /* receiver */
        {"[[\"", "\"]]"},  /* unit head */
        {"[/\"", "\"\\]"}, /* leader */
        {">\"", "\"]"},    /* clerk */
        {"[(\"", "\")]"},  /* cashier */
        {"[\"", "\"]"},    /* officer */
    };
    static const enum role roles[] = {ROLE_RECEIVER, ROLE_UNIT_HEAD, ROLE_LEADER, ROLE_CLERK,
                                      ROLE_CASHIER};

    if (node->kind == FLOW_END)
        return shapes[0];
    if (node->kind == FLOW_WAIT)
        return shapes[1];
    if (node->kind == FLOW_AUTOMATIC)
        return shapes[2];
    for (size_t i = 0; i < DVC_COUNT(roles); i++)
        if (node->who == roles[i])
            return shapes[3 + i];
    return shapes[DVC_COUNT(shapes) - 1];
}

static void mermaid_head(struct buf *buf, const struct flowdraw *draw)
{
    const struct procedure *procedure = draw->graph->procedure;
    struct buf text = BUF_INIT(LABEL_MAX);

    buf_addf(&text, "%s, %s, phiên bản %d", procedure->name, procedure->code, procedure->version);
    if (draw->dossier != NULL)
        buf_addf(&text, ". Hồ sơ %s: %s", draw->dossier, draw->state_name);
    buf_adds(buf, "flowchart TD\n    accTitle: ");
    add_mermaid(buf, buf_slice(&text));
    buf_adds(buf, "\n    title[\"");
    wrapped(buf, &mermaid, buf_slice(&text), mermaid.node_letters);
    buf_adds(buf, "\"]\n    style title fill:none,stroke:none\n");
    buf_release(&text);
}

void flowdraw_mermaid(struct buf *buf, const struct flowdraw *draw)
{
    const struct flowgraph *graph = draw->graph;

    mermaid_head(buf, draw);
    for (size_t i = 0; i < graph->node_count; i++) {
        int index = graph->order[i];
        const char *const *shape = mermaid_shape(&graph->nodes[index]);

        buf_addf(buf, "    n%d%s", index, shape[0]);
        node_label(buf, draw, index, &mermaid);
        buf_addf(buf, "%s\n", shape[1]);
    }
    if (graph->node_count > 0) /* the title stands above the start */
        buf_addf(buf, "    title ~~~ n%d\n", graph->order[0]);
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct flow_edge *edge = &graph->edges[i];
        const char *line = edge->timeout != NULL ? "-.->" : edge->main ? "==>" : "-->";

        buf_addf(buf, "    n%d %s|\"", edge->from, line);
        edge_label(buf, draw, edge, &mermaid);
        buf_addf(buf, "\"| n%d\n", edge->to);
    }
    for (size_t i = 0; draw->marks != NULL && i < graph->node_count; i++)
        if (draw->marks[i].here)
            buf_addf(buf, "    style n%zu stroke-width:4px\n", i);
}
