/* settings.h - dvcd.yaml as plain values. One table in settings.c says of each key its type, range,
 * unit, default, whether a reload may change it, and what it is for. */
#ifndef DVC_CONF_SETTINGS_H
#define DVC_CONF_SETTINGS_H

#include "conf/errors.h"
#include "core/limit.h"

enum database_mode {
    DATABASE_EMBEDDED, /* a private cluster under the data folder, started by the supervisor */
    DATABASE_SERVICE,  /* a private cluster under the data folder that a unit of its own runs */
    DATABASE_EXTERNAL  /* the agency's server, by database.url */
};

enum report_level { REPORT_DEBUG, REPORT_INFO, REPORT_WARN, REPORT_ERROR };

struct settings {
    struct {
        const char **listen; /* "127.0.0.1:8080", "[::1]:8080", "unix:/run/dvcd/http.sock" */
        size_t listen_count;
        const char **trusted_proxies; /* addresses or networks, e.g. "127.0.0.1", "10.1.0.0/16" */
        size_t trusted_proxy_count;
        const char *tls_certificate, *tls_key; /* absolute paths, NULL: plain HTTP */
        const char *public_url;                /* as citizens see it; NULL: relative links */
        int64_t max_header_bytes, max_body_bytes, max_upload_bytes;
        int64_t max_connections;       /* per worker */
        int64_t max_requests;          /* in flight, per worker */
        int64_t max_upload_in_flight;  /* bytes, per worker */
        int64_t requests_per_minute;   /* of one address, without an account; per worker */
        int64_t lookups_per_minute;    /* of one address; per worker */
        int64_t header_timeout_ms, body_timeout_ms, idle_timeout_ms, request_timeout_ms;
        int64_t stream_unsent_bytes, stream_comment_ms;
        int64_t session_hours, session_idle_minutes;
        bool secure_cookies;
        const char **metrics_from; /* addresses that may read /metrics without a token */
        size_t metrics_from_count;
    } http;
    struct {
        enum database_mode mode;
        const char *url;       /* libpq connection string of the workers' login; external */
        const char *owner_url; /* of the owner's login, for migrations; external */
        const char *audit_url; /* read-only login for reports; NULL: as url */
        const char *dir;       /* absolute; the cluster's data, embedded and service */
        const char *bin_dir;   /* PostgreSQL's programs; NULL: looked for */
        const char *name, *owner, *app, *audit; /* database and logins, embedded */
        int64_t connections;   /* per worker: readers; the writer is one more */
        int64_t batch_max;     /* changes in one commit */
        int64_t queue_max;     /* operations waiting, per worker */
        int64_t connect_timeout_ms, statement_timeout_ms, lock_timeout_ms, idle_timeout_ms;
        int64_t poll_busy_ms, poll_idle_ms;
        bool fsync;            /* false only on throw-away clusters: tests/ of the reader's speed */
        int64_t shared_buffers_mb, max_connections;
    } database;
    struct {
        int64_t gateways;      /* 0: half of the processors, at least one */
        int64_t couriers;
        int64_t memory_mb;     /* per worker: beyond it a worker drains and is started afresh */
        int64_t drain_ms;      /* what is in flight may take after SIGTERM */
        int64_t restart_min_ms, restart_max_ms;
        int64_t auth_queue;    /* passwords waiting to be checked, per node */
        int64_t auth_memory_kib, auth_passes; /* argon2id */
    } workers;
    struct {
        int64_t lease_ms, tick_ms, batch_max;
        int64_t anchor_ms, skew_warning_ms;
        int64_t checkpoint_minutes, fold_ms, purge_minutes;
        const char *seal_key;  /* absolute path of the checkpoints' signing key */
        const char *default_calendar;
    } clock;
    struct {
        int64_t poll_ms, parallel, batch_max;
        int64_t connect_timeout_ms, request_timeout_ms;
        int64_t retry_min_ms, retry_max_ms, retries_max; /* then a dead letter */
        int64_t tracking_ms;
    } courier;
    struct {
        bool citizen_filing;
        int64_t backdating_hours;
        struct limit limit;    /* of the acceptance notice, 8 working hours */
        const char *instance_agency; /* code of the province's own agency */
        int64_t uploads_per_dossier;
    } intake;
    struct {
        int64_t pin_digits, pin_failures, pin_lock_minutes;
        const char *key_file;  /* absolute: the server key behind look-up PINs */
    } lookup;
    struct {
        int64_t upload_hours, session_days, delta_days, outbox_days, log_months, postal_years;
    } retention;
    struct {
        const char *data, *run, *plugins, *workflows, *agencies, *communes, *calendars, *targets;
        const char *sql, *web; /* installed data; NULL: those beside the program */
    } paths;                   /* absolute */
    struct {
        enum report_level level;
    } log;
    const char *file; /* the file it was read from */
};

/* The defaults of every key, for a configuration file in `dir` (absolute). */
void settings_default(struct arena *arena, const char *dir, struct settings *ret);
/* Reads `path` (shown as `file`). Relative paths are taken from its folder; those of data kept by
 * the daemon from paths.data. 0 or CONF_E_BAD. */
int settings_load(struct arena *arena, const char *path, const char *file,
                  struct conf_errors *errors, struct settings *ret) DVC_MUSTCHECK;
/* Keys that differ and that a reload may not change, as "http.listen", for the log. At most `max`;
 * returns how many there are. */
size_t settings_restart_keys(const struct settings *old, const struct settings *new,
                             const char **ret, size_t max);
/* All keys with type, range, default and help, as commented YAML: what `dvcctl config` prints. */
void settings_reference(struct buf *buf);

#endif
