#include "app/measures.h"

#include "service/authclient.h"
#include "service/inspect.h"
#include "service/registry.h"
#include "service/service.h"

/* One function for each number: a struct store_stats is read anew for each, which is a few loads.
 */
#define READER(name, type, expression)                                                             \
    static int64_t name(void *ctx)                                                                 \
    {                                                                                              \
        const struct measures *m = ctx;                                                            \
        type seen = (expression);                                                                  \
                                                                                                   \
        return (int64_t)seen;                                                                      \
    }
#define STORE_READER(name, member) READER(name, uint64_t, store_stats(m->node->store).member)
#define SRV_READER(name, member) READER(name, int64_t, srv_stats(m->srv).member)

STORE_READER(readers_up, readers_up)
STORE_READER(writers_up, writers_up)
STORE_READER(queued, queued)
STORE_READER(in_flight, in_flight)
STORE_READER(queries, queries)
STORE_READER(errors, errors)
STORE_READER(timeouts, timeouts)
STORE_READER(refused, refused)
STORE_READER(lost, lost)
STORE_READER(links_lost, links_lost)
STORE_READER(batches, batches)
STORE_READER(changes, changes)
STORE_READER(duplicates, changes_duplicate)
STORE_READER(stale, changes_stale)
STORE_READER(split, changes_split)
SRV_READER(connections, connections)
SRV_READER(accepted, accepted)
SRV_READER(guard_refused, refused)
SRV_READER(timed_out, timed_out)
SRV_READER(body_bytes, body_bytes)
SRV_READER(upload_bytes, upload_bytes)
READER(up, bool, store_up(m->node->store))
READER(ready, bool, m->node->ready && !m->node->draining)
READER(skew, int64_t, store_skew_us(m->node->store) / 1000)
READER(generation, int64_t, registry_generation(m->node->service->registry))
READER(config_errors, int64_t, m->node->config_errors)
READER(auth, uint32_t, authclient_outstanding(m->node->auth))
READER(private_kib, int64_t, m->node->private_kib)
#define INSPECT_READER(name, member)                                                               \
    READER(name, int64_t, inspect_stats(m->node->service->inspector).member)
INSPECT_READER(inspecting, under_way)
INSPECT_READER(files_clean, clean)
INSPECT_READER(files_infected, infected)
INSPECT_READER(files_unscanned, unscanned)
INSPECT_READER(files_refused, refused)
INSPECT_READER(scans_failed, scans_failed)
READER(scanner, bool, m->node->config->generation->settings.files.clamd != NULL)
READER(downloads, int64_t, m->node->service->downloads)

static const struct {
    const char *name, *kind, *help;
    int64_t (*read)(void *ctx);
} values[] = {
    {"dvc_worker_ready", "gauge", "1 while this worker serves.", ready},
    {"dvc_worker_private_kib", "gauge", "Memory that is this worker's alone, KiB.", private_kib},
    {"dvc_http_connections", "gauge", "Open connections.", connections},
    {"dvc_http_connections_total", "counter", "Connections accepted.", accepted},
    {"dvc_http_refused_total", "counter", "Requests refused before any handler.", guard_refused},
    {"dvc_http_timed_out_total", "counter", "Connections that ran out of time.", timed_out},
    {"dvc_http_body_bytes", "gauge", "Bytes of request bodies in memory.", body_bytes},
    {"dvc_http_upload_bytes", "gauge", "Bytes of large request bodies in memory.", upload_bytes},
    {"dvc_store_up", "gauge", "1 while a reading and a writing connection are up.", up},
    {"dvc_store_readers_up", "gauge", "Connections for reads that are up.", readers_up},
    {"dvc_store_writers_up", "gauge", "Connections for writes that are up.", writers_up},
    {"dvc_store_connections_lost_total", "counter",
     "Connections to the database that broke or could not be made.", links_lost},
    {"dvc_store_queued", "gauge", "Operations waiting for a connection.", queued},
    {"dvc_store_in_flight", "gauge", "Operations sent and not answered.", in_flight},
    {"dvc_store_queries_total", "counter", "Operations asked for.", queries},
    {"dvc_store_errors_total", "counter", "Operations that failed.", errors},
    {"dvc_store_timeouts_total", "counter", "Operations that ran out of time.", timeouts},
    {"dvc_store_refused_total", "counter", "Operations refused because the queue was full.",
     refused},
    {"dvc_store_lost_total", "counter", "Operations whose connection broke before the answer.",
     lost},
    {"dvc_store_batches_total", "counter", "Commits of change batches.", batches},
    {"dvc_store_changes_total", "counter", "Changes handed in.", changes},
    {"dvc_store_changes_duplicate_total", "counter", "Changes that were there already.",
     duplicates},
    {"dvc_store_changes_stale_total", "counter", "Changes decided on an older dossier.", stale},
    {"dvc_store_batches_split_total", "counter",
     "Batches cut in two because a change of theirs failed.", split},
    {"dvc_auth_outstanding", "gauge", "Passwords with the auth helper.", auth},
    {"dvc_registry_generation", "gauge", "Number of the published configuration that is served.",
     generation},
    {"dvc_config_errors", "gauge", "Errors in the configuration that was read last.",
     config_errors},
    {"dvc_files_scanner_configured", "gauge", "1 when files are scanned before they are taken.",
     scanner},
    {"dvc_files_inspecting", "gauge", "Files that are being looked at.", inspecting},
    {"dvc_files_clean_total", "counter", "Files that the scanner let pass.", files_clean},
    {"dvc_files_infected_total", "counter", "Files that the scanner refused.", files_infected},
    {"dvc_files_unscanned_total", "counter", "Files taken without a scanner.", files_unscanned},
    {"dvc_files_refused_total", "counter", "Files of formats that nobody asks for.", files_refused},
    {"dvc_files_scans_failed_total", "counter", "Scans without an answer of the scanner.",
     scans_failed},
    {"dvc_files_downloads", "gauge", "Files being sent to readers.", downloads},
    {"dvc_clock_skew_ms", "gauge", "The database's clock minus this machine's.", skew},
};

static void write_lags(void *ctx, struct buf *out)
{
    const struct measures *m = ctx;
    const struct lags_seen *seen = lags_ask(m->lags);

    if (seen == NULL)
        return;
    metrics_line(out, "dvc_cluster_outbox_undelivered", "gauge",
                 "Outbox rows neither delivered nor dead; counted up to 100000.",
                 (double)seen->outbox_undelivered);
    metrics_line(out, "dvc_cluster_outbox_oldest_seconds", "gauge",
                 "Age of the oldest undelivered outbox row.",
                 (double)seen->outbox_oldest_us / US_PER_SECOND);
    metrics_line(out, "dvc_cluster_outbox_dead", "gauge",
                 "Outbox rows that wait for a person's decision.", (double)seen->dead_letters);
    metrics_line(out, "dvc_cluster_deltas_unfolded", "gauge",
                 "Deltas of the figures not folded yet; counted up to 100000.",
                 (double)seen->deltas_unfolded);
    metrics_line(out, "dvc_cluster_oldest_transaction_seconds", "gauge",
                 "Age of the longest transaction of the workers' login.",
                 (double)seen->oldest_transaction_us / US_PER_SECOND);
    metrics_line(out, "dvc_cluster_transactions_behind", "gauge",
                 "Transactions begun since the oldest one running: rows above it wait.",
                 (double)seen->transactions_behind);
    metrics_line(out, "dvc_cluster_timers_lag_seconds", "gauge",
                 "How long the first due timer has been due.",
                 (double)seen->timers_us / US_PER_SECOND);
}

void measures_register(struct metrics *metrics, struct measures *measures)
{
    metrics_set_worker(metrics, measures->node->env->name);
    for (size_t i = 0; i < DVC_COUNT(values); i++)
        metrics_value(metrics, values[i].name, values[i].kind, values[i].help, values[i].read,
                      measures);
    metrics_lines(metrics, write_lags, measures);
}
