#include "store/param.h"

#include "dvc_test.h"

#include <errno.h>

static uint32_t oid(const char *name)
{
    const struct db_type *type = db_type_find(slice_str(name));

    cr_assert(type != NULL, "no type %s", name);
    return type->oid;
}

static void expect(struct db_param param, const char *type, int format, const char *hex)
{
    struct buf out = BUF_INIT(1024), text = BUF_INIT(4096);
    int got = -1, rc = db_param_encode(&out, &param, oid(type), &got);

    for (size_t i = 0; i < out.len; i++)
        buf_addf(&text, "%02x", (unsigned char)out.ptr[i]);
    cr_assert(rc == 0 && got == format, "%s: result %d, format %d", type, rc, got);
    DVC_EQ_STR(text.ptr, hex);
    buf_release(&out);
    buf_release(&text);
}

static void refuse(struct db_param param, const char *type, int result)
{
    struct buf out = BUF_INIT(1024);
    int format;

    DVC_EQ_INT(db_param_encode(&out, &param, oid(type), &format), result);
    buf_release(&out);
}

DVC_TEST(param, wire_forms)
{
    const struct slice texts[] = {SLICE_LIT("a"), SLICE_NULL};
    const int64_t ints[] = {-1};

    expect(db_int(-2), "bigint", DB_FORMAT_BINARY, "fffffffffffffffe");
    expect(db_int(258), "integer", DB_FORMAT_BINARY, "00000102");
    expect(db_int(12), "numeric", DB_FORMAT_TEXT, "3132");
    expect(db_bool(true), "boolean", DB_FORMAT_BINARY, "01");
    expect(db_str("đ"), "text", DB_FORMAT_BINARY, "c491");
    expect(db_str("{}"), "jsonb", DB_FORMAT_BINARY, "017b7d");
    expect(db_wall((wall_t){INT64_C(946684800000001)}), "timestamptz", DB_FORMAT_BINARY,
           "0000000000000001");
    expect(db_day((day_t){10956}), "date", DB_FORMAT_BINARY, "ffffffff");
    expect(db_text_array(texts, 2), "text[]", DB_FORMAT_BINARY,
           "0000000100000001000000190000000200000001"
           "0000000161"
           "ffffffff");
    expect(db_text_array(texts, 0), "text[]", DB_FORMAT_BINARY, "000000000000000000000019");
    expect(db_int_array(ints, 1), "bigint[]", DB_FORMAT_BINARY,
           "0000000100000000000000140000000100000001"
           "00000008ffffffffffffffff");
}

DVC_TEST(param, refused)
{
    refuse(db_int((int64_t)INT32_MAX + 1), "integer", -ERANGE);
    refuse(db_int(1), "boolean", -EINVAL);
    refuse(db_str("x"), "bytea", -EINVAL);
    refuse(db_bytes(SLICE_LIT("x")), "text", -EINVAL);
    refuse(db_wall((wall_t){0}), "date", -EINVAL);
    refuse(db_text(SLICE_LIT("1\0002")), "numeric", -EINVAL);
}

DVC_TEST(param, absent_values_are_null)
{
    DVC_EQ_INT(db_wall(WALL_NONE).kind, DB_NULL);
    DVC_EQ_INT(db_day(DAY_NONE).kind, DB_NULL);
    DVC_EQ_INT(db_str(NULL).kind, DB_NULL);
    DVC_EQ_INT(db_str("").kind, DB_TEXT);
}

DVC_TEST(param, types)
{
    DVC_EQ_INT(oid("change_head[]"), 0);
    cr_assert(db_type_find(SLICE_LIT("Text")) == NULL);
    cr_assert(db_type_find(SLICE_LIT("text; drop")) == NULL);
    cr_assert(db_type_find(SLICE_LIT("[]")) == NULL);
    cr_assert(db_type_find(SLICE_NULL) == NULL);
}
