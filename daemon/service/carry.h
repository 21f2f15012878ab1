/* carry.h - what a signed hand-over record (biên bản giao nhận) means for its parcels: each becomes
 * handed_over through the one way in which a dossier changes. What has to be done stands in durable
 * rows; doing it twice is doing it once. */
#ifndef DVC_SERVICE_CARRY_H
#define DVC_SERVICE_CARRY_H

#include <stddef.h>
#include <stdint.h>

struct service;

struct carried {
    size_t done, failed; /* failed: they wait, and are found again */
    int store_code;      /* of the last that failed, or 0 */
};
typedef void (*carry_fn)(void *ctx, const struct carried *carried);

/* Carries out one record, or with `handover` 0 whatever a killed worker left of any. Decides a few
 * at a time; `done` runs exactly once, later. */
void carry_out(struct service *service, int64_t handover, carry_fn done, void *ctx);

#endif
