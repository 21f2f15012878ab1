/* account.h - who may call the simulated post, and the tokens they hold. Tokens live in memory
 * only: a restarted post knows none of them, and a client has to cope. */
#ifndef POSTSIM_ACCOUNT_H
#define POSTSIM_ACCOUNT_H

#include "base/list.h"
#include "base/slice.h"

struct event; /* parcel.h */

struct account {
    struct list link;
    char *key, *secret;   /* secret NULL: any */
    char *customer;       /* CustomerCode its orders must carry; NULL: any */
    struct event *events; /* tracking feed, by growing seq */
    size_t event_count, event_cap;
    uint64_t calls; /* tracking and token calls, the count of their fault draws */
};

struct account_book {
    struct list accounts;
    bool open; /* nobody was configured: an unknown key makes its own account */
    struct list tokens;
    size_t token_count;
    int64_t token_ms; /* life of a token */
};

void account_book_init(struct account_book *book, int64_t token_ms);
void account_book_release(struct account_book *book);
/* Adds an account (copies); secret and customer may be SLICE_NULL for "any". */
struct account *account_add(struct account_book *book, struct slice key, struct slice secret,
                            struct slice customer);
struct account *account_find(const struct account_book *book, struct slice key);
/* The account of an `Authorization: Basic` header, or NULL. */
struct account *account_by_basic(struct account_book *book, const char *header);
/* A fresh token (32 hex digits, owned by the book) that dies at now_ms + token_ms. */
const char *account_token_new(struct account_book *book, struct account *account, int64_t now_ms);
/* The account of an `Authorization: Bearer` header whose token lives, or NULL. */
struct account *account_by_bearer(struct account_book *book, const char *header, int64_t now_ms);
void account_token_revoke(struct account_book *book, const struct account *account);

#endif
