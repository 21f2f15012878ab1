/* carrier.h - how a carrier of parcels is reached and what its codes mean: configuration as plain
 * values (conf/targets.c reads it, the courier goes by it). */
#ifndef DVC_CORE_CARRIER_H
#define DVC_CORE_CARRIER_H

#include "base/slice.h"
#include "core/dossier.h"

enum carrier_time { CARRIER_TIME_MS, CARRIER_TIME_S };

/* The agency's side of a parcel: sender of a result, receiver of a collected dossier. */
struct carrier_sender {
    const char *name, *address, *tel, *email; /* email NULL: none */
    int province, district;                   /* the carrier's codes, not the civil ones */
};

/* One contract with the carrier. */
struct carrier_customer {
    const char *code;      /* CustomerCode */
    const char *key;       /* customerKey */
    const char *secret;    /* secretKey, from the file or from secret_file */
    const char **agencies; /* agency codes; each stands for itself and what is below it */
    size_t agency_count;
    struct carrier_sender sender;
};

/* What a StatusCode means, by direction. */
struct carrier_status {
    int code;
    enum parcel_state collect, ret;
};

/* The carrier's number for a province. */
struct carrier_province {
    const char *code; /* civil code, two digits: "31" */
    int number;
};

/* VNPost by its interface A. */
struct vnpost_target {
    const char *id; /* channel name of the outbox */
    const char *token_url, *order_url, *cancel_url, *tracking_url;
    const char *ca_file;          /* absolute; NULL: the system's bundle */
    enum carrier_time event_time; /* unit of EventTime */
    int64_t max_in_flight, page_size;
    int64_t connect_timeout_ms, request_timeout_ms, tracking_ms;
    struct carrier_customer *customers;
    size_t customer_count;
    struct carrier_status *statuses; /* by code */
    size_t status_count;
    struct carrier_province *provinces; /* civil codes to the carrier's */
    size_t province_count;
};

/* The contract of an agency: its own, else that of the nearest agency above it in the code
 * ("H24.15.03", "H24.15", "H24"). NULL when there is none. */
const struct carrier_customer *vnpost_target_customer(const struct vnpost_target *target,
                                                      struct slice agency);
/* What the carrier's code says of a parcel; false for a code nobody mapped: it is kept and shown,
 * and moves nothing. */
bool vnpost_target_state(const struct vnpost_target *target, enum parcel_direction direction,
                         int code, enum parcel_state *ret);
/* The carrier's number for a civil province code; 0 when nobody mapped it. */
int vnpost_target_province(const struct vnpost_target *target, struct slice code);

#endif
