#include "service/content.h"

#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "service/service.h"
#include "service/sheets.h"

/* The paths of conditions that are not form.*: case, channel, applicant, delivery, documents. */
static struct value *known_paths(struct arena *arena, const struct dossier *d)
{
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

/* Every text of the form in NFC, as form_check expects; citizens on some systems send NFD. */
static void normalise(struct fields *fields, struct value *value, const char *pointer)
{
    struct slice norm;

    if (value == NULL)
        return;
    if (value->kind == VALUE_STRING) {
        if (utf8_nfc(fields->arena, value->string, &norm) != 0)
            fields_fault(fields, pointer, "text", "Có ký tự không hợp lệ.");
        else
            value->string = norm;
    } else if (value->kind == VALUE_LIST) {
        for (size_t i = 0; i < value->list.count; i++)
            normalise(fields, value->list.items[i], pointer);
    } else if (value->kind == VALUE_MAP) {
        for (size_t i = 0; i < value->map.count; i++)
            normalise(fields, value->map.members[i].value, pointer);
    }
}

/* The form knows what a commune code looks like; which ones there are is the national list's. */
static void check_form(const struct service *service, struct arena *arena, struct dossier *d,
                       const struct value *form, day_t today, struct value *paths,
                       struct form_faults *faults)
{
    const struct procedure *procedure = d->procedure;
    const struct commune_list *list = service->generation->communes;

    form_check(arena, procedure, form, today, lookup, paths, &d->form, faults);
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct field *field = &procedure->form[i];
        const struct value *value = value_get(d->form, field->id);

        if (field->type == FIELD_COMMUNE && value != NULL && value->kind == VALUE_STRING &&
            commune_find(list, value->string) == NULL)
            form_fault(arena, faults, "commune",
                       arena_printf(arena, "“%s” không phải là mã xã, phường, đặc khu hiện hành.",
                                    field->label),
                       "/form/%s", field->id);
    }
}

void content_read_form(const struct service *service, struct fields *fields, struct dossier *d,
                       struct value *form, day_t today)
{
    normalise(fields, form, "/form");
    check_form(service, fields->arena, d, form, today, known_paths(fields->arena, d),
               fields->faults);
}

static const struct value *upload_row(const struct value *rows, const char *id)
{
    for (size_t i = 0; id != NULL && i < value_count(rows); i++)
        if (slice_is(value_get_text(value_at(rows, i), "id"), id))
            return value_at(rows, i);
    return NULL;
}

void content_check_papers(struct arena *arena, const struct actor *actor, struct dossier *d,
                          const struct value *uploads, struct form_faults *faults)
{
    struct form_paper *given = ARENA_ARRAY(arena, struct form_paper, d->paper_count + 1);
    /* A citizen on the net hands in files; paper counts at a counter, and where the portal holds
     * it. */
    bool paper_counts = d->channel != CHANNEL_ONLINE || actor->kind == ACCOUNT_PORTAL;
    struct value *paths = known_paths(arena, d);

    for (size_t i = 0; i < d->paper_count; i++) {
        const struct value *row = upload_row(uploads, d->papers[i].upload);

        if (d->papers[i].upload != NULL && row == NULL)
            form_fault(arena, faults, "upload",
                       "Không có tệp này, tệp đã quá 24 giờ hoặc không phải của tài khoản.",
                       "/documents/%zu/upload", i);
        d->papers[i].sha256 = value_get_str(row, "sha256");
        given[i] = (struct form_paper){.paper = slice_str(d->papers[i].paper),
                                       .file = row != NULL,
                                       .format = form_paper_format(value_get_text(row, "type")),
                                       .size = value_get_int(row, "size", 0),
                                       .copies = paper_counts ? sheets_total(&d->papers[i]) : 0};
    }
    value_set(arena, paths, "form", d->form);
    form_papers_check(arena, d->procedure, d->case_id, given, d->paper_count, lookup, paths,
                      faults);
}

void content_check_made(const struct service *service, struct arena *arena, struct dossier *d,
                        const struct value *form, const struct form_paper *given, day_t today,
                        struct form_faults *faults)
{
    struct value *paths = known_paths(arena, d);

    check_form(service, arena, d, form, today, paths, faults);
    value_set(arena, paths, "form", d->form);
    form_papers_check(arena, d->procedure, d->case_id, given, d->paper_count, lookup, paths,
                      faults);
}

const char *content_digest(const struct service *service, struct arena *arena,
                           const struct dossier *dossier)
{
    struct buf buf = BUF_INIT(2u << 20);
    char hex[SHA256_HEX_SIZE];

    value_write(&buf, dossier->form, true);
    for (size_t i = 0; i < dossier->paper_count; i++) {
        const struct dossier_paper *paper = &dossier->papers[i];

        buf_addf(&buf, "\n%s %d/%d/%d %s", paper->paper, paper->originals, paper->certified,
                 paper->copies, paper->sha256 != NULL ? paper->sha256 : "-");
    }
    sha256_hex(
        hmac_sha256((struct slice){(const char *)service->salt, SERVICE_KEY_SIZE}, buf_slice(&buf)),
        hex);
    buf_release(&buf);
    return arena_str(arena, hex);
}
