/* document.h - files: taken in before a dossier is filed, and read by whoever may see the dossier. */
#ifndef DVC_SERVICE_DOCUMENT_H
#define DVC_SERVICE_DOCUMENT_H

#include "service/answer.h"
#include "service/member.h"

struct service;

#define UPLOAD_MAX (1u << 20) /* in one piece */

/* CREATED with {id, sha256, size, type}. The type is told by the content, which must be one of PDF,
 * JPEG or PNG. `filename` may be empty. The id is made from account and key: the same key and bytes
 * give the first outcome again, other bytes are UNPROCESSABLE. */
void document_upload(struct service *service, struct member *who, struct slice bytes,
                     struct slice filename, struct slice key, answer_fn answer, void *ctx);

/* The bytes of a paper or a result of a dossier. Each reading is an event of the dossier. */
struct file_answer {
    struct slice bytes;
    const char *type, *filename;
};
typedef void (*file_fn)(void *ctx, const struct file_answer *file, const struct answer *fault);
void document_read(struct service *service, struct member *who, struct slice code,
                   bool result, struct slice id, file_fn answer, void *ctx);

#endif
