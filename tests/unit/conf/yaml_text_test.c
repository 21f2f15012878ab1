#include "conf/yaml_text.h"

#include <string.h>

#include "base/utf8.h"
#include "conf_fixture.h"
#include "dvc_test.h"

/* Written as a value of a map in each of the places where a plugin has texts, and read back. */
static void round_trip(struct slice text)
{
    struct arena *arena = arena_new();
    struct buf buf = BUF_INIT(1 << 20);
    struct value *tree;
    struct slice normal;

    cr_assert(utf8_nfc(arena, text, &normal) == 0);
    buf_adds(&buf, "block: ");
    yaml_add_text(&buf, text);
    buf_adds(&buf, "\nlist:\n  - ");
    yaml_add_text(&buf, text);
    buf_adds(&buf, "\nflow: {a: ");
    yaml_add_text(&buf, text);
    buf_adds(&buf, ", b: [");
    yaml_add_text(&buf, text);
    buf_adds(&buf, ", ");
    yaml_add_quoted(&buf, text);
    buf_adds(&buf, "]}   # after\n");
    tree = fixture_yaml(arena, buf.ptr);
    cr_assert(slice_eq(value_get_text(tree, "block"), normal), "block: %s", buf.ptr);
    cr_assert(slice_eq(value_at(value_get(tree, "list"), 0)->string, normal), "%s", buf.ptr);
    cr_assert(slice_eq(value_get_text(value_get(tree, "flow"), "a"), normal), "%s", buf.ptr);
    for (size_t i = 0; i < 2; i++)
        cr_assert(slice_eq(value_at(value_get(value_get(tree, "flow"), "b"), i)->string, normal),
                  "%s", buf.ptr);
    buf_release(&buf);
    arena_free(arena);
}

DVC_TEST(conf_yaml_text, what_is_written_is_read_back)
{
    static const char *const texts[] = {
        "Đăng ký khai sinh",
        "Quyết định số 45/2016/QĐ-TTg",
        "Giấy tờ: bản chính, bản sao",
        "a: b",
        "a #b",
        "# not a comment",
        "@home",
        "`x`",
        "- item",
        "? key",
        "&anchor",
        "*alias",
        "!tag",
        "%directive",
        "\"quoted\"",
        "it's",
        "'single'",
        "back\\slash",
        "{a: 1}",
        "[1, 2]",
        "yes",
        "No",
        "TRUE",
        "null",
        "~",
        "y",
        "n",
        "on",
        ".inf",
        ".nan",
        "12",
        "1.001190",
        "0x1F",
        "1e5",
        "1_000",
        "2026-07-01",
        "15:00",
        "<<",
        "=",
        "|",
        ">",
        "---",
        "...",
        " leading",
        "trailing ",
        "two  blanks",
        "line\nbreak",
        "tab\there",
        "colon:",
        "x:",
        "a:b",
        "50%",
        "“nháy cong”",
        "\xc2\xa0no-break",
        "next\xc2\x85line",
        "line\xe2\x80\xa8separator",
        "zero\xef\xbb\xbfwidth",
        "emoji \xf0\x9f\x98\x80",
        "Hoa\xcc\x80",
        "",
    };

    for (size_t i = 0; i < DVC_COUNT(texts); i++)
        round_trip(slice_str(texts[i]));
}

/* Every ASCII character that text may hold, at the beginning, inside and at the end. */
DVC_TEST(conf_yaml_text, every_character_in_every_place)
{
    for (char c = 0x20; c < 0x7F; c++) {
        const char begins[] = {c, 'a', ' ', 'b', '\0'}, inside[] = {'a', c, 'b', '\0'};
        const char word[] = {'a', ' ', 'b', c, '\0'}, alone[] = {'a', ' ', c, ' ', 'b', '\0'};

        round_trip(slice_str(begins));
        round_trip(slice_str(inside));
        round_trip(slice_str(word));
        round_trip(slice_str(alone));
    }
}

DVC_TEST(conf_yaml_text, names_stay_readable)
{
    struct buf buf = BUF_INIT(1000);

    yaml_add_text(&buf, slice_str("Giấy chứng nhận kết hôn (bản sao)"));
    DVC_EQ_STR(buf.ptr, "Giấy chứng nhận kết hôn (bản sao)");
    buf_clear(&buf);
    yaml_add_text(&buf, slice_str("Họ, tên"));
    DVC_EQ_STR(buf.ptr, "\"Họ, tên\"");
    buf_release(&buf);
}

DVC_TEST(conf_yaml_text, comments_stay_comments)
{
    struct arena *arena = arena_new();
    struct buf buf = BUF_INIT(10000);
    struct value *tree;
    char word[300];

    memset(word, 'x', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    yaml_add_comment(&buf, 2, slice_str("một\nhai: ba\r\nprocedure: \"9\"\xe2\x80\xa8 x: y"));
    DVC_EQ_STR(buf.ptr, "  # một hai: ba procedure: \"9\" x: y\n");
    yaml_add_comment(&buf, 0, slice_str(word));
    yaml_add_comment(&buf, 4, SLICE_LIT(" \n "));
    buf_adds(&buf, "a: 1\n");
    yaml_add_comment(
        &buf, 0,
        slice_str("dài dài dài dài dài dài dài dài dài dài dài dài dài dài dài dài dài "
                  "dài dài dài dài dài dài dài dài dài dài dài dài dài b: 2"));
    tree = fixture_yaml(arena, buf.ptr);
    DVC_EQ_INT((int)value_count(tree), 1);
    DVC_EQ_INT(value_get_int(tree, "a", 0), 1);
    for (const char *line = buf.ptr; *line != '\0'; line = strchr(line, '\n') + 1) {
        size_t len = strcspn(line, "\n");

        cr_assert(strchr(" #a", line[0]) != NULL, "%s", line);
        cr_assert(utf8_length((struct slice){line, len}) <= 310);
    }
    buf_release(&buf);
    arena_free(arena);
}
