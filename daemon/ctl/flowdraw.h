/* flowdraw.h - a workflow as text that other programs draw: Graphviz and Mermaid. What a box is
 * stands in its shape and in its words; colour only repeats it. */
#ifndef DVC_CTL_FLOWDRAW_H
#define DVC_CTL_FLOWDRAW_H

#include "core/flowgraph.h"

struct flowdraw {
    const struct flowgraph *graph;
    /* Of a dossier, else NULL: */
    const struct flow_mark *marks; /* by node */
    const char *dossier, *state_name;
};

/* DOT, for `dot -Tsvg` and its like. */
void flowdraw_dot(struct buf *buf, const struct flowdraw *draw);
/* A Mermaid flowchart, top down. */
void flowdraw_mermaid(struct buf *buf, const struct flowdraw *draw);

#endif
