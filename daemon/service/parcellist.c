#include "service/parcellist.h"

#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "core/dossier.h"
#include "service/parcelnames.h"
#include "service/procview.h"
#include "service/registry.h"
#include "service/rowlist.h"

/* Columns of parcels_list after item and place. */
enum { COL_DIRECTION = 2, COL_PROCEDURE, COL_PAPERS };

static int originals(const struct procedure *procedure, const char *id)
{
    for (size_t i = 0; i < procedure->paper_count; i++)
        if (strcmp(procedure->papers[i].id, id) == 0)
            return procedure->papers[i].original;
    return 0;
}

/* What is in the envelope that goes to the agency, by the names of its papers. */
static void more(struct rowlist *list, const struct db_rows *rows, size_t row, struct jw *jw)
{
    const struct procedure *procedure =
        registry_procedure(list->op.service->registry, db_int_at(rows, row, COL_PROCEDURE, 0));
    bool collect = slice_is(db_text_at(rows, row, COL_DIRECTION), "collect");
    struct json_error error;
    struct value *papers = NULL;

    if (!collect || procedure == NULL ||
        json_parse(list->op.arena, db_text_at(rows, row, COL_PAPERS), 4, &papers, &error) != 0)
        papers = NULL;
    jw_key(jw, "papers");
    jw_array(jw);
    for (size_t i = 0; i < value_count(papers); i++) {
        const struct value *paper = value_at(papers, i);
        const char *id = value_get_str(paper, "paper");

        jw_object(jw);
        jw_kv_str(jw, "name", procview_paper_name(procedure, id));
        jw_kv_int(jw, "originals", originals(procedure, id));
        jw_kv_int(jw, "copies", value_get_int(paper, "copies", 0));
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

/* "<dossier>~<no>" */
static bool parcel_place(struct slice rest, struct db_param place[2])
{
    struct slice part;
    int64_t dossier, no;

    place[0] = place[1] = db_null();
    if (rest.ptr == NULL)
        return true;
    if (!slice_next(&rest, '~', &part) || num_parse_i64(part, 0, INT64_MAX, &dossier) != 0 ||
        num_parse_i64(rest, 0, INT32_MAX, &no) != 0)
        return false;
    place[0] = db_int(dossier);
    place[1] = db_int(no);
    return true;
}

static void run(struct rowlist *list, struct member *who, const struct parcel_filter *ask,
                const struct db_param place[2])
{
    list->more = more;
    list->procedure = COL_PROCEDURE;
    rowlist_run(list,
                (struct db_param[]){db_int(who->actor.account), rowlist_filter(ask->direction),
                                    rowlist_filter(ask->state), rowlist_filter(ask->agency),
                                    rowlist_filter(ask->office), rowlist_filter(ask->q), place[0],
                                    place[1], db_int(list->limit), parcelnames(list->op.arena)},
                10);
}

void parcellist(struct service *service, struct member *who, const struct parcel_filter *ask,
                struct page_ask page, answer_fn answer, void *ctx)
{
    struct slice from;
    struct rowlist *list =
        rowlist_begin(service, sizeof(*list), "parcels_list", page, answer, ctx, &from);
    struct db_param place[2];
    enum parcel_direction direction;
    enum parcel_state state;

    if (list == NULL)
        return;
    if (ask->direction.len > 0 && parcel_direction_parse(ask->direction, &direction) != 0) {
        op_fault_at(&list->op, ANSWER_MALFORMED, "filter", "?direction",
                    "direction phải là collect hoặc return.");
        return;
    }
    if (ask->state.len > 0 && parcel_state_parse(ask->state, &state) != 0) {
        op_fault_at(&list->op, ANSWER_MALFORMED, "filter", "?state",
                    "state phải là một trạng thái bưu gửi.");
        return;
    }
    if (!parcel_place(from, place))
        rowlist_bad_page(list);
    else
        run(list, who, ask, place);
}

void parcellist_one(struct service *service, struct member *who, struct slice order_number,
                    answer_fn answer, void *ctx)
{
    struct parcel_filter ask = {.q = order_number};
    struct slice from;
    struct rowlist *list = rowlist_begin(service, sizeof(*list), "parcels_list",
                                         (struct page_ask){.limit = 1}, answer, ctx, &from);

    if (list == NULL)
        return;
    list->single = list->none_is_missing = true;
    run(list, who, &ask, (struct db_param[2]){db_null(), db_null()});
}
