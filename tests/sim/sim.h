/* sim.h - the simulated post as a whole: what interface A and the control routes share. */
#ifndef POSTSIM_SIM_H
#define POSTSIM_SIM_H

#include "parcel.h"
#include "web.h"

#define SIM_LOG_MAX 100000

enum away_how {
    AWAY_RESET, /* connections are reset */
    AWAY_503,   /* a gateway in front answers */
    AWAY_HANG,  /* nothing answers until the client gives up or the post is back */
};

/* One call of interface A, as /sim/log shows it. */
struct log_entry {
    uint64_t n;
    int64_t at_ms;
    const char *op;        /* token, order, cancel, tracking */
    char number[64];       /* OrderNumber, cut */
    enum fault_kind fault; /* FAULT_NONE: answered as it should */
    int http_status;       /* 0: reset */
    int status;            /* Status in the answer's body, 0: none */
};

struct sim {
    struct loop *loop;
    struct web web;
    struct account_book book;
    struct fault_plan plan;
    struct office office;
    struct loop_timer *step_timer, *away_timer;
    int64_t slow_us;
    int retry_after_s;
    int64_t away_until_ms; /* 0: here */
    int64_t away_for_ms;   /* of the absence that --away planned */
    enum away_how away_how;
    struct list unsynced; /* answers that wait for the journal's fsync */
    bool sync_asked;
    struct log_entry *log; /* ring */
    uint64_t log_count;    /* all time */
    uint64_t duplicates;   /* orders received again after they were accepted */
};

int64_t sim_now_ms(void);
/* Arms the timer of the parcels' own steps; after every change of what is due. */
void sim_arm(struct sim *sim);
/* A new entry in the ring; op is borrowed for good. */
struct log_entry *sim_log(struct sim *sim, const char *op);

#endif
