/* parcel.h - the parcels of the simulated post: what was accepted, how far each one got, and the
 * tracking feed that comes of it. Everything accepted goes through the journal. */
#ifndef POSTSIM_PARCEL_H
#define POSTSIM_PARCEL_H

#include "account.h"
#include "fault.h"
#include "journal.h"
#include "base/value.h"

/* StatusCode of interface A. Only 4 is documented; the rest is this simulator's reading. */
enum {
    PARCEL_ORDERED = 1,
    PARCEL_COLLECTING = 2,
    PARCEL_IN_TRANSIT = 3,
    PARCEL_DELIVERED = 4,
    PARCEL_CANCELLED = 7,
    PARCEL_UNKNOWN_CODE = 99,
};

struct parcel {
    struct list due; /* in the office's due list while it still moves */
    struct account *account;
    char *number;   /* OrderNumber */
    char *customer; /* CustomerCode */
    uint64_t seq;   /* 1, 2, ... in order of acceptance; 0: only seen, never accepted */
    int64_t accepted_ms;
    int64_t due_ms;  /* next step */
    int64_t body_at; /* the order as received: place and length in the journal */
    size_t body_len;
    int64_t held_ms; /* time of the event that waits for its successor */
    int held_code;   /* its StatusCode, 0: none waits */
    int code;        /* how far the parcel got: StatusCode, 0 before */
    uint64_t tries;  /* orders received for this number, accepted or not */
};

struct event {
    struct parcel *parcel;
    uint64_t seq; /* over all accounts, growing */
    int64_t time_ms;
    int code;
    bool twice; /* the feed shows the document two times */
};

struct office {
    struct account_book *book;
    struct fault_plan *plan;
    struct journal *journal;
    struct parcel **slots; /* open addressing by account and number */
    size_t slot_count, parcel_count;
    struct parcel **accepted; /* by seq - 1 */
    size_t accepted_count, accepted_cap;
    struct list due; /* by growing due_ms */
    uint64_t event_seq;
    int64_t step_ms; /* 0: parcels move only when told */
};

/* Reads the journal at `path` back. 0 or -errno; -EBADMSG when a line is not ours. */
int office_open(struct office *office, const char *path, struct account_book *book,
                struct fault_plan *plan, int64_t step_ms, int64_t now_ms) DVC_MUSTCHECK;
void office_close(struct office *office);

/* The parcel of that number, made as "only seen" when it is new. */
struct parcel *office_parcel(struct office *office, struct account *account, struct slice number);
struct parcel *office_find(const struct office *office, const struct account *account,
                           struct slice number);
/* The first accepted parcel with that number whoever sent it, or NULL. */
struct parcel *office_find_any(const struct office *office, struct slice number);
/* Writes the order to the journal (call journal_sync before answering) and tells event 1. */
int office_accept(struct office *office, struct parcel *parcel, const struct value *body,
                  int64_t now_ms) DVC_MUSTCHECK;
/* Marks it cancelled and tells event 7. */
int office_cancel(struct office *office, struct parcel *parcel, int64_t now_ms) DVC_MUSTCHECK;
/* Moves the parcel to the next code (1 to 4), with the events' faults. False: it moves no more. */
bool office_step(struct office *office, struct parcel *parcel, int64_t now_ms);
/* Tells one event with that code as it is, and puts the parcel there. 0 or -errno. */
int office_tell(struct office *office, struct parcel *parcel, int code, int64_t at_ms,
                bool twice) DVC_MUSTCHECK;
/* Moves all that are due; returns when the next one is (ms), or -1. */
int64_t office_run(struct office *office, int64_t now_ms);
/* Waybill number: 13 characters. */
void parcel_item_code(const struct parcel *parcel, struct buf *out);

#endif
