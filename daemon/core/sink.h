/* sink.h - who outside is told of dossiers' changes: another system of the agency, by webhook. */
#ifndef DVC_CORE_SINK_H
#define DVC_CORE_SINK_H

#include "base/slice.h"

#define SINK_SECRETS_MAX 2 /* the one in use, and the one before while it is being changed */

struct sink {
    const char *id;      /* channel of its rows in the outbox */
    const char **events; /* last part of the types that it wants; count 0: all */
    size_t event_count;
};

/* A sink over HTTP. The secrets are bytes, out of "whsec_" and base64. */
struct webhook {
    struct sink sink;
    const char *url;
    struct slice secrets[SINK_SECRETS_MAX];
    size_t secret_count;
    const char *ca_file; /* NULL: the system's bundle */
    int64_t max_in_flight;
    int64_t connect_timeout_ms, request_timeout_ms;
};

/* What a change is called by: every code of enum dossier_state when the state moved; else
 * due_moved (the due date did), parcel_moved, paid or result_corrected. */
bool sink_event_known(struct slice event);
bool sink_wants(const struct sink *sink, const char *event);

#endif
