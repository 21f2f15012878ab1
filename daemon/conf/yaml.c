#include "conf/yaml.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

#include "base/num.h"
#include "base/utf8.h"

#define SHARED_SLOTS 256
#define SHARED_LEN 32

struct reader {
    struct arena *arena, *texts; /* the tree; its texts */
    struct slice
        shared[SHARED_SLOTS]; /* short texts seen before: nearly every key and word is one */
    struct conf_errors *errors;
    const char *file;
    struct slice text;
    yaml_parser_t parser;
    size_t nodes;
    bool bad;     /* something was refused: no tree comes out */
    bool stopped; /* nothing more can be read */
};

static uint32_t line_of(yaml_mark_t mark)
{
    return (uint32_t)mark.line + 1;
}

static uint32_t column_of(yaml_mark_t mark)
{
    return (uint32_t)mark.column + 1;
}

#define REFUSE(reader, mark, ...)                                                                  \
    ((reader)->bad = true,                                                                         \
     conf_error((reader)->errors, (reader)->file, line_of(mark), column_of(mark), __VA_ARGS__))

/* What libyaml says, in the words of the people who write the files. */
static const struct {
    const char *english, *vietnamese;
} problems[] = {
    {"found character that cannot start any token",
     "ký tự này không mở đầu được giá trị nào; chữ có ký tự đặc biệt phải đặt trong ngoặc kép"},
    {"mapping values are not allowed in this context",
     "dấu hai chấm không được đứng ở đây; thụt dòng sai, hoặc chữ có dấu hai chấm phải đặt trong "
     "ngoặc kép"},
    {"could not find expected ':'", "thiếu dấu hai chấm sau tên khoá"},
    {"found unexpected end of stream", "chuỗi mở ngoặc mà chưa đóng đến hết tệp"},
    {"found unknown escape character", "sau dấu \\ không có ký tự hợp lệ"},
    {"found a tab character that violates indentation",
     "thụt dòng bằng ký tự tab; phải thụt bằng dấu cách"},
    {"found a tab character where an indentation space is expected",
     "thụt dòng bằng ký tự tab; phải thụt bằng dấu cách"},
    {"block sequence entries are not allowed in this context",
     "mục danh sách (dấu -) không được đứng ở đây; xem lại thụt dòng"},
    {"mapping keys are not allowed in this context", "khoá không được đứng ở đây"},
    {"did not find expected key", "cần một khoá ở đây; xem lại thụt dòng hoặc dấu ngoặc"},
    {"did not find expected '-' indicator", "cần dấu - của danh sách ở đây; xem lại thụt dòng"},
    {"did not find expected ',' or ']'", "thiếu dấu phẩy hoặc dấu ] của danh sách"},
    {"did not find expected ',' or '}'", "thiếu dấu phẩy hoặc dấu } của nhóm khoá"},
    {"did not find expected node content", "thiếu giá trị ở đây"},
    {"did not find expected <document start>", "phần này không nối được với phần trên của tệp"},
    {"control characters are not allowed", "có ký tự điều khiển không được phép"},
};

/* libyaml takes a tab before a value for a character that begins none. */
static bool at_tab(const struct reader *reader, yaml_mark_t mark)
{
    size_t at = 0;

    for (size_t line = 0; line < mark.line; line++) {
        ptrdiff_t end = slice_find(reader->text, '\n', at);

        if (end < 0)
            return false;
        at = (size_t)end + 1;
    }
    while (at < reader->text.len && reader->text.ptr[at] == ' ')
        at++;
    return at < reader->text.len && reader->text.ptr[at] == '\t';
}

static void syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    yaml_mark_t mark = parser->problem_mark;
    const char *problem = parser->problem == NULL ? "unknown" : parser->problem;
    const char *text = NULL;

    reader->stopped = true;
    for (size_t i = 0; i < DVC_COUNT(problems) && text == NULL; i++) {
        if (strcmp(problems[i].english, problem) == 0)
            text = problems[i].vietnamese;
    }
    if (at_tab(reader, mark))
        text = "thụt dòng bằng ký tự tab; phải thụt bằng dấu cách";
    if (text == NULL)
        text = arena_printf(reader->arena, "%s", problem);
    if (strncmp(problem, "did not find expected ','", 25) == 0 &&
        parser->context_mark.line != mark.line)
        text = arena_printf(reader->arena, "%s mở ở dòng %zu", text, parser->context_mark.line + 1);
    /* The place where a quote or a bracket was opened says more than the end of the file. */
    if (parser->context != NULL && strcmp(problem, "found unexpected end of stream") == 0)
        mark = parser->context_mark;
    REFUSE(reader, mark, "sai cú pháp YAML: %s [K001]", text);
}

static bool next(struct reader *reader, yaml_event_t *event)
{
    if (reader->stopped)
        return false;
    if (yaml_parser_parse(&reader->parser, event) == 0) {
        syntax(reader);
        return false;
    }
    return true;
}

static bool is_word(struct slice text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(text, words[i]))
            return true;
    }
    return false;
}

/* -?digits, or -?digits.digits: the only spellings that are numbers. */
static bool is_number(struct slice text, bool *ret_real, bool *ret_zero)
{
    size_t i = text.len > 0 && text.ptr[0] == '-' ? 1 : 0, start = i;
    bool real = false;

    while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')
        i++;
    if (i == start)
        return false;
    *ret_zero = text.ptr[start] == '0' && i - start > 1;
    if (i < text.len && text.ptr[i] == '.') {
        size_t point = i++;

        while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')
            i++;
        real = i > point + 1;
        if (!real)
            return false;
    }
    *ret_real = real;
    return i == text.len;
}

static void plain_number(struct reader *reader, struct value *value, struct slice text, bool real,
                         bool zero, yaml_mark_t mark)
{
    if (zero) {
        REFUSE(
            reader, mark,
            "số \"%.*s\" có số 0 ở đầu; nếu là mã thì đặt trong ngoặc kép, nếu là số thì bỏ số 0 "
            "[K008]",
            (int)text.len, text.ptr);
    } else if (real) {
        value->kind = VALUE_REAL;
        if (num_parse_double(text, -1e15, 1e15, &value->real) != 0)
            REFUSE(reader, mark, "số \"%.*s\" quá lớn [K008]", (int)text.len, text.ptr);
    } else {
        value->kind = VALUE_INT;
        if (num_parse_i64(text, INT64_MIN, INT64_MAX, &value->integer) != 0)
            REFUSE(reader, mark, "số \"%.*s\" quá lớn [K008]", (int)text.len, text.ptr);
    }
}

/* What a scalar without quotes means. */
static void plain(struct reader *reader, struct value *value, struct slice text, yaml_mark_t mark)
{
    enum { LONGEST_WORD = 5 };
    static const char *const nulls[] = {"", "~", "null"};
    static const char *const refused[] = {
        "yes", "no",   "on",    "off",  "Yes",   "No", "On", "Off", "YES", "NO",   "ON",
        "OFF", "True", "False", "TRUE", "FALSE", "y",  "n",  "Y",   "N",   "Null", "NULL"};
    bool word = text.len <= LONGEST_WORD, real, zero;

    if (word && is_word(text, nulls, DVC_COUNT(nulls))) {
        value->kind = VALUE_NULL;
    } else if (word && (slice_is(text, "true") || slice_is(text, "false"))) {
        value->kind = VALUE_BOOL;
        value->boolean = slice_is(text, "true");
    } else if (word && is_word(text, refused, DVC_COUNT(refused))) {
        REFUSE(
            reader, mark,
            "\"%.*s\" không rõ nghĩa; đúng/sai viết true hoặc false, chữ thì đặt trong ngoặc kép "
            "[K007]",
            (int)text.len, text.ptr);
    } else if (is_number(text, &real, &zero)) {
        plain_number(reader, value, text, real, zero, mark);
    } else {
        value->string = text;
    }
}

/* Printable ASCII is normal as it stands. */
static bool is_ascii(const yaml_char_t *ptr, size_t len, size_t *ret_hash)
{
    size_t hash = len;

    for (size_t i = 0; i < len; i++) {
        if (ptr[i] < 0x20 || ptr[i] > 0x7e)
            return false;
        hash = hash * 31 + ptr[i];
    }
    *ret_hash = hash ^ hash >> 8;
    return true;
}

static struct slice normal(struct reader *reader, const yaml_char_t *ptr, size_t len,
                           yaml_mark_t mark)
{
    struct slice text = SLICE_LIT("");
    size_t hash = 0;

    if (len > 0 && len <= SHARED_LEN && is_ascii(ptr, len, &hash)) {
        struct slice *seen = &reader->shared[hash % SHARED_SLOTS];
        struct slice own = {(const char *)ptr, len};

        if (!slice_eq(*seen, own))
            *seen = arena_slice(reader->texts, own);
        return *seen;
    }
    /* The whole text was found valid, but an escape (\uD800, \0) can still make something else. */
    if (utf8_nfc(reader->texts, (struct slice){(const char *)ptr, len}, &text) != 0 ||
        memchr(text.ptr, '\0', text.len) != NULL) {
        REFUSE(reader, mark, "chuỗi có ký tự không hợp lệ [K010]");
        return SLICE_LIT("");
    }
    return text;
}

static void properties(struct reader *reader, const yaml_char_t *anchor, const yaml_char_t *tag,
                       yaml_mark_t mark)
{
    if (anchor != NULL)
        REFUSE(reader, mark, "không dùng neo (&%s); viết lại giá trị ở chỗ cần [K003]",
               (const char *)anchor);
    if (tag != NULL)
        REFUSE(reader, mark, "không dùng thẻ kiểu (%s); bỏ thẻ đi [K004]", (const char *)tag);
}

static struct value *node(struct reader *reader, const yaml_event_t *event, int depth);

static struct value *scalar(struct reader *reader, const yaml_event_t *event)
{
    struct value *value = value_new(reader->arena, VALUE_STRING);
    yaml_mark_t mark = event->start_mark;
    struct slice text = normal(reader, event->data.scalar.value, event->data.scalar.length, mark);

    properties(reader, event->data.scalar.anchor, event->data.scalar.tag, mark);
    value->string = text;
    value->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (!value->quoted)
        plain(reader, value, text, mark);
    return value;
}

static void add_member(struct reader *reader, struct value *map, const struct value_member *added)
{
    for (size_t i = 0; i < map->map.count; i++) {
        const struct value_member *member = &map->map.members[i];

        if (slice_eq(member->key, added->key)) {
            reader->bad = true;
            conf_error(reader->errors, reader->file, added->line, added->column,
                       "khoá \"%s\" đã có ở dòng %u; mỗi khoá chỉ viết một lần [K002]",
                       added->key.ptr, member->line);
            return;
        }
    }
    if (map->map.count == CONF_YAML_MAX_KEYS) {
        reader->bad = reader->stopped = true;
        conf_error(reader->errors, reader->file, added->line, added->column,
                   "quá nhiều khoá trong một nhóm, nhiều nhất được %d [K005]", CONF_YAML_MAX_KEYS);
        return;
    }
    map->map.members = arena_grow(reader->arena, map->map.members, map->map.count, &map->map.cap,
                                  sizeof(*map->map.members));
    map->map.members[map->map.count++] = *added;
}

/* A key is text as written: `on`, `1` and `null` are keys like any other. False at the map's end or
 * when reading stopped; a key that is no text has none (ptr NULL). */
static bool map_key(struct reader *reader, int depth, struct value_member *ret)
{
    yaml_event_t event;
    bool more = true;

    if (!next(reader, &event))
        return false;
    *ret = (struct value_member){.line = line_of(event.start_mark),
                                 .column = column_of(event.start_mark)};
    if (event.type == YAML_SCALAR_EVENT) {
        ret->key =
            normal(reader, event.data.scalar.value, event.data.scalar.length, event.start_mark);
        properties(reader, event.data.scalar.anchor, event.data.scalar.tag, event.start_mark);
    } else if (event.type != YAML_MAPPING_END_EVENT) {
        REFUSE(reader, event.start_mark, "tên khoá phải là chữ [K001]");
        more = node(reader, &event, depth) != NULL;
    } else {
        more = false;
    }
    yaml_event_delete(&event);
    return more;
}

static void map(struct reader *reader, struct value *value, int depth)
{
    struct value_member member;
    yaml_event_t event;

    while (map_key(reader, depth, &member)) {
        if (!next(reader, &event))
            return;
        member.value = node(reader, &event, depth + 1);
        yaml_event_delete(&event);
        if (member.key.ptr != NULL && member.value != NULL)
            add_member(reader, value, &member);
    }
}

static void list(struct reader *reader, struct value *value, int depth)
{
    yaml_event_t event;
    struct value *item;

    while (next(reader, &event)) {
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return;
        }
        item = node(reader, &event, depth + 1);
        yaml_event_delete(&event);
        if (item != NULL)
            value_append(reader->arena, value, item);
    }
}

static bool within_limits(struct reader *reader, yaml_mark_t mark, int depth)
{
    if (depth > CONF_YAML_MAX_DEPTH) {
        REFUSE(reader, mark, "lồng nhau quá sâu, nhiều nhất %d tầng [K006]", CONF_YAML_MAX_DEPTH);
        reader->stopped = true;
    } else if (++reader->nodes > CONF_YAML_MAX_NODES) {
        REFUSE(reader, mark, "quá nhiều giá trị trong một tệp, nhiều nhất được %d [K005]",
               CONF_YAML_MAX_NODES);
        reader->stopped = true;
    }
    return !reader->stopped;
}

/* NULL when the node is refused whole. */
static struct value *node(struct reader *reader, const yaml_event_t *event, int depth)
{
    struct value *value = NULL;
    yaml_mark_t mark = event->start_mark;

    if (!within_limits(reader, mark, depth))
        return NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        value = scalar(reader, event);
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        value = value_new(reader->arena, VALUE_LIST);
        properties(reader, event->data.sequence_start.anchor, event->data.sequence_start.tag, mark);
        list(reader, value, depth);
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        value = value_new(reader->arena, VALUE_MAP);
        properties(reader, event->data.mapping_start.anchor, event->data.mapping_start.tag, mark);
        map(reader, value, depth);
    } else if (event->type == YAML_ALIAS_EVENT) {
        REFUSE(reader, mark, "không dùng tham chiếu (*%s); viết lại giá trị ở đây [K003]",
               (const char *)event->data.alias.anchor);
    }
    if (value != NULL) {
        value->line = line_of(mark);
        value->column = column_of(mark);
    }
    return value;
}

/* The document's node, and that nothing follows it. */
static struct value *document(struct reader *reader)
{
    struct value *root = NULL;
    yaml_event_t event;

    while (next(reader, &event)) {
        yaml_event_type_t type = event.type;
        yaml_mark_t mark = event.start_mark;

        if (type == YAML_DOCUMENT_START_EVENT && root != NULL) {
            REFUSE(reader, mark, "mỗi tệp chỉ có một tài liệu; bỏ dấu --- này [K009]");
            reader->stopped = true;
        } else if (type == YAML_SCALAR_EVENT || type == YAML_ALIAS_EVENT ||
                   type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT) {
            root = node(reader, &event, 1);
        }
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT)
            break;
    }
    return root;
}

static bool text_ok(struct reader *reader, struct slice text)
{
    uint32_t line = 1, column = 1;
    size_t at = 0;

    if (text.len > CONF_YAML_MAX_BYTES) {
        conf_error(reader->errors, reader->file, 0, 0,
                   "tệp có %zu byte, nhiều nhất được %d byte [K005]", text.len,
                   CONF_YAML_MAX_BYTES);
        return false;
    }
    if (utf8_valid(text))
        return true;
    /* Lines are whole by themselves, so the first bad one can be found one by one. */
    while (at < text.len) {
        ptrdiff_t end = slice_find(text, '\n', at);
        size_t len = (end < 0 ? text.len : (size_t)end) - at;
        struct slice one = slice_sub(text, at, len);

        if (!utf8_valid(one)) {
            while (one.len > 0 && !utf8_valid(one))
                one.len--;
            column = (uint32_t)utf8_length(one) + 1;
            break;
        }
        at += len + 1;
        line++;
    }
    conf_error(reader->errors, reader->file, line, column,
               "tệp không phải UTF-8; lưu lại tệp với bảng mã Unicode UTF-8 [K010]");
    return false;
}

int conf_yaml_read_apart(struct arena *arena, struct arena *texts, const char *file,
                         struct slice text, struct conf_errors *errors, struct value **ret)
{
    struct reader reader = {
        .arena = arena, .texts = texts, .errors = errors, .file = file, .text = text};
    struct value *root;

    if (!text_ok(&reader, text))
        return CONF_E_BAD;
    if (yaml_parser_initialize(&reader.parser) == 0)
        return -ENOMEM;
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text.ptr, text.len);
    root = document(&reader);
    yaml_parser_delete(&reader.parser);
    if (root == NULL && !reader.bad) {
        conf_error(errors, file, 1, 1, "tệp rỗng [K009]");
        reader.bad = true;
    }
    if (reader.bad)
        return CONF_E_BAD;
    *ret = root;
    return 0;
}

int conf_yaml_read(struct arena *arena, const char *file, struct slice text,
                   struct conf_errors *errors, struct value **ret)
{
    return conf_yaml_read_apart(arena, arena, file, text, errors, ret);
}

int conf_yaml_load(struct arena *arena, const char *path, const char *file,
                   struct conf_errors *errors, struct value **ret)
{
    struct slice text;

    if (conf_file_read(arena, path, file, CONF_YAML_MAX_BYTES, errors, &text) != 0)
        return CONF_E_BAD;
    return conf_yaml_read(arena, file, text, errors, ret);
}
