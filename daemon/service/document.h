/* document.h - the files of a dossier, read by whoever may see the dossier. */
#ifndef DVC_SERVICE_DOCUMENT_H
#define DVC_SERVICE_DOCUMENT_H

#include "service/answer.h"
#include "service/member.h"

struct service;
struct file_reader;

struct file_answer {
    int64_t size;
    const char *type, *filename; /* the name ends as the type does; NULL: it has none */
    bool shown;                  /* a browser may show it in its place (core/format.h) */
    struct file_reader *reader;  /* the callee's now; NULL when only its head was asked for */
};
/* Runs exactly once: `file` and `fault` NULL, or the other way round. */
typedef void (*file_fn)(void *ctx, const struct file_answer *file, const struct answer *fault);

/* A paper (`id`: its number in the dossier, or the paper's id: then the newest) or a result (its
 * number) of a dossier. Each reading is an event of the dossier, durable before the first byte;
 * with `head` the rights are looked at, nothing is given out and nothing is noted. At most
 * settings.http.downloads readers at once, then UNAVAILABLE. */
void document_read(struct service *service, struct member *who, struct slice code, bool result,
                   struct slice id, bool head, file_fn answer, void *ctx);

/* The next bytes, at most 256 KiB: `fn` runs exactly once, later, unless file_reader_free comes
 * before. code 0 with bytes (valid during the call; empty: that was all), else a store's error. One
 * call at a time. */
void file_reader_next(struct file_reader *reader,
                      void (*fn)(void *ctx, int code, struct slice bytes), void *ctx);
/* At any time; takes NULL, returns NULL. */
struct file_reader *file_reader_free(struct file_reader *reader);

#endif
