#include "core/form_paper.h"

#include "dvc_test.h"

static const char *house_only[] = {"house"};
static const char *pdf_only[] = {"pdf", "jpg"};

static struct paper papers[] = {
    {.id = "land_right", .name = "Giấy tờ đất", .required = true},
    {.id = "drawings", .name = "Bản vẽ", .formats = pdf_only, .format_count = 2, .max_mb = 20},
    {.id = "contract", .name = "Hợp đồng", .cases = house_only, .case_count = 1, .required = true},
    {.id = "pledge", .name = "Cam kết"},
};

static const struct value *adjacent(void *ctx, struct slice path)
{
    return slice_is(path, "form.adjacent") ? ctx : NULL;
}

struct fixture {
    struct arena *arena;
    struct procedure procedure;
    struct form_faults faults;
};

static struct fixture set_up(void)
{
    struct fixture fixture = {.arena = arena_new(),
                              .procedure = {.papers = papers, .paper_count = DVC_COUNT(papers)}};
    struct expr_error error;

    DVC_EQ_INT(
        expr_parse(fixture.arena, SLICE_LIT("form.adjacent"), &papers[3].required_if, &error), 0);
    return fixture;
}

static void check(struct fixture *fixture, const char *case_id, const struct form_paper *given,
                  size_t count, bool is_adjacent)
{
    fixture->faults = (struct form_faults){0};
    form_papers_check(fixture->arena, &fixture->procedure, case_id, given, count, adjacent,
                      value_bool(fixture->arena, is_adjacent), &fixture->faults);
}

static void expect(const struct fixture *fixture, size_t at, const char *pointer, const char *code,
                   const char *words)
{
    cr_assert(fixture->faults.count > at, "only %zu faults", fixture->faults.count);
    DVC_EQ_STR(fixture->faults.items[at].pointer, pointer);
    DVC_EQ_STR(fixture->faults.items[at].code, code);
    cr_assert(strstr(fixture->faults.items[at].message, words) != NULL, "%s",
              fixture->faults.items[at].message);
}

DVC_TEST(form_paper, what_is_owed)
{
    const struct form_paper land = {.paper = SLICE_LIT("land_right"), .copies = 1};
    struct fixture fixture = set_up();

    check(&fixture, "works", NULL, 0, false);
    DVC_EQ_INT(fixture.faults.count, 1);
    expect(&fixture, 0, "/documents", "required", "“Giấy tờ đất” chưa được nộp");
    check(&fixture, "works", &land, 1, false);
    DVC_EQ_INT(fixture.faults.count, 0);
    check(&fixture, "works", &land, 1, true);
    DVC_EQ_INT(fixture.faults.count, 1);
    expect(&fixture, 0, "/documents", "required", "Cam kết");
    check(&fixture, "house", &land, 1, false);
    DVC_EQ_INT(fixture.faults.count, 1);
    expect(&fixture, 0, "/documents", "required", "Hợp đồng");
    arena_free(fixture.arena);
}

/* Named, but neither a file nor a sheet came with it. */
DVC_TEST(form_paper, an_empty_entry_is_no_paper)
{
    const struct form_paper land = {.paper = SLICE_LIT("land_right")};
    struct fixture fixture = set_up();

    check(&fixture, NULL, &land, 1, false);
    expect(&fixture, 0, "/documents", "required", "Giấy tờ đất");
    arena_free(fixture.arena);
}

DVC_TEST(form_paper, what_does_not_belong)
{
    const struct form_paper given[] = {
        {.paper = SLICE_LIT("land_right"), .file = true, .format = "exe", .size = 1},
        {.paper = SLICE_LIT("drawings"), .file = true, .format = "PDF", .size = 20 * 1024 * 1024},
        {.paper = SLICE_LIT("drawings"), .file = true, .format = "png", .size = 20971521},
        {.paper = SLICE_LIT("contract"), .copies = 1},
        {.paper = SLICE_LIT("selfie"), .copies = 1},
    };
    struct fixture fixture = set_up();

    check(&fixture, "works", given, DVC_COUNT(given), false);
    DVC_EQ_INT(fixture.faults.count, 5);
    expect(&fixture, 0, "/documents/2/id", "duplicate", "Bản vẽ");
    expect(&fixture, 1, "/documents/2/upload", "format", "pdf, jpg");
    expect(&fixture, 2, "/documents/2/upload", "size", "20 MB");
    expect(&fixture, 3, "/documents/3/id", "unknown", "trường hợp");
    expect(&fixture, 4, "/documents/4/id", "unknown", "selfie");
    arena_free(fixture.arena);
}
