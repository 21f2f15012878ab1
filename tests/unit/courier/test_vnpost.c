#include "courier/vnpost.h"

#include "base/json.h"
#include "dvc_test.h"

static const char *haiphong[] = {"H24"};
static const char *ward[] = {"H24.99.07", "H24.99.08"};
static struct carrier_customer customers[] = {
    {.code = "KH-TP",
     .key = "khoa",
     .secret = "bi:mat",
     .agencies = haiphong,
     .agency_count = 1,
     .sender = {"Trung tâm", "18 Hoàng Diệu", "02253000000", NULL, 18, 1800}},
    {.code = "KH-PX",
     .key = "px",
     .secret = "s",
     .agencies = ward,
     .agency_count = 2,
     .sender = {"UBND phường", "1 Lê Lợi", "02253111111", "px@example.vn", 18, 1805}},
};
static struct carrier_status statuses[] = {{2, PARCEL_PICKED_UP, PARCEL_HANDED_OVER},
                                           {4, PARCEL_HANDED_OVER, PARCEL_DELIVERED}};
static struct carrier_province provinces[] = {{"31", 18}};
static struct vnpost_target target = {.id = "vnpost",
                                      .customers = customers,
                                      .customer_count = 2,
                                      .statuses = statuses,
                                      .status_count = 2,
                                      .provinces = provinces,
                                      .province_count = 1};
static struct arena *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena = arena_free(arena);
}

static const char return_body[] =
    "{\"direction\":\"return\",\"order_number\":\"H24.15-261122-0001-R\",\"agency\":\"H24.15\","
    "\"dossier\":\"H24.15-261122-0001\",\"procedure\":\"Cấp giấy phép\",\"cod\":120000,"
    "\"id_number\":\"031090000001\",\"citizen\":{\"name\":\"Nguyễn Văn An\",\"address\":\"1 Lạch "
    "Tray\",\"tel\":\"0912000000\",\"province\":\"31\","
    "\"id_number\":\"031090000001\"}}";

static struct value *parse(struct slice text)
{
    struct json_error error;
    struct value *v = NULL;

    cr_assert(json_parse(arena, text, 8, &v, &error) == 0, "%.*s", (int)text.len, text.ptr);
    return v;
}

static struct value *written(const char *body, struct buf *buf)
{
    struct vnpost_order order;

    DVC_EQ_INT(vnpost_order_read(arena, &target, slice_str(body), &order), 0);
    vnpost_order_write(buf, &order);
    return parse(buf_slice(buf));
}

DVC_TEST(vnpost, an_order_has_the_seventeen_fields_and_no_id_number)
{
    static const char *const texts[] = {"CustomerCode",    "OrderNumber", "SenderAddress",
                                        "SenderName",      "SenderEmail", "SenderTel",
                                        "SenderDesc",      "Description", "ReceiverName",
                                        "ReceiverAddress", "ReceiverTel", "ReceiverEmail"};
    static const char *const numbers[] = {"CODAmount", "SenderProvince", "SenderDistrict",
                                          "ReceiverProvince", "ReceiverDistrict"};
    struct buf buf = BUF_INIT(8192);
    struct value *v;

    setup();
    v = written(return_body, &buf);
    DVC_EQ_INT(value_count(v), 17);
    for (size_t i = 0; i < DVC_COUNT(texts); i++)
        cr_assert(value_get_str(v, texts[i]) != NULL, "%s", texts[i]);
    for (size_t i = 0; i < DVC_COUNT(numbers); i++)
        cr_assert(value_get(v, numbers[i]) != NULL && value_get(v, numbers[i])->kind == VALUE_INT,
                  "%s", numbers[i]);
    cr_assert(memmem(buf.ptr, buf.len, "031090000001", 12) == NULL, "%s", buf.ptr);
    buf_release(&buf);
    teardown();
}

DVC_TEST(vnpost, a_return_goes_from_the_agency_and_a_collection_to_it)
{
    struct buf buf = BUF_INIT(8192), collect = BUF_INIT(8192), body = BUF_INIT(8192);
    struct value *v;

    setup();
    v = written(return_body, &buf);
    DVC_EQ_STR(value_get_str(v, "CustomerCode"), "KH-TP");
    DVC_EQ_STR(value_get_str(v, "SenderName"), "Trung tâm");
    DVC_EQ_STR(value_get_str(v, "ReceiverName"), "Nguyễn Văn An");
    DVC_EQ_INT(value_get_int(v, "ReceiverProvince", 0), 18);
    DVC_EQ_INT(value_get_int(v, "CODAmount", 0), 120000);
    DVC_EQ_STR(value_get_str(v, "SenderDesc"),
               "Mã hồ sơ: H24.15-261122-0001||Tên thủ tục: Cấp giấy phép||Tên dịch vụ: Trả hồ sơ "
               "tại nhà");
    buf_adds(&body, "{\"direction\":\"collect\"");
    buf_adds(&body, strchr(return_body, ','));
    v = written(body.ptr, &collect);
    DVC_EQ_STR(value_get_str(v, "SenderName"), "Nguyễn Văn An");
    DVC_EQ_STR(value_get_str(v, "ReceiverName"), "Trung tâm");
    DVC_EQ_INT(value_get_int(v, "ReceiverProvince", 0), 18);
    buf_release(&buf);
    buf_release(&collect);
    buf_release(&body);
    teardown();
}

DVC_TEST(vnpost, an_incomplete_order_is_never_sent)
{
    static const char *const bodies[] = {
        "{\"direction\":\"return\",\"order_number\":\"A\",\"agency\":\"H25\",\"citizen\":{\"name\":"
        "\"N\",\"address\":\"x\",\"tel\":\"1\",\"province\":\"31\"}}",
        "{\"direction\":\"return\",\"order_number\":\"\",\"agency\":\"H24\",\"citizen\":{\"name\":"
        "\"N\",\"address\":\"x\",\"tel\":\"1\",\"province\":\"31\"}}",
        "{\"direction\":\"return\",\"order_number\":\"A\",\"agency\":\"H24\",\"citizen\":{\"name\":"
        "\"N\",\"address\":\"x\",\"province\":\"31\"}}",
        "{\"direction\":\"return\",\"order_number\":\"A\",\"agency\":\"H24\",\"citizen\":{\"name\":"
        "\"N\",\"address\":\"x\",\"tel\":\"1\"}}",
        "{\"direction\":\"return\",\"order_number\":\"A\",\"agency\":\"H24\",\"citizen\":{\"name\":"
        "\"N\",\"address\":\"x\",\"tel\":\"1\",\"province\":\"99\"}}",
        "{\"direction\":\"return\",\"order_number\":\"A\",\"agency\":\"H24\"}",
    };
    struct vnpost_order order;

    setup();
    for (size_t i = 0; i < DVC_COUNT(bodies); i++)
        cr_assert(vnpost_order_read(arena, &target, slice_str(bodies[i]), &order) ==
                      VNPOST_E_INCOMPLETE,
                  "%s", bodies[i]);
    DVC_EQ_INT(vnpost_order_read(arena, &target, SLICE_LIT("{\"direction\":\"up\"}"), &order),
               VNPOST_E_SHAPE);
    DVC_EQ_INT(vnpost_order_read(arena, &target, SLICE_LIT("no"), &order), VNPOST_E_SHAPE);
    teardown();
}

DVC_TEST(vnpost, the_nearest_contract_above_an_agency_counts)
{
    static const struct {
        const char *agency, *code;
    } rows[] = {{"H24", "KH-TP"},       {"H24.99", "KH-TP"},
                {"H24.99.08", "KH-PX"}, {"H24.99.08.01", "KH-PX"},
                {"H24.99.09", "KH-TP"}, {"H2", NULL},
                {"H241", NULL},         {"", NULL}};

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        const struct carrier_customer *c =
            vnpost_target_customer(&target, slice_str(rows[i].agency));

        cr_assert((c == NULL) == (rows[i].code == NULL), "%s", rows[i].agency);
        if (c != NULL)
            DVC_EQ_STR(c->code, rows[i].code);
    }
}

DVC_TEST(vnpost, a_code_that_nobody_mapped_means_nothing)
{
    enum parcel_state state = PARCEL_LOST;

    cr_assert(vnpost_target_state(&target, PARCEL_RETURN, 4, &state) && state == PARCEL_DELIVERED);
    cr_assert(vnpost_target_state(&target, PARCEL_COLLECT, 4, &state) &&
              state == PARCEL_HANDED_OVER);
    cr_assert(!vnpost_target_state(&target, PARCEL_RETURN, 99, &state));
    cr_assert(state == PARCEL_HANDED_OVER, "left as it was");
}

DVC_TEST(vnpost, only_status_100_and_101_are_good_as_number_or_text)
{
    static const struct {
        const char *body;
        int64_t status;
        bool good;
    } rows[] = {{"{\"Status\":100,\"Message\":\"x\"}", 100, true},
                {"{\"Status\":\"101\"}", 101, true},
                {"{\"Status\":\" 100 \",\"Message\":null}", 100, true},
                {"{\"Status\":102,\"Message\":\"x\"}", 102, false},
                {"{\"Status\":0}", 0, false},
                {"{\"Status\":200,\"Message\":\"OK\"}", 200, false},
                {"{\"Status\":-1}", -1, false}};
    static const char *const strange[] = {
        "{}",  "{\"Status\":null}", "{\"Status\":\"ok\"}", "{\"Status\":true}", "[100]",
        "100", "{\"Status\":[100]}"};
    struct vnpost_answer answer;

    setup();
    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        DVC_EQ_INT(vnpost_answer_read(arena, slice_str(rows[i].body), &answer), 0);
        cr_assert(answer.status == rows[i].status && answer.good == rows[i].good, "%s",
                  rows[i].body);
        cr_assert(answer.message != NULL);
    }
    for (size_t i = 0; i < DVC_COUNT(strange); i++)
        cr_assert(vnpost_answer_read(arena, slice_str(strange[i]), &answer) == VNPOST_E_SHAPE, "%s",
                  strange[i]);
    DVC_EQ_INT(vnpost_answer_read(arena, SLICE_LIT("<html>"), &answer), VNPOST_E_NOT_JSON);
    teardown();
}

DVC_TEST(vnpost, a_token_answer_can_put_nothing_into_our_headers)
{
    struct vnpost_token token;

    setup();
    DVC_EQ_INT(vnpost_token_read(arena,
                                 SLICE_LIT("{\"access_token\":\"abc\",\"token_type\":\"Bearer\","
                                           "\"expires_in\":\"3600\"}"),
                                 &token),
               0);
    DVC_EQ_STR(token.header, "Authorization: Bearer abc");
    DVC_EQ_INT(token.seconds, 3600);
    DVC_EQ_INT(
        vnpost_token_read(arena, SLICE_LIT("{\"access_token\":\"abc\",\"expires_in\":-5}"), &token),
        0);
    DVC_EQ_INT(token.seconds, 1);
    DVC_EQ_INT(vnpost_token_read(arena, SLICE_LIT("{\"access_token\":\"a\\r\\nX: y\"}"), &token),
               VNPOST_E_SHAPE);
    DVC_EQ_INT(vnpost_token_read(arena, SLICE_LIT("{\"access_token\":\"\"}"), &token),
               VNPOST_E_SHAPE);
    DVC_EQ_INT(vnpost_token_read(arena, SLICE_LIT("{\"error\":\"x\"}"), &token), VNPOST_E_SHAPE);
    teardown();
}

DVC_TEST(vnpost, addresses_and_keys_are_escaped)
{
    struct buf buf = BUF_INIT(4096);

    vnpost_cancel_url(&buf, "http://h/c", "KH 1&x", "H24/é");
    DVC_EQ_STR(buf.ptr, "http://h/c?CustomerCode=KH%201%26x&OrderNumber=H24%2F%C3%A9");
    buf_clear(&buf);
    vnpost_tracking_url(&buf, "http://h/lgsp?service=t", 50, VNPOST_FIRST_ID);
    DVC_EQ_STR(buf.ptr, "http://h/lgsp?service=t&pagesize=50&lastId=000000000000000000000000");
    buf_clear(&buf);
    vnpost_basic_header(&buf, "khoa", "bi:mat");
    DVC_EQ_STR(buf.ptr, "Authorization: Basic a2hvYTpiaTptYXQ=");
    buf_release(&buf);
}

#define DOC(id, order, time, code)                                                                 \
    "{\"_id\":{\"$oid\":\"" id "\"},\"CustomerCode\":\"KH\",\"OrderNumber\":\"" order              \
    "\",\"EventTime\":" time ",\"POSID\":\"180000\",\"ItemCode\":\"HC1VN\",\"StatusCode\":" code   \
    ",\"StatusMessage\":\"Phát\",\"Notes\":null}"
#define ID_A "67c0ffee0000000000000001"
#define ID_B "67c0ffee0000000000000002"
#define ID_C "67c0ffee0000000000000003"

DVC_TEST(vnpost, a_page_is_read_with_disorder_and_codes_as_text)
{
    struct vnpost_page page;

    setup();
    DVC_EQ_INT(
        vnpost_page_read(arena,
                         SLICE_LIT("{\"_size\":9,\"_total_pages\":5,\"_returned\":2,"
                                   "\"_embedded\":{\"rh:doc\":[" DOC(
                                       ID_B, "A", "1760000000123",
                                       "\"4\"") "," DOC(ID_A, "B", "\"1760000000000\"", "2") "]}}"),
                         CARRIER_TIME_MS, &page),
        0);
    DVC_EQ_INT(page.count, 2);
    DVC_EQ_INT(page.returned, 2);
    DVC_EQ_STR(page.last_id, ID_B);
    DVC_EQ_STR(page.events[0].order_number, "A");
    DVC_EQ_INT(page.events[0].status_code, 4);
    DVC_EQ_INT(page.events[0].at.us, INT64_C(1760000000123000));
    DVC_EQ_STR(page.events[0].item_code, "HC1VN");
    DVC_EQ_STR(page.events[0].notes, "");
    DVC_EQ_INT(page.events[1].at.us, INT64_C(1760000000000000));
    teardown();
}

DVC_TEST(vnpost, seconds_when_the_target_says_so_and_impossible_times_are_no_moment)
{
    struct vnpost_page page;

    setup();
    DVC_EQ_INT(
        vnpost_page_read(
            arena,
            SLICE_LIT("{\"_embedded\":{\"rh:doc\":[" DOC(ID_A, "A", "1760000000", "1") "," DOC(
                ID_B, "A", "9223372036854775807", "1") "," DOC(ID_C, "A", "null", "1") "]}}"),
            CARRIER_TIME_S, &page),
        0);
    DVC_EQ_INT(page.returned, 3); /* _returned missing: what came counts */
    DVC_EQ_INT(page.events[0].at.us, INT64_C(1760000000000000));
    cr_assert(wall_is_none(page.events[1].at) && wall_is_none(page.events[2].at));
    teardown();
}

DVC_TEST(vnpost, an_unreadable_document_does_not_hold_up_the_others_nor_the_cursor)
{
    struct vnpost_page page;

    setup();
    DVC_EQ_INT(vnpost_page_read(
                   arena,
                   SLICE_LIT("{\"_returned\":4,\"_embedded\":{\"rh:doc\":[7," DOC(
                       "zz", "A", "1", "1") "," DOC(ID_A, "A", "1760000000000",
                                                    "1") "," DOC(ID_C, "A", "1", "\"?\"") "]}}"),
                   CARRIER_TIME_MS, &page),
               0);
    DVC_EQ_INT(page.count, 1);
    DVC_EQ_INT(page.unreadable, 3);
    DVC_EQ_STR(page.last_id, ID_C);
    DVC_EQ_INT(vnpost_page_read(arena, SLICE_LIT("{\"_embedded\":{\"rh:doc\":[]}}"),
                                CARRIER_TIME_MS, &page),
               0);
    cr_assert(page.count == 0 && page.last_id == NULL && page.returned == 0);
    DVC_EQ_INT(vnpost_page_read(arena, SLICE_LIT("{\"_embedded\":{}}"), CARRIER_TIME_MS, &page),
               VNPOST_E_SHAPE);
    DVC_EQ_INT(
        vnpost_page_read(arena, SLICE_LIT("{\"_embedded\":{\"rh:doc\":[]"), CARRIER_TIME_MS, &page),
        VNPOST_E_NOT_JSON);
    teardown();
}
