#include "conf/plugin_diff.h"

#include <string.h>

#include "conf/plugin_say.h"

#define LINE_MAX 8000

struct part {
    const char *key, *label;
    plugin_say *say;          /* NULL: a map of `inner` parts */
    const struct part *inner; /* ended by key NULL */
    const char *without;      /* what it is when nothing is written; NULL: "không có" */
};

/* A list of things that have names: papers, fields, steps. */
struct things {
    const char *one, *many; /* "giấy tờ", "các giấy tờ" */
    const char *id, *name;  /* members; in a map the key is the id */
    const struct part *parts;
    void (*inside)(struct plugin_changes *changes, const char *where, const struct procedure *a,
                   const struct value *va, const struct procedure *b, const struct value *vb);
};

struct sides {
    struct plugin_changes *changes;
    const struct procedure *a, *b;
};

static const struct part effective_parts[] = {
    {"from", "hiệu lực từ ngày", say_number}, {"to", "hiệu lực đến hết ngày", say_number}, {NULL}};
static const struct part clock_parts[] = {
    {"starts", "thời hạn tính", say_word, .without = "từ khi tiếp nhận"},
    {"due_time", "giờ hẹn trả", say_word, .without = "hết giờ làm việc"},
    {"cut_off", "nộp sau giờ này tính ngày làm việc tiếp theo", say_number},
    {NULL}};
static const struct part postal_parts[] = {{"collect", "bưu chính nhận hồ sơ", say_bool},
                                           {"return", "bưu chính trả kết quả", say_bool},
                                           {"decision", "văn bản về bưu chính", say_text},
                                           {NULL}};
static const struct part stage_parts[] = {
    {"max", "số lần", say_number},
    {"within", "cơ quan phải yêu cầu trong", say_limit},
    {"then", "bổ sung xong", say_word, .without = "tính lại từ đầu"},
    {"closes_after", "thời gian của người nộp", say_limit},
    {"basis", "căn cứ yêu cầu hơn một lần", say_text},
    {"limit_after", "thời hạn của lần tính lại", say_limit},
    {NULL}};
static const struct part supplement_parts[] = {
    {"intake", "bổ sung khi tiếp nhận", .inner = stage_parts},
    {"appraisal", "bổ sung khi thẩm định", .inner = stage_parts},
    {NULL}};
static const struct part screening_parts[] = {{"question", "câu hỏi sàng lọc", say_text},
                                              {"stop_when", "câu trả lời làm dừng", say_text},
                                              {"tell", "lời báo khi dừng", say_text},
                                              {NULL}};
static const struct part channel_limit[] = {{"limit", "thời hạn", say_limit}, {NULL}};
static const struct part channel_parts[] = {{"direct", "nộp trực tiếp", .inner = channel_limit},
                                            {"online", "nộp trực tuyến", .inner = channel_limit},
                                            {"post", "nộp qua bưu chính", .inner = channel_limit},
                                            {NULL}};
static const struct part over_parts[] = {
    {"count", "đến đơn vị thứ", say_number}, {"amount", "mỗi đơn vị sau đó", say_amount}, {NULL}};

static const struct part head_parts[] = {
    {"procedure", "mã thủ tục", say_text},
    {"version", "phiên bản", say_number},
    {"name", "tên thủ tục", say_text},
    {"field", "lĩnh vực", say_text},
    {"decision", "quyết định công bố", say_text},
    {"legal_basis", "căn cứ pháp lý", say_text},
    {"effective", NULL, .inner = effective_parts},
    {"level", "mức độ", say_word},
    {"authority", "cấp giải quyết", say_word},
    {"competent", "chỉ cơ quan có chức năng", say_word},
    {"subjects", "đối tượng", say_word},
    {"presence_required", "người nộp phải có mặt", say_bool, .without = "không"},
    {"authorisation_allowed", "được uỷ quyền nộp", say_bool, .without = "có"},
    {"on_the_spot", "giải quyết ngay khi nộp", say_bool, .without = "không"},
    {"channels", NULL, .inner = channel_parts},
    {"clock", NULL, .inner = clock_parts},
    {"postal", NULL, .inner = postal_parts},
    {"supplement", NULL, .inner = supplement_parts},
    {"screening", NULL, .inner = screening_parts},
    {"warn", "nhắc hạn", say_warnings},
    {NULL}};
static const struct part case_parts[] = {
    {"name", "tên", say_text}, {"limit", "thời hạn", say_limit}, {NULL}};
static const struct part fee_parts[] = {{"name", "tên", say_text},
                                        {"kind", "loại", say_word},
                                        {"amount", "mức thu", say_amount},
                                        {"case", "trường hợp", say_number},
                                        {"when", "chỉ thu khi", say_condition},
                                        {"pay", "nộp", say_word},
                                        {"waive_if", "được miễn khi", say_condition},
                                        {"per", "tính theo mỗi", say_number},
                                        {"over", "phần vượt", .inner = over_parts},
                                        {"most", "tổng thu nhiều nhất", say_amount},
                                        {"times", "nhân với", say_number},
                                        {NULL}};
static const struct part field_parts[] = {
    {"label", "nhãn", say_text},
    {"hint", "lời chỉ dẫn", say_text},
    {"type", "kiểu", say_word},
    {"required", "bắt buộc", say_bool, .without = "không"},
    {"required_if", "bắt buộc khi", say_condition},
    {"show_if", "chỉ hiện khi", say_condition},
    {"min", "số nhỏ nhất", say_number},
    {"max", "số lớn nhất", say_number},
    {"min_length", "ít nhất số ký tự", say_number},
    {"max_length", "nhiều nhất số ký tự", say_number},
    {"pattern", "biểu thức mẫu", say_text},
    {"min_date", "ngày sớm nhất", say_number},
    {"max_date", "ngày muộn nhất", say_number},
    {"not_future", "không ở tương lai", say_bool, .without = "không"},
    {"options", "lựa chọn", say_options},
    {"fill", "điền sẵn từ", say_number},
    {NULL}};
static const struct part paper_parts[] = {
    {"name", "tên", say_text},
    {"original", "số bản chính", say_number, .without = "0"},
    {"certified", "số bản sao có chứng thực", say_number, .without = "0"},
    {"photo", "số bản sao thường", say_number, .without = "0"},
    {"required", "bắt buộc", say_bool, .without = "không"},
    {"required_if", "bắt buộc khi", say_condition},
    {"cases", "chỉ của trường hợp", say_word},
    {"formats", "dạng tệp", say_word},
    {"max_mb", "dung lượng nhiều nhất (MB)", say_number},
    {"reuse", "thay được bằng kết quả", say_text},
    {NULL}};
static const struct part result_parts[] = {
    {"name", "tên", say_text}, {"electronic", "bản điện tử", say_bool, .without = "không"}, {NULL}};
static const struct part timeout_parts[] = {
    {"after", "sau", say_limit},          {"to", "đi tới", say_step},
    {"join", "trở về", say_step},         {"end", "kết thúc", say_word},
    {"effects", "tác động", say_effects}, {"consent", "im lặng là đồng ý với", say_number},
    {"action", "làm như", say_number},    {NULL}};
static const struct part step_parts[] = {
    {"name", "tên", say_text},
    {"role", "người làm", say_word},
    {"wait", "chờ", say_word},
    {"linked", "hồ sơ liên thông", say_word, .without = "chờ tất cả"},
    {"of", "chờ những hồ sơ liên thông", say_word},
    {"agency", "cơ quan", say_word, .without = "cơ quan giải quyết"},
    {"state", "trạng thái", say_word},
    {"national", "trạng thái gửi Cổng quốc gia", say_number},
    {"limit", "thời hạn", say_limit},
    {"limit_after", "thời hạn sau khi bổ sung", say_limit},
    {"warn", "nhắc hạn", say_warnings},
    {"join", "các nhánh gặp lại", say_word, .without = "chờ tất cả"},
    {"clock", "khi chờ", say_word},
    {"timeout", "hết thời gian chờ", .inner = timeout_parts},
    {NULL}};
static const struct part action_parts[] = {{"name", "chữ trên nút", say_text},
                                           {"to", "đi tới", say_step},
                                           {"join", "trở về", say_step},
                                           {"end", "kết thúc", say_word},
                                           {"by", "người bấm", say_word},
                                           {"needs", "phải nhập", say_needs},
                                           {"when", "chỉ hiện khi", say_condition},
                                           {"effects", "tác động", say_effects},
                                           {"automatic", "tự làm", say_bool, .without = "không"},
                                           {NULL}};

/* ---- lines ---- */

static void add(struct plugin_changes *changes, const char *where, const char *what)
{
    changes->lines = arena_grow(changes->arena, changes->lines, changes->count, &changes->cap,
                                sizeof(*changes->lines));
    changes->lines[changes->count++] = where[0] == '\0'
                                           ? arena_str(changes->arena, what)
                                           : arena_printf(changes->arena, "%s: %s", where, what);
}

static const char *deeper(struct plugin_changes *changes, const char *where, const char *label)
{
    if (label == NULL)
        return where;
    return where[0] == '\0' ? label : arena_printf(changes->arena, "%s: %s", where, label);
}

/* ---- one value ---- */

static const char *said(struct arena *arena, const struct procedure *of, const struct value *value,
                        const struct part *part)
{
    struct buf buf = BUF_INIT(LINE_MAX);
    const char *text;

    if (value_is_null(value))
        return part->without != NULL ? part->without : "không có";
    part->say(&buf, of, value);
    text = arena_slice_str(arena, buf_slice(&buf));
    buf_release(&buf);
    return text;
}

static void one_part(struct sides *sides, const char *where, const struct part *part,
                     const struct value *a, const struct value *b)
{
    struct plugin_changes *changes = sides->changes;
    const char *before = said(changes->arena, sides->a, a, part);
    const char *after = said(changes->arena, sides->b, b, part);

    if (strcmp(before, after) != 0)
        add(changes, where,
            arena_printf(changes->arena, "%s: %s → %s", part->label, before, after));
}

/* Members that no part names are said as they stand: nothing that changed is passed over. */
static void others(struct sides *sides, const char *where, const struct part *parts,
                   const struct value *a, const struct value *b, const char *const *known)
{
    for (int side = 0; side < 2; side++) {
        const struct value *map = side == 0 ? a : b;

        for (size_t i = 0; i < value_count(map) && map->kind == VALUE_MAP; i++) {
            const char *key = map->map.members[i].key.ptr;
            const struct part part = {key, key, say_json};
            bool found = side == 1 && value_get(a, key) != NULL;

            for (const struct part *p = parts; p->key != NULL && !found; p++)
                found = strcmp(p->key, key) == 0;
            for (size_t k = 0; known[k] != NULL && !found; k++)
                found = strcmp(known[k], key) == 0;
            if (!found)
                one_part(sides, where, &part, value_get(a, key), value_get(b, key));
        }
    }
}

static void members(struct sides *sides, const char *where, const struct part *parts,
                    const struct value *a, const struct value *b, const char *const *known)
{
    for (const struct part *part = parts; part->key != NULL; part++) {
        const struct value *va = value_get(a, part->key), *vb = value_get(b, part->key);
        static const char *const none[] = {NULL};

        if (part->inner == NULL)
            one_part(sides, where, part, va, vb);
        else
            members(sides, deeper(sides->changes, where, part->label), part->inner, va, vb, none);
    }
    others(sides, where, parts, a, b, known);
}

/* ---- things with names ---- */

static const struct value *thing_at(const struct value *list, size_t i)
{
    return list->kind == VALUE_MAP ? list->map.members[i].value : value_at(list, i);
}

static struct slice thing_id(const struct things *things, const struct value *list, size_t i)
{
    return list->kind == VALUE_MAP ? list->map.members[i].key
                                   : value_get_text(value_at(list, i), things->id);
}

static const struct value *thing_of(const struct things *things, const struct value *list,
                                    struct slice id)
{
    for (size_t i = 0; i < value_count(list); i++) {
        if (slice_eq(thing_id(things, list, i), id))
            return thing_at(list, i);
    }
    return NULL;
}

static const char *called(struct sides *sides, const struct things *things,
                          const struct value *thing, struct slice id)
{
    const char *name = value_get_str(thing, things->name);

    return arena_printf(sides->changes->arena, "%s \"%s\"", things->one,
                        name != NULL ? name : id.ptr);
}

/* Those that stayed, in another order than before? */
static bool reordered(const struct things *things, const struct value *a, const struct value *b)
{
    size_t next = 0;

    for (size_t i = 0; i < value_count(a); i++) {
        struct slice id = thing_id(things, a, i);

        if (thing_of(things, b, id) == NULL)
            continue;
        while (next < value_count(b) && thing_of(things, a, thing_id(things, b, next)) == NULL)
            next++;
        if (next == value_count(b) || !slice_eq(thing_id(things, b, next), id))
            return true;
        next++;
    }
    return false;
}

static void compare(struct sides *sides, const char *where, const struct things *things,
                    const struct value *a, const struct value *b)
{
    static const char *const none[] = {NULL};
    static const char *const in_steps[] = {"actions", "order", NULL};
    struct plugin_changes *changes = sides->changes;

    for (size_t i = 0; i < value_count(a); i++) {
        struct slice id = thing_id(things, a, i);
        const struct value *other = thing_of(things, b, id);
        const char *name = called(sides, things, thing_at(a, i), id);

        if (other == NULL) {
            add(changes, where, arena_printf(changes->arena, "bỏ %s (%s)", name, id.ptr));
            continue;
        }
        members(sides, deeper(changes, where, name), things->parts, thing_at(a, i), other,
                things->inside != NULL ? in_steps : none);
        if (things->inside != NULL)
            things->inside(changes, deeper(changes, where, name), sides->a, thing_at(a, i),
                           sides->b, other);
    }
    for (size_t i = 0; i < value_count(b); i++) {
        struct slice id = thing_id(things, b, i);

        if (thing_of(things, a, id) == NULL)
            add(changes, where,
                arena_printf(changes->arena, "thêm %s (%s)",
                             called(sides, things, thing_at(b, i), id), id.ptr));
    }
    if (reordered(things, a, b))
        add(changes, where, arena_printf(changes->arena, "thứ tự %s thay đổi", things->many));
}

/* Canonical JSON has its maps sorted: steps and buttons stand in the order of their list. */
static const struct value *in_order(struct arena *arena, const struct value *map,
                                    const struct value *order)
{
    struct value *sorted;

    if (map == NULL || map->kind != VALUE_MAP || value_count(order) != map->map.count)
        return map;
    sorted = value_new(arena, VALUE_MAP);
    for (size_t i = 0; i < value_count(order); i++) {
        struct value *item = value_get_slice(map, value_at(order, i)->string);

        if (item != NULL)
            value_set(arena, sorted, value_at(order, i)->string.ptr, item);
    }
    return sorted;
}

static void actions(struct plugin_changes *changes, const char *where, const struct procedure *a,
                    const struct value *va, const struct procedure *b, const struct value *vb)
{
    static const struct things buttons = {"nút", "các nút", NULL, "name", action_parts, NULL};
    struct sides sides = {changes, a, b};

    compare(&sides, where, &buttons,
            in_order(changes->arena, value_get(va, "actions"), value_get(va, "order")),
            in_order(changes->arena, value_get(vb, "actions"), value_get(vb, "order")));
}

static void workflow(struct sides *sides, const struct value *a, const struct value *b)
{
    static const struct part parts[] = {{"use", "quy trình dùng chung", say_number},
                                        {"version", "phiên bản quy trình dùng chung", say_number},
                                        {"start", "bắt đầu từ", say_step},
                                        {NULL}};
    static const char *const known[] = {"steps", "order", NULL};
    static const struct things steps = {"bước", "các bước", NULL, "name", step_parts, actions};

    members(sides, "", parts, a, b, known);
    compare(sides, "", &steps,
            in_order(sides->changes->arena, value_get(a, "steps"), value_get(a, "order")),
            in_order(sides->changes->arena, value_get(b, "steps"), value_get(b, "order")));
}

void plugin_diff(struct arena *arena, const struct procedure *a, const struct procedure *b,
                 struct plugin_changes *ret)
{
    static const struct {
        const char *key;
        struct things things;
    } lists[] = {
        {"cases", {"trường hợp", "các trường hợp", "id", "name", case_parts, NULL}},
        {"fees", {"khoản thu", "các khoản thu", "id", "name", fee_parts, NULL}},
        {"form", {"trường", "các trường", "id", "label", field_parts, NULL}},
        {"documents", {"giấy tờ", "các giấy tờ", "id", "name", paper_parts, NULL}},
        {"results", {"kết quả", "các kết quả", "code", "name", result_parts, NULL}},
    };
    static const char *const known[] = {"dvc",       "cases",   "fees",     "form",
                                        "documents", "results", "workflow", NULL};
    struct sides sides = {ret, a, b};

    *ret = (struct plugin_changes){.arena = arena};
    members(&sides, "", head_parts, a->source, b->source, known);
    for (size_t i = 0; i < DVC_COUNT(lists); i++)
        compare(&sides, "", &lists[i].things, value_get(a->source, lists[i].key),
                value_get(b->source, lists[i].key));
    workflow(&sides, value_get(a->source, "workflow"), value_get(b->source, "workflow"));
}
