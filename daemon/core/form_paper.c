#include "core/form_paper.h"

#include "core/format.h"
#include "core/form_text.h"
#include "core/form_value.h"

#include <string.h>

static bool of_case(const struct paper *paper, const char *case_id)
{
    if (paper->cases == NULL)
        return true;
    for (size_t i = 0; case_id != NULL && i < paper->case_count; i++) {
        if (slice_is(slice_str(case_id), paper->cases[i]))
            return true;
    }
    return false;
}

bool form_paper_asked(const struct paper *paper, const char *case_id, expr_lookup_fn lookup,
                      void *ctx)
{
    if (!of_case(paper, case_id))
        return false;
    return paper->required ||
           (paper->required_if != NULL && expr_eval(paper->required_if, lookup, ctx));
}

static int paper_index(const struct procedure *procedure, struct slice id)
{
    for (size_t i = 0; i < procedure->paper_count; i++) {
        if (slice_is(id, procedure->papers[i].id))
            return (int)i;
    }
    return -1;
}

static const char *format_list(struct arena *arena, const struct paper *paper)
{
    const char *list = paper->formats[0];

    for (size_t i = 1; i < paper->format_count; i++)
        list = arena_printf(arena, "%s, %s", list, paper->formats[i]);
    return list;
}

/* "jpg" and "jpeg" are one format under two names. */
static bool format_ok(const struct paper *paper, const char *format)
{
    const struct file_format *given = format_of_word(slice_str(format));

    if (given == NULL || paper->format_count == 0)
        return true;
    for (size_t i = 0; i < paper->format_count; i++) {
        const struct file_format *wanted = format_of_word(slice_str(paper->formats[i]));

        if (wanted != NULL && strcmp(wanted->type, given->type) == 0)
            return true;
    }
    return false;
}

static void fault(struct arena *arena, struct form_faults *faults, enum form_rule rule,
                  const char *name, const char *limit, size_t at, const char *member)
{
    form_fault(arena, faults, form_rule_code(rule), form_rule_message(arena, rule, name, limit),
               "/documents/%zu%s", at, member);
}

static void check_file(struct arena *arena, const struct paper *paper,
                       const struct form_paper *given, size_t at, struct form_faults *faults)
{
    if (!format_ok(paper, given->format))
        fault(arena, faults, FORM_PAPER_FORMAT, paper->name, format_list(arena, paper), at,
              "/upload");
    if (paper->max_mb > 0 && given->size > (int64_t)paper->max_mb * 1024 * 1024)
        fault(arena, faults, FORM_PAPER_SIZE, paper->name, arena_printf(arena, "%d", paper->max_mb),
              at, "/upload");
}

const char *form_paper_format(struct slice media_type)
{
    const struct file_format *format = format_of_type(media_type);

    return format != NULL ? format->word : NULL;
}

static void check_given(struct arena *arena, const struct procedure *procedure, const char *case_id,
                        const struct form_paper *given, size_t count, bool *seen,
                        struct form_faults *faults)
{
    for (size_t i = 0; i < count; i++) {
        int index = paper_index(procedure, given[i].paper);
        const struct paper *paper = index >= 0 ? &procedure->papers[index] : NULL;

        if (paper == NULL) {
            fault(arena, faults, FORM_PAPER_UNKNOWN,
                  arena_slice_str(arena, form_shorten(given[i].paper, 64)), NULL, i, "/id");
            continue;
        }
        if (!of_case(paper, case_id))
            fault(arena, faults, FORM_PAPER_CASE, paper->name, NULL, i, "/id");
        else if (seen[index])
            fault(arena, faults, FORM_PAPER_TWICE, paper->name, NULL, i, "/id");
        if (given[i].file)
            check_file(arena, paper, &given[i], i, faults);
        seen[index] = seen[index] || given[i].file || given[i].copies > 0;
    }
}

void form_papers_given(struct arena *arena, const struct procedure *procedure, const char *case_id,
                       const struct form_paper *given, size_t count, struct form_faults *faults)
{
    bool *seen = ARENA_ARRAY(arena, bool, procedure->paper_count);

    check_given(arena, procedure, case_id, given, count, seen, faults);
}

void form_papers_check(struct arena *arena, const struct procedure *procedure, const char *case_id,
                       const struct form_paper *given, size_t count, expr_lookup_fn lookup,
                       void *ctx, struct form_faults *faults)
{
    bool *seen = ARENA_ARRAY(arena, bool, procedure->paper_count);

    check_given(arena, procedure, case_id, given, count, seen, faults);
    for (size_t i = 0; i < procedure->paper_count; i++) {
        if (seen[i] || !form_paper_asked(&procedure->papers[i], case_id, lookup, ctx))
            continue;
        form_fault(arena, faults, form_rule_code(FORM_PAPER_REQUIRED),
                   form_rule_message(arena, FORM_PAPER_REQUIRED, procedure->papers[i].name, NULL),
                   "/documents");
    }
}
