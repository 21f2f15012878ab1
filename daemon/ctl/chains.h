/* chains.h - recomputes the hash chains of events, as anyone may (architecture, section 5). */
#ifndef DVC_CTL_CHAINS_H
#define DVC_CTL_CHAINS_H

#include "ctl/ctl.h"

struct chains_report {
    int64_t dossiers, events; /* looked at */
    int64_t broken;           /* dossiers with a fault */
    char first[512];          /* the first fault, as a sentence in Vietnamese; "" none */
};

struct chains_options {
    const struct slice *codes; /* NULL: all dossiers */
    size_t code_count;
    void (*progress)(void *ctx, const struct chains_report *so_far); /* per page; may be NULL */
    void *ctx;
};

/* Reads with whatever login `sync` has; dvcd_audit is enough. 0 when all was read, whatever was
 * found, else an exit status with the fault printed. */
int chains_check(struct ctl *ctl, struct store_sync *sync, const struct chains_options *options,
                 struct chains_report *ret) DVC_MUSTCHECK;

#endif
