#include "courier/papers.h"

#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/log.h"
#include "courier/printer.h"
#include "papers/sheet.h"
#include "service/paperjob.h"

#define FORM_TIMEOUT_US (20 * US_PER_SECOND)
#define REGISTER_TIMEOUT_US (120 * US_PER_SECOND) /* 20,000 rows take some 12 s here */
#define FORM_PRINTS 1000
#define REGISTER_PRINTS 1 /* its memory is given back with the process */

/* One printer and what waits for it: never more than its channel lets in at a time. */
struct press {
    struct papers *papers;
    struct printer *printer;
    struct errand *errand; /* the one that is printed */
};

struct papers {
    struct service *service;
    struct press forms, registers;
    struct printer *probe; /* looks at the start whether forms can be printed here at all */
};

/* One delivery. Ends in finish(), once. */
struct errand {
    struct press *press;
    struct outbox *outbox;
    uint64_t ticket;
    struct paperjob_id id;
};

static void finish(struct errand *errand, enum attempt_result result, const char *detail)
{
    struct attempt attempt = {.result = result, .retry_after_s = -1, .detail = detail};

    errand->press->errand = NULL;
    outbox_delivered(errand->outbox, errand->ticket, &attempt);
    free(errand);
}

static void kept(void *ctx, bool ok)
{
    finish(ctx, ok ? ATTEMPT_DONE : ATTEMPT_SERVER, ok ? NULL : "the PDF could not be kept");
}

/* Whoever waits for an order is told; it has no dossier whose lane could wait for a person. */
static void given_up(void *ctx, bool ok)
{
    finish(ctx, ok ? ATTEMPT_DONE : ATTEMPT_SERVER, "could not be printed");
}

static void give_up(struct errand *errand, const char *word)
{
    log_warn("paper_failed", "dossier=%lld form=%d order=%lld reason=%s",
             (long long)errand->id.dossier, errand->id.form, (long long)errand->id.order, word);
    if (errand->id.order > 0)
        paperjob_fail(errand->press->papers->service, errand->id, word, given_up, errand);
    else
        finish(errand, ATTEMPT_INVALID, word);
}

static void printed(void *ctx, int result, struct slice pdf)
{
    struct errand *errand = ctx;

    switch (result) {
    case 0:
        paperjob_keep(errand->press->papers->service, errand->id, pdf, kept, errand);
        return;
    case PAPERS_E_FONT: /* a matter of this machine: waited for until somebody installs one */
        log_error("fonts_missing", "package=fonts-croscore");
        finish(errand, ATTEMPT_SERVER, "no font here has the Vietnamese letters");
        return;
    case PAPERS_E_LARGE:
        give_up(errand, "too_large");
        return;
    case -EPIPE:
    case -ETIMEDOUT:
        /* It may be this form that kills printers: counted, and not tried for ever. */
        finish(errand, ATTEMPT_STRANGE, result == -EPIPE ? "the printer died" : "the printer hung");
        return;
    default:
        break;
    }
    if (result < 0)
        finish(errand, ATTEMPT_SERVER, "the printer could not be started");
    else
        give_up(errand, "not_printable");
}

static void loaded(void *ctx, const struct paperjob *job)
{
    struct errand *errand = ctx;

    switch (job->kind) {
    case PAPERJOB_READY:
        printer_print(errand->press->printer, job->json, printed, errand);
        return;
    case PAPERJOB_DONE:
        finish(errand, ATTEMPT_DONE, NULL);
        return;
    case PAPERJOB_WRONG:
        give_up(errand, job->why);
        return;
    case PAPERJOB_LATER:
        break;
    }
    finish(errand, ATTEMPT_SERVER, job->why);
}

static struct paperjob_id named(const struct outbox_item *item)
{
    struct paperjob_id id = {.dossier = item->dossier_id};
    struct arena *arena = arena_new();
    struct json_error error;
    struct value *body;

    if (json_parse(arena, item->body, 4, &body, &error) == 0) {
        id.form = (int)value_get_int(body, "form", 0);
        id.order = value_get_int(body, "order", 0);
    }
    arena_free(arena);
    return id;
}

static void deliver(void *ctx, struct outbox *outbox, const struct outbox_item *item,
                    uint64_t ticket)
{
    struct press *press = ctx;
    struct errand *errand = dvc_calloc(1, sizeof(*errand));

    *errand =
        (struct errand){.press = press, .outbox = outbox, .ticket = ticket, .id = named(item)};
    press->errand = errand;
    if (errand->id.order > 0 || errand->id.form > 0)
        paperjob_load(press->papers->service, errand->id, loaded, errand);
    else
        finish(errand, ATTEMPT_INVALID, "names no form");
}

static void probed(void *ctx, int result, struct slice face)
{
    (void)ctx;
    if (result == 0)
        log_info("fonts", "face=%.*s", (int)face.len, face.ptr);
    else if (result == PAPERS_E_FONT)
        log_error("fonts_missing", "package=fonts-croscore");
    else
        log_error("printer_failed", "result=%d", result);
}

struct papers *papers_new(struct loop *loop, struct service *service)
{
    static const struct printer_options forms = {"printer/forms", FORM_TIMEOUT_US, FORM_PRINTS};
    static const struct printer_options registers = {"printer/books", REGISTER_TIMEOUT_US,
                                                     REGISTER_PRINTS};
    static const struct printer_options probe = {"printer/fonts", FORM_TIMEOUT_US, 1};
    struct papers *papers = dvc_calloc(1, sizeof(*papers));

    papers->service = service;
    papers->probe = printer_new(loop, &probe);
    printer_print(papers->probe, SLICE_LIT("{\"form\":\"fonts\"}"), probed, NULL);
    papers->forms = (struct press){.papers = papers, .printer = printer_new(loop, &forms)};
    papers->registers = (struct press){.papers = papers, .printer = printer_new(loop, &registers)};
    return papers;
}

struct papers *papers_free(struct papers *papers)
{
    if (papers == NULL)
        return NULL;
    printer_free(papers->probe);
    printer_free(papers->forms.printer);
    printer_free(papers->registers.printer);
    free(papers->forms.errand);
    free(papers->registers.errand);
    free(papers);
    return NULL;
}

void papers_channels(struct papers *papers, struct outbox_channel ret[PAPERS_CHANNELS])
{
    ret[0] = (struct outbox_channel){
        .name = "papers", .ctx = &papers->forms, .max_in_flight = 1, .deliver = deliver};
    ret[1] = (struct outbox_channel){
        .name = "registers", .ctx = &papers->registers, .max_in_flight = 1, .deliver = deliver};
}
