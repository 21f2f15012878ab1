#include "base/log.h"

#include "base/clock.h"
#include "base/jw.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FIELDS_MOST = 2048, LINE_MOST = 16384, KEY_MOST = 64 };

static struct {
    char process[64];
    enum log_level least;
} logger = {.process = "dvcd", .least = LOG_LEVEL_INFO};

void log_setup(const char *process, enum log_level least)
{
    snprintf(logger.process, sizeof(logger.process), "%s", process);
    logger.least = least;
}

static const char *level_text(enum log_level level)
{
    static const char *const text[] = {
        [LOG_LEVEL_DEBUG] = "debug",
        [LOG_LEVEL_INFO] = "info",
        [LOG_LEVEL_WARN] = "warn",
        [LOG_LEVEL_ERROR] = "error",
    };

    return text[level];
}

/* Length of the key when `word` begins with one and its '=', else 0. */
static size_t key_length(struct slice word)
{
    size_t len = 0;

    while (len < word.len &&
           ((word.ptr[len] >= 'a' && word.ptr[len] <= 'z') ||
            (word.ptr[len] >= '0' && word.ptr[len] <= '9') || word.ptr[len] == '_'))
        len++;
    return len < word.len && word.ptr[len] == '=' && len < KEY_MOST ? len : 0;
}

/* Every value is a JSON string, numbers too: a collector that once saw a number under a key would
 * refuse the line in which the same key holds a word. Words without a key belong to the value
 * before them. */
static void add_pairs(struct jw *jw, struct slice text)
{
    struct slice rest = text, word;
    struct slice value = SLICE_NULL;
    char key[KEY_MOST] = "text";

    while (slice_next(&rest, ' ', &word)) {
        size_t len = key_length(word);

        if (len == 0) {
            value.ptr = value.ptr != NULL ? value.ptr : word.ptr;
            value.len = (size_t)(word.ptr + word.len - value.ptr);
            continue;
        }
        if (slice_trim(value).len > 0 || strcmp(key, "text") != 0)
            jw_kv_slice(jw, key, slice_trim(value));
        memcpy(key, word.ptr, len);
        key[len] = '\0';
        value = slice_sub(word, len + 1, word.len);
        if (strcmp(key, "detail") != 0)
            continue;
        value.len = (size_t)(text.ptr + text.len - value.ptr);
        break;
    }
    if (slice_trim(value).len > 0 || strcmp(key, "text") != 0)
        jw_kv_slice(jw, key, slice_trim(value));
}

/* A line must be JSON whatever a library put into its message; so must be a cut one. */
static void make_ascii(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80)
            *text = '?';
    }
}

static void write_line(const struct buf *line)
{
    size_t done = 0;

    /* One write for a line, so that lines of several workers on one pipe do not mix. Standard error
     * that is gone or full is nothing a log can tell anybody about. */
    while (done < line->len) {
        ssize_t n = write(STDERR_FILENO, line->ptr + done, line->len - done);

        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

DVC_PRINTF(3, 0)
static void log_line(enum log_level level, const char *event, const char *fmt, va_list args)
{
    struct buf line DVC_CLEANUP(buf_release) = BUF_INIT(LINE_MOST);
    struct jw jw = JW_INIT(&line);
    struct clock system = {0};
    char fields[FIELDS_MOST];

    vsnprintf(fields, sizeof(fields), fmt, args);
    if (!utf8_valid(slice_str(fields)))
        make_ascii(fields);
    jw_object(&jw);
    jw_kv_wall(&jw, "at", clock_now(&system));
    jw_kv_str(&jw, "level", level_text(level));
    jw_kv_str(&jw, "process", logger.process);
    jw_kv_str(&jw, "event", event);
    add_pairs(&jw, slice_str(fields));
    jw_end_object(&jw);
    buf_addc(&line, '\n');
    write_line(&line);
}

#define LOG_AT(level)                                                                              \
    do {                                                                                           \
        va_list args;                                                                              \
        if ((level) < logger.least)                                                                \
            return;                                                                                \
        va_start(args, fmt);                                                                       \
        log_line((level), event, fmt, args);                                                       \
        va_end(args);                                                                              \
    } while (0)

void log_debug(const char *event, const char *fmt, ...)
{
    LOG_AT(LOG_LEVEL_DEBUG);
}

void log_info(const char *event, const char *fmt, ...)
{
    LOG_AT(LOG_LEVEL_INFO);
}

void log_warn(const char *event, const char *fmt, ...)
{
    LOG_AT(LOG_LEVEL_WARN);
}

void log_error(const char *event, const char *fmt, ...)
{
    LOG_AT(LOG_LEVEL_ERROR);
}
