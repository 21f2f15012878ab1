/* What the shipped procedures do not show: ways back to where one came from, steps that nothing
 * leads to, automatic steps, and conditions in words. */
#include "core/flowgraph.h"

#include "core/flowwords.h"
#include "dvc_test.h"

static struct target to_step(int step)
{
    return (struct target){.kind = TARGET_STEP, .steps = {step}, .step_count = 1};
}

static size_t count_edges(const struct flowgraph *graph, int from, int to)
{
    size_t count = 0;

    for (size_t i = 0; i < graph->edge_count; i++)
        count += graph->edges[i].from == from && graph->edges[i].to == to;
    return count;
}

/* a and b lead to c; c leads back to where it came from, which is also d once d was asked. */
DVC_TEST(flowgraph, previous_leads_to_every_step_one_may_have_come_from)
{
    static const struct target previous = {.kind = TARGET_PREVIOUS};
    struct arena *arena = arena_new();
    struct action a[] = {{.id = "on", .to = to_step(1)}, {.id = "ask", .to = to_step(2)}};
    struct action b[] = {{.id = "ask", .to = to_step(2)}};
    struct action c[] = {{.id = "answer", .to = previous}, {.id = "further", .to = to_step(3)}};
    struct action d[] = {{.id = "answer", .to = previous}};
    struct step steps[] = {
        {.id = "a", .name = "A", .role = ROLE_OFFICER, .actions = a, .action_count = 2},
        {.id = "b", .name = "B", .role = ROLE_OFFICER, .actions = b, .action_count = 1},
        {.id = "c", .name = "C", .role = ROLE_LEADER, .actions = c, .action_count = 2},
        {.id = "d", .name = "D", .role = ROLE_CLERK, .actions = d, .action_count = 1}};
    struct procedure procedure = {.steps = steps, .step_count = 4};
    const struct flowgraph *graph = flowgraph_make(arena, &procedure);

    DVC_EQ_INT(count_edges(graph, 2, 0), 1);
    DVC_EQ_INT(count_edges(graph, 2, 1), 1);
    DVC_EQ_INT(count_edges(graph, 2, 3), 2); /* "further", and back to who answered */
    DVC_EQ_INT(count_edges(graph, 3, 2), 1);
    DVC_EQ_INT(graph->nodes[2].rank, 2);
    DVC_EQ_INT(graph->nodes[3].rank, 3);
    for (size_t i = 0; i < graph->edge_count; i++)
        if (graph->edges[i].previous)
            cr_assert(graph->edges[i].back || graph->edges[i].to == 3);
    arena_free(arena);
}

DVC_TEST(flowgraph, what_nothing_leads_to_is_shown_all_the_same)
{
    struct arena *arena = arena_new();
    struct action self[] = {{.id = "again", .to = to_step(1), .is_default = true}};
    struct step steps[] = {
        {.id = "a", .name = "A", .role = ROLE_OFFICER},
        {.id = "lost", .name = "Lạc", .role = ROLE_OFFICER, .actions = self, .action_count = 1}};
    struct procedure procedure = {.steps = steps, .step_count = 2}, nothing = {.step_count = 0};
    const struct flowgraph *graph = flowgraph_make(arena, &procedure);

    DVC_EQ_INT(graph->node_count, 2);
    DVC_EQ_INT(graph->ranks, 1);
    DVC_EQ_INT(graph->nodes[1].column, 1);
    cr_assert(graph->edges[0].back);
    DVC_EQ_INT(graph->nodes[0].kind, FLOW_WORK);
    DVC_EQ_INT(graph->nodes[1].kind, FLOW_AUTOMATIC);
    DVC_EQ_INT(flowgraph_make(arena, &nothing)->node_count, 0);
    arena_free(arena);
}

static const char *in_words(struct arena *arena, const struct procedure *procedure,
                            const char *text)
{
    struct buf buf = BUF_INIT(1000);
    struct expr_error error;
    struct expr *expr;
    const char *said;

    cr_assert(expr_parse(arena, slice_str(text), &expr, &error) == 0, "%s", text);
    flow_condition_vi(&buf, procedure, expr);
    said = arena_slice_str(arena, buf_slice(&buf));
    buf_release(&buf);
    return said;
}

DVC_TEST(flowwords, conditions_name_fields_papers_cases_and_steps)
{
    struct arena *arena = arena_new();
    struct field_option options[] = {{"flat", "Căn hộ"}, {"house", "Nhà riêng"}};
    struct field form[] = {{.id = "floors", .label = "Số tầng", .type = FIELD_INTEGER},
                           {.id = "pledge", .label = "Cam kết", .type = FIELD_BOOLEAN},
                           {.id = "kind",
                            .label = "Loại nhà",
                            .type = FIELD_SELECT,
                            .options = options,
                            .option_count = 2}};
    struct paper papers[] = {{.id = "plan", .name = "Bản vẽ"}};
    struct case_kind cases[] = {{.id = "new", .name = "Xây mới"}};
    struct step steps[] = {{.id = "appraise", .name = "Thẩm định"}};
    struct procedure procedure = {.form = form,
                                  .field_count = 3,
                                  .papers = papers,
                                  .paper_count = 1,
                                  .cases = cases,
                                  .case_count = 1,
                                  .steps = steps,
                                  .step_count = 1};

    DVC_EQ_STR(in_words(arena, &procedure, "form.floors >= 7"), "“Số tầng” ≥ 7");
    DVC_EQ_STR(in_words(arena, &procedure, "form.pledge and not form.pledge"),
               "có chọn “Cam kết” và không chọn “Cam kết”");
    DVC_EQ_STR(in_words(arena, &procedure, "form.kind in [\"flat\", \"house\", \"hut\"]"),
               "“Loại nhà” là “Căn hộ”, “Nhà riêng” hoặc “hut”");
    DVC_EQ_STR(in_words(arena, &procedure, "case != \"new\" and (fees.paid or fees.due == 0)"),
               "trường hợp không phải là “Xây mới” và (đã nộp đủ phí, lệ phí hoặc số tiền còn "
               "phải nộp = 0)");
    DVC_EQ_STR(in_words(arena, &procedure, "dossier.delivery.method == \"post\""),
               "cách nhận kết quả là “qua bưu chính”");
    DVC_EQ_STR(in_words(arena, &procedure, "channel == \"online\""),
               "cách nộp hồ sơ là “trực tuyến”");
    DVC_EQ_STR(in_words(arena, &procedure, "not dossier.forwarded"),
               "không phải hồ sơ do cơ quan khác tiếp nhận");
    DVC_EQ_STR(in_words(arena, &procedure, "documents.plan.present"), "có giấy tờ “Bản vẽ”");
    DVC_EQ_STR(in_words(arena, &procedure, "visits.appraise > 1"),
               "số lần qua bước “Thẩm định” > 1");
    DVC_EQ_STR(in_words(arena, &procedure, "form.kind == null"), "“Loại nhà” chưa có");
    DVC_EQ_STR(in_words(arena, &procedure, "not (form.floors > 1 or form.floors < 1)"),
               "không phải (“Số tầng” > 1 hoặc “Số tầng” < 1)");
    arena_free(arena);
}
