#include "service/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "base/num.h"
#include "base/utf8.h"
#include "core/form_schema.h"
#include "service/flowview.h"
#include "service/page.h"
#include "service/procview.h"
#include "service/registry.h"
#include "service/service.h"

#define ANSWER_MAX (8u << 20)

/* The condition as the plugin has it, for a client that applies the same rule. */
static void kv_condition(struct jw *jw, const char *key, const struct expr *condition)
{
    if (condition != NULL)
        jw_kv_slice(jw, key, expr_text(condition));
    else
        jw_kv_null(jw, key);
}

static void subjects(struct jw *jw, const struct procedure *procedure)
{
    jw_key(jw, "subjects");
    jw_array(jw);
    if (procedure->for_citizen)
        jw_str(jw, "citizen");
    if (procedure->for_business)
        jw_str(jw, "business");
    if (procedure->for_organisation)
        jw_str(jw, "organisation");
    jw_end_array(jw);
}

static void limits(struct jw *jw, const struct procedure *procedure, const char *case_id)
{
    jw_key(jw, "channels");
    jw_object(jw);
    for (int channel = CHANNEL_DIRECT; channel <= CHANNEL_POST; channel++) {
        if (!procedure->channel_open[channel])
            continue;
        jw_key(jw, channel_code((enum channel)channel));
        jw_object(jw);
        limit_write_kv(jw, "limit", procedure_limit(procedure, case_id, (enum channel)channel));
        jw_end_object(jw);
    }
    jw_end_object(jw);
}

static void summary(struct jw *jw, const struct procedure *procedure)
{
    jw_kv_str(jw, "code", procedure->code);
    jw_kv_int(jw, "version", procedure->version);
    jw_kv_str(jw, "name", procedure->name);
    jw_kv_str(jw, "field", procedure->field);
    jw_kv_str(jw, "level", level_code(procedure->level));
    jw_kv_str(jw, "authority", authority_code(procedure->authority));
    jw_kv_str(jw, "competent", procedure->competent);
}

struct found {
    const struct procedure **items;
    size_t count, cap;
    struct arena *arena;
    struct slice folded; /* of q */
    const struct procedure_filter *filter;
    const struct agency *agency;
};

static bool holds(const char *text, struct slice folded)
{
    return memmem(text, strlen(text), folded.ptr, folded.len) != NULL;
}

static void collect(void *ctx, const struct procedure *procedure)
{
    struct found *found = ctx;

    /* A code is digits and a point, folded as it stands. */
    if (found->folded.len > 0 && !holds(procedure->name_folded, found->folded) &&
        !holds(procedure->code, found->folded))
        return;
    if (found->filter->field.len > 0 && !slice_is(found->filter->field, procedure->field))
        return;
    if (found->agency != NULL &&
        !agency_decides(found->agency, (enum agency_level)procedure->authority,
                        procedure->competent))
        return;
    found->items =
        arena_grow(found->arena, found->items, found->count, &found->cap, sizeof(*found->items));
    found->items[found->count++] = procedure;
}

void catalogue_procedures(struct service *service, const struct procedure_filter *filter,
                          answer_fn answer, void *ctx)
{
    struct op *op = op_new(service, sizeof(*op), answer, ctx);
    struct found found = {.arena = op->arena, .filter = filter};
    struct buf buf = BUF_INIT(ANSWER_MAX), place = BUF_INIT(32), token = BUF_INIT(512);
    struct jw jw = JW_INIT(&buf);
    struct slice from;
    int64_t start = 0;

    if (page_open(service, op->arena, "procedures", filter->token, &from) != 0 ||
        (from.ptr != NULL && num_parse_i64(from, 0, 1000000, &start) != 0)) {
        op_fault_at(op, ANSWER_MALFORMED, "page", "?page", "Mã trang không hợp lệ.");
        return;
    }
    if (utf8_fold(op->arena, slice_trim(filter->q), &found.folded) != 0) {
        op_fault_at(op, ANSWER_MALFORMED, "q", "?q", "Từ khoá tìm kiếm không phải là UTF-8.");
        return;
    }
    if (filter->agency.len > 0)
        found.agency = agency_find(service->generation->agencies, filter->agency);
    if (filter->agency.len == 0 || found.agency != NULL)
        registry_each(service->registry, day_of(loop_now(service->loop)), collect, &found);
    jw_object(&jw);
    jw_key(&jw, "items");
    jw_array(&jw);
    for (size_t i = (size_t)start; i < found.count && i < (size_t)start + (size_t)filter->limit;
         i++) {
        jw_object(&jw);
        summary(&jw, found.items[i]);
        jw_end_object(&jw);
    }
    jw_end_array(&jw);
    jw_kv_int(&jw, "total", (int64_t)found.count);
    if ((size_t)start + (size_t)filter->limit < found.count) {
        buf_add_i64(&place, start + filter->limit);
        page_seal(service, "procedures", buf_slice(&place), &token);
        jw_kv_slice(&jw, "next", buf_slice(&token));
    } else {
        jw_kv_null(&jw, "next");
    }
    jw_end_object(&jw);
    op_json(op, buf_slice(&buf));
    buf_release(&token);
    buf_release(&place);
    buf_release(&buf);
}

static int by_field(const void *a, const void *b)
{
    return strcmp((*(const struct procedure *const *)a)->field,
                  (*(const struct procedure *const *)b)->field);
}

void catalogue_fields(struct service *service, answer_fn answer, void *ctx)
{
    static const struct procedure_filter all = {.limit = 0};
    struct op *op = op_new(service, sizeof(*op), answer, ctx);
    struct found found = {.arena = op->arena, .filter = &all};
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&buf);

    registry_each(service->registry, day_of(loop_now(service->loop)), collect, &found);
    if (found.count > 0)
        qsort(found.items, found.count, sizeof(*found.items), by_field);
    jw_object(&jw);
    jw_key(&jw, "items");
    jw_array(&jw);
    for (size_t i = 0, next; i < found.count; i = next) {
        for (next = i + 1;
             next < found.count && by_field(&found.items[i], &found.items[next]) == 0;)
            next++;
        jw_object(&jw);
        jw_kv_str(&jw, "name", found.items[i]->field);
        jw_kv_int(&jw, "procedures", (int64_t)(next - i));
        jw_end_object(&jw);
    }
    jw_end_array(&jw);
    jw_end_object(&jw);
    op_json(op, buf_slice(&buf));
    buf_release(&buf);
}

/* ---- one procedure ---- */

static void cases(struct jw *jw, const struct procedure *procedure)
{
    jw_key(jw, "cases");
    jw_array(jw);
    for (size_t i = 0; i < procedure->case_count; i++) {
        jw_object(jw);
        jw_kv_str(jw, "id", procedure->cases[i].id);
        jw_kv_str(jw, "name", procedure->cases[i].name);
        if (procedure->cases[i].has_limit)
            limits(jw, procedure, procedure->cases[i].id);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void fees(struct jw *jw, const struct procedure *procedure)
{
    static const char *const pay[] = {"at_submit", "before_accept", "before_result"};

    jw_key(jw, "fees");
    jw_array(jw);
    for (size_t i = 0; i < procedure->fee_count; i++) {
        const struct fee *fee = &procedure->fees[i];

        jw_object(jw);
        jw_kv_str(jw, "id", fee->id);
        jw_kv_str(jw, "name", fee->name);
        jw_kv_str(jw, "kind", fee->kind == FEE_LE_PHI ? "le_phi" : "phi");
        jw_kv_str(jw, "case", fee->case_id);
        jw_kv_str(jw, "pay", pay[fee->pay]);
        jw_key(jw, "amount");
        jw_object(jw);
        for (int channel = CHANNEL_DIRECT; channel <= CHANNEL_POST; channel++)
            if (procedure->channel_open[channel])
                jw_kv_int(jw, channel_code((enum channel)channel), fee->amount[channel]);
        jw_end_object(jw);
        if (fee->per != NULL)
            jw_kv_str(jw, "per", fee->per);
        if (fee->over > 0) {
            jw_kv_int(jw, "over", fee->over);
            jw_kv_int(jw, "over_amount", fee->over_amount);
        }
        if (fee->most > 0)
            jw_kv_int(jw, "most", fee->most);
        if (fee->times != NULL)
            jw_kv_str(jw, "times", fee->times);
        kv_condition(jw, "when", fee->when);
        jw_kv_bool(jw, "may_be_waived", fee->waive_if != NULL);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void papers(struct jw *jw, const struct procedure *procedure)
{
    jw_key(jw, "documents");
    jw_array(jw);
    for (size_t i = 0; i < procedure->paper_count; i++) {
        const struct paper *paper = &procedure->papers[i];

        jw_object(jw);
        jw_kv_str(jw, "id", paper->id);
        jw_kv_str(jw, "name", paper->name);
        jw_kv_bool(jw, "required", paper->required);
        jw_kv_bool(jw, "conditional", paper->required_if != NULL);
        kv_condition(jw, "required_if", paper->required_if);
        jw_kv_int(jw, "original", paper->original);
        jw_kv_int(jw, "certified", paper->certified);
        jw_kv_int(jw, "photo", paper->photo);
        jw_kv_int(jw, "max_mb", paper->max_mb);
        jw_kv_strs(jw, "cases", paper->cases, paper->case_count);
        jw_kv_strs(jw, "formats", paper->formats, paper->format_count);
        jw_kv_strs(jw, "reuse", paper->reuse, paper->reuse_count);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void steps(struct jw *jw, const struct procedure *procedure)
{
    procview_results(jw, procedure);
    jw_key(jw, "steps");
    jw_array(jw);
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct step *step = &procedure->steps[i];

        jw_object(jw);
        jw_kv_str(jw, "id", step->id);
        jw_kv_str(jw, "name", step->name);
        jw_kv_str(jw, "role", step->role != ROLE_NONE ? role_code(step->role) : NULL);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

void catalogue_procedure(struct service *service, struct slice code, answer_fn answer, void *ctx)
{
    const struct procedure *procedure =
        registry_in_force(service->registry, code, day_of(loop_now(service->loop)));
    struct buf buf = BUF_INIT(ANSWER_MAX), schema = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&buf);

    if (procedure == NULL) {
        answer_not_found(answer, ctx);
        return;
    }
    jw_object(&jw);
    summary(&jw, procedure);
    jw_kv_str(&jw, "decision", procedure->decision);
    jw_kv_strs(&jw, "legal_basis", procedure->legal_basis, procedure->legal_basis_count);
    jw_kv_day(&jw, "effective_from", procedure->effective_from);
    jw_kv_day(&jw, "effective_to", procedure->effective_to);
    subjects(&jw, procedure);
    jw_kv_bool(&jw, "presence_required", procedure->presence_required);
    jw_kv_bool(&jw, "authorisation_allowed", procedure->authorisation_allowed);
    limits(&jw, procedure, NULL);
    jw_key(&jw, "postal");
    jw_object(&jw);
    jw_kv_bool(&jw, "collect", procedure->postal_collect);
    jw_kv_bool(&jw, "return", procedure->postal_return);
    jw_end_object(&jw);
    jw_key(&jw, "screening");
    if (procedure->screening_question != NULL) {
        jw_object(&jw);
        jw_kv_str(&jw, "question", procedure->screening_question);
        jw_kv_str(&jw, "stop_when", procedure->screening_stop_when);
        jw_kv_str(&jw, "tell", procedure->screening_tell);
        jw_end_object(&jw);
    } else {
        jw_null(&jw);
    }
    cases(&jw, procedure);
    fees(&jw, procedure);
    papers(&jw, procedure);
    form_schema(&schema, procedure);
    jw_key(&jw, "form");
    jw_raw(&jw, buf_slice(&schema));
    steps(&jw, procedure);
    flowview_public(&jw, procedure);
    jw_kv_str(&jw, "sha256", procedure->sha256);
    jw_end_object(&jw);
    answer_json(answer, ctx, buf_slice(&buf));
    buf_release(&schema);
    buf_release(&buf);
}

/* ---- agencies ---- */

static void agency(struct jw *jw, const struct agency_tree *tree, const struct agency *one)
{
    jw_object(jw);
    jw_kv_str(jw, "code", one->code);
    jw_kv_str(jw, "name", one->name);
    jw_kv_str(jw, "level", agency_level_code(one->level));
    jw_kv_str(jw, "commune_code", one->commune_code);
    jw_kv_bool(jw, "provisional", one->provisional);
    jw_kv_strs(jw, "functions", one->functions, one->function_count);
    jw_key(jw, "children");
    jw_array(jw);
    for (const struct agency *child = agency_first_child(tree, one); child != NULL;
         child = agency_next_sibling(tree, child))
        agency(jw, tree, child);
    jw_end_array(jw);
    jw_end_object(jw);
}

void catalogue_agencies(struct service *service, answer_fn answer, void *ctx)
{
    const struct agency_tree *tree = service->generation->agencies;
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_key(&jw, "items");
    jw_array(&jw);
    for (size_t i = 0; i < tree->count; i++)
        if (tree->items[i].parent < 0)
            agency(&jw, tree, &tree->items[i]);
    jw_end_array(&jw);
    jw_end_object(&jw);
    answer_json(answer, ctx, buf_slice(&buf));
    buf_release(&buf);
}
