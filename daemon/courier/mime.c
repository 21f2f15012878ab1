#include "courier/mime.h"

#include "base/hash.h"

#include <string.h>

#define WORD_BYTES 45 /* 60 signs of base64 and 12 of frame: below the 75 that a word may have */

static bool plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~')
            return false;
    }
    return true;
}

/* How many bytes of `text` go into the next word: no character is cut. */
static size_t word_length(struct slice text)
{
    size_t len = text.len < WORD_BYTES ? text.len : WORD_BYTES;

    while (len < text.len && len > 1 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
        len--;
    return len;
}

static void add_words(struct buf *buf, const char *text)
{
    struct buf clean = BUF_INIT(4096);
    struct slice rest;

    for (; *text != '\0'; text++)
        buf_addc(&clean, (unsigned char)*text < ' ' || *text == 0x7F ? ' ' : *text);
    for (rest = buf_slice(&clean); rest.len > 0;) {
        size_t len = word_length(rest);

        if (rest.ptr != buf_slice(&clean).ptr)
            buf_adds(buf, "\r\n ");
        buf_adds(buf, "=?UTF-8?B?");
        buf_add_base64(buf, rest.ptr, len);
        buf_adds(buf, "?=");
        rest = slice_sub(rest, len, rest.len);
    }
    buf_release(&clean);
}

void mime_header(struct buf *buf, const char *name, const char *text)
{
    buf_addf(buf, "%s: ", name);
    if (plain(text))
        buf_adds(buf, text);
    else
        add_words(buf, text);
}

void mime_mailbox(struct buf *buf, const char *name, const char *text, const char *address)
{
    buf_addf(buf, "%s: ", name);
    add_words(buf, text);
    buf_addf(buf, " <%s>", address);
}

void mime_date(struct buf *buf, wall_t at)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    day_t day = day_of(at);
    int year, month, of_month, minute = wall_minute_of_day(at);
    int second = (int)((at.us - day_at(day, minute).us) / US_PER_SECOND);

    day_to_ymd(day, &year, &month, &of_month);
    buf_addf(buf, "Date: %s, %02d %s %04d %02d:%02d:%02d +0700", days[day_weekday(day) - 1],
             of_month, months[month - 1], year, minute / 60, minute % 60, second);
}

void mime_message_id(struct buf *buf, const char *key, const char *from)
{
    const char *at = strrchr(from, '@');

    buf_adds(buf, "Message-ID: <");
    for (; *key != '\0'; key++) {
        bool word = (*key >= '0' && *key <= '9') || (*key >= 'A' && *key <= 'Z') ||
                    (*key >= 'a' && *key <= 'z') || *key == '-' || *key == '_';

        buf_addc(buf, word ? *key : '.');
    }
    buf_addf(buf, "@%s>", at != NULL ? at + 1 : "localhost");
}
