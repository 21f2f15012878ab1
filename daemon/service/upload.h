/* upload.h - files taken in before a dossier names them: in one request, or in parts. Nothing is
 * taken whose content is not one of the formats that are asked for, and, when a scanner is
 * configured, nothing that it has not let pass. */
#ifndef DVC_SERVICE_UPLOAD_H
#define DVC_SERVICE_UPLOAD_H

#include "base/hash.h"
#include "service/answer.h"
#include "service/member.h"
#include "store/op.h"

struct inspected;
struct op;
struct service;

#define UPLOAD_MAX (20u << 20)
#define UPLOAD_PIECE (1u << 20) /* what goes to the database in one statement, and a part's most   \
                                 */

/* The bytes of a file that is here as a whole; given back by release(hold), once. */
struct upload_bytes {
    struct slice bytes;
    void (*release)(void *hold);
    void *hold;
};

/* CREATED with {id, sha256, size, type}. `filename` may be empty. The id is made from account and
 * key: the same key and bytes give the first outcome again, other bytes are UNPROCESSABLE. */
void upload_whole(struct service *service, struct member *who, struct upload_bytes file,
                  struct slice filename, struct slice key, answer_fn answer, void *ctx);

/* ---- for resume.c ---- */

/* A name of UUID's form (RFC 9562, version 8) that account and key alone decide. */
void upload_name(const struct service *service, int64_t account, struct slice key,
                 char ret_id[UUID_TEXT_SIZE]);
/* The file's name in NFC; false: answered that it is none. */
bool upload_filename(struct op *op, struct slice filename, struct slice *ret_name);
/* Answers and ends the operation of a file that was refused; notes an infection. */
void upload_refuse(struct op *op, int64_t account, int64_t size, const struct inspected *result);
/* The JSON of a file that was taken. */
void upload_json(struct buf *buf, const char *id, const char *sha256, int64_t size,
                 const char *type);

#endif
