#include "core/form.h"

#include "dvc_test.h"

#include <regex.h>
#include <stdio.h>
#include <time.h>

/* The form of procedure 1.013225, with a field of every other type. */
enum { FIELDS = 14 };

static struct field_option colours[] = {{"red", "Đỏ"}, {"blue", "Xanh"}, {"gold", "Vàng"}};

static struct expr *condition(struct arena *arena, const char *text)
{
    struct expr *expr = NULL;
    struct expr_error error;

    cr_assert(expr_parse(arena, slice_str(text), &expr, &error) == 0, "%s", text);
    return expr;
}

static struct procedure *procedure_new(struct arena *arena, regex_t *plate)
{
    struct procedure *procedure = ARENA_NEW(arena, struct procedure);
    struct field *form = ARENA_ARRAY(arena, struct field, FIELDS);
    static const struct field fields[FIELDS] = {
        {.id = "land_area",
         .label = "Diện tích",
         .type = FIELD_NUMBER,
         .required = true,
         .has_min = true,
         .min = 0.5,
         .has_max = true,
         .max = 100000},
        {.id = "floors",
         .label = "Số tầng",
         .type = FIELD_INTEGER,
         .required = true,
         .has_min = true,
         .min = 1,
         .has_max = true,
         .max = 60},
        {.id = "owner_id", .label = "Số định danh", .type = FIELD_CITIZEN_ID, .required = true},
        {.id = "adjacent", .label = "Có công trình liền kề", .type = FIELD_BOOLEAN},
        {.id = "pledge", .label = "Cam kết", .type = FIELD_BOOLEAN},
        {.id = "plate", .label = "Biển số", .type = FIELD_TEXT, .pattern = "[0-9]{2}[A-Z]-[0-9]+"},
        {.id = "reason",
         .label = "Lý do",
         .type = FIELD_TEXTAREA,
         .min_length = 3,
         .max_length = 10},
        {.id = "born", .label = "Ngày sinh", .type = FIELD_DATE, .not_future = true},
        {.id = "colour",
         .label = "Màu",
         .type = FIELD_SELECT,
         .options = colours,
         .option_count = 3},
        {.id = "colours",
         .label = "Các màu",
         .type = FIELD_MULTI,
         .options = colours,
         .option_count = 3},
        {.id = "phone", .label = "Điện thoại", .type = FIELD_PHONE},
        {.id = "commune", .label = "Xã", .type = FIELD_COMMUNE},
        {.id = "price", .label = "Giá", .type = FIELD_MONEY},
        {.id = "waiver_no", .label = "Số thẻ", .type = FIELD_TEXT},
    };

    memcpy(form, fields, sizeof(fields));
    for (size_t i = 0; i < FIELDS; i++)
        form[i].min_date = form[i].max_date = DAY_NONE;
    form[4].required_if = condition(arena, "form.adjacent");
    form[7].min_date = day_from_ymd(1900, 1, 1);
    form[13].show_if = condition(arena, "applicant.waiver in [\"poor\"] or form.floors > 50");
    form[13].required_if = condition(arena, "form.floors > 55");
    DVC_EQ_INT(regcomp(plate, "^([0-9]{2}[A-Z]-[0-9]+)$", REG_EXTENDED | REG_NOSUB), 0);
    form[5].regex = plate;
    procedure->code = "1.013225";
    procedure->form = form;
    procedure->field_count = FIELDS;
    return procedure;
}

struct fixture {
    struct arena *arena;
    struct procedure *procedure;
    regex_t plate;
    struct value *form, *normal;
    const char *waiver;
    struct form_faults faults;
};

static void set_up(struct fixture *fixture)
{
    *fixture = (struct fixture){.arena = arena_new()};
    fixture->procedure = procedure_new(fixture->arena, &fixture->plate);
    fixture->form = value_new(fixture->arena, VALUE_MAP);
}

static void tear_down(struct fixture *fixture)
{
    regfree(&fixture->plate);
    arena_free(fixture->arena);
}

static const struct value *look(void *ctx, struct slice path)
{
    struct fixture *fixture = ctx;

    if (slice_is(path, "applicant.waiver") && fixture->waiver != NULL)
        return value_string(fixture->arena, slice_str(fixture->waiver));
    return NULL;
}

static void check(struct fixture *fixture)
{
    fixture->faults = (struct form_faults){0};
    form_check(fixture->arena, fixture->procedure, fixture->form, day_from_ymd(2026, 2, 12), look,
               fixture, &fixture->normal, &fixture->faults);
}

static void set(struct fixture *fixture, const char *id, struct value *value)
{
    value_set(fixture->arena, fixture->form, id, value);
}

static void set_text(struct fixture *fixture, const char *id, const char *text)
{
    set(fixture, id, value_string(fixture->arena, slice_str(text)));
}

static void set_int(struct fixture *fixture, const char *id, int64_t number)
{
    set(fixture, id, value_int(fixture->arena, number));
}

static void set_real(struct fixture *fixture, const char *id, double number)
{
    struct value *value = value_new(fixture->arena, VALUE_REAL);

    value->real = number;
    set(fixture, id, value);
}

static void set_required(struct fixture *fixture)
{
    set_int(fixture, "land_area", 80);
    set_int(fixture, "floors", 3);
    set_text(fixture, "owner_id", "038087042028");
}

/* The only fault is this one. */
static void expect_fault(struct fixture *fixture, const char *pointer, const char *code,
                         const char *words)
{
    check(fixture);
    cr_assert(
        fixture->faults.count == 1, "%s: %zu faults, the last %s %s", pointer,
        fixture->faults.count,
        fixture->faults.count > 0 ? fixture->faults.items[fixture->faults.count - 1].pointer : "",
        fixture->faults.count > 0 ? fixture->faults.items[fixture->faults.count - 1].code : "");
    DVC_EQ_STR(fixture->faults.items[0].pointer, pointer);
    DVC_EQ_STR(fixture->faults.items[0].code, code);
    cr_assert(strstr(fixture->faults.items[0].message, words) != NULL, "%s",
              fixture->faults.items[0].message);
}

static void expect_right(struct fixture *fixture)
{
    check(fixture);
    cr_assert(fixture->faults.count == 0, "%s %s",
              fixture->faults.count > 0 ? fixture->faults.items[0].pointer : "",
              fixture->faults.count > 0 ? fixture->faults.items[0].message : "");
}

static void expect_normal(struct fixture *fixture, const char *json)
{
    struct buf buf = BUF_INIT(10000);

    expect_right(fixture);
    value_write(&buf, fixture->normal, false);
    DVC_EQ_STR(buf.ptr, json);
    buf_release(&buf);
}

DVC_TEST(form, every_required_field_is_named_at_once)
{
    struct fixture fixture;

    set_up(&fixture);
    fixture.form = NULL;
    check(&fixture);
    DVC_EQ_INT(fixture.faults.count, 3);
    DVC_EQ_STR(fixture.faults.items[0].pointer, "/form/land_area");
    DVC_EQ_STR(fixture.faults.items[2].pointer, "/form/owner_id");
    DVC_EQ_STR(fixture.faults.items[2].message, "“Số định danh” chưa được điền.");
    DVC_EQ_INT(fixture.normal->map.count, 0);
    tear_down(&fixture);
}

DVC_TEST(form, normal_form)
{
    struct fixture fixture;

    set_up(&fixture);
    set_text(&fixture, "phone", "+84 912 345 678");
    set_text(&fixture, "reason", "  một\r\nhai ");
    set_text(&fixture, "owner_id", "038 087 042028");
    set_text(&fixture, "plate", " ");
    set(&fixture, "colours", value_new(fixture.arena, VALUE_LIST));
    set(&fixture, "price", value_new(fixture.arena, VALUE_NULL));
    set_real(&fixture, "floors", 3.0);
    set_real(&fixture, "land_area", 80.5);
    expect_normal(&fixture, "{\"land_area\":80.5,\"floors\":3,\"owner_id\":\"038087042028\","
                            "\"reason\":\"một\\nhai\",\"phone\":\"0912345678\"}");
    DVC_EQ_INT(value_get(fixture.normal, "floors")->kind, VALUE_INT);
    tear_down(&fixture);
}

DVC_TEST(form, numbers)
{
    struct fixture fixture;

    set_up(&fixture);
    set_required(&fixture);
    set_int(&fixture, "floors", 61);
    expect_fault(&fixture, "/form/floors", "max", "không được lớn hơn 60");
    set_int(&fixture, "floors", 0);
    expect_fault(&fixture, "/form/floors", "min", "không được nhỏ hơn 1");
    set_real(&fixture, "floors", 2.5);
    expect_fault(&fixture, "/form/floors", "type", "số nguyên");
    set_text(&fixture, "floors", "3");
    expect_fault(&fixture, "/form/floors", "type", "số nguyên");
    set_int(&fixture, "floors", 3);
    set_real(&fixture, "land_area", 0.4);
    expect_fault(&fixture, "/form/land_area", "min", "0,5");
    set(&fixture, "land_area", value_bool(fixture.arena, true));
    expect_fault(&fixture, "/form/land_area", "type", "phải là số");
    set_int(&fixture, "land_area", 80);
    set_int(&fixture, "price", -1);
    expect_fault(&fixture, "/form/price", "min", "0");
    set_int(&fixture, "price", INT64_MAX);
    expect_fault(&fixture, "/form/price", "max", "999999999999999");
    set_int(&fixture, "price", 999999999999999);
    expect_right(&fixture);
    tear_down(&fixture);
}

DVC_TEST(form, texts)
{
    struct fixture fixture;
    char long_text[1200];

    set_up(&fixture);
    set_required(&fixture);
    set_text(&fixture, "plate", "15A-12345");
    set_text(&fixture, "reason", "Huệ Thị Bì"); /* 10 letters, 14 bytes */
    expect_right(&fixture);
    set_text(&fixture, "plate", "x15A-12345");
    expect_fault(&fixture, "/form/plate", "pattern", "Biển số");
    set_text(&fixture, "plate", "15A-\x1b");
    expect_fault(&fixture, "/form/plate", "control", "ký tự điều khiển");
    fixture.procedure->form[5].max_length = 2000;
    memset(long_text, '1', sizeof(long_text));
    memcpy(long_text, "15A-", 4);
    long_text[1000] = '\0';
    set_text(&fixture, "plate", long_text);
    expect_right(&fixture);
    long_text[1000] = '1';
    long_text[1001] = '\0';
    set_text(&fixture, "plate", long_text);
    expect_fault(&fixture, "/form/plate", "pattern", "Biển số");
    fixture.procedure->form[5].max_length = 0;
    expect_fault(&fixture, "/form/plate", "length", "255 ký tự");
    set_text(&fixture, "plate", "");
    set_text(&fixture, "reason", "Huệ Thị Bìn");
    expect_fault(&fixture, "/form/reason", "length", "không được dài quá 10");
    set_text(&fixture, "reason", "ăâ");
    expect_fault(&fixture, "/form/reason", "length", "ít nhất 3");
    set_int(&fixture, "reason", 5);
    expect_fault(&fixture, "/form/reason", "type", "văn bản");
    tear_down(&fixture);
}

DVC_TEST(form, dates)
{
    struct fixture fixture;

    set_up(&fixture);
    set_required(&fixture);
    set_text(&fixture, "born", "2026-02-12");
    expect_right(&fixture);
    set_text(&fixture, "born", "2026-02-13");
    expect_fault(&fixture, "/form/born", "max", "tương lai");
    set_text(&fixture, "born", "2025-02-29");
    expect_fault(&fixture, "/form/born", "date", "ngày có thật");
    set_text(&fixture, "born", "0202-02-02");
    expect_fault(&fixture, "/form/born", "date", "ngày có thật");
    set_text(&fixture, "born", "12/02/2026");
    expect_fault(&fixture, "/form/born", "date", "ngày có thật");
    set_text(&fixture, "born", "1899-12-31");
    expect_fault(&fixture, "/form/born", "min", "01/01/1900");
    tear_down(&fixture);
}

DVC_TEST(form, choices)
{
    struct fixture fixture;
    struct value *list;

    set_up(&fixture);
    set_required(&fixture);
    list = value_new(fixture.arena, VALUE_LIST);
    value_append(fixture.arena, list, value_string(fixture.arena, SLICE_LIT("gold")));
    value_append(fixture.arena, list, value_string(fixture.arena, SLICE_LIT("red")));
    set(&fixture, "colours", list);
    set_text(&fixture, "colour", "blue");
    expect_right(&fixture);
    value_append(fixture.arena, list, value_string(fixture.arena, SLICE_LIT("gold")));
    expect_fault(&fixture, "/form/colours", "duplicate", "lặp lại");
    list->list.items[2] = value_int(fixture.arena, 1);
    expect_fault(&fixture, "/form/colours", "option", "Các màu");
    set_text(&fixture, "colours", "red");
    expect_fault(&fixture, "/form/colours", "type", "danh sách");
    set(&fixture, "colours", NULL);
    set_text(&fixture, "colour", "Blue");
    expect_fault(&fixture, "/form/colour", "option", "Màu");
    tear_down(&fixture);
}

DVC_TEST(form, a_pledge_must_be_ticked)
{
    struct fixture fixture;

    set_up(&fixture);
    set_required(&fixture);
    set(&fixture, "adjacent", value_bool(fixture.arena, false));
    expect_right(&fixture);
    set(&fixture, "adjacent", value_bool(fixture.arena, true));
    expect_fault(&fixture, "/form/pledge", "required", "đánh dấu đồng ý");
    set(&fixture, "pledge", value_bool(fixture.arena, false));
    expect_fault(&fixture, "/form/pledge", "required", "đánh dấu đồng ý");
    set(&fixture, "pledge", value_bool(fixture.arena, true));
    expect_right(&fixture);
    tear_down(&fixture);
}

DVC_TEST(form, hidden_fields)
{
    struct fixture fixture;

    set_up(&fixture);
    set_required(&fixture);
    set_text(&fixture, "waiver_no", "HN-1");
    expect_fault(&fixture, "/form/waiver_no", "hidden", "bỏ trống");
    fixture.waiver = "poor";
    expect_right(&fixture);
    fixture.waiver = NULL;
    set_int(&fixture, "floors", 51);
    expect_right(&fixture);
    set_text(&fixture, "waiver_no", "");
    expect_right(&fixture);
    set_int(&fixture, "floors", 56);
    expect_fault(&fixture, "/form/waiver_no", "required", "chưa được điền");
    tear_down(&fixture);
}

/* What depends on an answer that is wrong is not judged: one mistake, one message. */
DVC_TEST(form, no_echo_of_another_fault)
{
    struct fixture fixture;

    set_up(&fixture);
    set_required(&fixture);
    set_text(&fixture, "floors", "57");
    set_text(&fixture, "waiver_no", "HN-1");
    expect_fault(&fixture, "/form/floors", "type", "Số tầng");
    tear_down(&fixture);
}

DVC_TEST(form, unknown_members)
{
    struct fixture fixture;
    char key[200];

    set_up(&fixture);
    set_required(&fixture);
    set_int(&fixture, "flo~ors/x", 3);
    expect_fault(&fixture, "/form/flo~0ors~1x", "unknown", "flo~ors/x");
    for (int i = 0; i < 150; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        set_int(&fixture, key, i);
    }
    check(&fixture);
    DVC_EQ_INT(fixture.faults.count, 100);
    tear_down(&fixture);
}

/* Sixty-four bytes of a long name are repeated, never half a letter. */
DVC_TEST(form, long_unknown_member)
{
    struct fixture fixture;
    struct buf buf = BUF_INIT(1000);

    set_up(&fixture);
    set_required(&fixture);
    buf_addc(&buf, 'x');
    for (int i = 0; i < 100; i++)
        buf_adds(&buf, "ệ");
    set_int(&fixture, buf.ptr, 1);
    buf_truncate(&buf, 64);
    check(&fixture);
    DVC_EQ_INT(fixture.faults.count, 1);
    DVC_EQ_SLICE(slice_str(fixture.faults.items[0].pointer + 6), buf.ptr);
    buf_release(&buf);
    tear_down(&fixture);
}

DVC_TEST(form, a_form_that_is_no_object)
{
    struct fixture fixture;

    set_up(&fixture);
    fixture.form = value_int(fixture.arena, 1);
    check(&fixture);
    DVC_EQ_STR(fixture.faults.items[0].pointer, "/form");
    DVC_EQ_STR(fixture.faults.items[0].code, "type");
    DVC_EQ_INT(fixture.faults.count, 4);
    tear_down(&fixture);
}

/* On the hot path of every submission. The bound is a hundred times what was measured, so that it
 * fails for a lost algorithm and not for a busy machine. */
DVC_TEST(form, is_fast)
{
    struct fixture fixture;
    struct timespec start, end;
    double us;
    enum { ROUNDS = 2000 };

    set_up(&fixture);
    set_required(&fixture);
    set_text(&fixture, "plate", "15A-12345");
    set_text(&fixture, "born", "1990-02-12");
    set_text(&fixture, "phone", "0912345678");
    set_text(&fixture, "colour", "red");
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < ROUNDS; i++)
        check(&fixture);
    clock_gettime(CLOCK_MONOTONIC, &end);
    us = ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) / 1e3 /
         ROUNDS;
    cr_assert(us < 200, "%.1f microseconds a form", us);
    tear_down(&fixture);
}
