/* printer.h - a process of its own that prints forms, one at a time: Pango, Cairo and the fonts
 * never touch the courier's loop, and a text that one of them cannot bear ends the printer only. It
 * is made when first needed, and anew when it died, hung or has printed enough. */
#ifndef DVC_COURIER_PRINTER_H
#define DVC_COURIER_PRINTER_H

#include "base/loop.h"
#include "base/slice.h"

struct printer;

struct printer_options {
    const char *name;   /* of the process, at most 15 bytes */
    int64_t timeout_us; /* of one form; then the process is killed */
    int prints;         /* after so many it is replaced */
};

/* `result`: 0 with the PDF (valid during the call), PAPERS_E_* (papers/sheet.h), or negative:
 * -EPIPE when the process died over it, -ETIMEDOUT, or what the system said. */
typedef void (*printer_fn)(void *ctx, int result, struct slice pdf);

struct printer *printer_new(struct loop *loop, const struct printer_options *options);
/* A form under way gets no answer any more. Takes NULL, returns NULL. */
struct printer *printer_free(struct printer *printer);
/* Not while busy. Copies the JSON (papers/job.h). `fn` runs exactly once, never inside this call.
 */
void printer_print(struct printer *printer, struct slice json, printer_fn fn, void *ctx);

#endif
