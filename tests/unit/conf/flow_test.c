/* The picture of shipped procedures: what a clerk finds in it. */
#include "core/flowgraph.h"

#include "base/buf.h"
#include "conf_fixture.h"
#include "core/flowwords.h"
#include "dvc_test.h"

static const struct flowgraph *drawn(struct arena *arena, const char *code)
{
    return flowgraph_make(arena, fixture_compile(arena, fixture_plugin(arena, code)));
}

static int node(const struct flowgraph *graph, const char *id)
{
    for (size_t i = 0; i < graph->node_count; i++)
        if (strcmp(graph->nodes[i].id, id) == 0)
            return (int)i;
    cr_assert_fail("no node %s", id);
    return -1;
}

/* The edge of this action; NULL: of the timeout. */
static const struct flow_edge *edge(const struct flowgraph *graph, const char *from,
                                    const char *action, const char *to)
{
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct flow_edge *one = &graph->edges[i];

        if (one->from == node(graph, from) && one->to == node(graph, to) &&
            (action == NULL ? one->timeout != NULL
                            : one->timeout == NULL && strcmp(one->action->id, action) == 0))
            return one;
    }
    cr_assert_fail("nothing leads from %s by %s to %s", from, action, to);
    return NULL;
}

static const char *limit_of(struct arena *arena, const struct flowgraph *graph, const char *id)
{
    struct buf buf = BUF_INIT(200);
    const char *text;

    flow_limit_vi(&buf, graph->procedure, graph->nodes[node(graph, id)].step->limit);
    text = arena_slice_str(arena, buf_slice(&buf));
    buf_release(&buf);
    return text;
}

DVC_TEST(flow_plugin, the_building_permit_row_by_row)
{
    static const struct {
        const char *id;
        int rank, column;
        enum flow_kind kind;
    } wanted[] = {
        {"receive", 0, 0, FLOW_WORK},           {"forward", 1, 0, FLOW_WORK},
        {"intake_supplement", 1, 1, FLOW_WAIT}, {"appraise", 2, 0, FLOW_WORK},
        {"end.not_accepted", 2, 1, FLOW_END},   {"review", 3, 0, FLOW_WORK},
        {"ask_fire", 3, 1, FLOW_WORK},          {"ask_environment", 3, 2, FLOW_WORK},
        {"supplement", 3, 3, FLOW_WAIT},        {"approve", 4, 0, FLOW_WORK},
        {"supplement_check", 4, 1, FLOW_WORK},  {"propose_stop", 4, 2, FLOW_WORK},
        {"issue_result", 5, 0, FLOW_WORK},      {"end.refused", 5, 1, FLOW_END},
        {"end.stopped", 5, 2, FLOW_END},        {"return_result", 6, 0, FLOW_WORK},
        {"in_post", 7, 1, FLOW_WAIT},           {"end.returned", 8, 0, FLOW_END},
    };
    struct arena *arena = arena_new();
    const struct flowgraph *graph = drawn(arena, "1.013225");

    DVC_EQ_INT(graph->node_count, DVC_COUNT(wanted));
    DVC_EQ_INT(graph->ranks, 9);
    for (size_t i = 0; i < DVC_COUNT(wanted); i++) {
        const struct flow_node *one = &graph->nodes[graph->order[i]];

        DVC_EQ_STR(one->id, wanted[i].id);
        cr_assert(one->rank == wanted[i].rank && one->column == wanted[i].column,
                  "%s stands at %d, %d", one->id, one->rank, one->column);
        DVC_EQ_INT(one->kind, wanted[i].kind);
    }
    arena_free(arena);
}

DVC_TEST(flow_plugin, loops_close_backwards_and_everything_else_goes_down)
{
    static const char *const back[][3] = {{"intake_supplement", "resubmit", "receive"},
                                          {"supplement_check", "complete", "appraise"},
                                          {"supplement_check", "incomplete", "supplement"},
                                          {"propose_stop", "wait_more", "supplement"},
                                          {"review", "send_back", "appraise"},
                                          {"approve", "send_back", "appraise"},
                                          {"issue_result", "send_back", "approve"},
                                          {"ask_fire", "answer", "appraise"},
                                          {"ask_environment", "answer", "appraise"},
                                          {"in_post", "came_back", "return_result"},
                                          {"in_post", "retrieve", "return_result"}};
    struct arena *arena = arena_new();
    const struct flowgraph *graph = drawn(arena, "1.013225");
    size_t closing = 0;

    for (size_t i = 0; i < DVC_COUNT(back); i++)
        cr_assert(edge(graph, back[i][0], back[i][1], back[i][2])->back, "%s", back[i][1]);
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct flow_edge *one = &graph->edges[i];

        closing += one->back;
        cr_assert(one->back || graph->nodes[one->to].rank > graph->nodes[one->from].rank,
                  "%s to %s", graph->nodes[one->from].id, graph->nodes[one->to].id);
    }
    DVC_EQ_INT(closing, DVC_COUNT(back));
    arena_free(arena);
}

DVC_TEST(flow_plugin, opinions_are_asked_at_once_and_join)
{
    struct arena *arena = arena_new();
    const struct flowgraph *graph = drawn(arena, "1.013225");
    const struct flow_edge *fire = edge(graph, "appraise", "consult", "ask_fire");
    struct buf buf = BUF_INIT(500);

    cr_assert(fire->parallel && edge(graph, "appraise", "consult", "ask_environment")->parallel);
    cr_assert(!edge(graph, "appraise", "submit", "review")->parallel);
    cr_assert(edge(graph, "ask_fire", "answer", "appraise")->join);
    cr_assert(graph->nodes[node(graph, "appraise")].joins);
    cr_assert(!graph->nodes[node(graph, "review")].joins);
    flow_condition_vi(&buf, graph->procedure, fire->action->when);
    DVC_EQ_SLICE(buf_slice(&buf), "“Số tầng (kể cả tầng hầm, tầng lửng, tum)” ≥ 7");
    buf_clear(&buf);
    flow_who_vi(&buf, &graph->nodes[node(graph, "ask_fire")]);
    DVC_EQ_SLICE(buf_slice(&buf), "công chức thụ lý, cơ quan phối hợp");
    buf_clear(&buf);
    flow_who_vi(&buf, &graph->nodes[node(graph, "supplement")]);
    DVC_EQ_SLICE(buf_slice(&buf), "chờ người nộp hồ sơ");
    buf_release(&buf);
    arena_free(arena);
}

DVC_TEST(flow_plugin, limits_by_channel_and_who_acts)
{
    struct arena *arena = arena_new();
    const struct flowgraph *graph = drawn(arena, "1.013225");
    const struct flow_edge *late = edge(graph, "supplement", NULL, "propose_stop");

    DVC_EQ_STR(limit_of(arena, graph, "receive"),
               "trực tuyến, bưu chính: 8 giờ làm việc; trực tiếp: không quy định thời hạn");
    DVC_EQ_STR(limit_of(arena, graph, "appraise"),
               "trực tuyến, bưu chính: 8 ngày; trực tiếp: 5 ngày");
    DVC_EQ_STR(limit_of(arena, graph, "review"), "1 ngày làm việc");
    DVC_EQ_STR(limit_of(arena, graph, "return_result"), "");
    cr_assert(limit_eq(late->timeout->after, (struct limit){LIMIT_CALENDAR_DAYS, 30}));
    cr_assert(late->by == ROLE_CLOCK && late->action == NULL);
    DVC_EQ_STR(flow_action_vi(late), "Hết thời gian chờ");
    DVC_EQ_INT(edge(graph, "supplement", "resubmit", "supplement_check")->by, ROLE_APPLICANT);
    DVC_EQ_INT(edge(graph, "in_post", "retrieve", "return_result")->by, ROLE_RECEIVER);
    DVC_EQ_STR(flow_action_vi(edge(graph, "in_post", "delivered", "end.returned")),
               "Bưu chính đã phát");
    arena_free(arena);
}

/* The linked chain: two branches, one of them a wait for the dossier that was opened. */
DVC_TEST(flow_plugin, linked_dossiers_are_on_the_way_that_opens_them)
{
    struct arena *arena = arena_new();
    const struct flowgraph *graph = drawn(arena, "2.000986");
    const struct flow_edge *opens = edge(graph, "pass_on", "pass_on", "residence");

    DVC_EQ_INT(opens->spawn_count, 1);
    DVC_EQ_STR(opens->spawns[0]->procedure, "1.004222");
    DVC_EQ_INT(edge(graph, "pass_on", "pass_on", "insurance")->spawn_count, 0);
    DVC_EQ_INT(graph->nodes[node(graph, "residence")].who, ROLE_LINKED);
    cr_assert(edge(graph, "residence", NULL, "collect")->join);
    cr_assert(graph->nodes[node(graph, "collect")].main);
    cr_assert(graph->nodes[node(graph, "end.returned")].main);
    arena_free(arena);
}

DVC_TEST(flow_plugin, the_same_procedure_gives_the_same_picture)
{
    struct arena *arena = arena_new();
    const struct flowgraph *one = drawn(arena, "1.004873"), *two = drawn(arena, "1.004873");

    DVC_EQ_INT(one->node_count, two->node_count);
    DVC_EQ_INT(one->edge_count, two->edge_count);
    for (size_t i = 0; i < one->node_count; i++) {
        DVC_EQ_INT(one->order[i], two->order[i]);
        DVC_EQ_INT(one->nodes[i].column, two->nodes[i].column);
    }
    for (size_t i = 0; i < one->edge_count; i++)
        cr_assert(one->edges[i].from == two->edges[i].from && one->edges[i].to == two->edges[i].to);
    arena_free(arena);
}
