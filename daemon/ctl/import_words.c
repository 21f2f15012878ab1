#include "ctl/import_words.h"

#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/utf8.h"
#include "conf/yaml_text.h"

#define ID_WIDTH 30
#define NEAR 40 /* letters between a number and its unit: "15 (mười lăm) ngày" */
#define AMOUNT_MOST INT64_C(100000000000)

/* Folded; longer words before those that they begin with. */
static const struct {
    const char *word;
    enum limit_unit unit;
} units[] = {
    {"ngay lam viec", LIMIT_WORKING_DAYS},
    {"gio lam viec", LIMIT_WORKING_HOURS},
    {"ngay", LIMIT_CALENDAR_DAYS},
    {"gio", LIMIT_WORKING_HOURS},
    {"thang", LIMIT_MONTHS},
};

static const char *folded(struct arena *arena, const char *text)
{
    struct slice ret;

    if (utf8_fold(arena, slice_str(text), &ret) != 0)
        return "";
    return arena_slice_str(arena, ret);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The unit that stands first after a number. */
static bool unit_in(const char *text, struct limit *ret)
{
    const char *first = text + NEAR;

    ret->unit = LIMIT_NONE;
    for (size_t i = 0; i < DVC_COUNT(units); i++) {
        const char *at = strstr(text, units[i].word);

        if (at != NULL && at < first) {
            first = at;
            ret->unit = units[i].unit;
        }
    }
    return ret->unit != LIMIT_NONE;
}

/* Between a number and its unit stand at most the number's words in brackets. */
static bool amount_at(const char *text, size_t *ret_len, int64_t *ret)
{
    size_t len = 0;

    while (digit(text[len]))
        len++;
    *ret_len = len;
    return len > 0 && len <= 4 && num_parse_i64((struct slice){text, len}, 1, 9999, ret) == 0;
}

bool import_limit(struct arena *arena, const char *amount, const char *unit, struct limit *ret,
                  bool *ret_sure)
{
    const char *text = folded(arena, arena_printf(arena, "%s %s", amount, unit));
    const char *number = slice_trim(slice_str(amount)).ptr;
    int64_t value;
    size_t len;

    *ret_sure = false;
    if (strstr(text, "trong ngay") != NULL && strpbrk(text, "0123456789") == NULL) {
        *ret = (struct limit){LIMIT_SAME_DAY, 0};
        return true;
    }
    for (const char *at = text; *at != '\0'; at++) {
        struct limit limit;

        if (!digit(*at) || (at > text && digit(at[-1])))
            continue;
        if (!amount_at(at, &len, &value) || !unit_in(at + len, &limit) ||
            value > limit_max(limit.unit))
            continue;
        limit.amount = (int)value;
        *ret = limit;
        *ret_sure = number != NULL && strspn(number, "0123456789") == strlen(number) &&
                    strspn(folded(arena, unit), "abcdefghijklmnopqrstuvwxyz ") ==
                        strlen(folded(arena, unit)) &&
                    strcmp(folded(arena, unit), "gio") != 0;
        return true;
    }
    return false;
}

bool import_amount(const char *text, int64_t *ret)
{
    char digits[20];
    size_t len = 0;
    const char *at = text;

    for (; *at != '\0' && (digit(*at) || *at == '.' || *at == ',' || *at == ' '); at++) {
        if (!digit(*at) && (!digit(at[1]) || !digit(at[2]) || !digit(at[3]) || digit(at[4]))) {
            /* A separator of thousands has three digits after it; a fraction is none of ours. */
            if (*at == ' ')
                break;
            return false;
        }
        if (digit(*at) && len + 1 < sizeof(digits))
            digits[len++] = *at;
    }
    while (*at == ' ')
        at++;
    if (*at != '\0' && strcasecmp(at, "đồng") != 0 && strcasecmp(at, "vnd") != 0 &&
        strcasecmp(at, "vnđ") != 0 && strcasecmp(at, "đ") != 0)
        return false;
    return len > 0 && num_parse_i64((struct slice){digits, len}, 0, AMOUNT_MOST, ret) == 0;
}

bool import_has(struct arena *arena, const char *text, const char *folded_words)
{
    return strstr(folded(arena, text), folded_words) != NULL;
}

bool import_authority(struct arena *arena, const char *agency, enum authority *ret)
{
    static const struct {
        const char *word;
        enum authority authority;
    } words[] = {
        {"cap xa", AUTHORITY_COMMUNE},     {"dan xa", AUTHORITY_COMMUNE},
        {"dan phuong", AUTHORITY_COMMUNE}, {"dac khu", AUTHORITY_COMMUNE},
        {"cong an xa", AUTHORITY_COMMUNE}, {"ubnd xa", AUTHORITY_COMMUNE},
        {"so ", AUTHORITY_DEPARTMENT},     {"ban quan ly", AUTHORITY_DEPARTMENT},
        {"cap tinh", AUTHORITY_PROVINCE},  {"dan tinh", AUTHORITY_PROVINCE},
        {"thanh pho", AUTHORITY_PROVINCE},
    };
    const char *text = folded(arena, agency);

    for (size_t i = 0; i < DVC_COUNT(words); i++) {
        const char *at = strstr(text, words[i].word);

        if (at != NULL && (at == text || at[-1] == ' ' || at[-1] == '-')) {
            *ret = words[i].authority;
            return true;
        }
    }
    return false;
}

const char *import_subject(struct arena *arena, const char *name)
{
    const char *text = folded(arena, name);

    if (strstr(text, "doanh nghiep") != NULL || strstr(text, "hop tac xa") != NULL ||
        strstr(text, "ho kinh doanh") != NULL)
        return "business";
    if (strstr(text, "cong dan") != NULL || strstr(text, "ca nhan") != NULL ||
        strstr(text, "nguoi viet nam") != NULL || strstr(text, "nguoi nuoc ngoai") != NULL)
        return "citizen";
    if (strstr(text, "to chuc") != NULL || strstr(text, "co quan") != NULL)
        return "organisation";
    return NULL;
}

/* "yes", "on": words that YAML takes for something else stand in quotes, and no id does. */
static bool plain(const char *id)
{
    struct buf buf = BUF_INIT(200);
    bool ret;

    yaml_add_text(&buf, slice_str(id));
    ret = buf.ptr[0] != '"';
    buf_release(&buf);
    return ret;
}

static bool taken(const char *id, const char *const *before, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(before[i], id) == 0)
            return true;
    }
    return false;
}

const char *import_id(struct arena *arena, const char *text, const char *otherwise,
                      const char *const *before, size_t count)
{
    const char *words = folded(arena, text);
    char slug[ID_WIDTH + 1];
    const char *id, *base;
    size_t len = 0;

    for (; *words != '\0' && len < ID_WIDTH; words++) {
        if ((*words >= 'a' && *words <= 'z') || (len > 0 && digit(*words)))
            slug[len++] = *words;
        else if (len > 0 && slug[len - 1] != '_')
            slug[len++] = '_';
    }
    /* A word that was cut in two is left out, when there are others. */
    if (((*words >= 'a' && *words <= 'z') || digit(*words)) && memchr(slug, '_', len) != NULL) {
        while (slug[len - 1] != '_')
            len--;
    }
    while (len > 0 && slug[len - 1] == '_')
        len--;
    slug[len] = '\0';
    base = len > 1 && plain(slug) ? slug : otherwise;
    id = arena_str(arena, base);
    for (int n = 2; taken(id, before, count); n++)
        id = arena_printf(arena, "%s_%d", base, n);
    return id;
}

int import_count(const char *text, int max)
{
    int64_t count;

    return num_parse_i64(slice_str(text), 0, max, &count) == 0 ? (int)count : -1;
}
