#include "service/inspect.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/log.h"
#include "service/registry.h"
#include "service/service.h"

struct inspector {
    struct service *service;
    struct filetypes *types; /* NULL until the first file */
    struct list under_way;
    struct inspect_stats stats;
    bool closed;
};

struct inspection {
    struct list link;
    struct inspector *inspector;
    struct inspect_source source;
    void (*done)(void *ctx, const struct inspected *result);
    void *ctx;
    struct sha256_sum *sum;
    struct scan *scan; /* NULL: no scanner is configured */
    struct loop_timer *turn;
    bool waiting; /* for the source: it knows us until it has answered */
    bool begun, ended, over;
    struct inspected result;
};

struct inspector *inspector_new(struct service *service)
{
    struct inspector *inspector = dvc_calloc(1, sizeof(*inspector));

    inspector->service = service;
    list_init(&inspector->under_way);
    return inspector;
}

struct inspector *inspector_free(struct inspector *inspector)
{
    if (inspector == NULL)
        return NULL;
    DVC_REQUIRE(list_empty(&inspector->under_way));
    filetypes_free(inspector->types);
    free(inspector);
    return NULL;
}

struct inspect_stats inspect_stats(const struct inspector *inspector)
{
    return inspector->stats;
}

static void tell(struct inspection *inspection)
{
    list_remove(&inspection->link);
    inspection->inspector->stats.under_way--;
    scan_free(inspection->scan);
    loop_timer_free(inspection->turn);
    if (inspection->sum != NULL)
        inspection->result.digest = sha256_end(inspection->sum);
    inspection->done(inspection->ctx, &inspection->result);
    free(inspection);
}

static void end_with(struct inspection *inspection, enum inspect_verdict verdict)
{
    inspection->over = true;
    inspection->result.verdict = verdict;
    inspection->scan = scan_free(inspection->scan);
    loop_timer_start(inspection->turn, 0);
}

static void ask_source(struct inspection *inspection)
{
    inspection->waiting = true;
    inspection->source.next(inspection->source.ctx, inspection);
}

static void on_turn(void *ctx)
{
    struct inspection *inspection = ctx;

    if (!inspection->over)
        ask_source(inspection);
    else if (!inspection->waiting)
        tell(inspection);
}

/* The source has answered. False when that comes too late to matter. */
static bool answered(struct inspection *inspection)
{
    inspection->waiting = false;
    if (!inspection->over && !inspection->inspector->closed)
        return true;
    if (inspection->inspector->closed)
        tell(inspection); /* no turn comes any more */
    else
        loop_timer_start(inspection->turn, 0);
    return false;
}

void inspector_close(struct inspector *inspector)
{
    struct list *next;

    inspector->closed = true;
    for (struct list *at = inspector->under_way.next; at != &inspector->under_way; at = next) {
        struct inspection *inspection = LIST_ENTRY(at, struct inspection, link);

        next = at->next;
        if (!inspection->over)
            inspection->result.verdict = INSPECT_BUSY;
        inspection->over = true;
        if (!inspection->waiting)
            tell(inspection);
    }
}

/* ---- what it is ---- */

struct asking {
    const char *type;
    bool asked;
};

static void look_at_procedure(void *ctx, const struct procedure *procedure)
{
    struct asking *asking = ctx;

    for (size_t i = 0; i < procedure->paper_count; i++)
        for (size_t k = 0; k < procedure->papers[i].format_count; k++) {
            const struct file_format *format =
                format_of_word(slice_str(procedure->papers[i].formats[k]));

            asking->asked =
                asking->asked || (format != NULL && strcmp(format->type, asking->type) == 0);
        }
}

/* Beyond the usual ones, only what some procedure in force asks for is let in. */
static bool wanted(const struct service *service, const struct file_format *format)
{
    struct asking asking = {format->type, format->usual};

    if (!asking.asked)
        registry_each(service->registry, day_of(loop_now(service->loop)), look_at_procedure,
                      &asking);
    return asking.asked;
}

static bool tell_type(struct inspection *inspection, struct slice start)
{
    struct inspector *inspector = inspection->inspector;
    const struct file_format *format;

    if (inspector->types == NULL)
        inspector->types = filetypes_new();
    if (inspector->types == NULL) {
        log_error("magic_unusable", "detail=libmagic finds no database");
        end_with(inspection, INSPECT_BUSY);
        return false;
    }
    format = filetype_of(inspector->types, start);
    if (format == NULL || !wanted(inspector->service, format)) {
        inspector->stats.refused++;
        end_with(inspection, INSPECT_TYPE);
        return false;
    }
    inspection->result.format = format;
    return true;
}

/* ---- piece by piece ---- */

void inspect_fail(struct inspection *inspection, int store_code)
{
    if (!answered(inspection))
        return;
    inspection->result.store_code = store_code;
    end_with(inspection, INSPECT_FAILED);
}

static void finish(struct inspection *inspection)
{
    inspection->ended = true;
    if (!inspection->begun) {
        end_with(inspection, INSPECT_TYPE);
    } else if (inspection->scan != NULL) {
        scan_finish(inspection->scan);
    } else {
        inspection->inspector->stats.unscanned++;
        end_with(inspection, INSPECT_GOOD);
    }
}

void inspect_piece(struct inspection *inspection, struct slice piece)
{
    if (!answered(inspection))
        return;
    if (piece.len == 0) {
        finish(inspection);
        return;
    }
    if (!inspection->begun && !tell_type(inspection, piece))
        return;
    inspection->begun = true;
    sha256_add(inspection->sum, piece);
    if (inspection->scan != NULL)
        scan_feed(inspection->scan, piece);
    else
        loop_timer_start(inspection->turn, 0);
}

static void scan_wants_more(void *ctx)
{
    ask_source(ctx);
}

/* The digest of what is infected is that of the beginning which the scanner saw, when it did not
 * wait for the end. */
static void scan_done(void *ctx, const struct scan_result *result)
{
    struct inspection *inspection = ctx;
    struct inspect_stats *stats = &inspection->inspector->stats;

    switch (result->verdict) {
    case SCAN_CLEAN:
        if (!inspection->ended) /* of what? */
            break;
        stats->clean++;
        end_with(inspection, INSPECT_GOOD);
        return;
    case SCAN_INFECTED:
        stats->infected++;
        memcpy(inspection->result.signature, result->word, sizeof(result->word));
        end_with(inspection, INSPECT_INFECTED);
        return;
    case SCAN_FAILED:
        break;
    }
    stats->scans_failed++;
    log_warn("scan_failed", "detail=%s", result->word);
    end_with(inspection, INSPECT_BUSY);
}

void inspect(struct inspector *inspector, const struct inspect_source *source,
             void (*done)(void *ctx, const struct inspected *result), void *ctx)
{
    struct inspection *inspection = dvc_calloc(1, sizeof(*inspection));
    const struct settings *settings = &inspector->service->generation->settings;
    struct loop *loop = inspector->service->loop;

    inspection->inspector = inspector;
    inspection->source = *source;
    inspection->done = done;
    inspection->ctx = ctx;
    inspection->turn = loop_timer_new(loop, on_turn, inspection);
    inspection->sum = sha256_begin();
    list_push_back(&inspector->under_way, &inspection->link);
    inspector->stats.under_way++;
    if (inspector->closed ||
        (settings->files.clamd != NULL && inspector->stats.under_way > settings->files.scans))
        end_with(inspection, INSPECT_BUSY);
    else if (settings->files.clamd != NULL)
        inspection->scan =
            scan_new(loop, settings->files.clamd, settings->files.clamd_timeout_ms * 1000,
                     scan_wants_more, scan_done, inspection);
    else
        loop_timer_start(inspection->turn, 0);
}
