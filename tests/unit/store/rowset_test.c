#include "store/rowset.h"

#include "dvc_test.h"

DVC_TEST(rowset, one_row)
{
    struct rowset set;
    struct buf out = BUF_INIT(1024), hex = BUF_INIT(4096);

    rowset_init(&set, 0x01020304);
    rowset_begin(&set);
    rowset_int4(&set, -1);
    rowset_str(&set, "ab");
    rowset_wall(&set, WALL_NONE);
    rowset_end(&set);
    rowset_write(&set, &out);
    for (size_t i = 0; i < out.len; i++)
        buf_addf(&hex, "%02x", (unsigned char)out.ptr[i]);
    DVC_EQ_STR(hex.ptr, "00000001"
                        "00000000"
                        "01020304"
                        "00000001"
                        "00000001"
                        "00000022"
                        "00000003"
                        "00000017"
                        "00000004"
                        "ffffffff"
                        "00000019"
                        "00000002"
                        "6162"
                        "000004a0"
                        "ffffffff");
    rowset_release(&set);
    buf_release(&out);
    buf_release(&hex);
}

DVC_TEST(rowset, empty_has_no_dimension)
{
    struct rowset set;
    struct buf out = BUF_INIT(64);

    rowset_init(&set, 7);
    rowset_write(&set, &out);
    DVC_EQ_INT(out.len, 12);
    rowset_release(&set);
    buf_release(&out);
}
