#include "service/parcelview.h"

/* The receiver of a returned result, as the post sees it: name, phone, address, nothing more. */
static void receiver(struct viewing *v)
{
    static const char *const keys[] = {"name", "phone"};
    const struct value *to = v->dossier->delivery_to;

    jw_key(&v->jw, "receiver");
    jw_object(&v->jw);
    for (size_t i = 0; i < DVC_COUNT(keys); i++)
        viewing_text(v, keys[i], value_get_str(to, keys[i]));
    viewing_value(v, "address", value_get(to, "address"));
    jw_end_object(&v->jw);
}

/* What the post writes beside an event may name people. */
static void parcel_place(struct viewing *v, const char *place, const char *note)
{
    jw_kv_str(&v->jw, "place", v->masked ? NULL : place);
    jw_kv_str(&v->jw, "note", v->masked ? NULL : note);
}

static void parcel_events(struct viewing *v, const struct parcel *parcel)
{
    const struct value *old = value_get(viewing_row(v, "parcels", parcel->no), "events");
    struct jw *jw = &v->jw;

    jw_key(jw, "events");
    jw_array(jw);
    for (size_t i = 0; i < value_count(old); i++) {
        const struct value *event = value_at(old, i);

        jw_object(jw);
        jw_kv_str(jw, "at", value_get_str(event, "at"));
        jw_kv_str(jw, "state", value_get_str(event, "state"));
        parcel_place(v, value_get_str(event, "place"), value_get_str(event, "note"));
        jw_end_object(jw);
    }
    for (size_t i = 0; i < parcel->event_count; i++) {
        jw_object(jw);
        jw_kv_wall(jw, "at", parcel->events[i].at);
        jw_kv_str(jw, "state", parcel_state_code(parcel->events[i].state));
        parcel_place(v, parcel->events[i].place, parcel->events[i].note);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

void parcelview_members(struct viewing *v)
{
    struct jw *jw = &v->jw;

    jw_key(jw, "parcels");
    jw_array(jw);
    for (size_t i = 0; i < v->dossier->parcel_count; i++) {
        const struct parcel *parcel = &v->dossier->parcels[i];

        jw_object(jw);
        jw_kv_int(jw, "id", parcel->no);
        jw_kv_str(jw, "code", v->dossier->code);
        jw_kv_str(jw, "direction", parcel_direction_code(parcel->direction));
        jw_kv_str(jw, "order_number", parcel->order_number);
        jw_kv_str(jw, "item_code", parcel->item_code);
        jw_kv_str(jw, "state", parcel_state_code(parcel->state));
        jw_kv_str(jw, "state_name", parcel_name_vi(parcel->direction, parcel->state));
        jw_kv_str(jw, "office", parcel->office);
        jw_kv_str(jw, "office_name", viewing_agency_name(v, parcel->office));
        jw_kv_wall(jw, "created_at", parcel->created_at);
        jw_kv_wall(jw, "state_at", parcel->state_at);
        receiver(v);
        parcel_events(v, parcel);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}
