#include "courier/parcel_order.h"

#include "base/json.h"
#include "core/procedure.h"
#include "dvc_test.h"

static struct arena *arena;
static struct procedure procedure = {.code = "1.004873", .name = "Xác nhận tình trạng hôn nhân"};
static const struct parcel_place place = {"phường Hồng Bàng", "thành phố Hải Phòng"};

static struct value *map_of(const char *text)
{
    struct json_error error;
    struct value *v = NULL;

    DVC_EQ_INT(json_parse(arena, slice_str(text), 8, &v, &error), 0);
    return v;
}

static struct dossier dossier_for_test(void)
{
    return (struct dossier){
        .code = "H24.15-261122-0001",
        .procedure = &procedure,
        .agency_receiving = "H24.15",
        .agency_competent = "H24",
        .applicant = {.name = "Trần Thị Bình",
                      .id_number = "031190000002",
                      .phone = "0913000000",
                      .province = "31",
                      .commune = "11311",
                      .line = "5 Cầu Đất"},
        .form = map_of("{\"secret\":\"chuyện riêng\"}"),
        .delivery_to = map_of("{\"method\":\"post\",\"name\":\"Nguyễn Văn Minh\",\"phone\":"
                              "\"0912345678\",\"address\":{\"province\":\"31\",\"commune\":"
                              "\"11320\",\"line\":\"1 Lạch Tray\"}}")};
}

DVC_TEST(parcel_order, a_return_goes_to_whom_the_delivery_names)
{
    struct parcel parcel = {.direction = PARCEL_RETURN, .order_number = "H24.15-261122-0001-R"};
    struct buf buf = BUF_INIT(8192);
    struct dossier dossier;
    const char *province, *commune;
    struct value *v, *citizen;

    arena = arena_new();
    dossier = dossier_for_test();
    parcel_order_place(&dossier, &parcel, &province, &commune);
    DVC_EQ_STR(commune, "11320");
    DVC_EQ_STR(province, "31");
    parcel_order_write(&buf, &dossier, &parcel, &place);
    v = map_of(buf.ptr);
    citizen = value_get(v, "citizen");
    DVC_EQ_STR(value_get_str(v, "direction"), "return");
    DVC_EQ_STR(value_get_str(v, "order_number"), "H24.15-261122-0001-R");
    DVC_EQ_STR(value_get_str(v, "agency"), "H24.15");
    DVC_EQ_STR(value_get_str(citizen, "name"), "Nguyễn Văn Minh");
    DVC_EQ_STR(value_get_str(citizen, "tel"), "0912345678");
    DVC_EQ_STR(value_get_str(citizen, "address"),
               "1 Lạch Tray, phường Hồng Bàng, thành phố Hải Phòng");
    DVC_EQ_STR(value_get_str(citizen, "province"), "31");
    cr_assert(strstr(buf.ptr, "031190000002") == NULL && strstr(buf.ptr, "riêng") == NULL, "%s",
              buf.ptr);
    buf_release(&buf);
    arena_free(arena);
}

DVC_TEST(parcel_order, a_collection_comes_from_the_applicant)
{
    struct parcel parcel = {.direction = PARCEL_COLLECT, .order_number = "X-C"};
    struct buf buf = BUF_INIT(8192);
    struct dossier dossier;
    struct value *v;

    arena = arena_new();
    dossier = dossier_for_test();
    dossier.applicant.line = NULL;
    parcel_order_write(&buf, &dossier, &parcel, &place);
    v = value_get(map_of(buf.ptr), "citizen");
    DVC_EQ_STR(value_get_str(v, "name"), "Trần Thị Bình");
    DVC_EQ_STR(value_get_str(v, "address"), ""); /* and so incomplete: nobody is found by a ward */
    cr_assert(strstr(buf.ptr, "031190000002") == NULL, "%s", buf.ptr);
    buf_clear(&buf);
    parcel_cancel_write(&buf, &dossier, &parcel);
    v = map_of(buf.ptr);
    DVC_EQ_STR(value_get_str(v, "order_number"), "X-C");
    DVC_EQ_STR(value_get_str(v, "agency"), "H24.15");
    buf_release(&buf);
    arena_free(arena);
}
