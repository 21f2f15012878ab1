#include "service/flowview.h"

#include "base/num.h"
#include "core/flowwords.h"
#include "service/fetch.h"
#include "service/member.h"
#include "service/registry.h"
#include "service/service.h"

#define ANSWER_MAX (4u << 20)
#define TEXT_MAX 8192

enum detail { DETAIL_PUBLIC, DETAIL_ALL };

struct drawing {
    struct jw *jw;
    const struct flowgraph *graph;
    enum detail detail;
    const struct dossier *dossier; /* or NULL */
    struct buf text;               /* of one member */
};

struct looking {
    struct op op;
    struct member *who;
};

static void kv_text(struct drawing *d, const char *key)
{
    if (d->text.len > 0)
        jw_kv_slice(d->jw, key, buf_slice(&d->text));
    else
        jw_kv_null(d->jw, key);
    buf_clear(&d->text);
}

static void kv_role(struct jw *jw, const char *key, const char *name_key, enum role role)
{
    jw_kv_str(jw, key, role != ROLE_NONE ? role_code(role) : NULL);
    if (name_key != NULL)
        jw_kv_str(jw, name_key, role != ROLE_NONE ? role_name_vi(role) : NULL);
}

static void limits(struct drawing *d, const struct step *step)
{
    const struct procedure *procedure = d->graph->procedure;

    jw_key(d->jw, "limits");
    jw_object(d->jw);
    for (int channel = CHANNEL_DIRECT; channel <= CHANNEL_POST; channel++) {
        if (!procedure->channel_open[channel] || step->limit[channel].unit == LIMIT_NONE)
            continue;
        limit_write(&d->text, step->limit[channel]);
        kv_text(d, channel_code((enum channel)channel));
    }
    jw_end_object(d->jw);
    flow_limit_vi(&d->text, procedure, step->limit);
    kv_text(d, "limit_text");
}

static void place(struct drawing *d, size_t index)
{
    const struct flow_node *node = &d->graph->nodes[index];
    bool here = node->kind == FLOW_END && node->end == d->dossier->state;

    if (node->kind != FLOW_END)
        for (size_t i = 0; i < d->dossier->task_count; i++)
            here = here || (d->dossier->tasks[i].state == TASK_OPEN &&
                            d->dossier->tasks[i].step == (int)index);
    jw_kv_bool(d->jw, "here", here);
    jw_kv_int(d->jw, "visits", node->kind != FLOW_END ? d->dossier->visits[index] : here ? 1 : 0);
}

static void write_node(struct drawing *d, size_t index)
{
    const struct flow_node *node = &d->graph->nodes[index];
    bool all = d->detail == DETAIL_ALL;

    jw_object(d->jw);
    jw_kv_str(d->jw, "id", node->id);
    jw_kv_str(d->jw, "name", node->name);
    jw_kv_str(d->jw, "kind", flow_kind_code(node->kind));
    kv_role(d->jw, "role", all ? "role_name" : NULL, node->who);
    jw_kv_bool(d->jw, "main", node->main);
    jw_kv_int(d->jw, "rank", node->rank);
    jw_kv_int(d->jw, "column", node->column);
    if (all && node->step != NULL) {
        jw_kv_str(d->jw, "agency", node->step->agency_role);
        jw_kv_str(d->jw, "join", !node->joins ? NULL : node->step->join_any ? "first" : "all");
        limits(d, node->step);
    }
    if (d->dossier != NULL)
        place(d, index);
    jw_end_object(d->jw);
}

static void edge_details(struct drawing *d, const struct flow_edge *edge)
{
    const struct action *action = edge->action;

    jw_kv_str(d->jw, "action", action != NULL ? action->id : NULL);
    jw_kv_str(d->jw, "name", flow_action_vi(edge));
    kv_role(d->jw, "by", "by_name", edge->by);
    if (action != NULL && action->when != NULL)
        flow_condition_vi(&d->text, d->graph->procedure, action->when);
    kv_text(d, "when");
    jw_kv_bool(d->jw, "automatic", edge->timeout == NULL && action->is_default);
    if (edge->timeout != NULL)
        limit_write(&d->text, edge->timeout->after);
    kv_text(d, "after");
    jw_kv_bool(d->jw, "consent", edge->timeout != NULL && edge->timeout->consents);
    jw_kv_bool(d->jw, "parallel", edge->parallel);
    jw_kv_bool(d->jw, "join", edge->join);
    jw_kv_bool(d->jw, "previous", edge->previous);
    jw_key(d->jw, "opens");
    jw_array(d->jw);
    for (size_t i = 0; i < edge->spawn_count; i++) {
        jw_object(d->jw);
        jw_kv_str(d->jw, "as", edge->spawns[i]->as);
        jw_kv_str(d->jw, "procedure", edge->spawns[i]->procedure);
        jw_end_object(d->jw);
    }
    jw_end_array(d->jw);
}

/* The members nodes and edges of an object that is open. */
static void write_graph(struct drawing *d)
{
    const struct flowgraph *graph = d->graph;

    jw_key(d->jw, "nodes");
    jw_array(d->jw);
    for (size_t i = 0; i < graph->node_count; i++)
        write_node(d, (size_t)graph->order[i]);
    jw_end_array(d->jw);
    jw_key(d->jw, "edges");
    jw_array(d->jw);
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct flow_edge *edge = &graph->edges[i];

        jw_object(d->jw);
        jw_kv_str(d->jw, "from", graph->nodes[edge->from].id);
        jw_kv_str(d->jw, "to", graph->nodes[edge->to].id);
        jw_kv_str(d->jw, "kind", edge->timeout != NULL ? "timeout" : "action");
        jw_kv_bool(d->jw, "main", edge->main);
        jw_kv_bool(d->jw, "back", edge->back);
        if (d->detail == DETAIL_ALL)
            edge_details(d, edge);
        jw_end_object(d->jw);
    }
    jw_end_array(d->jw);
    buf_release(&d->text);
}

void flowview_public(struct jw *jw, const struct procedure *procedure)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct drawing d = {.jw = jw,
                        .graph = flowgraph_make(arena, procedure),
                        .detail = DETAIL_PUBLIC,
                        .text = BUF_INIT(TEXT_MAX)};

    jw_key(jw, "workflow");
    jw_object(jw);
    write_graph(&d);
    jw_end_object(jw);
}

static void answer_all(struct arena *arena, const struct procedure *procedure,
                       const struct dossier *dossier, answer_fn answer, void *ctx)
{
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&buf);
    struct drawing d = {.jw = &jw,
                        .graph = flowgraph_make(arena, procedure),
                        .detail = DETAIL_ALL,
                        .dossier = dossier,
                        .text = BUF_INIT(TEXT_MAX)};

    jw_object(&jw);
    if (dossier != NULL) {
        jw_kv_str(&jw, "dossier", dossier->code);
        jw_kv_str(&jw, "state", state_info(dossier->state)->code);
        jw_kv_str(&jw, "state_name", state_info(dossier->state)->name_vi);
    }
    jw_kv_str(&jw, "procedure", procedure->code);
    jw_kv_int(&jw, "version", procedure->version);
    jw_kv_str(&jw, "name", procedure->name);
    write_graph(&d);
    jw_end_object(&jw);
    answer_json(answer, ctx, buf_slice(&buf));
    buf_release(&buf);
}

/* An older version, which may have to be read first. */
struct older {
    struct op op;
    int64_t id;
};

static void older_there(void *ctx)
{
    struct older *older = ctx;
    struct op *op = &older->op;
    const struct procedure *procedure = registry_procedure(op->service->registry, older->id);

    if (procedure == NULL)
        answer_store_error(op->answer, op->ctx, STORE_E_BUSY);
    else
        answer_all(op->arena, procedure, NULL, op->answer, op->ctx);
    op_end(op);
}

static void look_at_version(struct service *service, int64_t id, answer_fn answer, void *ctx)
{
    struct older *older = op_new(service, sizeof(*older), answer, ctx);

    older->id = id;
    if (registry_procedure(service->registry, id) != NULL)
        older_there(older);
    else
        registry_await(service->registry, id, older_there, older);
}

void flowview_procedure(struct service *service, struct slice code, struct slice version,
                        answer_fn answer, void *ctx)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    const struct procedure *procedure = NULL;
    int64_t number, id = 0;

    if (version.len == 0)
        procedure = registry_in_force(service->registry, code, day_of(loop_now(service->loop)));
    else if (num_parse_i64(version, 1, INT32_MAX, &number) == 0)
        id = registry_version(service->registry, code, (int)number);
    if (id != 0)
        look_at_version(service, id, answer, ctx);
    else if (procedure == NULL)
        answer_not_found(answer, ctx);
    else
        answer_all(arena, procedure, NULL, answer, ctx);
}

static void loaded(void *ctx, const struct fetched *fetched)
{
    struct looking *looking = ctx;
    struct op *op = &looking->op;

    if (fetched->code != 0)
        answer_store_error(op->answer, op->ctx, fetched->code);
    else if (fetched->dossier == NULL ||
             !access_may_view(&looking->who->actor, fetched->dossier, &op->service->order))
        answer_not_found(op->answer, op->ctx);
    else
        answer_all(op->arena, fetched->dossier->procedure, fetched->dossier, op->answer, op->ctx);
    member_unref(looking->who);
    op_end(op);
}

void flowview_dossier(struct service *service, struct member *who, struct slice code,
                      answer_fn answer, void *ctx)
{
    struct looking *looking = op_new(service, sizeof(*looking), answer, ctx);

    looking->who = member_ref(who);
    fetch_dossier(service, looking->op.arena, arena_slice_str(looking->op.arena, code), 0, loaded,
                  looking);
}
