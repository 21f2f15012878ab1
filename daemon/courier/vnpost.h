/* vnpost.h - VNPost's interface A as texts: the requests built, the answers read. Pure; postal.h
 * does the calling. An order has no place for ID numbers or form contents (architecture.md, section
 * 8). */
#ifndef DVC_COURIER_VNPOST_H
#define DVC_COURIER_VNPOST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/wall.h"
#include "core/carrier.h"

#define VNPOST_FIRST_ID "000000000000000000000000"

enum {
    VNPOST_E_NOT_JSON = 1, /* no JSON: mostly a gateway's error page */
    VNPOST_E_SHAPE,        /* JSON, but not what the interface promises */
    VNPOST_E_INCOMPLETE,   /* of an order: a required field is empty */
};

struct vnpost_party {
    const char *name, *address, *tel, *email; /* email NULL: none */
    int province, district;                   /* VNPost's codes; district 0: not known */
};

struct vnpost_order {
    const char *customer_code;
    const char *order_number; /* idempotency key: one per parcel and direction */
    int64_t cod_amount;       /* đồng to collect, 0 none */
    struct vnpost_party sender, receiver;
    const char *contents; /* SenderDesc */
    const char *service;  /* Description */
};

/* An order's body as courier/parcel_order.h writes it (keys: direction collect|return,
 * order_number, agency, dossier, procedure, cod, citizen {name, address, tel, email, province as
 * civil code}) together with the target's contract. Collection: the citizen sends; return: the
 * agency does. 0, VNPOST_E_SHAPE, or VNPOST_E_INCOMPLETE (also: no contract for the agency, or a
 * province that the target does not map). */
int vnpost_order_read(struct arena *arena, const struct vnpost_target *target, struct slice body,
                      struct vnpost_order *ret) DVC_MUSTCHECK;
/* The contract that an outbox row of any topic goes by (key `agency`); NULL when there is none. */
const struct carrier_customer *
vnpost_customer_of(struct arena *arena, const struct vnpost_target *target, struct slice body);
/* Key `order_number` of an outbox row of topic `cancel`; NULL when it has none. */
const char *vnpost_cancel_read(struct arena *arena, struct slice body);

void vnpost_order_write(struct buf *buf, const struct vnpost_order *order);
void vnpost_cancel_url(struct buf *buf, const char *base, const char *customer_code,
                       const char *order_number);
void vnpost_tracking_url(struct buf *buf, const char *base, int64_t page_size, const char *last_id);
/* "Authorization: Basic ..." */
void vnpost_basic_header(struct buf *buf, const char *key, const char *secret);

struct vnpost_token {
    const char *header; /* "Authorization: Bearer ..." */
    int64_t seconds;    /* it lives */
};
int vnpost_token_read(struct arena *arena, struct slice body,
                      struct vnpost_token *ret) DVC_MUSTCHECK;

struct vnpost_answer {
    int64_t status;
    const char *message; /* "" when it has none; the carrier's words, may be shown to staff */
    bool good;           /* 100 created or 101 had it already; every other Status is a failure */
};
int vnpost_answer_read(struct arena *arena, struct slice body,
                       struct vnpost_answer *ret) DVC_MUSTCHECK;

struct vnpost_event {
    const char *id; /* 24 hexadecimal digits */
    const char *customer_code, *order_number;
    int status_code;
    wall_t at;
    const char *pos_id, *item_code, *message, *notes; /* "" when absent */
};

struct vnpost_page {
    struct vnpost_event *events; /* in the feed's order, the same event possibly more than once */
    size_t count;
    size_t unreadable;   /* documents left out: no order number or no StatusCode */
    int64_t returned;    /* below the page size: the last page */
    const char *last_id; /* greatest id seen, of unreadable documents too; NULL: none */
};
int vnpost_page_read(struct arena *arena, struct slice body, enum carrier_time unit,
                     struct vnpost_page *ret) DVC_MUSTCHECK;

#endif
