/* flowgraph.h - a procedure's workflow as a picture is drawn from it: what stands where, and what
 * leads where. One model for dvcctl, the API and the web client, so that all pictures agree.
 *
 * What every procedure has without writing it (withdraw, stop, suspend, ...) is not in it. */
#ifndef DVC_CORE_FLOWGRAPH_H
#define DVC_CORE_FLOWGRAPH_H

#include "core/procedure.h"

enum flow_kind {
    FLOW_WORK,      /* somebody does something */
    FLOW_WAIT,      /* for a party */
    FLOW_AUTOMATIC, /* every action is taken by itself */
    FLOW_END
};

struct flow_node {
    enum flow_kind kind;
    const char *id;          /* the step's; of an end "end." and the state's code, as no step is called */
    const char *name;        /* Vietnamese */
    const struct step *step; /* NULL: an end */
    enum dossier_state end;  /* FLOW_END */
    enum role who;           /* who works, or the party that is waited for; ROLE_NONE: an end */
    bool joins;              /* branches meet here: by step->join_any */
    bool main;               /* on the expected way: of each step the first action */
    int rank;                /* row: the longest way from the start that goes back nowhere */
    int column;              /* within its row; 0 is the expected way's, also where it is empty */
};

/* One for each step that an action or a timeout leads to. */
struct flow_edge {
    int from, to;                  /* indexes into nodes */
    const struct action *action;   /* NULL: a timeout that takes none */
    const struct timeout *timeout; /* not NULL: taken by the clock */
    enum role by;                  /* whose action; ROLE_CLOCK of a timeout */
    bool parallel;                 /* opened together with the others of the same action */
    bool join;                     /* ends a branch */
    bool previous;                 /* back to where the token came from: one of several */
    bool back;                     /* closes a loop */
    bool main;
    const struct spawn **spawns; /* dossiers opened on this way, borrowed from the procedure */
    size_t spawn_count;
    int place, seq; /* order: of the action within its step, of the edge within all */
};

struct flowgraph {
    const struct procedure *procedure;
    struct flow_node *nodes; /* the steps by their indexes, then the ends */
    size_t node_count;
    struct flow_edge *edges; /* by from, then as the plugin has the actions; the timeout last */
    size_t edge_count;
    int *order; /* every node once: by rank, then column */
    int ranks;
};

/* A dossier's place at one node. */
struct flow_mark {
    bool here;
    int visits; /* how often it came here; of an end 1 when it ended so */
};

/* Lives in `arena` and borrows from the procedure. The procedure need not be proven: what leads
 * nowhere stands in the first row. The same procedure gives the same picture. */
struct flowgraph *flowgraph_make(struct arena *arena, const struct procedure *procedure);

const char *flow_kind_code(enum flow_kind kind); /* work wait automatic end */

#endif
