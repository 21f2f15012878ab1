#include "conf/errors.h"

#include "base/utf8.h"

#include "dvc_test.h"

#include <string.h>

/* What GET /admin/plugins shows: the rule's number apart, no place where there is none. */
DVC_TEST(errors, as_json_with_rule_and_place)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct buf text = BUF_INIT(4000);
    struct jw jw = JW_INIT(&text);

    conf_error(&errors, "b.yaml", 7, 3, "bước \"x\" không có lối ra [K204]");
    conf_error(&errors, "a.yaml", 0, 0, "không đọc được [tệp]");
    conf_errors_json(&jw, &errors);
    DVC_EQ_STR(text.ptr, "[{\"file\":\"a.yaml\",\"line\":null,\"column\":null,"
                         "\"message\":\"không đọc được [tệp]\",\"rule\":null},"
                         "{\"file\":\"b.yaml\",\"line\":7,\"column\":3,"
                         "\"message\":\"bước \\\"x\\\" không có lối ra\",\"rule\":\"K204\"}]");
    buf_release(&text);
    arena_free(arena);
}

/* A long message is cut between two characters, and its rule stays: with it people look it up. */
DVC_TEST(errors, a_long_message_is_cut_between_characters)
{
    struct arena *arena = arena_new();

    for (int blanks = 0; blanks < 4; blanks++) {
        struct conf_errors errors = CONF_ERRORS_INIT(arena);
        struct buf name = BUF_INIT(10000);
        size_t len;

        buf_addf(&name, "%*s", blanks, "");
        for (int i = 0; i < 800; i++)
            buf_adds(&name, "ệ");
        conf_error(&errors, "a.yaml", 1, 1, "không có \"%s\" [K101]", name.ptr);
        len = strlen(errors.items[0].text);
        cr_expect(len > 1400 && len < 1520, "%zu", len);
        cr_expect(utf8_valid(slice_str(errors.items[0].text)));
        cr_expect(slice_ends(slice_str(errors.items[0].text), "ệ… [K101]"), "%s",
                  errors.items[0].text);
        buf_release(&name);
    }
    arena_free(arena);
}
