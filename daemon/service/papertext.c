#include "service/papertext.h"

#include <string.h>

#include "conf/forms.h"
#include "service/service.h"

const struct agency *papertext_agency(const struct service *service, const char *code)
{
    const struct agency_tree *tree = service->generation->agencies;

    return tree != NULL && code != NULL ? agency_find(tree, slice_str(code)) : NULL;
}

/* A place is called by its own name in the line of the date (Decree 30/2020/ND-CP, Annex I). */
static const char *bare(const char *name)
{
    static const char *const kinds[] = {"Phường ", "Xã ", "Đặc khu ", "Thành phố ", "Tỉnh "};

    for (size_t i = 0; i < DVC_COUNT(kinds); i++)
        if (strncmp(name, kinds[i], strlen(kinds[i])) == 0)
            return name + strlen(kinds[i]);
    return name;
}

/* Of a commune its own name, of all above that of their province. */
static const char *place_of(const struct service *service, const struct agency *agency)
{
    const struct agency_tree *tree = service->generation->agencies;
    const struct commune_list *communes = service->generation->communes;
    const struct agency *top = agency;
    const struct commune *commune;

    if (agency->commune_code != NULL) {
        commune = commune_find(communes, slice_str(agency->commune_code));
        return commune != NULL ? bare(commune->name) : NULL;
    }
    while (agency_parent(tree, top) != NULL)
        top = agency_parent(tree, top);
    for (size_t i = 0; i < tree->count; i++) {
        const struct agency *one = &tree->items[i];

        if (one->commune_code == NULL ||
            !agency_under(tree, slice_str(one->code), slice_str(top->code)))
            continue;
        commune = commune_find(communes, slice_str(one->commune_code));
        if (commune != NULL)
            return bare(communes->provinces[commune->province].name);
    }
    return NULL;
}

void papertext_head(struct jw *jw, const struct service *service,
                    const struct paper_heading *heading)
{
    const struct agency *agency = papertext_agency(service, heading->agency);
    const struct agency *parent =
        agency != NULL ? agency_parent(service->generation->agencies, agency) : NULL;
    struct form_label label = {NULL, NULL, heading->title};

    if (heading->title == NULL)
        label = forms_label(service->generation->forms, heading->form, day_of(heading->at));
    jw_key(jw, "head");
    jw_object(jw);
    jw_kv_str(jw, "mark", label.mark);
    jw_kv_str(jw, "circular", label.circular);
    jw_kv_str(jw, "title", label.title);
    jw_kv_str(jw, "parent", parent != NULL ? parent->name : NULL);
    jw_kv_str(jw, "agency", agency != NULL ? agency->name : heading->agency);
    jw_kv_str(jw, "number", heading->number);
    jw_kv_str(jw, "place", agency != NULL ? place_of(service, agency) : NULL);
    jw_kv_wall(jw, "at", heading->at);
    jw_end_object(jw);
}

const char *papertext_address(struct arena *arena, const struct service *service, const char *line,
                              const char *commune, const char *province)
{
    const struct commune_list *communes = service->generation->communes;
    const struct commune *c = commune_find(communes, slice_str(commune));
    const struct province *p = province_find(communes, slice_str(province));

    if (line == NULL && c == NULL && p == NULL)
        return NULL;
    return arena_printf(arena, "%s%s%s%s%s", line != NULL ? line : "",
                        line != NULL && c != NULL ? ", " : "", c != NULL ? c->name : "",
                        p != NULL && (line != NULL || c != NULL) ? ", " : "",
                        p != NULL ? p->name : "");
}

static void person(struct jw *jw, struct arena *arena, const struct service *service,
                   const char *key, const struct party *party, bool masked)
{
    jw_key(jw, key);
    jw_object(jw);
    jw_kv_str(jw, "name", masked && party->name != NULL ? "***" : party->name);
    if (!masked) {
        jw_kv_str(jw, "id_number", party->id_number);
        jw_kv_str(jw, "phone", party->phone);
        jw_kv_str(jw, "email", party->email);
        jw_kv_str(jw, "address",
                  papertext_address(arena, service, party->line, party->commune, party->province));
    }
    jw_end_object(jw);
}

void papertext_dossier(struct jw *jw, struct arena *arena, const struct service *service,
                       const struct dossier *dossier, bool masked)
{
    jw_kv_str(jw, "code", dossier->code);
    jw_kv_str(jw, "procedure", dossier->procedure->name);
    person(jw, arena, service, "submitter", &dossier->applicant, masked);
    if (!dossier->owner_is_applicant)
        person(jw, arena, service, "owner", &dossier->owner, masked);
}

const char *papertext_delivery(struct arena *arena, const struct service *service,
                               enum delivery delivery, const struct value *delivery_to)
{
    const struct value *address = value_get(delivery_to, "address");
    const char *where =
        papertext_address(arena, service, value_get_str(address, "line"),
                          value_get_str(address, "commune"), value_get_str(address, "province"));

    switch (delivery) {
    case DELIVERY_COUNTER:
        return "trực tiếp tại Bộ phận tiếp nhận và trả kết quả";
    case DELIVERY_POST:
        return where == NULL ? "qua dịch vụ bưu chính công ích"
                             : arena_printf(arena, "qua dịch vụ bưu chính công ích, đến %s", where);
    case DELIVERY_ELECTRONIC:
        return "bản điện tử, qua tài khoản của người nộp";
    }
    return NULL;
}

const char *papertext_limit(struct arena *arena, struct limit limit)
{
    struct buf buf = BUF_INIT(100);
    const char *text;

    if (limit.unit == LIMIT_NONE)
        return NULL;
    limit_name_vi(&buf, limit);
    text = arena_slice_str(arena, buf_slice(&buf));
    buf_release(&buf);
    return text;
}
