/* engine_fixture.h - a small procedure made by hand, a dossier on it, and people who act: what the
 * tests of the engine start from. Saved changes come back through dossier_copy, as the next
 * command's starting point. */
#ifndef DVC_TEST_ENGINE_FIXTURE_H
#define DVC_TEST_ENGINE_FIXTURE_H

#include "core/workflow.h"

struct engine {
    struct arena *arena;
    struct procedure *procedure; /* tests may change it before the first command */
    struct setting setting;
    struct agency_order order;
    struct dossier *dossier;
    struct outcome *last;
    struct refusal refusal;
    struct command command; /* of the next call; cleared after it */
};

/* Steps: receive -> work -> sign -> desk -> returned; from work also split (ask_a, ask_b join
 * work), wait (applicant, held), and refuse. Total limit 10 working days, work 4 working days. */
enum { S_RECEIVE, S_WORK, S_ASK_A, S_ASK_B, S_WAIT, S_CHECK, S_SIGN, S_DESK, S_COUNT };

/* 2026-03-02 08:00, online, nothing filed yet. */
struct engine *engine_new(void);
void engine_free(struct engine *engine);
void engine_at(struct engine *engine, const char *when); /* "2026-03-02 09:00" */

int engine_submit(struct engine *engine);
/* Acts in `role` at the agency of the task (0: at home). ROLE_APPLICANT is the citizen. */
int engine_act(struct engine *engine, enum role role, const char *action, int task);
int engine_timer(struct engine *engine, int scope, int epoch, int rung);
/* Number of the open task on a step, 0 none. */
int engine_task(const struct engine *engine, int step);
/* Filed and accepted at 09:00. */
void engine_accepted(struct engine *engine);
struct slice engine_body(const struct engine *engine); /* of the last event */
int engine_delta(const struct engine *engine, enum measure measure);
const struct timer_row *engine_timer_of(const struct engine *engine, int scope, int rung);

#endif
