#include "conf/errors.h"

#include "dvc_test.h"

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
