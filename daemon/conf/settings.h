/* settings.h - dvcd.yaml as plain values. One table in settings_table.c says of each key its type,
 * range, default, whether a reload may change it, and what it is for. */
#ifndef DVC_CONF_SETTINGS_H
#define DVC_CONF_SETTINGS_H

#include "base/log.h"
#include "conf/schema.h"

enum database_mode {
    DATABASE_EMBEDDED, /* a private cluster under the data folder, started by the supervisor */
    DATABASE_EXTERNAL  /* a server of its own: the unit dvcd-db.service, or the agency's */
};

enum staff_totp {
    STAFF_TOTP_OFF,      /* nobody can turn one-time codes on */
    STAFF_TOTP_OPTIONAL, /* who wants */
    STAFF_TOTP_REQUIRED  /* staff without them can only turn them on */
};

struct settings {
    struct {
        struct schema_texts listen;          /* "127.0.0.1:8080", "[::1]:8080", "unix:/path" */
        struct schema_texts tls_listen;      /* the same, for HTTPS; none: no HTTPS of our own */
        const char *tls_certificate, *tls_key; /* absolute; PEM */
        const char *public_url; /* "https://dvc.example.vn", no slash at the end; NULL: not known */
        bool redirect_to_https; /* plain requests are sent to public_url */
        int64_t hsts_days;      /* how long browsers keep to HTTPS; 0: not said */
        struct schema_texts trusted_proxies; /* addresses or networks: "127.0.0.1", "10.1.0.0/16" */
        struct schema_texts metrics_from;    /* the same: may read /metrics without a token */
        bool secure_cookies;
        int64_t max_header_bytes, max_body_bytes;
        int64_t upload_bytes; /* of bodies above 1 MiB being received or handled, per worker */
        int64_t downloads;    /* files being sent at once, per worker */
        int64_t max_connections, max_requests; /* per worker; requests in flight */
        int64_t requests_per_minute;           /* of one address without an account, per worker */
        int64_t lookups_per_minute;            /* of one address, per worker */
        int64_t streams_max;                   /* server-sent events open at once, per worker */
        int64_t stream_check_ms;               /* their rights are looked at again every */
        int64_t read_timeout_ms;               /* silence of a client */
        int64_t request_timeout_ms;            /* from the last byte in to the answer: then 503 */
        int64_t session_hours;
    } http;
    struct {
        enum database_mode mode;
        const char *url;       /* external: the workers' login, as libpq reads it */
        const char *owner_url; /* external: the owner's login, for migrations; may be NULL */
        const char *dir;       /* embedded: absolute */
        const char *bin_dir;   /* embedded: PostgreSQL's programs; NULL: looked for */
        int64_t connections;   /* for reads, per gateway */
        int64_t batch_max;     /* changes in one commit */
        int64_t queue_max;     /* operations waiting, per worker */
        int64_t connect_timeout_ms, statement_timeout_ms, lock_timeout_ms;
        int64_t poll_busy_ms; /* the shortest pause between two looks for work */
        int64_t shared_buffers_mb, max_connections; /* embedded */
    } database;
    struct {
        int64_t gateways; /* 0: half of the processors, at least one */
        int64_t couriers;
        int64_t memory_mb; /* per worker: above it a worker drains and is started afresh */
        int64_t drain_ms;
        int64_t restart_min_ms, restart_max_ms;
        int64_t auth_queue; /* passwords waiting to be checked, per node */
        int64_t auth_memory_kib, auth_passes;
    } workers;
    struct {
        int64_t lease_ms, batch_max, fold_ms;
        int64_t tick_ms; /* the longest pause between two looks for due timers */
        int64_t purge_minutes;
        int64_t anchor_ms, skew_warning_ms;
        const char *default_calendar; /* id */
        int64_t weekends_only_years;
    } clock;
    struct {
        int64_t poll_ms; /* the longest pause between two looks into the outbox */
        int64_t retry_min_ms, retry_max_ms, retries_max; /* then a dead letter */
    } courier;
    struct {
        bool citizen_filing;
        int64_t backdating_hours;
        struct limit limit; /* of the acceptance notice */
    } intake;
    struct {
        bool self_registration; /* citizens make accounts for themselves */
        int staff_totp;         /* enum staff_totp */
    } accounts;
    struct {
        int64_t pin_digits, pin_failures, pin_lock_minutes;
    } lookup;
    struct {
        const char *clamd; /* path of its socket; NULL: files are not scanned */
        int64_t clamd_timeout_ms;
        int64_t scans;                     /* at once, per worker */
        int64_t unfinished, unfinished_mb; /* uploads under way, per account */
    } files;
    struct {
        int64_t upload_hours, session_days, outbox_days;
    } retention;
    struct {
        const char *wal_dir; /* embedded: WAL is archived there all the time; NULL: not at all */
        int64_t wal_seconds; /* the longest that a written segment waits for it */
        int64_t keep;        /* backups in a folder */
        const char *url;     /* external: a login with REPLICATION; may be NULL */
    } backup;
    struct {
        const char *data;
        const char *plugins, *workflows, *agencies, *communes, *calendars, *targets;
        const char *sql; /* migrations, functions and statements; NULL: beside the program */
        const char *forms; /* forms.yaml; NULL: the program's own */
        const char *javascript; /* below it the libraries of Debian's packages */
    } paths;             /* absolute */
    struct {
        int level; /* enum log_level */
    } log;
    const char *file; /* it was read from */
};

/* Reads `path` (shown as `file`); keys that are not there have their defaults. Relative paths are
 * taken from its folder, those of data that the daemon keeps from paths.data; `data` not NULL is
 * used instead of paths.data (quick start, tests). 0 or CONF_E_BAD; then *ret holds defaults for
 * the keys with faults, so that a check goes on to the files it names, or is as it was when the
 * file is no YAML at all. */
int settings_load(struct arena *arena, const char *path, const char *file, const char *data,
                  struct conf_errors *errors, struct settings *ret) DVC_MUSTCHECK;
/* Keys that differ and that a reload cannot change, as "http.listen", for the log. At most `max`
 * are written; returns how many there are. */
size_t settings_restart_keys(const struct settings *old, const struct settings *new,
                             const char **ret, size_t max);
/* Gives `new` what `old` has of those keys, copied into `arena`: what a reload goes on with. */
void settings_keep(struct arena *arena, const struct settings *old, struct settings *new);
/* All keys with range, default and help, as commented YAML: what config/dvcd.yaml holds. */
void settings_reference(struct buf *buf);

/* "127.0.0.1:8080", "[::1]:8080" or "unix:/path": numeric addresses only, so that no start waits
 * for a name server. */
bool settings_listen_ok(struct slice text);
/* "127.0.0.1", "::1", "10.1.0.0/16". */
bool settings_network_ok(struct slice text);

#endif
