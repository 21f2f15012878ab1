/* fault.h - what can go wrong between us and the database, as one enum for every caller. */
#ifndef DVC_STORE_FAULT_H
#define DVC_STORE_FAULT_H

#include "base/slice.h"

/* The positive results of all functions of store/. */
enum store_error {
    STORE_OK = 0,
    STORE_E_BUSY = 1,   /* a queue is full: answer 503 with Retry-After */
    STORE_E_TIMEOUT,    /* the deadline passed; a write may or may not have happened */
    STORE_E_LOST,       /* the link broke under a write: it may or may not have happened */
    STORE_E_CANCELLED,  /* by store_cancel, or the store is closing */
    STORE_E_UNIQUE,     /* 23505: such a row exists already; `constraint` says which rule */
    STORE_E_CONSTRAINT, /* other 23xxx */
    STORE_E_DATA,       /* 22xxx, P0xxx: the data are not acceptable to the database */
    STORE_E_CONFLICT,   /* 40xxx, 55P03: another transaction was in the way, three times running */
    STORE_E_DENIED,     /* 28xxx, 42501: the role may not do this */
    STORE_E_STATEMENT,  /* our SQL or our use of it is wrong: 42xxx, shape or parameters differ */
    STORE_E_RESOURCE,   /* 53xxx, 54xxx, 58xxx: disk full, out of memory, too many connections */
    STORE_E_DOWN,       /* no connection could be made, or 57P0x */
    STORE_E_READONLY,   /* 25006: this server is a standby; the connection is dropped */
};

struct db_error {
    int code;            /* enum store_error */
    bool retry;          /* the same call may well succeed later */
    char sqlstate[6];    /* "" when the fault is not the server's */
    char constraint[64]; /* name, "" when none */
    char message[192];   /* the server's primary message, English; may hold a value: for the
                          * administrator's log at error level only, never for a citizen */
};

/* Fills *ret_error from a SQLSTATE of five characters (anything else: STORE_E_LOST). */
void db_error_classify(struct db_error *ret_error, const char *sqlstate);
void db_error_set(struct db_error *ret_error, int code, const char *message);
/* Stable snake_case word for logs and metrics, e.g. "busy". */
const char *store_error_name(int code);

#endif
