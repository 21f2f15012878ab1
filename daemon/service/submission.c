#include "service/submission.h"

#include <string.h>

#include "base/utf8.h"
#include "core/form_paper.h"
#include "core/form_value.h"
#include "service/registry.h"
#include "service/service.h"

#define NAME_MAX_CHARS 200
#define LINE_MAX_CHARS 300
#define COPIES_MAX 50
#define PAPERS_MAX 100

/* What every reader of a part needs. */
struct reader {
    struct service *service;
    struct arena *arena;
    const struct actor *actor;
    const struct value *body;
    struct form_faults *faults;
    struct dossier *dossier;
    day_t today;
};

static void fault(struct reader *r, const char *pointer, const char *code, const char *message)
{
    form_fault(r->arena, r->faults, code, message, "%s", pointer);
}

/* A text of a map: NFC, trimmed, without control characters, 1..max code points. NULL when absent. */
static const char *text(struct reader *r, const struct value *map, const char *key,
                        const char *pointer, size_t max, bool required)
{
    const struct value *value = value_get(map, key);
    const char *at = arena_printf(r->arena, "%s/%s", pointer, key);
    struct slice norm;

    if (value_is_null(value)) {
        if (required)
            fault(r, at, "required", "Bắt buộc phải có.");
        return NULL;
    }
    if (value->kind != VALUE_STRING) {
        fault(r, at, "type", "Phải là chuỗi ký tự.");
        return NULL;
    }
    if (utf8_nfc(r->arena, value->string, &norm) != 0 || utf8_has_control(norm, "")) {
        fault(r, at, "text", "Có ký tự không hợp lệ.");
        return NULL;
    }
    norm = slice_trim(norm);
    if (norm.len == 0) {
        if (required)
            fault(r, at, "required", "Bắt buộc phải có.");
        return NULL;
    }
    if (utf8_length(norm) > max) {
        fault(r, at, "length", arena_printf(r->arena, "Dài nhất %zu ký tự.", max));
        return NULL;
    }
    return arena_slice_str(r->arena, norm);
}

static bool one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (word != NULL && strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static void read_address(struct reader *r, const struct value *map, const char *pointer,
                         bool required, const char **province, const char **commune,
                         const char **line)
{
    const struct commune_list *list = r->service->generation->communes;
    const struct value *address = value_get(map, "address");
    const char *at = arena_printf(r->arena, "%s/address", pointer);

    if (value_is_null(address)) {
        if (required)
            fault(r, at, "required", "Bắt buộc phải có địa chỉ.");
        return;
    }
    *province = text(r, address, "province", at, 2, true);
    *commune = text(r, address, "commune", at, 5, true);
    *line = text(r, address, "line", at, LINE_MAX_CHARS, true);
    if (*province != NULL && *commune != NULL &&
        !commune_in(list, slice_str(*commune), slice_str(*province)))
        fault(r, arena_printf(r->arena, "%s/commune", at), "commune",
              "Xã, phường, đặc khu không thuộc tỉnh, thành phố đã chọn hoặc không còn hiệu lực.");
}

static const char *read_phone(struct reader *r, const struct value *map, const char *pointer,
                              bool required)
{
    const char *phone = text(r, map, "phone", pointer, 20, required);
    char normal[FORM_PHONE_SIZE];

    if (phone != NULL && form_phone(slice_str(phone), normal))
        return arena_str(r->arena, normal);
    if (phone != NULL)
        fault(r, arena_printf(r->arena, "%s/phone", pointer), "phone",
              "Số điện thoại phải có 10 chữ số, bắt đầu bằng 03, 05, 07, 08, 09; "
              "số cố định có 11 chữ số, bắt đầu bằng 02.");
    return NULL;
}

/* Personal ID number of a citizen, tax code of a business, in the spelling that is stored and
 * searched; what other bodies have is kept as typed. */
static const char *read_id_number(struct reader *r, const struct value *map, const char *pointer,
                                  const char *kind)
{
    const char *typed = text(r, map, "id_number", pointer, 20, true);
    const char *at = arena_printf(r->arena, "%s/id_number", pointer);
    char id[FORM_CITIZEN_ID_SIZE], tax[FORM_TAX_CODE_SIZE];

    if (typed == NULL || kind == NULL)
        return typed;
    if (strcmp(kind, "citizen") == 0) {
        if (form_citizen_id(slice_str(typed), id))
            return arena_str(r->arena, id);
        fault(r, at, "citizen_id",
              "Số định danh cá nhân phải có 12 chữ số đúng cấu trúc (mã nơi đăng ký khai sinh, "
              "thế kỷ và giới tính, năm sinh).");
    } else if (strcmp(kind, "business") == 0) {
        if (form_tax_code(slice_str(typed), tax))
            return arena_str(r->arena, tax);
        fault(r, at, "tax_code", "Mã số thuế phải có 10 hoặc 13 chữ số và đúng số kiểm tra.");
    }
    return typed;
}

static void read_party(struct reader *r, const struct value *map, const char *pointer,
                       struct party *party)
{
    static const char *const kinds[] = {"citizen", "business", "state_agency", "organisation"};

    party->kind = text(r, map, "kind", pointer, 20, true);
    if (party->kind != NULL && !one_of(party->kind, kinds, DVC_COUNT(kinds)))
        fault(r, arena_printf(r->arena, "%s/kind", pointer), "option",
              "Phải là citizen, business, state_agency hoặc organisation.");
    party->name = text(r, map, "name", pointer, NAME_MAX_CHARS, true);
    party->id_number = read_id_number(r, map, pointer, party->kind);
    party->phone = read_phone(r, map, pointer, false);
    party->email = text(r, map, "email", pointer, 254, false);
    if (party->email != NULL && !form_email_ok(slice_str(party->email)))
        fault(r, arena_printf(r->arena, "%s/email", pointer), "email",
              "Địa chỉ thư điện tử không hợp lệ.");
    party->waiver = text(r, map, "waiver", pointer, 40, false);
    read_address(r, map, pointer, strcmp(pointer, "/applicant") == 0, &party->province,
                 &party->commune, &party->line);
}

static void read_parties(struct reader *r)
{
    static const char *const behalves[] = {"self", "parent", "authorised", "post"};
    struct dossier *d = r->dossier;
    const struct value *owner = value_get(r->body, "owner");
    const struct value *behalf = value_get(r->body, "on_behalf");

    read_party(r, value_get(r->body, "applicant"), "/applicant", &d->applicant);
    d->owner_is_applicant = value_is_null(owner);
    if (!d->owner_is_applicant)
        read_party(r, owner, "/owner", &d->owner);
    d->on_behalf = "self";
    if (!value_is_null(behalf)) {
        d->on_behalf = text(r, behalf, "kind", "/on_behalf", 20, true);
        if (d->on_behalf != NULL && !one_of(d->on_behalf, behalves, DVC_COUNT(behalves)))
            fault(r, "/on_behalf/kind", "option", "Phải là self, parent, authorised hoặc post.");
    }
    if (d->on_behalf != NULL && strcmp(d->on_behalf, "authorised") == 0 &&
        !d->procedure->authorisation_allowed)
        fault(r, "/on_behalf/kind", "authorisation",
              "Thủ tục này không cho phép uỷ quyền nộp hồ sơ.");
}

static bool holds_at(const struct reader *r, const char *agency)
{
    return access_holds(r->actor, ROLE_RECEIVER, agency, &r->service->order);
}

static const char *first_desk(const struct reader *r)
{
    for (size_t i = 0; i < r->actor->grant_count; i++)
        if (r->actor->grants[i].role == ROLE_RECEIVER)
            return r->actor->grants[i].agency;
    return NULL;
}

/* Who files decides the channel: a receiver at the counter says which, all others file online. */
static void read_channel(struct reader *r)
{
    struct dossier *d = r->dossier;
    const char *channel = text(r, r->body, "channel", "", 10, false);
    bool counter = r->actor->kind == ACCOUNT_STAFF;

    d->channel = counter ? CHANNEL_DIRECT : CHANNEL_ONLINE;
    if (channel != NULL && channel_parse(slice_str(channel), &d->channel) != 0)
        fault(r, "/channel", "option", "Phải là direct, online hoặc post.");
    else if (channel != NULL && !counter && d->channel == CHANNEL_DIRECT)
        fault(r, "/channel", "channel", "Chỉ người tiếp nhận được nhập hồ sơ nộp trực tiếp.");
    else if (channel != NULL && counter && d->channel == CHANNEL_ONLINE)
        fault(r, "/channel", "channel", "Hồ sơ nhập tại quầy là trực tiếp hoặc bưu chính.");
    if (!d->procedure->channel_open[d->channel])
        fault(r, "/channel", "channel",
              arena_printf(r->arena, "Thủ tục này không nhận hồ sơ %s.",
                           channel_name_vi(d->channel)));
}

static void read_agencies(struct reader *r)
{
    struct dossier *d = r->dossier;
    const struct agency_tree *tree = r->service->generation->agencies;
    const char *competent = text(r, r->body, "agency", "", 40, true);
    const char *receiving = text(r, r->body, "received_at_agency", "", 40, false);
    const struct agency *agency;

    if (competent == NULL)
        return;
    agency = agency_find(tree, slice_str(competent));
    if (agency == NULL || !agency_valid_on(agency, r->today)) {
        fault(r, "/agency", "agency", "Không có cơ quan này hoặc cơ quan không còn hoạt động.");
        return;
    }
    if ((int)agency->level != (int)d->procedure->authority) {
        fault(r, "/agency", "authority",
              arena_printf(r->arena, "Cơ quan không có thẩm quyền: thủ tục này do cấp %s giải quyết.",
                           d->procedure->authority == AUTHORITY_COMMUNE      ? "xã"
                           : d->procedure->authority == AUTHORITY_DEPARTMENT ? "sở, ngành"
                                                                             : "tỉnh"));
        return;
    }
    d->agency_competent = agency->code;
    d->agency_receiving = agency->code;
    if (r->actor->kind != ACCOUNT_STAFF) {
        if (receiving != NULL)
            fault(r, "/received_at_agency", "forbidden", "Chỉ người tiếp nhận được ghi nơi nhận.");
        return;
    }
    if (receiving == NULL)
        receiving = holds_at(r, agency->code) ? agency->code : first_desk(r);
    agency = receiving != NULL ? agency_find(tree, slice_str(receiving)) : NULL;
    if (agency == NULL || !holds_at(r, receiving)) {
        fault(r, "/received_at_agency", "forbidden",
              "Tài khoản không phải là người tiếp nhận tại cơ quan này.");
        return;
    }
    d->agency_receiving = agency->code;
    d->agency_helping = agency->code;
}

static void read_delivery(struct reader *r)
{
    struct dossier *d = r->dossier;
    const struct value *map = value_get(r->body, "delivery");
    const char *method = text(r, map, "method", "/delivery", 12, true);
    const char *province = NULL, *commune = NULL, *line = NULL, *name, *phone;
    struct value *to = value_new(r->arena, VALUE_MAP), *address;

    if (method == NULL)
        return;
    if (delivery_parse(slice_str(method), &d->delivery) != 0) {
        fault(r, "/delivery/method", "option", "Phải là counter, post hoặc electronic.");
        return;
    }
    value_set(r->arena, to, "method", value_string(r->arena, slice_str(method)));
    d->delivery_to = to;
    if (d->delivery == DELIVERY_ELECTRONIC &&
        (d->procedure->result_count == 0 || !d->procedure->results[0].electronic))
        fault(r, "/delivery/method", "delivery", "Thủ tục này không trả kết quả điện tử.");
    if (d->delivery != DELIVERY_POST)
        return;
    if (!d->procedure->postal_return)
        fault(r, "/delivery/method", "postal",
              "Thủ tục này không trả kết quả qua dịch vụ bưu chính công ích.");
    name = text(r, map, "name", "/delivery", NAME_MAX_CHARS, true);
    phone = read_phone(r, map, "/delivery", true);
    read_address(r, map, "/delivery", true, &province, &commune, &line);
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
    const char *id = text(r, row, "id", at, 60, true);
    const char *upload = text(r, row, "upload", at, 60, false);
    int64_t copies = value_get_int(row, "copies", 1);
    const struct paper *paper = id != NULL ? paper_find(d->procedure, slice_str(id)) : NULL;

    if (id != NULL && paper == NULL)
        fault(r, arena_printf(r->arena, "%s/id", at), "unknown",
              "Thành phần hồ sơ của thủ tục này không có giấy tờ đó.");
    if (copies < 0 || copies > COPIES_MAX)
        fault(r, arena_printf(r->arena, "%s/copies", at), "max",
              arena_printf(r->arena, "Số bản phải từ 0 đến %d.", COPIES_MAX));
    if (paper == NULL)
        return;
    d->papers = arena_grow(r->arena, d->papers, d->paper_count, &d->paper_cap, sizeof(*d->papers));
    d->papers[d->paper_count] = (struct dossier_paper){
        .no = (int)d->paper_count + 1,
        .paper = paper->id,
        .upload = upload,
        .copies = (int)copies,
        .changed = true,
    };
    d->paper_count++;
}

static void read_documents(struct reader *r)
{
    const struct value *list = value_get(r->body, "documents");

    if (value_is_null(list))
        return;
    if (list->kind != VALUE_LIST) {
        fault(r, "/documents", "type", "Phải là danh sách.");
        return;
    }
    if (value_count(list) > PAPERS_MAX) {
        fault(r, "/documents", "max",
              arena_printf(r->arena, "Nhiều nhất %d giấy tờ.", PAPERS_MAX));
        return;
    }
    for (size_t i = 0; i < value_count(list); i++)
        read_document(r, value_at(list, i), i);
}

/* The paths of conditions that are not form.*: case, channel, applicant, delivery, documents. */
static struct value *known_paths(struct reader *r)
{
    struct dossier *d = r->dossier;
    struct arena *arena = r->arena;
    struct value *root = value_new(arena, VALUE_MAP), *map, *inner;

    if (d->case_id != NULL)
        value_set(arena, root, "case", value_string(arena, slice_str(d->case_id)));
    value_set(arena, root, "channel", value_string(arena, slice_str(channel_code(d->channel))));
    map = value_new(arena, VALUE_MAP);
    if (d->applicant.kind != NULL)
        value_set(arena, map, "kind", value_string(arena, slice_str(d->applicant.kind)));
    if (d->applicant.waiver != NULL)
        value_set(arena, map, "waiver", value_string(arena, slice_str(d->applicant.waiver)));
    value_set(arena, root, "applicant", map);
    inner = value_new(arena, VALUE_MAP);
    value_set(arena, inner, "method", value_string(arena, slice_str(delivery_code(d->delivery))));
    map = value_new(arena, VALUE_MAP);
    value_set(arena, map, "delivery", inner);
    value_set(arena, root, "dossier", map);
    map = value_new(arena, VALUE_MAP);
    for (size_t i = 0; i < d->paper_count; i++) {
        inner = value_new(arena, VALUE_MAP);
        value_set(arena, inner, "present", value_bool(arena, true));
        value_set(arena, map, d->papers[i].paper, inner);
    }
    value_set(arena, root, "documents", map);
    return root;
}

static const struct value *lookup(void *ctx, struct slice path)
{
    return value_path(ctx, path);
}

static const struct value *upload_row(const struct value *rows, const char *id)
{
    for (size_t i = 0; id != NULL && i < value_count(rows); i++)
        if (slice_is(value_get_text(value_at(rows, i), "id"), id))
            return value_at(rows, i);
    return NULL;
}

/* "application/pdf" as the plugin's word for it; NULL: not one of those it can ask for. */
static const char *format_of(const struct value *row)
{
    static const char *const types[][2] = {{"application/pdf", "pdf"},
                                           {"image/jpeg", "jpg"},
                                           {"image/png", "png"}};

    for (size_t i = 0; i < DVC_COUNT(types); i++)
        if (slice_is(value_get_text(row, "type"), types[i][0]))
            return types[i][1];
    return NULL;
}

void submission_check_papers(struct service *service, struct arena *arena,
                             const struct actor *actor, struct dossier *d,
                             const struct value *uploads, struct form_faults *faults)
{
    struct reader r = {.service = service, .arena = arena, .actor = actor, .dossier = d};
    struct form_paper *given = ARENA_ARRAY(arena, struct form_paper, d->paper_count + 1);
    /* A citizen on the net hands in files; paper counts at a counter, and where the portal holds it. */
    bool paper_counts = d->channel != CHANNEL_ONLINE || actor->kind == ACCOUNT_PORTAL;
    struct value *paths = known_paths(&r);

    for (size_t i = 0; i < d->paper_count; i++) {
        const struct value *row = upload_row(uploads, d->papers[i].upload);

        if (d->papers[i].upload != NULL && row == NULL)
            form_fault(arena, faults, "upload",
                       "Không có tệp này, tệp đã quá 24 giờ hoặc không phải của tài khoản.",
                       "/documents/%zu/upload", i);
        d->papers[i].sha256 = value_get_str(row, "sha256");
        given[i] = (struct form_paper){.paper = slice_str(d->papers[i].paper),
                                       .file = row != NULL,
                                       .format = format_of(row),
                                       .size = value_get_int(row, "size", 0),
                                       .copies = paper_counts ? d->papers[i].copies : 0};
    }
    value_set(arena, paths, "form", d->form);
    form_papers_check(arena, d->procedure, d->case_id, given, d->paper_count, lookup, paths,
                      faults);
}

static void read_case(struct reader *r)
{
    struct dossier *d = r->dossier;
    const char *id = text(r, r->body, "case", "", 60, false);

    if (id == NULL) {
        if (d->procedure->case_count > 0)
            fault(r, "/case", "required", "Phải chọn trường hợp của thủ tục.");
        return;
    }
    if (procedure_case(d->procedure, slice_str(id)) == NULL)
        fault(r, "/case", "option", "Thủ tục này không có trường hợp đó.");
    else
        d->case_id = procedure_case(d->procedure, slice_str(id))->id;
}

static void read_screening(struct reader *r)
{
    const struct procedure *procedure = r->dossier->procedure;
    const struct value *answer = value_get(r->body, "screening");

    if (procedure->screening_question != NULL && procedure->screening_stop_when != NULL &&
        answer != NULL && answer->kind == VALUE_STRING &&
        slice_is(answer->string, procedure->screening_stop_when))
        fault(r, "/screening", "screening",
              procedure->screening_tell != NULL ? procedure->screening_tell
                                                : "Trường hợp này không phải nộp hồ sơ.");
}

static const char *external_code(struct reader *r)
{
    const char *code = text(r, r->body, "external_code", "", 40, false);

    if (code == NULL)
        return NULL;
    if (r->actor->kind != ACCOUNT_PORTAL) {
        fault(r, "/external_code", "forbidden", "Chỉ Cổng dịch vụ công quốc gia được gửi mã này.");
        return NULL;
    }
    for (const char *c = code; *c != '\0'; c++) {
        if ((*c < '0' || *c > '9') && (*c < 'A' || *c > 'Z') && *c != '.' && *c != '-') {
            fault(r, "/external_code", "pattern", "Mã hồ sơ chỉ gồm chữ in hoa, chữ số, . và -.");
            return NULL;
        }
    }
    return code;
}

/* Every text of the form in NFC, as form_check expects; citizens on some systems send NFD. */
static void normalise(struct reader *r, struct value *value, const char *pointer)
{
    struct slice norm;

    if (value == NULL)
        return;
    if (value->kind == VALUE_STRING) {
        if (utf8_nfc(r->arena, value->string, &norm) != 0)
            fault(r, pointer, "text", "Có ký tự không hợp lệ.");
        else
            value->string = norm;
    } else if (value->kind == VALUE_LIST) {
        for (size_t i = 0; i < value->list.count; i++)
            normalise(r, value->list.items[i], pointer);
    } else if (value->kind == VALUE_MAP) {
        for (size_t i = 0; i < value->map.count; i++)
            normalise(r, value->map.members[i].value, pointer);
    }
}

/* The form knows what a commune code looks like; which ones there are is the national list's. */
static void check_communes(struct reader *r)
{
    const struct procedure *procedure = r->dossier->procedure;
    const struct commune_list *list = r->service->generation->communes;

    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct field *field = &procedure->form[i];
        const struct value *value = value_get(r->dossier->form, field->id);

        if (field->type == FIELD_COMMUNE && value != NULL && value->kind == VALUE_STRING &&
            commune_find(list, value->string) == NULL)
            form_fault(r->arena, r->faults, "commune",
                       arena_printf(r->arena, "“%s” không phải là mã xã, phường, đặc khu hiện hành.",
                                    field->label),
                       "/form/%s", field->id);
    }
}

bool submission_read(struct service *service, struct arena *arena, const struct actor *actor,
                     const struct value *body, wall_t now, struct form_faults *faults,
                     struct dossier **ret)
{
    struct reader r = {.service = service,
                       .arena = arena,
                       .actor = actor,
                       .body = body,
                       .faults = faults,
                       .today = day_of(now)};
    const struct procedure *procedure;
    const char *code = text(&r, body, "procedure", "", 20, true);
    struct value *paths;

    if (code == NULL)
        return false;
    procedure = registry_in_force(service->registry, slice_str(code), r.today);
    if (procedure == NULL || procedure->level == LEVEL_INFO) {
        fault(&r, "/procedure", "procedure",
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
    paths = known_paths(&r);
    normalise(&r, value_get(body, "form"), "/form");
    form_check(arena, procedure, value_get(body, "form"), r.today, lookup, paths, &r.dossier->form,
               faults);
    check_communes(&r);
    *ret = r.dossier;
    return faults->count == 0;
}

wall_t submission_received_at(const struct value *body, struct arena *arena,
                              struct form_faults *faults)
{
    const struct value *given = value_get(body, "received_at");
    wall_t at;

    if (value_is_null(given))
        return WALL_NONE;
    if (given->kind == VALUE_STRING && wall_parse(given->string, &at) == 0)
        return at;
    form_fault(arena, faults, "date", "Thời điểm phải theo RFC 3339, ví dụ 2026-02-12T09:30:00+07:00.",
               "/received_at");
    return WALL_NONE;
}
