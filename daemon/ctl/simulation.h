/* simulation.h - what `dvcctl plugin simulate` shows of a rehearsal: a table for a clerk, or JSON.
 */
#ifndef DVC_CTL_SIMULATION_H
#define DVC_CTL_SIMULATION_H

#include "conf/agencies.h"
#include "core/explain.h"
#include "core/rehearsal.h"

struct simulation {
    struct arena *arena;
    const struct rehearsal_plan *plan;
    const struct agency_tree *agencies;
    const struct rehearsal *played;
    const struct rehearsal
        *whole;                  /* the same with everybody using the whole limit; may be played */
    const struct explain *first; /* why the first due is what it is; NULL: none */
    const struct explain *last;  /* the due in the end; NULL: none, or the first */
};

void simulation_print(const struct simulation *simulation);
void simulation_json(const struct simulation *simulation);
/* Why there is nothing to show, or only a part: for standard error, in Vietnamese. */
void simulation_fault(struct buf *buf, const struct simulation *simulation, int error);

const char *pace_code(enum rehearsal_pace pace); /* limit half now */

#endif
