#include "courier/vnpost.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/jw.h"
#include "base/num.h"

#include <string.h>

#define JSON_DEPTH_MAX 16
#define TOKEN_SECONDS_MAX (7 * 86400)
/* The Status values that mean the post has the order. */
#define STATUS_CREATED 100
#define STATUS_DUPLICATE 101
#define PARTS_SEPARATOR "||"

static int parse(struct arena *arena, struct slice body, struct value **ret)
{
    struct json_error error;

    if (json_parse(arena, body, JSON_DEPTH_MAX, ret, &error) != 0)
        return VNPOST_E_NOT_JSON;
    return (*ret)->kind == VALUE_MAP ? 0 : VNPOST_E_SHAPE;
}

/* A whole number that some gateways write as text. */
static int read_number(const struct value *value, int64_t *ret)
{
    if (value == NULL)
        return VNPOST_E_SHAPE;
    if (value->kind == VALUE_INT) {
        *ret = value->integer;
        return 0;
    }
    if (value->kind == VALUE_STRING &&
        num_parse_i64(slice_trim(value->string), INT64_MIN, INT64_MAX, ret) == 0)
        return 0;
    return VNPOST_E_SHAPE;
}

static const char *text_or_empty(const struct value *map, const char *key)
{
    const char *text = value_get_str(map, key);

    return text == NULL ? "" : text;
}

static struct vnpost_party read_citizen(const struct vnpost_target *target, const struct value *map)
{
    return (struct vnpost_party){
        .name = value_get_str(map, "name"),
        .address = value_get_str(map, "address"),
        .tel = value_get_str(map, "tel"),
        .email = value_get_str(map, "email"),
        .province = vnpost_target_province(target, value_get_text(map, "province"))};
}

static struct vnpost_party party_of_agency(const struct carrier_sender *sender)
{
    return (struct vnpost_party){.name = sender->name,
                                 .address = sender->address,
                                 .tel = sender->tel,
                                 .email = sender->email,
                                 .province = sender->province,
                                 .district = sender->district};
}

static bool filled(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static bool party_complete(const struct vnpost_party *party)
{
    return filled(party->name) && filled(party->address) && filled(party->tel) &&
           party->province > 0;
}

/* The contents as the post's clerks know them from other clients: parts joined by two pipes. The
 * ID number that those clients add is left out. */
static const char *contents_of(struct arena *arena, const struct value *v, bool collect)
{
    return arena_printf(
        arena, "Mã hồ sơ: %s" PARTS_SEPARATOR "Tên thủ tục: %s" PARTS_SEPARATOR "Tên dịch vụ: %s",
        text_or_empty(v, "dossier"), text_or_empty(v, "procedure"),
        collect ? "Thu gom hồ sơ tại nhà" : "Trả hồ sơ tại nhà");
}

int vnpost_order_read(struct arena *arena, const struct vnpost_target *target, struct slice body,
                      struct vnpost_order *ret)
{
    const struct carrier_customer *customer;
    struct vnpost_order order = {0};
    struct vnpost_party citizen, agency;
    struct slice direction;
    struct value *v;
    bool collect;

    if (parse(arena, body, &v) != 0)
        return VNPOST_E_SHAPE;
    direction = value_get_text(v, "direction");
    collect = slice_is(direction, "collect");
    if (!collect && !slice_is(direction, "return"))
        return VNPOST_E_SHAPE;
    customer = vnpost_target_customer(target, value_get_text(v, "agency"));
    order.order_number = value_get_str(v, "order_number");
    citizen = read_citizen(target, value_get(v, "citizen"));
    if (customer == NULL || !filled(order.order_number) || !party_complete(&citizen))
        return VNPOST_E_INCOMPLETE;
    agency = party_of_agency(&customer->sender);
    order.customer_code = customer->code;
    order.cod_amount = value_get_int(v, "cod", 0);
    order.sender = collect ? citizen : agency;
    order.receiver = collect ? agency : citizen;
    order.contents = contents_of(arena, v, collect);
    order.service = collect ? "Thu gom hồ sơ" : "Trả kết quả";
    *ret = order;
    return 0;
}

const struct carrier_customer *
vnpost_customer_of(struct arena *arena, const struct vnpost_target *target, struct slice body)
{
    struct value *v;

    if (parse(arena, body, &v) != 0)
        return NULL;
    return vnpost_target_customer(target, value_get_text(v, "agency"));
}

const char *vnpost_cancel_read(struct arena *arena, struct slice body)
{
    struct value *v;
    const char *number;

    if (parse(arena, body, &v) != 0)
        return NULL;
    number = value_get_str(v, "order_number");
    return filled(number) ? number : NULL;
}

static void write_party(struct jw *jw, const char *role, const struct vnpost_party *party)
{
    static const char *const fields[] = {"Address", "Name", "Email", "Tel"};
    const char *values[] = {party->address, party->name, party->email, party->tel};
    struct buf name = BUF_INIT(32);

    buf_addf(&name, "%sProvince", role);
    jw_kv_int(jw, name.ptr, party->province);
    buf_clear(&name);
    buf_addf(&name, "%sDistrict", role);
    jw_kv_int(jw, name.ptr, party->district);
    for (size_t i = 0; i < DVC_COUNT(fields); i++) {
        buf_clear(&name);
        buf_addf(&name, "%s%s", role, fields[i]);
        jw_kv_str(jw, name.ptr, values[i] == NULL ? "" : values[i]);
    }
    buf_release(&name);
}

void vnpost_order_write(struct buf *buf, const struct vnpost_order *order)
{
    struct jw jw = JW_INIT(buf);

    jw_object(&jw);
    jw_kv_str(&jw, "CustomerCode", order->customer_code);
    jw_kv_str(&jw, "OrderNumber", order->order_number);
    jw_kv_int(&jw, "CODAmount", order->cod_amount);
    write_party(&jw, "Sender", &order->sender);
    jw_kv_str(&jw, "SenderDesc", order->contents);
    jw_kv_str(&jw, "Description", order->service);
    write_party(&jw, "Receiver", &order->receiver);
    jw_end_object(&jw);
}

/* RFC 3986: all but the unreserved characters is escaped. */
static void add_query_text(struct buf *buf, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            strchr("-._~", c) != NULL) {
            buf_addc(buf, (char)c);
        } else {
            buf_addc(buf, '%');
            buf_addc(buf, digits[c >> 4]);
            buf_addc(buf, digits[c & 15]);
        }
    }
}

/* The configured address may carry a query of its own (a gateway's ?service=name). */
static void add_query_start(struct buf *buf, const char *base)
{
    buf_adds(buf, base);
    buf_addc(buf, strchr(base, '?') == NULL ? '?' : '&');
}

void vnpost_cancel_url(struct buf *buf, const char *base, const char *customer_code,
                       const char *order_number)
{
    add_query_start(buf, base);
    buf_adds(buf, "CustomerCode=");
    add_query_text(buf, customer_code);
    buf_adds(buf, "&OrderNumber=");
    add_query_text(buf, order_number);
}

void vnpost_tracking_url(struct buf *buf, const char *base, int64_t page_size, const char *last_id)
{
    add_query_start(buf, base);
    buf_adds(buf, "pagesize=");
    buf_add_i64(buf, page_size);
    buf_adds(buf, "&lastId=");
    add_query_text(buf, last_id);
}

void vnpost_basic_header(struct buf *buf, const char *key, const char *secret)
{
    struct buf pair = BUF_INIT(1024);

    buf_addf(&pair, "%s:%s", key, secret);
    buf_adds(buf, "Authorization: Basic ");
    buf_add_base64(buf, pair.ptr, pair.len);
    buf_release(&pair);
}

/* A header's value from outside: one line of visible ASCII. */
static bool header_safe(const char *text)
{
    if (!filled(text))
        return false;
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~')
            return false;
    }
    return true;
}

int vnpost_token_read(struct arena *arena, struct slice body, struct vnpost_token *ret)
{
    const char *token, *type;
    struct value *v;
    int64_t seconds;
    int r = parse(arena, body, &v);

    if (r != 0)
        return r;
    token = value_get_str(v, "access_token");
    type = value_get_str(v, "token_type");
    if (type == NULL)
        type = "Bearer";
    if (!header_safe(token) || !header_safe(type))
        return VNPOST_E_SHAPE;
    /* Without expires_in the token is used until the post says 401. */
    if (read_number(value_get(v, "expires_in"), &seconds) != 0 || seconds > TOKEN_SECONDS_MAX)
        seconds = TOKEN_SECONDS_MAX;
    ret->header = arena_printf(arena, "Authorization: %s %s", type, token);
    /* A token that is dead on arrival would be asked for again without end. */
    ret->seconds = seconds < 1 ? 1 : seconds;
    return 0;
}

int vnpost_answer_read(struct arena *arena, struct slice body, struct vnpost_answer *ret)
{
    struct vnpost_answer answer;
    struct value *v;
    int r = parse(arena, body, &v);

    if (r != 0)
        return r;
    r = read_number(value_get(v, "Status"), &answer.status);
    if (r != 0)
        return r;
    answer.message = text_or_empty(v, "Message");
    answer.good = answer.status == STATUS_CREATED || answer.status == STATUS_DUPLICATE;
    *ret = answer;
    return 0;
}

static bool is_id(struct slice id)
{
    if (id.len != 24)
        return false;
    for (size_t i = 0; i < id.len; i++) {
        if (memchr("0123456789abcdef", id.ptr[i], 16) == NULL)
            return false;
    }
    return true;
}

/* {"$oid": "..."}, or the bare text that a gateway makes of it; SLICE_NULL when it is no id. */
static struct slice read_id(const struct value *doc)
{
    const struct value *id = value_get(doc, "_id");
    struct slice text = value_get_text(id, "$oid");

    if (id != NULL && id->kind == VALUE_STRING)
        text = id->string;
    return is_id(text) ? text : SLICE_NULL;
}

/* EventTime as a moment; a missing or impossible one is WALL_NONE. */
static wall_t read_time(const struct value *value, enum carrier_time unit)
{
    int64_t factor = unit == CARRIER_TIME_MS ? 1000 : US_PER_SECOND;
    int64_t number;

    if (value != NULL && value->kind == VALUE_MAP) /* {"$numberLong": "..."} */
        value = value_get(value, "$numberLong");
    if (read_number(value, &number) != 0 || number <= 0 || number > INT64_MAX / factor)
        return WALL_NONE;
    return (wall_t){number * factor};
}

static bool read_event(const struct value *doc, enum carrier_time unit, struct slice id,
                       struct vnpost_event *ret)
{
    struct vnpost_event event = {.id = id.ptr,
                                 .customer_code = text_or_empty(doc, "CustomerCode"),
                                 .order_number = text_or_empty(doc, "OrderNumber"),
                                 .at = read_time(value_get(doc, "EventTime"), unit),
                                 .pos_id = text_or_empty(doc, "POSID"),
                                 .item_code = text_or_empty(doc, "ItemCode"),
                                 .message = text_or_empty(doc, "StatusMessage"),
                                 .notes = text_or_empty(doc, "Notes")};
    int64_t code;

    if (id.len == 0 || event.order_number[0] == '\0' ||
        read_number(value_get(doc, "StatusCode"), &code) != 0 || code < 0 || code > INT32_MAX)
        return false;
    event.status_code = (int)code;
    *ret = event;
    return true;
}

int vnpost_page_read(struct arena *arena, struct slice body, enum carrier_time unit,
                     struct vnpost_page *ret)
{
    struct vnpost_page page = {0};
    const struct value *docs;
    struct value *v;
    size_t count;
    int r = parse(arena, body, &v);

    if (r != 0)
        return r;
    docs = value_get(value_get(v, "_embedded"), "rh:doc");
    if (docs == NULL || docs->kind != VALUE_LIST)
        return VNPOST_E_SHAPE;
    count = value_count(docs);
    page.events = ARENA_ARRAY(arena, struct vnpost_event, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *doc = value_at(docs, i);
        struct slice id = read_id(doc);

        if (id.len > 0 && (page.last_id == NULL || strcmp(id.ptr, page.last_id) > 0))
            page.last_id = id.ptr;
        if (read_event(doc, unit, id, &page.events[page.count]))
            page.count++;
        else
            page.unreadable++;
    }
    if (read_number(value_get(v, "_returned"), &page.returned) != 0)
        page.returned = (int64_t)count;
    *ret = page;
    return 0;
}
