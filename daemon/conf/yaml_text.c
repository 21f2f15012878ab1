#include "conf/yaml_text.h"

#include <string.h>
#include <strings.h>

#define COMMENT_WIDTH 110

/* Words that readers of YAML take for something other than text. */
static bool reserved(struct slice text)
{
    static const char *const words[] = {"y",    "n",   "yes", "no",   "on",    "off",     "true",
                                        "null", "nan", "inf", "none", "false", "infinity"};

    for (size_t i = 0; i < DVC_COUNT(words); i++) {
        if (text.len == strlen(words[i]) && strncasecmp(text.ptr, words[i], text.len) == 0)
            return true;
    }
    return false;
}

/* The code point at `at`, of valid UTF-8; its length in bytes. */
static size_t point_at(struct slice text, size_t at, uint32_t *ret)
{
    unsigned char c = (unsigned char)text.ptr[at];
    size_t len = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    uint32_t point = len == 1 ? c : c & (0xFFu >> (len + 1));

    for (size_t i = 1; i < len && at + i < text.len; i++)
        point = (point << 6) | ((unsigned char)text.ptr[at + i] & 0x3F);
    *ret = point;
    return len;
}

/* Breaks of lines in YAML's eyes, controls, and marks that nobody sees. */
static bool needs_escape(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0xA0) || point == 0x2028 || point == 0x2029 ||
           point == 0xFEFF || point >= 0xFFFE;
}

static bool letter(uint32_t point)
{
    return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || point > 0xA0;
}

static bool plain_inside(uint32_t point)
{
    return letter(point) || (point >= '0' && point <= '9') ||
           (point < 0x80 && strchr(" -_./()+;", (int)point) != NULL);
}

static bool is_plain(struct slice text)
{
    if (text.len == 0 || text.ptr[text.len - 1] == ' ' || reserved(text))
        return false;
    for (size_t at = 0; at < text.len;) {
        uint32_t point;
        size_t len = point_at(text, at, &point);

        if (needs_escape(point) || !(at == 0 ? letter(point) : plain_inside(point)))
            return false;
        at += len;
    }
    return true;
}

void yaml_add_quoted(struct buf *buf, struct slice text)
{
    buf_addc(buf, '"');
    for (size_t at = 0; at < text.len;) {
        uint32_t point;
        size_t len = point_at(text, at, &point);

        if (point == '"' || point == '\\')
            buf_addf(buf, "\\%c", (char)point);
        else if (point == '\n' || point == '\t')
            buf_adds(buf, point == '\n' ? "\\n" : "\\t");
        else if (needs_escape(point))
            buf_addf(buf, point > 0xFFFF ? "\\U%08X" : "\\u%04X", (unsigned)point);
        else
            buf_add(buf, text.ptr + at, len);
        at += len;
    }
    buf_addc(buf, '"');
}

void yaml_add_text(struct buf *buf, struct slice text)
{
    if (is_plain(text))
        buf_add_slice(buf, text);
    else
        yaml_add_quoted(buf, text);
}

/* The next word of *rest, without blanks, breaks and controls around it; empty at the end. */
static struct slice next_word(struct slice *rest, size_t *ret_width)
{
    size_t from = 0, at, width = 0;
    uint32_t point;
    struct slice word;

    while (from < rest->len) {
        size_t len = point_at(*rest, from, &point);

        if (point != ' ' && !needs_escape(point))
            break;
        from += len;
    }
    at = from;
    while (at < rest->len) {
        size_t len = point_at(*rest, at, &point);

        if (point == ' ' || needs_escape(point))
            break;
        at += len;
        width++;
    }
    word = slice_sub(*rest, from, at - from);
    *rest = slice_sub(*rest, at, rest->len);
    *ret_width = width;
    return word;
}

void yaml_add_comment(struct buf *buf, int indent, struct slice text)
{
    size_t column = 0, width;
    struct slice word;

    while ((word = next_word(&text, &width)).len > 0) {
        if (column > 0 && column + 1 + width > COMMENT_WIDTH) {
            buf_addc(buf, '\n');
            column = 0;
        }
        if (column == 0) {
            buf_addf(buf, "%*s#", indent, "");
            column = (size_t)indent + 1;
        }
        buf_addc(buf, ' ');
        buf_add_slice(buf, word);
        column += 1 + width;
    }
    if (column > 0)
        buf_addc(buf, '\n');
}
