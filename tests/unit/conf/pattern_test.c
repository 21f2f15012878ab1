#include "conf/plugin_pattern.h"

#include "conf_fixture.h"
#include "dvc_test.h"

/* The library writes counts out: what a few letters ask for is known before it does. */
DVC_TEST(pattern, counts_are_written_out)
{
    static const struct {
        const char *pattern;
        int atoms; /* at most; negative: -PATTERN_E_ */
    } cases[] = {
        {"[0-9]{4}", 5},
        {"[0-2][0-9]:[0-5][0-9]", 5},
        {"(ab){3}c", 9},
        {"[^]a{9}[:digit:]{9}]x", 2},
        {"\\{9999x", 6},
        {"[0-9]{12}|[0-9]{9}", 24},
        {"[^0-9]*", 2},
        {"a{0,1999}", 2000},
        {"a{0,2000}", -PATTERN_E_LARGE},
        {"(((a{255}){255}){255})", -PATTERN_E_LARGE},
        {"((((a{32}){32}){32}){32})", -PATTERN_E_LARGE},
        {"((((((((((((a+)+)+)+)+)+)+)+)+)+)+)+)+", -PATTERN_E_LARGE},
        {"a{99999999999999999999}", -PATTERN_E_LARGE},
        {"(a)\\1", -PATTERN_E_REFERENCE},
        {"((((((((((((((((((((((a", -PATTERN_E_LARGE},
        {"a)|(b", -PATTERN_E_CLOSE},
        {"x[", -PATTERN_E_SET},
        {"[]", -PATTERN_E_SET},
        {"[[:digit:]", -PATTERN_E_SET},
    };

    for (size_t i = 0; i < DVC_COUNT(cases); i++) {
        int atoms = 0, r = plugin_pattern_atoms(slice_str(cases[i].pattern), &atoms);

        cr_expect(r == (cases[i].atoms < 0 ? -cases[i].atoms : 0), "%s: %d", cases[i].pattern, r);
        cr_expect(r != 0 || (atoms > 0 && atoms <= cases[i].atoms), "%s: %d", cases[i].pattern,
                  atoms);
    }
}

static void told(const char *pattern, const char *expected)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct plugin_reader reader = {
        .schema = {.arena = arena, .errors = &errors, .file = "plugin.yaml"}};
    struct value *map = fixture_yaml(arena, "{id: plate, pattern: x}\n");
    struct field field = {.id = "plate", .pattern = pattern};

    plugin_pattern(&reader, map, &field);
    if (expected == NULL) {
        cr_expect(errors.count == 0 && field.regex != NULL, "%s", pattern);
    } else {
        cr_assert(errors.count == 1 && field.regex == NULL, "%s", pattern);
        DVC_EQ_STR(errors.items[0].text, expected);
    }
    arena_free(arena);
}

DVC_TEST(pattern, a_fault_says_what_is_wrong)
{
    told("[0-9]{2}[A-Z]-[0-9]+", NULL);
    told("[0-9", "\"pattern\": dấu [ không có dấu ] đóng [K022]");
    told("(a", "\"pattern\": biểu thức mẫu sai: dấu ( và ) không thành đôi [K022]");
    /* The whole value is asked for, and "^(a)|(b)$" would ask for less. */
    told("a)|(b", "\"pattern\": dấu ) không có dấu ( mở trước đó [K022]");
    told("[z-a]", "\"pattern\": biểu thức mẫu sai: khoảng ký tự trong [ ] không hợp lệ [K022]");
    told("(((a{255}){255}){255})",
         "\"pattern\": mẫu quá lớn khi viết hết các lần lặp, nhiều nhất 2000 ký tự; cần ít lần lặp "
         "lồng nhau hơn [K023]");
    told("(a)\\1", "\"pattern\": không dùng tham chiếu ngược (\\1); viết lại mẫu [K022]");
}
