#include "conf/plugin_pattern.h"

#include <regex.h>

#define DEPTH_MAX 20

struct scan {
    struct slice text;
    size_t at;
    int64_t sums[DEPTH_MAX + 1]; /* atoms of each open bracket, without the last one */
    int64_t atom;                /* the last one: what a count is about */
    int depth;
};

static char look(const struct scan *scan)
{
    return scan->at < scan->text.len ? scan->text.ptr[scan->at] : '\0';
}

static void atom(struct scan *scan, int64_t size)
{
    scan->sums[scan->depth] += scan->atom;
    scan->atom = size;
}

/* "[^]a-z[:digit:]]": up to its end. A `]` in the first place is one of the set. */
static int set(struct scan *scan)
{
    if (look(scan) == '^')
        scan->at++;
    if (look(scan) == ']')
        scan->at++;
    while (scan->at < scan->text.len && look(scan) != ']') {
        if (look(scan) == '[') {
            ptrdiff_t end = slice_find(scan->text, ']', scan->at);

            scan->at = end < 0 ? scan->text.len : (size_t)end;
        }
        scan->at++;
    }
    if (scan->at >= scan->text.len)
        return PATTERN_E_SET;
    scan->at++;
    atom(scan, 1);
    return 0;
}

/* "{2,5}" makes five of the last atom, "{2,}" two and a loop. */
static void count(struct scan *scan)
{
    int64_t number = 0, most = 1;

    for (; scan->at < scan->text.len && look(scan) != '}'; scan->at++) {
        char c = look(scan);

        number = c >= '0' && c <= '9' ? number * 10 + (c - '0') : 0;
        if (number > PLUGIN_PATTERN_ATOMS)
            number = PLUGIN_PATTERN_ATOMS + 1;
        most = number > most ? number : most;
    }
    scan->at++;
    scan->atom *= most + 1;
}

static int step(struct scan *scan)
{
    char c = scan->text.ptr[scan->at++];

    switch (c) {
    case '\\':
        if (look(scan) >= '1' && look(scan) <= '9')
            return PATTERN_E_REFERENCE;
        scan->at++;
        atom(scan, 1);
        break;
    case '[':
        if (set(scan) != 0)
            return PATTERN_E_SET;
        break;
    case '(':
        atom(scan, 0);
        if (scan->depth == DEPTH_MAX)
            return PATTERN_E_LARGE;
        scan->sums[++scan->depth] = 0;
        break;
    case ')':
        if (scan->depth == 0)
            return PATTERN_E_CLOSE;
        scan->atom += scan->sums[scan->depth--];
        break;
    case '{':
        count(scan);
        break;
    case '+':
    case '*':
    case '?':
        scan->atom *= 2;
        break;
    default:
        atom(scan, 1);
        break;
    }
    return scan->atom + scan->sums[scan->depth] > PLUGIN_PATTERN_ATOMS ? PATTERN_E_LARGE : 0;
}

int plugin_pattern_atoms(struct slice pattern, int *ret)
{
    struct scan scan = {.text = pattern};
    int64_t all;
    int r = 0;

    while (r == 0 && scan.at < pattern.len)
        r = step(&scan);
    if (r != 0)
        return r;
    all = scan.atom;
    for (int i = 0; i <= scan.depth; i++)
        all += scan.sums[i];
    if (all > PLUGIN_PATTERN_ATOMS)
        return PATTERN_E_LARGE;
    *ret = (int)all;
    return 0;
}

/* What the library says, in the words of the people who write the files. */
static const char *reason(int error)
{
    switch (error) {
    case REG_EBRACK:
        return "thiếu dấu ]";
    case REG_EPAREN:
        return "dấu ( và ) không thành đôi";
    case REG_EBRACE:
        return "dấu { và } không thành đôi";
    case REG_BADBR:
        return "số lần trong { } không hợp lệ";
    case REG_ERANGE:
        return "khoảng ký tự trong [ ] không hợp lệ";
    case REG_ECTYPE:
        return "không có lớp ký tự này";
    case REG_EESCAPE:
        return "dấu \\ đứng cuối";
    case REG_BADRPT:
        return "dấu lặp (*, +, ?, {}) không đứng sau gì";
    default:
        return "không hợp lệ";
    }
}

static void forget(void *ctx)
{
    regfree(ctx);
}

/* A pattern that does not compile would refuse every citizen, at the first dossier. */
static int compile(struct arena *arena, const char *pattern, regex_t *regex)
{
    /* First as it was written, so that the fault is told of that. */
    int error = regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB);

    if (error != 0)
        return error;
    regfree(regex);
    return regcomp(regex, arena_printf(arena, "^(%s)$", pattern), REG_EXTENDED | REG_NOSUB);
}

/* True when a fault was told of. */
static bool refused(struct plugin_reader *reader, const struct value *map, int error)
{
    static const char *const texts[] = {
        [PATTERN_E_REFERENCE] = "không dùng tham chiếu ngược (\\1); viết lại mẫu [K022]",
        [PATTERN_E_CLOSE] = "dấu ) không có dấu ( mở trước đó [K022]",
        [PATTERN_E_SET] = "dấu [ không có dấu ] đóng [K022]",
    };

    if (error == PATTERN_E_LARGE)
        schema_fault_key(&reader->schema, map, "pattern",
                         "\"pattern\": mẫu quá lớn khi viết hết các lần lặp, nhiều nhất %d ký tự; "
                         "cần ít lần lặp lồng nhau hơn [K023]",
                         PLUGIN_PATTERN_ATOMS);
    else if (error != 0)
        schema_fault_key(&reader->schema, map, "pattern", "\"pattern\": %s", texts[error]);
    return error != 0;
}

void plugin_pattern(struct plugin_reader *reader, const struct value *map, struct field *field)
{
    regex_t *regex;
    int error, atoms;

    if (field->pattern == NULL ||
        refused(reader, map, plugin_pattern_atoms(slice_str(field->pattern), &atoms)))
        return;
    regex = ARENA_NEW(reader->schema.arena, regex_t);
    error = compile(reader->schema.arena, field->pattern, regex);
    if (error != 0) {
        schema_fault_key(&reader->schema, map, "pattern",
                         "\"pattern\": biểu thức mẫu sai: %s [K022]", reason(error));
        return;
    }
    field->regex = regex;
    arena_on_free(reader->schema.arena, forget, regex);
}
