#include "parcel.h"

#include "base/json.h"
#include "base/jw.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LINE_LIMIT ((size_t)1 << 19)

static uint64_t hash_key(const struct account *account, struct slice number)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)(uintptr_t)account;

    for (size_t i = 0; i < number.len; i++)
        h = (h ^ (uint8_t)number.ptr[i]) * UINT64_C(0x100000001b3);
    return h ^ (h >> 29);
}

/* The slot that holds the parcel, or the empty one where it belongs. */
static struct parcel **slot_of(struct parcel **slots, size_t slot_count,
                               const struct account *account, struct slice number)
{
    size_t i = (size_t)hash_key(account, number) & (slot_count - 1);

    while (slots[i] != NULL &&
           !(slots[i]->account == account && slice_is(number, slots[i]->number)))
        i = (i + 1) & (slot_count - 1);
    return &slots[i];
}

static void grow_slots(struct office *office)
{
    size_t count = office->slot_count == 0 ? 1024 : office->slot_count * 2;
    struct parcel **slots = dvc_calloc(count, sizeof(struct parcel *));

    for (size_t i = 0; i < office->slot_count; i++) {
        struct parcel *parcel = office->slots[i];

        if (parcel != NULL)
            *slot_of(slots, count, parcel->account, slice_str(parcel->number)) = parcel;
    }
    free(office->slots);
    office->slots = slots;
    office->slot_count = count;
}

struct parcel *office_find(const struct office *office, const struct account *account,
                           struct slice number)
{
    if (office->slot_count == 0)
        return NULL;
    return *slot_of(office->slots, office->slot_count, account, number);
}

struct parcel *office_find_any(const struct office *office, struct slice number)
{
    for (struct list *l = office->book->accounts.next; l != &office->book->accounts; l = l->next) {
        struct parcel *p = office_find(office, LIST_ENTRY(l, struct account, link), number);

        if (p != NULL && p->seq > 0)
            return p;
    }
    return NULL;
}

struct parcel *office_parcel(struct office *office, struct account *account, struct slice number)
{
    struct parcel *parcel = office_find(office, account, number);

    if (parcel != NULL)
        return parcel;
    if (office->parcel_count * 2 >= office->slot_count)
        grow_slots(office);
    parcel = dvc_calloc(1, sizeof(*parcel));
    list_init(&parcel->due);
    parcel->account = account;
    parcel->number = dvc_malloc(number.len + 1);
    memcpy(parcel->number, number.ptr, number.len);
    parcel->number[number.len] = '\0';
    *slot_of(office->slots, office->slot_count, account, number) = parcel;
    office->parcel_count++;
    return parcel;
}

/* In memory only: the journal line is written by the caller, or was read. */
static void put_accepted(struct office *office, struct parcel *parcel, struct slice customer,
                         int64_t at_ms)
{
    if (office->accepted_count == office->accepted_cap) {
        office->accepted_cap = office->accepted_cap == 0 ? 256 : office->accepted_cap * 2;
        office->accepted =
            dvc_realloc(office->accepted, office->accepted_cap * sizeof(struct parcel *));
    }
    office->accepted[office->accepted_count++] = parcel;
    parcel->seq = office->accepted_count;
    parcel->accepted_ms = at_ms;
    parcel->customer = dvc_malloc(customer.len + 1);
    if (customer.len > 0)
        memcpy(parcel->customer, customer.ptr, customer.len);
    parcel->customer[customer.len] = '\0';
}

static void put_event(struct office *office, struct parcel *parcel, struct event event)
{
    struct account *account = parcel->account;

    if (account->event_count == account->event_cap) {
        account->event_cap = account->event_cap == 0 ? 256 : account->event_cap * 2;
        account->events = dvc_realloc(account->events, account->event_cap * sizeof(struct event));
    }
    account->events[account->event_count++] = event;
    office->event_seq = event.seq;
}

static void schedule(struct office *office, struct parcel *parcel, int64_t now_ms)
{
    list_remove(&parcel->due);
    if (office->step_ms > 0 && parcel->code < PARCEL_DELIVERED) {
        parcel->due_ms = now_ms + office->step_ms;
        list_push_back(&office->due, &parcel->due);
    }
}

int office_tell(struct office *office, struct parcel *parcel, int code, int64_t at_ms, bool twice)
{
    struct event event = {parcel, office->event_seq + 1, at_ms, code, twice};
    struct buf line = BUF_INIT(LINE_LIMIT);
    struct jw jw = JW_INIT(&line);
    int r;

    jw_object(&jw);
    jw_kv_str(&jw, "t", "event");
    jw_kv_str(&jw, "key", parcel->account->key);
    jw_kv_str(&jw, "number", parcel->number);
    jw_kv_int(&jw, "seq", (int64_t)event.seq);
    jw_kv_int(&jw, "time", at_ms);
    jw_kv_int(&jw, "code", code);
    jw_kv_bool(&jw, "twice", twice);
    jw_end_object(&jw);
    r = journal_append(office->journal, buf_slice(&line), NULL);
    buf_release(&line);
    if (r < 0)
        return r;
    put_event(office, parcel, event);
    if (code != PARCEL_UNKNOWN_CODE && code > parcel->code)
        parcel->code = code;
    return 0;
}

int office_accept(struct office *office, struct parcel *parcel, const struct value *body,
                  int64_t now_ms)
{
    struct slice customer = value_get_text(body, "CustomerCode");
    struct buf line = BUF_INIT(LINE_LIMIT);
    struct jw jw = JW_INIT(&line);
    size_t body_from;
    int64_t at = 0;
    int r;

    jw_object(&jw);
    jw_kv_str(&jw, "t", "order");
    jw_kv_str(&jw, "key", parcel->account->key);
    jw_kv_str(&jw, "number", parcel->number);
    jw_kv_slice(&jw, "customer", customer);
    jw_kv_int(&jw, "time", now_ms);
    jw_key(&jw, "body");
    body_from = line.len;
    value_write(&line, body, false);
    parcel->body_len = line.len - body_from;
    buf_addc(&line, '}');
    r = line.overflow ? -EMSGSIZE : journal_append(office->journal, buf_slice(&line), &at);
    buf_release(&line);
    if (r < 0)
        return r;
    parcel->body_at = at + (int64_t)body_from;
    put_accepted(office, parcel, customer, now_ms);
    r = office_tell(office, parcel, PARCEL_ORDERED, now_ms, false);
    schedule(office, parcel, now_ms);
    return r;
}

int office_cancel(struct office *office, struct parcel *parcel, int64_t now_ms)
{
    list_remove(&parcel->due);
    parcel->held_code = 0;
    return office_tell(office, parcel, PARCEL_CANCELLED, now_ms, false);
}

/* Tells the event, then what the plan adds to it. */
static int tell_with_faults(struct office *office, struct parcel *parcel, int code, int64_t now_ms)
{
    struct slice number = slice_str(parcel->number);
    uint64_t count = (uint64_t)code;
    bool twice = fault_draw(office->plan, FAULT_EVENT_TWICE, number, count);
    bool same_id = fault_number(office->plan, FAULT_EVENT_TWICE, number, count) % 2 == 0;
    int r = office_tell(office, parcel, code, now_ms, twice && same_id);

    if (r == 0 && twice && !same_id)
        r = office_tell(office, parcel, code, now_ms, false);
    if (r == 0 && fault_draw(office->plan, FAULT_EVENT_UNKNOWN, number, count))
        r = office_tell(office, parcel, PARCEL_UNKNOWN_CODE, now_ms, false);
    return r;
}

bool office_step(struct office *office, struct parcel *parcel, int64_t now_ms)
{
    int code = (parcel->held_code != 0 ? parcel->held_code : parcel->code) + 1;
    int r;

    if (parcel->seq == 0 || code > PARCEL_DELIVERED)
        return false;
    if (code < PARCEL_DELIVERED && parcel->held_code == 0 &&
        fault_draw(office->plan, FAULT_EVENT_SWAPPED, slice_str(parcel->number), (uint64_t)code)) {
        parcel->held_code = code;
        parcel->held_ms = now_ms;
        schedule(office, parcel, now_ms);
        return true;
    }
    r = tell_with_faults(office, parcel, code, now_ms);
    if (r == 0 && parcel->held_code != 0) {
        r = tell_with_faults(office, parcel, parcel->held_code, parcel->held_ms);
        parcel->held_code = 0;
    }
    schedule(office, parcel, now_ms);
    return r == 0;
}

int64_t office_run(struct office *office, int64_t now_ms)
{
    while (!list_empty(&office->due)) {
        struct parcel *parcel = LIST_ENTRY(office->due.next, struct parcel, due);

        if (parcel->due_ms > now_ms)
            return parcel->due_ms;
        list_remove(&parcel->due);
        office_step(office, parcel, now_ms);
    }
    return -1;
}

void parcel_item_code(const struct parcel *parcel, struct buf *out)
{
    buf_addf(out, "HC%09lluVN", (unsigned long long)(parcel->seq % 1000000000));
}

/* One line of the journal back into memory. The body is the line's last member and is found by its
 * key: texts before it are escaped, so the quoted key cannot occur in them. */
static int replay_line(void *ctx, struct slice line, int64_t at)
{
    static const char body_key[] = ",\"body\":";
    struct office *office = ctx;
    struct arena *arena = arena_new();
    struct json_error error;
    struct account *account;
    struct parcel *parcel;
    struct value *v;
    struct slice key, number;
    int r = json_parse(arena, line, 16, &v, &error) == 0 ? 0 : -EBADMSG;

    if (r < 0)
        goto out;
    key = value_get_text(v, "key");
    number = value_get_text(v, "number");
    r = key.len == 0 || number.len == 0 ? -EBADMSG : 0;
    if (r < 0)
        goto out;
    account = account_find(office->book, key);
    if (account == NULL)
        account = account_add(office->book, key, SLICE_NULL, SLICE_NULL);
    parcel = office_parcel(office, account, number);
    if (slice_is(value_get_text(v, "t"), "order")) {
        const char *body = memmem(line.ptr, line.len, body_key, sizeof(body_key) - 1);

        r = body == NULL || parcel->seq > 0 ? -EBADMSG : 0;
        if (r < 0)
            goto out;
        parcel->body_at = at + (body - line.ptr) + (int64_t)sizeof(body_key) - 1;
        parcel->body_len = line.len - (size_t)(body - line.ptr) - sizeof(body_key);
        parcel->tries = 1;
        put_accepted(office, parcel, value_get_text(v, "customer"), value_get_int(v, "time", 0));
    } else {
        struct event event = {parcel, (uint64_t)value_get_int(v, "seq", 0),
                              value_get_int(v, "time", 0), (int)value_get_int(v, "code", 0),
                              value_get_bool(v, "twice", false)};

        put_event(office, parcel, event);
        if (event.code != PARCEL_UNKNOWN_CODE && event.code > parcel->code)
            parcel->code = event.code;
    }
out:
    arena_free(arena);
    return r;
}

int office_open(struct office *office, const char *path, struct account_book *book,
                struct fault_plan *plan, int64_t step_ms, int64_t now_ms)
{
    int r;

    *office = (struct office){.book = book, .plan = plan, .step_ms = step_ms};
    list_init(&office->due);
    r = journal_open(path, replay_line, office, &office->journal);
    if (r != 0)
        return r;
    for (size_t i = 0; i < office->accepted_count; i++) {
        /* The kill may have come between the order's line and its first event. */
        if (office->accepted[i]->code == 0) {
            r = office_tell(office, office->accepted[i], PARCEL_ORDERED, now_ms, false);
            if (r != 0)
                return r;
        }
        schedule(office, office->accepted[i], now_ms);
    }
    return 0;
}

void office_close(struct office *office)
{
    for (size_t i = 0; i < office->slot_count; i++) {
        if (office->slots[i] != NULL) {
            free(office->slots[i]->number);
            free(office->slots[i]->customer);
            free(office->slots[i]);
        }
    }
    free(office->slots);
    free(office->accepted);
    office->journal = journal_close(office->journal);
}
