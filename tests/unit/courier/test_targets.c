#include "conf/targets.h"

#include "conf/yaml.h"
#include "dvc_test.h"

static struct arena *arena;
static struct conf_errors errors;
static struct vnpost_target *target;

static const char good[] = "kind: vnpost\n"
                           "id: vnpost\n"
                           "token_url: https://post.example.vn/token\n"
                           "order_url: https://post.example.vn/order\n"
                           "cancel_url: https://post.example.vn/cancel\n"
                           "tracking_url: https://post.example.vn/tracking\n"
                           "event_time: seconds\n"
                           "page_size: 50\n"
                           "customers:\n"
                           "  - code: \"KH01\"\n"
                           "    key: \"k\"\n"
                           "    secret: \"s\"\n"
                           "    agencies: [\"H24\"]\n"
                           "    sender: {name: Trung tâm, address: 18 Hoàng Diệu, tel: "
                           "\"02253000000\", province: 18, district: 1800}\n"
                           "status:\n"
                           "  \"4\": {collect: handed_over, return: delivered}\n"
                           "  \"1\": {collect: ordered, return: ordered}\n"
                           "provinces: {\"31\": 18}\n";

static int read_text(const char *text)
{
    struct schema_reader reader;
    struct value *root = NULL;

    arena = arena_new();
    errors = CONF_ERRORS_INIT(arena);
    target = NULL;
    reader = (struct schema_reader){.arena = arena, .errors = &errors, .file = "t.yaml"};
    DVC_EQ_INT(conf_yaml_read(arena, "t.yaml", slice_str(text), &errors, &root), 0);
    return vnpost_target_read(&reader, "/nowhere", root, &target);
}

/* `good` with `from` replaced by `to`. */
static const char *changed(const char *from, const char *to, struct buf *buf)
{
    const char *at = strstr(good, from);

    cr_assert(at != NULL, "%s", from);
    buf_add(buf, good, (size_t)(at - good));
    buf_adds(buf, to);
    buf_adds(buf, at + strlen(from));
    return buf->ptr;
}

DVC_TEST(targets, a_good_file_gives_all_it_says)
{
    enum parcel_state state;

    DVC_EQ_INT(read_text(good), 0);
    DVC_EQ_STR(target->id, "vnpost");
    DVC_EQ_STR(target->order_url, "https://post.example.vn/order");
    cr_assert(target->event_time == CARRIER_TIME_S);
    DVC_EQ_INT(target->page_size, 50);
    DVC_EQ_INT(target->max_in_flight, 4);
    DVC_EQ_INT(target->customer_count, 1);
    DVC_EQ_STR(target->customers[0].secret, "s");
    DVC_EQ_STR(target->customers[0].sender.name, "Trung tâm");
    DVC_EQ_INT(target->customers[0].sender.district, 1800);
    DVC_EQ_INT(target->statuses[0].code, 1);
    cr_assert(vnpost_target_state(target, PARCEL_RETURN, 4, &state) && state == PARCEL_DELIVERED);
    DVC_EQ_INT(vnpost_target_province(target, SLICE_LIT("31")), 18);
    DVC_EQ_INT(vnpost_target_province(target, SLICE_LIT("32")), 0);
    cr_assert(vnpost_target_customer(target, SLICE_LIT("H24.15.02")) == &target->customers[0]);
    arena_free(arena);
}

DVC_TEST(targets, each_fault_is_told_with_its_line)
{
    static const struct {
        const char *from, *to;
        unsigned line;
    } rows[] = {
        {"https://post.example.vn/order", "http://post.example.vn/order", 4},
        {"https://post.example.vn/order", "http://127.0.0.1.example.vn/", 4},
        {"kind: vnpost", "kind: other", 1},
        {"page_size: 50", "page_size: 1001", 8},
        {"event_time: seconds", "event_time: minutes", 7},
        {"    secret: \"s\"\n", "", 10},
        {"    secret: \"s\"", "    secret_file: missing", 0},
        {"collect: handed_over", "collect: handed", 16},
        {"\"4\":", "\"x\":", 16},
        {"province: 18", "province: 0", 14},
        {"{\"31\": 18}", "{\"31\": \"x\"}", 18},
        {"{\"31\": 18}", "{\"310\": 18}", 18},
        {"  - code: \"KH01\"\n", "  -\n    kode: \"KH01\"\n", 11},
    };

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct buf buf = BUF_INIT(8192);
        bool found = false;

        DVC_EQ_INT(read_text(changed(rows[i].from, rows[i].to, &buf)), CONF_E_BAD);
        for (size_t e = 0; e < errors.count; e++)
            found = found || errors.items[e].line == rows[i].line;
        cr_assert(found, "'%s': line %u of the first of %zu: %s", rows[i].to,
                  errors.count > 0 ? errors.items[0].line : 0, errors.count,
                  errors.count > 0 ? errors.items[0].text : "");
        buf_release(&buf);
        arena_free(arena);
    }
}

DVC_TEST(targets, an_agency_has_one_contract)
{
    struct buf buf = BUF_INIT(8192);

    changed(
        "status:\n",
        "  - code: \"KH02\"\n"
        "    key: \"k2\"\n"
        "    secret: \"s2\"\n"
        "    agencies: [\"H25\", \"H24\"]\n"
        "    sender: {name: Ban, address: Nhà, tel: \"02253000001\", province: 18, district: 1}\n"
        "status:\n",
        &buf);
    DVC_EQ_INT(read_text(buf.ptr), CONF_E_BAD);
    DVC_EQ_INT(errors.count, 1);
    buf_release(&buf);
    arena_free(arena);
}

DVC_TEST(targets, the_shipped_files_are_good)
{
    struct targets *targets = NULL;
    struct buf text = BUF_INIT(8192);

    arena = arena_new();
    errors = CONF_ERRORS_INIT(arena);
    if (targets_load(arena, TARGETS_DIR, "targets", &errors, &targets) != 0)
        conf_errors_write(&text, &errors);
    cr_assert(targets != NULL, "%s", text.ptr);
    DVC_EQ_INT(targets->vnpost_count, 1);
    DVC_EQ_STR(targets->vnposts[0]->id, "vnpost");
    cr_assert(vnpost_target_customer(targets->vnposts[0], SLICE_LIT("H24.15")) != NULL);
    buf_release(&text);
    arena_free(arena);
}
