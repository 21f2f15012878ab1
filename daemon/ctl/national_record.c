#include "ctl/national_record.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "conf/file.h"
#include "conf/schema.h"

#define DEPTH_MAX 20

struct reading {
    struct arena *arena;
    const char *file;
    struct conf_errors *errors;
    size_t faults;
    struct national_record *record;
};

static void fault(struct reading *r, const char *member, const char *expected,
                  const struct value *found)
{
    r->faults++;
    conf_error(r->errors, r->file, 0, 0, "\"%s\": cần %s, ở đây là %s", member, expected,
               schema_found(r->arena, found));
}

/* ---- text ---- */

/* Past a tag, or an entity of a blank, at `at`; 0 when there is none. */
static size_t markup(struct slice text, size_t at)
{
    static const char blank[] = "&nbsp;";
    struct slice rest = slice_sub(text, at, text.len);
    ptrdiff_t end;

    if (slice_starts(rest, blank))
        return sizeof(blank) - 1;
    if (rest.len < 3 || rest.ptr[0] != '<' ||
        (rest.ptr[1] != '/' && (rest.ptr[1] < 'A' || (rest.ptr[1] | 0x20) > 'z')))
        return 0;
    end = slice_find(rest, '>', 0);
    return end > 0 ? (size_t)end + 1 : 0;
}

/* One line: whatever parts words is one blank. */
static const char *clean(struct arena *arena, struct slice text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    struct slice normal;

    for (size_t i = 0; i < text.len;) {
        size_t skip = markup(text, i);
        unsigned char c = (unsigned char)text.ptr[i];
        bool blank = skip > 0 || c <= ' ' || c == 0x7F;

        if (skip == 0 && c == 0xC2 && i + 1 < text.len &&
            (unsigned char)text.ptr[i + 1] <= 0xA0) { /* C1 controls, no-break space */
            blank = true;
            skip = 2;
        }
        if (!blank)
            out[len++] = (char)c;
        else if (len > 0 && out[len - 1] != ' ')
            out[len++] = ' ';
        i += skip > 0 ? skip : 1;
    }
    if (len > 0 && out[len - 1] == ' ')
        len--;
    if (utf8_nfc(arena, (struct slice){out, len}, &normal) != 0)
        return "";
    return arena_slice_str(arena, normal);
}

static const char *text_of(struct reading *r, const struct value *map, const char *where,
                           const char *key)
{
    const struct value *value = value_get(map, key);

    if (value_is_null(value))
        return "";
    if (value->kind == VALUE_STRING)
        return clean(r->arena, value->string);
    if (value->kind == VALUE_INT)
        return arena_printf(r->arena, "%lld", (long long)value->integer);
    if (value->kind == VALUE_REAL)
        return arena_printf(r->arena, "%.15g", value->real);
    fault(r, arena_printf(r->arena, "%s%s", where, key), "chữ", value);
    return "";
}

/* ---- lists ---- */

/* A list of objects; a single object is a list of one, an empty text is an empty list. */
static size_t list_of(struct reading *r, const struct value *map, const char *where,
                      const char *key, const struct value *const **ret)
{
    const struct value *value = value_get(map, key);
    const char *member = arena_printf(r->arena, "%s%s", where, key);
    const struct value **one = ARENA_ARRAY(r->arena, const struct value *, 1);
    size_t count = value_count(value);

    *ret = one;
    if (value_is_null(value) || (value->kind == VALUE_STRING && value->string.len == 0))
        return 0;
    if (value->kind == VALUE_MAP) {
        one[0] = value;
        return 1;
    }
    if (value->kind != VALUE_LIST) {
        fault(r, member, "một danh sách", value);
        return 0;
    }
    if (count > RECORD_LIST_MAX) {
        r->faults++;
        conf_error(r->errors, r->file, 0, 0, "\"%s\": nhiều nhất %d mục, ở đây có %zu", member,
                   RECORD_LIST_MAX, count);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (value->list.items[i]->kind != VALUE_MAP) {
            fault(r, arena_printf(r->arena, "%s[%zu]", member, i), "một đối tượng",
                  value->list.items[i]);
            return 0;
        }
    }
    *ret = (const struct value *const *)value->list.items;
    return count;
}

static const char *inside(struct reading *r, const char *where, const char *key, size_t i)
{
    return arena_printf(r->arena, "%s%s[%zu].", where, key, i);
}

/* One text of each item, those without it left out. */
static const char **names_of(struct reading *r, const struct value *map, const char *list,
                             const char *key, size_t *ret_count)
{
    const struct value *const *items;
    size_t count = list_of(r, map, "", list, &items), kept = 0;
    const char **names = ARENA_ARRAY(r->arena, const char *, count + 1);

    for (size_t i = 0; i < count; i++) {
        names[kept] = text_of(r, items[i], inside(r, "", list, i), key);
        kept += names[kept][0] != '\0';
    }
    *ret_count = kept;
    return names;
}

static struct record_pair *pairs_of(struct reading *r, const struct value *map, const char *list,
                                    const char *code, const char *name, size_t *ret_count)
{
    const struct value *const *items;
    size_t count = list_of(r, map, "", list, &items);
    struct record_pair *pairs = ARENA_ARRAY(r->arena, struct record_pair, count + 1);

    for (size_t i = 0; i < count; i++) {
        const char *where = inside(r, "", list, i);

        pairs[i] = (struct record_pair){text_of(r, items[i], where, code),
                                        text_of(r, items[i], where, name)};
    }
    *ret_count = count;
    return pairs;
}

/* ---- channels and fees ---- */

static void read_fees(struct reading *r, const struct value *time, const char *where,
                      enum channel channel)
{
    struct national_record *record = r->record;
    const struct value *const *items;
    size_t count = list_of(r, time, where, "PHILEPHI", &items);

    for (size_t i = 0; i < count && record->fee_count < RECORD_LIST_MAX; i++) {
        const char *at = inside(r, where, "PHILEPHI", i);

        record->fees[record->fee_count++] = (struct record_fee){
            text_of(r, items[i], at, "MAPHILEPHI"), text_of(r, items[i], at, "SOTIEN"),
            text_of(r, items[i], at, "DONVI"), text_of(r, items[i], at, "MOTA"), channel};
    }
}

static void read_channel(struct reading *r, const struct value *way, const char *where)
{
    const char *kind = text_of(r, way, where, "KENH");
    struct record_channel *channel;
    const struct value *const *items;
    size_t count;

    if (strlen(kind) != 1 || kind[0] < '0' + CHANNEL_DIRECT || kind[0] > '0' + CHANNEL_POST) {
        r->faults++;
        conf_error(r->errors, r->file, 0, 0,
                   "\"%sKENH\": cần 1 (trực tiếp), 2 (trực tuyến) hoặc 3 (bưu chính), ở đây là "
                   "\"%.40s\"",
                   where, kind);
        return;
    }
    channel = &r->record->channels[kind[0] - '0'];
    channel->open = true;
    count = list_of(r, way, where, "THOIGIAN", &items);
    for (size_t i = 0; i < count && channel->count < RECORD_TIMES_MAX; i++) {
        const char *at = inside(r, where, "THOIGIAN", i);

        channel->times[channel->count++] = (struct record_time){
            text_of(r, items[i], at, "THOIGIANGIAIQUYET"), text_of(r, items[i], at, "DONVITINH"),
            text_of(r, items[i], at, "MOTA")};
        read_fees(r, items[i], at, (enum channel)(kind[0] - '0'));
    }
}

static void read_channels(struct reading *r, const struct value *map)
{
    const struct value *const *items;
    size_t count = list_of(r, map, "", "CACHTHUCTHUCHIEN", &items);

    r->record->fees = ARENA_ARRAY(r->arena, struct record_fee, RECORD_LIST_MAX);
    for (size_t i = 0; i < count; i++)
        read_channel(r, items[i], inside(r, "", "CACHTHUCTHUCHIEN", i));
}

/* ---- papers and steps ---- */

static void read_papers(struct reading *r, const struct value *map)
{
    struct national_record *record = r->record;
    const struct value *const *cases, *const *items;
    size_t count = list_of(r, map, "", "THANHPHANHOSO", &cases);

    record->papers = ARENA_ARRAY(r->arena, struct record_paper, RECORD_LIST_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *where = inside(r, "", "THANHPHANHOSO", i);
        const char *name = text_of(r, cases[i], where, "TRUONGHOP");
        size_t papers = list_of(r, cases[i], where, "GIAYTO", &items);

        for (size_t k = 0; k < papers && record->paper_count < RECORD_LIST_MAX; k++) {
            const char *at = inside(r, where, "GIAYTO", k);

            record->papers[record->paper_count++] = (struct record_paper){
                .code = text_of(r, items[k], at, "MAGIAYTO"),
                .name = text_of(r, items[k], at, "TENGIAYTO"),
                .form = text_of(r, items[k], at, "TENMAUDON"),
                .url = text_of(r, items[k], at, "URL"),
                .case_name = name,
                .originals = text_of(r, items[k], at, "SOBANCHINH"),
                .copies = text_of(r, items[k], at, "SOBANSAO"),
            };
        }
    }
}

static void read_steps(struct reading *r, const struct value *map)
{
    struct national_record *record = r->record;
    const struct value *const *cases, *const *items;
    size_t count = list_of(r, map, "", "TRINHTUTHUCHIEN", &cases);

    record->steps = ARENA_ARRAY(r->arena, const char *, RECORD_LIST_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *where = inside(r, "", "TRINHTUTHUCHIEN", i);
        size_t steps = list_of(r, cases[i], where, "TRINHTU", &items);

        for (size_t k = 0; k < steps && record->step_count < RECORD_LIST_MAX; k++)
            record->steps[record->step_count++] =
                text_of(r, items[k], inside(r, where, "TRINHTU", k), "TENTRINHTU");
    }
}

/* ---- the whole ---- */

/* The object with MATTHC, however the answer wraps it. */
static const struct value *find_record(const struct value *tree)
{
    for (int depth = 0; tree != NULL && depth < 4; depth++) {
        if (tree->kind == VALUE_LIST && tree->list.count == 1)
            tree = tree->list.items[0];
        else if (tree->kind == VALUE_MAP && value_get(tree, "MATTHC") != NULL)
            return tree;
        else
            tree = tree->kind == VALUE_MAP ? value_get(tree, "result") : NULL;
    }
    return NULL;
}

int national_record_read(struct arena *arena, const char *file, struct slice text,
                         struct conf_errors *errors, struct national_record *ret)
{
    struct reading r = {arena, file, errors, 0, ret};
    const struct value *map;
    struct json_error error;
    struct value *tree;

    *ret = (struct national_record){0};
    if (json_parse(arena, text, DEPTH_MAX, &tree, &error) != 0) {
        conf_error(errors, file, (uint32_t)error.line, (uint32_t)error.column,
                   "không phải JSON: %s", error.what);
        return CONF_E_BAD;
    }
    map = find_record(tree);
    if (map == NULL) {
        conf_error(errors, file, 0, 0,
                   "không tìm thấy một bản ghi thủ tục của LayThuTuc (khoá \"MATTHC\")");
        return CONF_E_BAD;
    }
    ret->code = text_of(&r, map, "", "MATTHC");
    ret->name = text_of(&r, map, "", "TENTTHC");
    ret->requirements = text_of(&r, map, "", "YEUCAU");
    ret->described = text_of(&r, map, "", "MOTADOITUONGTHUCHIEN");
    ret->fields = names_of(&r, map, "LINHVUCTHUCHIEN", "TENLINHVUC", &ret->field_count);
    ret->subjects = names_of(&r, map, "DOITUONGTHUCHIEN", "TENDOITUONG", &ret->subject_count);
    ret->agencies = names_of(&r, map, "COQUANTHUCHIEN", "TENDONVI", &ret->agency_count);
    ret->results = pairs_of(&r, map, "KETQUATHUCHIEN", "MAKETQUA", "TENKETQUA", &ret->result_count);
    ret->laws = pairs_of(&r, map, "CANCUPHAPLY", "SOVANBAN", "TENVANBAN", &ret->law_count);
    read_channels(&r, map);
    read_papers(&r, map);
    read_steps(&r, map);
    return r.faults == 0 ? 0 : CONF_E_BAD;
}
