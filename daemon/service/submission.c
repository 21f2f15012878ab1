#include "service/submission.h"

#include <string.h>

#include "base/utf8.h"
#include "service/content.h"
#include "service/fields.h"
#include "service/partyread.h"
#include "service/registry.h"
#include "service/service.h"
#include "service/sheets.h"

#define PAPERS_MAX 100

/* What every reader of a part needs. */
struct reader {
    struct service *service;
    struct arena *arena;
    struct fields fields; /* over the same arena and faults */
    const struct actor *actor;
    const struct value *body;
    struct dossier *dossier;
    day_t today;
};

static bool one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (word != NULL && strcmp(word, words[i]) == 0)
            return true;
    return false;
}

/* The procedure is for those in whose name it is filed, whoever carries the papers. */
static void check_subject(struct reader *r)
{
    const struct dossier *d = r->dossier;
    const struct party *owner = d->owner_is_applicant ? &d->applicant : &d->owner;
    const char *at = d->owner_is_applicant ? "/applicant/kind" : "/owner/kind";
    bool may;

    if (owner->kind == NULL)
        return;
    if (strcmp(owner->kind, "citizen") == 0)
        may = d->procedure->for_citizen;
    else if (strcmp(owner->kind, "business") == 0)
        may = d->procedure->for_business;
    else
        may = d->procedure->for_organisation;
    if (!may)
        fields_fault(&r->fields, at, "subject", "Thủ tục này không dành cho đối tượng đó.");
}

static void read_parties(struct reader *r)
{
    static const char *const behalves[] = {"self", "parent", "authorised", "post"};
    static const char *const kind[] = {"kind"};
    struct dossier *d = r->dossier;
    const struct value *owner = value_get(r->body, "owner");
    const struct value *behalf = value_get(r->body, "on_behalf");
    const struct commune_list *communes = r->service->generation->communes;

    party_read(&r->fields, communes, value_get(r->body, "applicant"), "/applicant", true,
               &d->applicant);
    d->owner_is_applicant = value_is_null(owner);
    if (!d->owner_is_applicant)
        party_read(&r->fields, communes, owner, "/owner", false, &d->owner);
    d->on_behalf = "self";
    if (fields_members(&r->fields, behalf, "/on_behalf", kind, DVC_COUNT(kind)) &&
        !value_is_null(behalf)) {
        d->on_behalf = fields_text(&r->fields, behalf, "kind", "/on_behalf", 20, FIELDS_REQUIRED);
        if (d->on_behalf != NULL && !one_of(d->on_behalf, behalves, DVC_COUNT(behalves)))
            fields_fault(&r->fields, "/on_behalf/kind", "option",
                         "Phải là self, parent, authorised hoặc post.");
    }
    if (d->on_behalf != NULL && strcmp(d->on_behalf, "authorised") == 0 &&
        !d->procedure->authorisation_allowed)
        fields_fault(&r->fields, "/on_behalf/kind", "authorisation",
                     "Thủ tục này không cho phép uỷ quyền nộp hồ sơ.");
    check_subject(r);
}

static bool holds_at(const struct reader *r, const char *agency)
{
    return access_holds(r->actor, ROLE_RECEIVER, agency, &r->service->order);
}

/* Who files decides the channel: a receiver at the counter says which, all others file online. */
static void read_channel(struct reader *r)
{
    struct dossier *d = r->dossier;
    const char *channel = fields_text(&r->fields, r->body, "channel", "", 10, 0);
    bool counter = r->actor->kind == ACCOUNT_STAFF;

    d->channel = counter ? CHANNEL_DIRECT : CHANNEL_ONLINE;
    if (channel != NULL && channel_parse(slice_str(channel), &d->channel) != 0)
        fields_fault(&r->fields, "/channel", "option", "Phải là direct, online hoặc post.");
    else if (channel != NULL && !counter && d->channel == CHANNEL_DIRECT)
        fields_fault(&r->fields, "/channel", "channel",
                     "Chỉ người tiếp nhận được nhập hồ sơ nộp trực tiếp.");
    else if (channel != NULL && counter && d->channel == CHANNEL_ONLINE)
        fields_fault(&r->fields, "/channel", "channel",
                     "Hồ sơ nhập tại quầy là trực tiếp hoặc bưu chính.");
    if (!d->procedure->channel_open[d->channel])
        fields_fault(&r->fields, "/channel", "channel",
                     arena_printf(r->arena, "Thủ tục này không nhận hồ sơ %s.",
                                  channel_name_vi(d->channel)));
}

static void read_agencies(struct reader *r)
{
    struct dossier *d = r->dossier;
    const struct agency_tree *tree = r->service->generation->agencies;
    const char *competent = fields_text(&r->fields, r->body, "agency", "", 40, FIELDS_REQUIRED);
    const char *receiving = fields_text(&r->fields, r->body, "received_at_agency", "", 40, 0);
    const struct agency *agency;

    if (competent == NULL)
        return;
    agency = agency_find(tree, slice_str(competent));
    if (agency == NULL || !agency_valid_on(agency, r->today)) {
        fields_fault(&r->fields, "/agency", "agency",
                     "Không có cơ quan này hoặc cơ quan không còn hoạt động.");
        return;
    }
    if (!agency_decides(agency, (enum agency_level)d->procedure->authority,
                        d->procedure->competent)) {
        fields_fault(
            &r->fields, "/agency", "authority",
            d->procedure->competent != NULL
                ? "Cơ quan không có thẩm quyền: hãy chọn trong danh sách nơi giải quyết "
                  "thủ tục này."
                : arena_printf(r->arena,
                               "Cơ quan không có thẩm quyền: thủ tục này do cấp %s giải quyết.",
                               d->procedure->authority == AUTHORITY_COMMUNE      ? "xã"
                               : d->procedure->authority == AUTHORITY_DEPARTMENT ? "sở, ngành"
                                                                                 : "tỉnh"));
        return;
    }
    d->agency_competent = agency->code;
    d->agency_receiving = agency->code;
    if (r->actor->kind != ACCOUNT_STAFF) {
        if (receiving != NULL)
            fields_fault(&r->fields, "/received_at_agency", "forbidden",
                         "Chỉ người tiếp nhận được ghi nơi nhận.");
        return;
    }
    if (receiving == NULL)
        receiving = holds_at(r, agency->code) ? agency->code : access_desk(r->actor, ROLE_RECEIVER);
    agency = receiving != NULL ? agency_find(tree, slice_str(receiving)) : NULL;
    if (agency == NULL || !holds_at(r, receiving)) {
        fields_fault(&r->fields, "/received_at_agency", "forbidden",
                     "Tài khoản không phải là người tiếp nhận tại cơ quan này.");
        return;
    }
    d->agency_receiving = agency->code;
    d->agency_helping = agency->code;
}

static void read_delivery(struct reader *r)
{
    static const char *const members[] = {"method", "name", "phone", "address"};
    struct dossier *d = r->dossier;
    const struct value *map = value_get(r->body, "delivery");
    const char *province = NULL, *commune = NULL, *line = NULL, *method, *name, *phone;
    struct value *to = value_new(r->arena, VALUE_MAP), *address;

    if (!fields_members(&r->fields, map, "/delivery", members, DVC_COUNT(members)))
        return;
    method = fields_text(&r->fields, map, "method", "/delivery", 12, FIELDS_REQUIRED);
    if (method == NULL)
        return;
    if (delivery_parse(slice_str(method), &d->delivery) != 0) {
        fields_fault(&r->fields, "/delivery/method", "option",
                     "Phải là counter, post hoặc electronic.");
        return;
    }
    value_set(r->arena, to, "method", value_string(r->arena, slice_str(method)));
    d->delivery_to = to;
    if (d->delivery == DELIVERY_ELECTRONIC &&
        (d->procedure->result_count == 0 || !d->procedure->results[0].electronic))
        fields_fault(&r->fields, "/delivery/method", "delivery",
                     "Thủ tục này không trả kết quả điện tử.");
    if (d->delivery != DELIVERY_POST)
        return;
    if (!d->procedure->postal_return)
        fields_fault(&r->fields, "/delivery/method", "postal",
                     "Thủ tục này không trả kết quả qua dịch vụ bưu chính công ích.");
    name = fields_text(&r->fields, map, "name", "/delivery", PARTY_NAME_MAX, FIELDS_REQUIRED);
    phone = party_read_phone(&r->fields, map, "/delivery", true);
    party_read_address(&r->fields, r->service->generation->communes, map, "/delivery", true,
                       &province, &commune, &line);
    if (name == NULL || phone == NULL || province == NULL || commune == NULL || line == NULL)
        return;
    value_set(r->arena, to, "name", value_string(r->arena, slice_str(name)));
    value_set(r->arena, to, "phone", value_string(r->arena, slice_str(phone)));
    address = value_new(r->arena, VALUE_MAP);
    value_set(r->arena, address, "province", value_string(r->arena, slice_str(province)));
    value_set(r->arena, address, "commune", value_string(r->arena, slice_str(commune)));
    value_set(r->arena, address, "line", value_string(r->arena, slice_str(line)));
    value_set(r->arena, to, "address", address);
}

static const struct paper *paper_find(const struct procedure *procedure, struct slice id)
{
    for (size_t i = 0; i < procedure->paper_count; i++)
        if (slice_is(id, procedure->papers[i].id))
            return &procedure->papers[i];
    return NULL;
}

static void read_document(struct reader *r, const struct value *row, size_t index)
{
    struct dossier *d = r->dossier;
    const char *at = arena_printf(r->arena, "/documents/%zu", index);
    const char *id = fields_text(&r->fields, row, "id", at, 60, FIELDS_REQUIRED);
    const char *upload = fields_text(&r->fields, row, "upload", at, 60, 0);
    struct dossier_paper sheets = sheets_read(&r->fields, row, at);
    const struct paper *paper = id != NULL ? paper_find(d->procedure, slice_str(id)) : NULL;

    if (id != NULL && paper == NULL)
        fields_fault(&r->fields, arena_printf(r->arena, "%s/id", at), "unknown",
                     "Thành phần hồ sơ của thủ tục này không có giấy tờ đó.");
    if (paper == NULL)
        return;
    d->papers = arena_grow(r->arena, d->papers, d->paper_count, &d->paper_cap, sizeof(*d->papers));
    d->papers[d->paper_count] = (struct dossier_paper){
        .no = (int)d->paper_count + 1,
        .paper = paper->id,
        .upload = upload,
        .originals = sheets.originals,
        .certified = sheets.certified,
        .copies = sheets.copies,
        .changed = true,
    };
    d->paper_count++;
}

static void read_documents(struct reader *r)
{
    static const char *const members[] = {"id", "upload", "originals", "certified", "copies"};
    const struct value *list = value_get(r->body, "documents");

    if (value_is_null(list))
        return;
    if (list->kind != VALUE_LIST) {
        fields_fault(&r->fields, "/documents", "type", "Phải là danh sách.");
        return;
    }
    if (value_count(list) > PAPERS_MAX) {
        fields_fault(&r->fields, "/documents", "max",
                     arena_printf(r->arena, "Nhiều nhất %d giấy tờ.", PAPERS_MAX));
        return;
    }
    for (size_t i = 0; i < value_count(list); i++) {
        const char *at = arena_printf(r->arena, "/documents/%zu", i);

        if (value_is_null(value_at(list, i)))
            fields_fault(&r->fields, at, "type", "Phải là một đối tượng.");
        else if (fields_members(&r->fields, value_at(list, i), at, members, DVC_COUNT(members)))
            read_document(r, value_at(list, i), i);
    }
}

static void read_case(struct reader *r)
{
    struct dossier *d = r->dossier;
    const char *id = fields_text(&r->fields, r->body, "case", "", 60, 0);

    if (id == NULL) {
        if (d->procedure->case_count > 0)
            fields_fault(&r->fields, "/case", "required", "Phải chọn trường hợp của thủ tục.");
        return;
    }
    if (procedure_case(d->procedure, slice_str(id)) == NULL)
        fields_fault(&r->fields, "/case", "option", "Thủ tục này không có trường hợp đó.");
    else
        d->case_id = procedure_case(d->procedure, slice_str(id))->id;
}

static void read_screening(struct reader *r)
{
    const struct procedure *procedure = r->dossier->procedure;
    const char *answer = fields_text(&r->fields, r->body, "screening", "", 60, 0);

    if (procedure->screening_question != NULL && procedure->screening_stop_when != NULL &&
        answer != NULL && strcmp(answer, procedure->screening_stop_when) == 0)
        fields_fault(&r->fields, "/screening", "screening",
                     procedure->screening_tell != NULL ? procedure->screening_tell
                                                       : "Trường hợp này không phải nộp hồ sơ.");
}

static const char *external_code(struct reader *r)
{
    const char *code = fields_text(&r->fields, r->body, "external_code", "", 40, 0);

    if (code == NULL)
        return NULL;
    if (r->actor->kind != ACCOUNT_PORTAL) {
        fields_fault(&r->fields, "/external_code", "forbidden",
                     "Chỉ Cổng dịch vụ công quốc gia được gửi mã này.");
        return NULL;
    }
    for (const char *c = code; *c != '\0'; c++) {
        if ((*c < '0' || *c > '9') && (*c < 'A' || *c > 'Z') && *c != '.' && *c != '-') {
            fields_fault(&r->fields, "/external_code", "pattern",
                         "Mã hồ sơ chỉ gồm chữ in hoa, chữ số, . và -.");
            return NULL;
        }
    }
    return code;
}

bool submission_read(struct service *service, struct arena *arena, const struct actor *actor,
                     const struct value *body, wall_t now, struct form_faults *faults,
                     struct dossier **ret)
{
    struct reader r = {.service = service,
                       .arena = arena,
                       .fields = {arena, faults},
                       .actor = actor,
                       .body = body,
                       .today = day_of(now)};
    static const char *const members[] = {
        "procedure",   "case",      "agency",   "applicant",         "on_behalf",     "owner",
        "form",        "documents", "delivery", "channel",           "external_code", "screening",
        "received_at", "reason",    "action",   "received_at_agency"};
    const struct procedure *procedure;
    const char *code = fields_text(&r.fields, body, "procedure", "", 20, FIELDS_REQUIRED);

    if (!fields_members(&r.fields, body, "", members, DVC_COUNT(members)) || code == NULL)
        return false;
    procedure = registry_in_force(service->registry, slice_str(code), r.today);
    /* What is information only online is still taken at the counter. */
    if (procedure == NULL || (procedure->level == LEVEL_INFO && actor->kind != ACCOUNT_STAFF)) {
        fields_fault(&r.fields, "/procedure", "procedure",
                     "Không có thủ tục này hoặc thủ tục không nhận hồ sơ trực tuyến.");
        return false;
    }
    r.dossier = dossier_new(arena, procedure);
    r.dossier->external_code = external_code(&r);
    r.dossier->filed_by = actor->account;
    read_case(&r);
    read_screening(&r);
    read_channel(&r);
    read_agencies(&r);
    read_parties(&r);
    read_delivery(&r);
    read_documents(&r);
    content_read_form(service, &r.fields, r.dossier, value_get(body, "form"), r.today);
    *ret = r.dossier;
    return faults->count == 0;
}

struct slice submission_names(struct arena *arena, const struct dossier *dossier)
{
    const char *both =
        dossier->owner_is_applicant
            ? dossier->applicant.name
            : arena_printf(arena, "%s / %s", dossier->applicant.name, dossier->owner.name);
    struct slice folded;

    if (utf8_fold(arena, slice_str(both), &folded) != 0)
        return SLICE_LIT("");
    return folded;
}
