#include "account.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKEN_MAX 1024 /* the oldest goes when one more is asked for */

struct token {
    struct list link;
    struct account *account;
    int64_t ends_ms;
    char text[33];
};

static char *copy(struct slice text)
{
    char *out = dvc_malloc(text.len + 1);

    if (text.len > 0)
        memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
    return out;
}

void account_book_init(struct account_book *book, int64_t token_ms)
{
    *book = (struct account_book){.open = true, .token_ms = token_ms};
    list_init(&book->accounts);
    list_init(&book->tokens);
}

void account_book_release(struct account_book *book)
{
    struct list *link;

    while ((link = list_pop_front(&book->tokens)) != NULL)
        free(LIST_ENTRY(link, struct token, link));
    while ((link = list_pop_front(&book->accounts)) != NULL) {
        struct account *account = LIST_ENTRY(link, struct account, link);

        free(account->key);
        free(account->secret);
        free(account->customer);
        free(account->events);
        free(account);
    }
}

struct account *account_add(struct account_book *book, struct slice key, struct slice secret,
                            struct slice customer)
{
    struct account *account = dvc_calloc(1, sizeof(*account));

    account->key = copy(key);
    account->secret = secret.ptr == NULL ? NULL : copy(secret);
    account->customer = customer.ptr == NULL ? NULL : copy(customer);
    list_push_back(&book->accounts, &account->link);
    return account;
}

struct account *account_find(const struct account_book *book, struct slice key)
{
    for (struct list *l = book->accounts.next; l != &book->accounts; l = l->next) {
        struct account *account = LIST_ENTRY(l, struct account, link);

        if (slice_is(key, account->key))
            return account;
    }
    return NULL;
}

/* What follows the scheme, or SLICE_NULL. */
static struct slice after_scheme(const char *header, const char *scheme)
{
    size_t len = strlen(scheme);

    if (header == NULL || strncasecmp(header, scheme, len) != 0 || header[len] != ' ')
        return SLICE_NULL;
    return slice_trim(slice_str(header + len));
}

struct account *account_by_basic(struct account_book *book, const char *header)
{
    struct buf text = BUF_INIT(512);
    struct account *account = NULL;
    struct slice pair, key, secret;
    ptrdiff_t colon;

    if (base64_parse(after_scheme(header, "Basic"), &text) != 0 || text.overflow)
        goto out;
    pair = buf_slice(&text);
    colon = slice_find(pair, ':', 0);
    if (colon < 1)
        goto out;
    key = slice_sub(pair, 0, (size_t)colon);
    secret = slice_sub(pair, (size_t)colon + 1, pair.len);
    account = account_find(book, key);
    if (account == NULL && book->open && secret.len > 0)
        account = account_add(book, key, SLICE_NULL, SLICE_NULL);
    if (account != NULL && account->secret != NULL && !slice_is(secret, account->secret))
        account = NULL;
out:
    buf_release(&text);
    return account;
}

const char *account_token_new(struct account_book *book, struct account *account, int64_t now_ms)
{
    struct token *token = dvc_calloc(1, sizeof(*token));
    struct buf hex = BUF_INIT(32);
    uint8_t bytes[16];

    random_bytes(bytes, sizeof(bytes));
    buf_add_hex(&hex, bytes, sizeof(bytes));
    memcpy(token->text, hex.ptr, 32);
    buf_release(&hex);
    token->account = account;
    token->ends_ms = now_ms + book->token_ms;
    list_push_back(&book->tokens, &token->link);
    if (++book->token_count > TOKEN_MAX) {
        free(LIST_ENTRY(list_pop_front(&book->tokens), struct token, link));
        book->token_count--;
    }
    return token->text;
}

struct account *account_by_bearer(struct account_book *book, const char *header, int64_t now_ms)
{
    struct slice text = after_scheme(header, "Bearer");

    for (struct list *l = book->tokens.next; l != &book->tokens; l = l->next) {
        struct token *token = LIST_ENTRY(l, struct token, link);

        if (slice_is(text, token->text))
            return token->ends_ms > now_ms ? token->account : NULL;
    }
    return NULL;
}

void account_token_revoke(struct account_book *book, const struct account *account)
{
    for (struct list *l = book->tokens.next, *next; l != &book->tokens; l = next) {
        struct token *token = LIST_ENTRY(l, struct token, link);

        next = l->next;
        if (token->account == account) {
            list_remove(l);
            free(token);
            book->token_count--;
        }
    }
}
