/* world.h - months of a city's dossiers in a minute: the real service over a real database, with a
 * clock that the test sets. Two services with a clock each, as two nodes would have. */
#ifndef DVC_TESTS_FIGURES_WORLD_H
#define DVC_TESTS_FIGURES_WORLD_H

#include "clock/clockwork.h"
#include "service/decide.h"
#include "service/publish.h"
#include "service/service.h"

#define WORLD_NODES 2
#define WORLD_DOSSIERS 20000

struct world {
    struct arena *arena;
    struct loop *loop;
    struct generation *generation;
    struct statements *statements;
    struct store_sync *look;
    struct store *stores[WORLD_NODES];
    struct service *services[WORLD_NODES];
    struct clockwork *clocks[WORLD_NODES];
    struct loop_timer *alarm;
    struct actor staff, citizen;
    int64_t dossiers[WORLD_DOSSIERS]; /* ids; 0 where it ended */
    size_t dossier_count;
    int pending;
    bool alarmed;
    uint64_t submitted, applied, refused;
};

/* Reads the configuration, publishes it, starts two nodes. Ends the program on any fault. */
void world_open(struct world *world, const char *config);
void world_close(struct world *world);
/* Clocks that work side by side, or (with `leased`) one after the other. */
void world_start_clocks(struct world *world, struct clock_options options);
void world_stop_clocks(struct world *world); /* drained */
void world_set_time(struct world *world, wall_t at);
void world_run_us(struct world *world, int64_t us);
/* Runs until nothing is pending. */
void world_settle(struct world *world);
/* A number by SQL, over a connection of its own. */
int64_t world_number(struct world *world, const char *sql);
void world_sql(struct world *world, const char *sql);
/* `count` new dossiers, all at once; `chance` of each open one to be acted on. */
void world_submit(struct world *world, int count);
void world_act(struct world *world, int percent);
/* Runs until no timer is due. */
void world_fire(struct world *world);
uint64_t world_chance(uint64_t below);
void world_seed(uint64_t seed);

#endif
