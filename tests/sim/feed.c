#include "feed.h"

#include "base/jw.h"

#include <errno.h>
#include <string.h>

/* Ids are 24 hexadecimal digits as an ObjectId's: a fixed head and the growing sequence. */
#define ID_HEAD "67c0ffee"

int feed_parse_id(const char *text, uint64_t *ret)
{
    struct slice id = slice_str(text);
    uint64_t value = 0;

    if (id.len != 24)
        return -EINVAL;
    for (size_t i = 0; i < 24; i++) {
        const char *digit = memchr("0123456789abcdef", id.ptr[i], 16);

        if (digit == NULL)
            return -EINVAL;
        if (i >= 8)
            value = value << 4 | (uint64_t)(digit - "0123456789abcdef");
    }
    *ret = slice_starts(id, ID_HEAD) ? value : 0;
    return 0;
}

static void write_event(struct jw *jw, const struct event *event)
{
    static const char *const messages[] = {"",
                                           "Đã tiếp nhận yêu cầu",
                                           "Bưu tá đã thu gom",
                                           "Đang vận chuyển",
                                           "Phát thành công",
                                           "Phát không thành công",
                                           "Chuyển hoàn",
                                           "Đã huỷ"};
    const struct parcel *parcel = event->parcel;
    struct buf item = BUF_INIT(32), id = BUF_INIT(32);

    parcel_item_code(parcel, &item);
    buf_addf(&id, ID_HEAD "%016llx", (unsigned long long)event->seq);
    jw_object(jw);
    jw_key(jw, "_id");
    jw_object(jw);
    jw_kv_str(jw, "$oid", id.ptr);
    jw_end_object(jw);
    jw_kv_str(jw, "CustomerCode", parcel->customer);
    jw_kv_str(jw, "OrderNumber", parcel->number);
    jw_kv_int(jw, "EventTime", event->time_ms);
    jw_kv_str(jw, "POSID", "180000");
    jw_kv_str(jw, "ItemCode", item.ptr);
    jw_kv_int(jw, "StatusCode", event->code);
    jw_kv_str(jw, "StatusMessage",
              event->code < (int)DVC_COUNT(messages) ? messages[event->code] : "Trạng thái khác");
    jw_kv_str(jw, "Notes", "");
    jw_end_object(jw);
    buf_release(&id);
    buf_release(&item);
}

/* Index of the first event after `seq`. */
static size_t first_after(const struct account *account, uint64_t seq)
{
    size_t low = 0, high = account->event_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (account->events[mid].seq <= seq)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void feed_write_page(struct buf *body, const struct account *account, uint64_t after,
                     int64_t page_size)
{
    struct jw jw = JW_INIT(body);
    size_t at = first_after(account, after);
    int64_t returned = 0;

    jw_object(&jw);
    jw_key(&jw, "_embedded");
    jw_object(&jw);
    jw_key(&jw, "rh:doc");
    jw_array(&jw);
    for (; at < account->event_count && returned < page_size; at++) {
        write_event(&jw, &account->events[at]);
        returned++;
        if (account->events[at].twice && returned < page_size) {
            write_event(&jw, &account->events[at]);
            returned++;
        }
    }
    jw_end_array(&jw);
    jw_end_object(&jw);
    jw_kv_int(&jw, "_size", (int64_t)account->event_count);
    jw_kv_int(&jw, "_total_pages", ((int64_t)account->event_count + page_size - 1) / page_size);
    jw_kv_int(&jw, "_returned", returned);
    jw_end_object(&jw);
}
