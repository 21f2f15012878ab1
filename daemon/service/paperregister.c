#include "service/paperregister.h"

#include <string.h>

#include "service/papertext.h"
#include "service/service.h"

static const char *taken(struct arena *arena, struct buf *buf)
{
    const char *text = arena_slice_str(arena, buf_slice(buf));

    buf_release(buf);
    return text;
}

const char *paperregister_states(struct arena *arena)
{
    struct buf buf = BUF_INIT(8192);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    for (int i = 0; i < STATE_COUNT; i++) {
        const struct state_info *info = state_info((enum dossier_state)i);

        jw_kv_str(&jw, info->code, info->name_vi);
    }
    jw_end_object(&jw);
    return taken(arena, &buf);
}

const char *paperregister_deliveries(struct arena *arena)
{
    struct buf buf = BUF_INIT(1000);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_kv_str(&jw, delivery_code(DELIVERY_COUNTER), "Trực tiếp");
    jw_kv_str(&jw, delivery_code(DELIVERY_POST), "Bưu chính");
    jw_kv_str(&jw, delivery_code(DELIVERY_ELECTRONIC), "Điện tử");
    jw_end_object(&jw);
    return taken(arena, &buf);
}

static void row(struct jw *jw, struct arena *arena, const struct service *service,
                const struct value *from)
{
    static const char *const same[] = {"code",        "procedure",   "owner", "phone",
                                       "agency",      "received_at", "due",   "finished_at",
                                       "returned_at", "delivery",    "note"};

    jw_object(jw);
    for (size_t i = 0; i < DVC_COUNT(same); i++)
        jw_kv_str(jw, same[i], value_get_str(from, same[i]));
    jw_kv_int(jw, "sets", value_get_int(from, "sets", 1));
    /* Whoever may not know the street is not told the commune either. */
    if (value_get_str(from, "line") != NULL)
        jw_kv_str(jw, "address",
                  papertext_address(arena, service, value_get_str(from, "line"),
                                    value_get_str(from, "commune"),
                                    value_get_str(from, "province")));
    jw_end_object(jw);
}

void paperregister_write(struct buf *out, struct arena *arena, const struct service *service,
                         const struct paper_register *book, const struct value *rows, wall_t at)
{
    struct jw jw = JW_INIT(out);

    jw_object(&jw);
    jw_kv_str(&jw, "form", form_id_code(FORM_REGISTER));
    papertext_head(
        &jw, service,
        &(struct paper_heading){.form = FORM_REGISTER, .agency = book->agency, .at = at});
    jw_kv_day(&jw, "from", book->from);
    jw_kv_day(&jw, "to", book->to);
    jw_kv_str(&jw, "procedure", book->procedure);
    jw_key(&jw, "rows");
    jw_array(&jw);
    for (size_t i = 0; i < value_count(rows); i++)
        row(&jw, arena, service, value_at(rows, i));
    jw_end_array(&jw);
    jw_end_object(&jw);
}

static void carried(struct jw *jw, struct arena *arena, const struct service *service,
                    const struct value *from)
{
    static const char *const same[] = {"order_number", "code", "procedure", "owner"};

    jw_object(jw);
    for (size_t i = 0; i < DVC_COUNT(same); i++)
        jw_kv_str(jw, same[i], value_get_str(from, same[i]));
    jw_kv_str(jw, "address",
              papertext_address(arena, service, value_get_str(from, "line"),
                                value_get_str(from, "commune"), value_get_str(from, "province")));
    jw_end_object(jw);
}

void paperregister_handover(struct buf *out, struct arena *arena, const struct service *service,
                            const struct value *record)
{
    static const char *const same[] = {"direction", "office",    "agency_signer", "office_signer",
                                       "agency_at", "office_at", "note"};
    const char *direction = value_get_str(record, "direction");
    const struct value *rows = value_get(record, "rows");
    struct jw jw = JW_INIT(out);
    wall_t at;

    if (wall_parse(value_get_text(record, "made_at"), &at) != 0)
        at = WALL_NONE;
    jw_object(&jw);
    jw_kv_str(&jw, "form", "handover");
    papertext_head(&jw, service,
                   &(struct paper_heading){
                       .title = direction != NULL && strcmp(direction, "collect") == 0
                                    ? "Biên bản giao nhận hồ sơ thủ tục hành chính"
                                    : "Biên bản giao nhận kết quả giải quyết thủ tục hành chính",
                       .agency = value_get_str(record, "agency"),
                       .number = value_get_str(record, "number"),
                       .at = at});
    for (size_t i = 0; i < DVC_COUNT(same); i++)
        jw_kv_str(&jw, same[i], value_get_str(record, same[i]));
    jw_kv_int(&jw, "originals", value_get_int(record, "originals", 0));
    jw_kv_int(&jw, "copies", value_get_int(record, "copies", 0));
    jw_key(&jw, "rows");
    jw_array(&jw);
    for (size_t i = 0; i < value_count(rows); i++)
        carried(&jw, arena, service, value_at(rows, i));
    jw_end_array(&jw);
    jw_end_object(&jw);
}
