/* check_flow.h - explores everything that can happen to a dossier's tokens and its clock, and
 * proves the rules of soundness and of the clock (K110..K131, K140, K144, K153, K154). */
#ifndef DVC_CONF_CHECK_FLOW_H
#define DVC_CONF_CHECK_FLOW_H

#include "conf/check_marking.h"
#include "conf/plugin_rule.h"

/* What the exploration found of each step, for the rules that follow. */
struct flow_step {
    bool reached;
    bool running; /* entered with the clock running: its limit is part of the total */
    bool again;   /* the same, once the count was begun again with a limit of its own */
    bool before;  /* entered before acceptance */
    bool after;   /* entered between acceptance and finish */
};

/* One action, or the timeout, taken in a marking. */
struct flow_edge {
    uint32_t from, to;
    int16_t step, action; /* indexes; FLOW_TIMEOUT: a timeout with a target of its own */
    bool goes_on;         /* a clock that was held runs again in it */
};
#define FLOW_TIMEOUT (-1)

/* Everything that can happen: marking 0 is the first. Lives in check->arena. */
struct flow_graph {
    const struct marking_set *markings;
    const struct flow_edge *edges;
    size_t edge_count;
};

/* Conditions are taken as able to be true and to be false. `steps` has one entry a step. False when
 * there are more than PLUGIN_CHECK_MAX_MARKINGS markings: then nothing else is said. */
bool check_flow(struct plugin_check *check, struct flow_step *steps, struct flow_graph *ret);
/* All markings of a procedure, whatever is wrong with it; in `arena`, with much else. NULL: too
 * many. */
const struct marking_set *flow_markings(struct arena *arena, const struct procedure *procedure);

#endif
