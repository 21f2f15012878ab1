#include "courier/parcel_order.h"

#include "base/jw.h"
#include "core/procedure.h"

struct person {
    const char *name, *phone, *email, *province, *commune, *line;
};

/* Who stands at the other end from the agency. */
static struct person person_of(const struct dossier *dossier, const struct parcel *parcel)
{
    const struct value *to = dossier->delivery_to;
    const struct value *address = value_get(to, "address");
    const struct party *applicant = &dossier->applicant;

    if (parcel->direction == PARCEL_COLLECT)
        return (struct person){applicant->name,     applicant->phone,   applicant->email,
                               applicant->province, applicant->commune, applicant->line};
    return (struct person){value_get_str(to, "name"),
                           value_get_str(to, "phone"),
                           NULL,
                           value_get_str(address, "province"),
                           value_get_str(address, "commune"),
                           value_get_str(address, "line")};
}

void parcel_order_place(const struct dossier *dossier, const struct parcel *parcel,
                        const char **ret_province, const char **ret_commune)
{
    struct person person = person_of(dossier, parcel);

    *ret_province = person.province;
    *ret_commune = person.commune;
}

static void add_part(struct buf *buf, const char *part)
{
    if (part == NULL || part[0] == '\0')
        return;
    if (buf->len > 0)
        buf_adds(buf, ", ");
    buf_adds(buf, part);
}

/* The desk that receives and gives back is the one the postman calls at. */
static const char *desk_of(const struct dossier *dossier)
{
    return dossier->agency_receiving != NULL ? dossier->agency_receiving
                                             : dossier->agency_competent;
}

static void write_person(struct jw *jw, const struct person *person,
                         const struct parcel_place *place)
{
    struct buf address = BUF_INIT(2048);

    add_part(&address, person->line);
    /* Nothing but names of places: an address of names only finds nobody. */
    if (address.len > 0) {
        add_part(&address, place->commune);
        add_part(&address, place->province);
    }
    jw_object(jw);
    jw_kv_str(jw, "name", person->name);
    jw_kv_slice(jw, "address", buf_slice(&address));
    jw_kv_str(jw, "tel", person->phone);
    jw_kv_str(jw, "email", person->email);
    jw_kv_str(jw, "province", person->province);
    jw_end_object(jw);
    buf_release(&address);
}

void parcel_order_write(struct buf *buf, const struct dossier *dossier, const struct parcel *parcel,
                        const struct parcel_place *place)
{
    struct person person = person_of(dossier, parcel);
    struct jw jw = JW_INIT(buf);

    jw_object(&jw);
    jw_kv_str(&jw, "direction", parcel_direction_code(parcel->direction));
    jw_kv_str(&jw, "order_number", parcel->order_number);
    jw_kv_str(&jw, "agency", desk_of(dossier));
    jw_kv_str(&jw, "dossier", dossier->code);
    jw_kv_str(&jw, "procedure", dossier->procedure->name);
    jw_kv_int(&jw, "cod", 0);
    jw_key(&jw, "citizen");
    write_person(&jw, &person, place);
    jw_end_object(&jw);
}

void parcel_cancel_write(struct buf *buf, const struct dossier *dossier,
                         const struct parcel *parcel)
{
    struct jw jw = JW_INIT(buf);

    jw_object(&jw);
    jw_kv_str(&jw, "order_number", parcel->order_number);
    jw_kv_str(&jw, "agency", desk_of(dossier));
    jw_end_object(&jw);
}
