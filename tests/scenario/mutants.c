/* Mutants of the fourteen procedures: mutants ROOT [list]. Each is one of them with one small
 * change (mutate.h). What the law or the flow forbids the checker must find, in whichever procedure
 * and at whichever step it was done; the table says which kinds of change that are, and where one
 * of them is none the worse. With "list" every mutant is told of, with what became of it. */
#include "conf/plugin.h"
#include "conf/plugin_check.h"
#include "mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "plugins/procedures"

struct kind {
    const char *name;
    const char *but[4]; /* the end of a place where it may stand */
    size_t made, passed;
};

static struct kind kinds[] = {
    /* acceptance, and what the applicant is given then */
    {.name = "drop effect accept"},
    {.name = "add effect accept"},
    {.name = "drop effect issue receipt",
     .but = {"2.000635 receive.accept", "2.000815 receive.accept"}},
    {.name = "add effect issue receipt"},
    /* the clock */
    {.name = "drop effect pause"},
    {.name = "drop effect resume"},
    {.name = "drop effect restart"},
    {.name = "drop effect finish", .but = {".refuse"}}, /* the end finishes it */
    {.name = "add effect pause"},
    {.name = "add effect finish", .but = {".stop", "insurance.refused"}},
    {.name = "closes_after 5 working_days"},
    {.name = "drop timeout"},
    /* requests for papers */
    {.name = "drop effect issue supplement_request"},
    {.name = "add effect issue supplement_request"},
    {.name = "drop need papers"},
    {.name = "max 2"},
    {.name = "then resume"},
    {.name = "drop within"},
    /* refusal, stopping, withdrawal */
    {.name = "drop effect issue refusal"},
    {.name = "add effect issue refusal"},
    {.name = "drop effect issue stop_notice"},
    {.name = "add effect issue stop_notice"},
    {.name = "end not_accepted"},
    {.name = "end refused"},
    {.name = "end stopped"},
    {.name = "end withdrawn",
     .but = {".resubmit", "confirm_draft.change"}}, /* the applicant's own */
    /* the result */
    {.name = "drop need result", .but = {"insurance.issued"}}, /* the certificate is there */
    {.name = "drop need receiver"},
    {.name = "end returned"},
    {.name = "drop effect publish_result"},
    {.name = "add effect correct_result", .but = {"insurance.issued"}},
    /* the post */
    {.name = "drop effect post_return"},
    {.name = "add effect post_return"},
    {.name = "flip return"},
    /* money */
    {.name = "drop effect request_payment"},
    {.name = "add effect request_payment"},
    {.name = "amount 0"},
    /* who does it, and for whom */
    {.name = "by payment", .but = {"intake_payment.paid", "intake_payment.go_on"}},
    {.name = "by post", .but = {"in_post.delivered", "in_post.came_back"}},
    {.name = "by applicant",
     .but = {".resubmit", "intake_payment.go_on", "confirm_draft.confirm", "confirm_draft.change"}},
    {.name = "not when", .but = {"appraise.consult"}},
    {.name = "info", .but = {"2.000815 level", "2.000986 level"}}, /* nothing online */
    {.name = "drop effect spawn"},
    {.name = "drop step"},
    {.name = "drop action"},
};

static bool sound(struct arena *arena, const struct value *tree, const char *file,
                  struct conf_errors *errors)
{
    struct procedure *procedure;

    return procedure_compile(arena, tree, file, errors, &procedure) == 0 &&
           procedure_check(procedure, NULL, file, errors);
}

static void list(const char *code, const struct mutation *m, const struct conf_errors *errors)
{
    printf("%s\t%s\t%s\t%s", code, m->where, m->kind, errors->count == 0 ? "PASS" : "");
    for (size_t i = 0; i < errors->count && i < 6; i++) {
        const char *at = strrchr(errors->items[i].text, '[');

        if (at != NULL)
            printf(" %s", at);
    }
    printf("\n");
}

static bool may_pass(const struct kind *kind, const char *place)
{
    for (size_t i = 0; i < DVC_COUNT(kind->but) && kind->but[i] != NULL; i++) {
        size_t length = strlen(kind->but[i]);

        if (strlen(place) >= length && strcmp(place + strlen(place) - length, kind->but[i]) == 0)
            return true;
    }
    return false;
}

/* False when the checker should have found it. */
static bool judge(struct arena *arena, const char *code, const struct mutation *m, bool passed)
{
    const char *place = arena_printf(arena, "%s %s", code, m->where);

    for (size_t i = 0; i < DVC_COUNT(kinds); i++) {
        if (strcmp(m->kind, kinds[i].name) != 0)
            continue;
        kinds[i].made++;
        kinds[i].passed += passed;
        if (!passed || may_pass(&kinds[i], place))
            return true;
        printf("# nobody minds \"%s\" at %s\n", m->kind, place);
        return false;
    }
    return true;
}

/* How many mutants of one procedure; what should have been found is counted in *missed. */
static size_t one_plugin(const char *root, const char *file, bool listed, size_t *missed)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    const char *code = arena_printf(arena, "%.*s", (int)strcspn(file, "y") - 1, file);
    struct value *tree;
    size_t at = 0;

    if (plugin_load(arena, arena_printf(arena, "%s/%s/%s", root, FOLDER, file), file,
                    arena_printf(arena, "%s/plugins/workflows", root), &errors, &tree) != 0 ||
        !sound(arena, tree, file, &errors)) {
        printf("# %s is not sound itself\n", file);
        ++*missed;
        return 0;
    }
    for (bool more = true; more; at += more) {
        struct arena *own = arena_new();
        struct conf_errors found = CONF_ERRORS_INIT(own);
        struct mutation m = {.arena = own, .at = at};
        struct value *copy = mutate_copy(own, tree);

        more = mutate(&m, copy);
        if (more)
            *missed += !judge(own, code, &m, sound(own, copy, file, &found));
        if (more && listed)
            list(code, &m, &found);
        arena_free(own);
    }
    return at;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    size_t count = 0, all = 0, missed = 0, made = 0, passed = 0;
    const char **names;
    const char *folder;

    if (argc < 2)
        return 100;
    folder = arena_printf(arena, "%s/%s", argv[1], FOLDER);
    if (conf_folder_list(arena, folder, folder, ".yaml", 1000, &errors, &names, &count) != 0)
        return 100;
    for (size_t i = 0; i < count; i++)
        all += one_plugin(argv[1], names[i], argc > 2, &missed);
    for (size_t i = 0; i < DVC_COUNT(kinds); i++) {
        made += kinds[i].made;
        passed += kinds[i].passed;
        if (kinds[i].made == 0) {
            printf("# no mutant is \"%s\"\n", kinds[i].name);
            missed++;
        }
    }
    printf("# %zu procedures, %zu mutants; of %zu in %zu kinds that must be found, %zu may stand "
           "where they are\n",
           count, all, made, DVC_COUNT(kinds), passed);
    printf("%sok 1 - mutants\n1..1\n", missed == 0 && count >= 14 ? "" : "not ");
    arena_free(arena);
    return missed > 0 || count < 14;
}
