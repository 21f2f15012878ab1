/* wire.h - one keep-alive connection that sends a request, reads its answer, and does so again. Of
 * an answer only the status counts: the body is read past. */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include "base/wall.h"
#include "plan.h"

#define WIRE_HEAD_MAX 4096

struct wire {
    int fd;                             /* -1: none */
    const struct plan_request *request; /* NULL: idle */
    char key[PLAN_KEY_LEN];
    size_t sent;
    int64_t started_us;
    char head[WIRE_HEAD_MAX];
    size_t head_len;
    size_t body_left;
    bool in_body;
    int status;  /* of the answer that is being read */
    bool closes; /* the server takes no more requests on this connection after it */
};

enum wire_step { WIRE_MORE, WIRE_DONE, WIRE_BROKEN };

/* Starts connecting to 127.0.0.1:port, non-blocking. 0 or -errno. */
int wire_connect(struct wire *wire, int port) DVC_MUSTCHECK;
void wire_close(struct wire *wire);
void wire_begin(struct wire *wire, const struct plan_request *request, int64_t now_us);
/* Writes as much as goes: WIRE_DONE when all of it went. */
enum wire_step wire_send(struct wire *wire);
/* Reads as much as is there: WIRE_DONE when the answer is complete. */
enum wire_step wire_receive(struct wire *wire);

#endif
