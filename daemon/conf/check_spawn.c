#include "conf/check_spawn.h"

#include <string.h>

#include "conf/check_fit.h"
#include "conf/nearest.h"

struct spawn_check {
    struct plugin_check check;
    const struct spawn_world *world;
    const struct spawn *spawn;
    const struct procedure *other;
};

static const struct procedure *find(const struct spawn_world *world, const char *code)
{
    for (size_t i = 0; i < world->count; i++) {
        if (strcmp(world->procedures[i]->code, code) == 0)
            return world->procedures[i];
    }
    return NULL;
}

/* The place of one value of the effect, or of the effect itself. */
static const struct value *place(const struct spawn_check *sc, const char *key, const char *id)
{
    const struct value *value = value_get(sc->spawn->source, key);

    if (id != NULL && value_get(value, id) != NULL)
        value = value_get(value, id);
    return value != NULL ? value : sc->spawn->source;
}

static const char *near_field(const struct spawn_check *sc, const struct procedure *procedure,
                              const char *id)
{
    const char **names = ARENA_ARRAY(sc->check.arena, const char *, procedure->field_count + 1);
    const char *nearest;

    for (size_t i = 0; i < procedure->field_count; i++)
        names[i] = procedure->form[i].id;
    nearest = nearest_word(slice_str(id), names, procedure->field_count);
    return nearest == NULL ? "" : arena_printf(sc->check.arena, ", có phải \"%s\"?", nearest);
}

static void one_field(struct spawn_check *sc, const struct spawn_source *source)
{
    const struct field *target = fit_field(sc->other, source->target);
    const char *bounds;
    struct fit fit;

    if (target == NULL) {
        rule_fault_flow(&sc->check, RULE_SPAWN_NAMES, place(sc, "form", source->target),
                        "\"spawn\": thủ tục %s không có trường \"%s\"%s", sc->other->code,
                        source->target, near_field(sc, sc->other, source->target));
        return;
    }
    fit_source(sc->check.procedure, sc->spawn, source, &fit);
    if (!fit.known)
        rule_fault_flow(
            &sc->check, RULE_SPAWN_NAMES, place(sc, "form", source->target),
            "\"spawn\", trường \"%s\": không có nguồn \"%s\"; cần một trong: form.<trường>, "
            "applicant.name, applicant.id_number, applicant.phone, applicant.email, "
            "applicant.address.province, applicant.address.commune, applicant.address.line, "
            "dossier.code, result.number, result.signed_on",
            source->target, source->path);
    else if (!fit_type(&fit, target))
        rule_fault_flow(&sc->check, RULE_SPAWN_TYPE, place(sc, "form", source->target),
                        "\"spawn\", trường \"%s\" của thủ tục %s là %s, không nhận được giá trị %s",
                        target->id, sc->other->code, field_type_code(target->type),
                        fit_name(sc->check.arena, &fit));
    else if ((bounds = fit_bounds(sc->check.arena, &fit, target)) != NULL)
        rule_fault_flow(&sc->check, RULE_SPAWN_TYPE, place(sc, "form", source->target),
                        "\"spawn\", trường \"%s\" của thủ tục %s không nhận hết giá trị của %s: %s",
                        target->id, sc->other->code,
                        source->constant != NULL ? fit_name(sc->check.arena, &fit) : source->path,
                        bounds);
    else if (fit_required(target) && !fit.always)
        rule_fault_flow(
            &sc->check, RULE_SPAWN_GIVEN, place(sc, "form", source->target),
            "\"spawn\": thủ tục %s bắt buộc có trường \"%s\", mà \"%s\" có thể trống; cần "
            "một nguồn bắt buộc, hoặc \"when\" của spawn là điều kiện bắt buộc của nguồn",
            sc->other->code, target->id, source->path);
}

static const struct spawn_source *given(const struct spawn_source *list, size_t count,
                                        const char *target)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].target, target) == 0)
            return &list[i];
    }
    return NULL;
}

static void fields(struct spawn_check *sc)
{
    for (size_t i = 0; i < sc->spawn->field_count; i++)
        one_field(sc, &sc->spawn->fields[i]);
    for (size_t i = 0; i < sc->other->field_count; i++) {
        const struct field *field = &sc->other->form[i];

        if (fit_required(field) &&
            given(sc->spawn->fields, sc->spawn->field_count, field->id) == NULL)
            rule_fault_flow(
                &sc->check, RULE_SPAWN_GIVEN, place(sc, "form", NULL),
                "\"spawn\": thủ tục %s bắt buộc có trường \"%s\" (%s) mà không được điền",
                sc->other->code, field->id, field->label);
    }
}

static const struct paper *find_paper(const struct procedure *procedure, const char *id)
{
    for (size_t i = 0; i < procedure->paper_count; i++) {
        if (strcmp(procedure->papers[i].id, id) == 0)
            return &procedure->papers[i];
    }
    return NULL;
}

static bool same_condition(const struct expr *a, const struct expr *b)
{
    return a != NULL && b != NULL && slice_eq(expr_text(a), expr_text(b));
}

static void one_paper(struct spawn_check *sc, const struct spawn_source *source)
{
    const struct paper *target = find_paper(sc->other, source->target);
    const struct paper *ours = find_paper(sc->check.procedure, source->path);
    bool result = strcmp(source->path, SPAWN_RESULT) == 0;

    if (target == NULL)
        rule_fault_flow(&sc->check, RULE_SPAWN_NAMES, place(sc, "documents", source->target),
                        "\"spawn\": thủ tục %s không có giấy tờ \"%s\"", sc->other->code,
                        source->target);
    else if (ours == NULL && !result)
        rule_fault_flow(
            &sc->check, RULE_SPAWN_NAMES, place(sc, "documents", source->target),
            "\"spawn\", giấy tờ \"%s\": thủ tục này không có giấy tờ \"%s\"; cần tên một "
            "giấy tờ trong \"documents\", hoặc result",
            source->target, source->path);
    else if (target->required && !result && (!ours->required || ours->cases != NULL) &&
             !same_condition(ours->required_if, sc->spawn->when))
        rule_fault_flow(
            &sc->check, RULE_SPAWN_GIVEN, place(sc, "documents", source->target),
            "\"spawn\": thủ tục %s bắt buộc có giấy tờ \"%s\", mà \"%s\" có thể không được "
            "nộp",
            sc->other->code, target->id, source->path);
}

/* A paper of another case is not asked for. */
static bool asked(const struct spawn_check *sc, const struct paper *paper)
{
    if (!paper->required || paper->cases == NULL)
        return paper->required;
    for (size_t i = 0; i < paper->case_count; i++) {
        if (sc->spawn->case_id != NULL && strcmp(paper->cases[i], sc->spawn->case_id) == 0)
            return true;
    }
    return false;
}

static void papers(struct spawn_check *sc)
{
    for (size_t i = 0; i < sc->spawn->paper_count; i++)
        one_paper(sc, &sc->spawn->papers[i]);
    for (size_t i = 0; i < sc->other->paper_count; i++) {
        const struct paper *paper = &sc->other->papers[i];

        if (asked(sc, paper) && given(sc->spawn->papers, sc->spawn->paper_count, paper->id) == NULL)
            rule_fault_flow(
                &sc->check, RULE_SPAWN_GIVEN, place(sc, "documents", NULL),
                "\"spawn\": thủ tục %s bắt buộc có giấy tờ \"%s\" (%s) mà không được kèm",
                sc->other->code, paper->id, paper->name);
    }
}

static void case_of(struct spawn_check *sc)
{
    const char *id = sc->spawn->case_id;

    if (id != NULL && procedure_case(sc->other, slice_str(id)) == NULL)
        rule_fault_flow(&sc->check, RULE_SPAWN_NAMES, place(sc, "case", NULL),
                        "\"spawn\": thủ tục %s không có trường hợp \"%s\"", sc->other->code, id);
    else if (id == NULL && sc->other->case_count > 0)
        rule_fault_flow(&sc->check, RULE_SPAWN_GIVEN, sc->spawn->source,
                        "\"spawn\": thủ tục %s có nhiều trường hợp; cần \"case\"", sc->other->code);
}

/* The function asked for is the one that the spawn names, or, without one, that of our own agency.
 */
static bool same_agency(const struct spawn_check *sc, const char *function)
{
    const char *named =
        sc->spawn->agency_role != NULL ? sc->spawn->agency_role : sc->check.procedure->competent;

    return named != NULL && strcmp(named, function) == 0;
}

/* What is sent on electronically must be taken electronically, by whom it is sent to and for whom.
 */
static void taken(struct spawn_check *sc)
{
    const struct procedure *own = sc->check.procedure, *other = sc->other;

    if (!other->channel_open[CHANNEL_ONLINE] || other->level == LEVEL_INFO)
        rule_fault_flow(&sc->check, RULE_SPAWN_TAKEN, place(sc, "spawn", NULL),
                        "\"spawn\": thủ tục %s không nhận hồ sơ trực tuyến (channels.online)",
                        other->code);
    if ((own->for_citizen && !other->for_citizen) || (own->for_business && !other->for_business) ||
        (own->for_organisation && !other->for_organisation))
        rule_fault_flow(
            &sc->check, RULE_SPAWN_TAKEN, place(sc, "spawn", NULL),
            "\"spawn\": thủ tục %s không dành cho mọi đối tượng (subjects) của thủ tục này",
            other->code);
    if (other->competent != NULL && !same_agency(sc, other->competent))
        rule_fault_flow(
            &sc->check, RULE_SPAWN_TAKEN, place(sc, "agency", NULL),
            "\"spawn\": thủ tục %s do cơ quan có chức năng \"%s\" giải quyết; cần \"agency: "
            "%s\"",
            other->code, other->competent, other->competent);
    else if (other->competent == NULL && sc->spawn->agency_role == NULL &&
             (own->authority != other->authority || own->competent != NULL))
        rule_fault_flow(
            &sc->check, RULE_SPAWN_TAKEN, place(sc, "spawn", NULL),
            "\"spawn\": thủ tục %s do cấp khác giải quyết (authority: %s); cần \"agency\": "
            "chức năng của cơ quan giải quyết",
            other->code, authority_code(other->authority));
}

static void agency(struct spawn_check *sc)
{
    const char *function = sc->spawn->agency_role;

    if (function != NULL && sc->check.agencies != NULL && strcmp(function, "receiving") != 0 &&
        !agency_function_known(sc->check.agencies, slice_str(function)))
        rule_fault_flow(&sc->check, RULE_AGENCY, place(sc, "agency", NULL),
                        "\"spawn\": không cơ quan nào có chức năng \"%s\" trong config/agencies "
                        "(functions)",
                        function);
}

/* Whether `code` is opened by what `from` opens; `seen` bounds the walk. */
struct walk {
    const struct spawn_world *world;
    const char *code;
    bool *seen;
    bool found;
};

static void walk_from(struct walk *walk, const struct procedure *from);

static void walk_spawn(void *ctx, const struct step *step, const struct spawn *spawn)
{
    struct walk *walk = ctx;
    const struct procedure *next = find(walk->world, spawn->procedure);

    (void)step;
    if (strcmp(spawn->procedure, walk->code) == 0)
        walk->found = true;
    else if (next != NULL && !walk->found)
        walk_from(walk, next);
}

static void walk_from(struct walk *walk, const struct procedure *from)
{
    for (size_t i = 0; i < walk->world->count; i++) {
        if (walk->world->procedures[i] != from)
            continue;
        if (walk->seen[i])
            return;
        walk->seen[i] = true;
    }
    procedure_each_spawn(from, walk_spawn, walk);
}

static void cycle(struct spawn_check *sc)
{
    const char *code = sc->check.procedure->code;
    struct walk walk = {.world = sc->world,
                        .code = code,
                        .seen = ARENA_ARRAY(sc->check.arena, bool, sc->world->count + 1)};

    walk.found = strcmp(sc->other->code, code) == 0;
    if (!walk.found)
        walk_from(&walk, sc->other);
    if (walk.found)
        rule_fault_flow(&sc->check, RULE_SPAWN_CYCLE, place(sc, "spawn", NULL),
                        "\"spawn\": thủ tục %s lại mở thủ tục %s: liên thông không được quay vòng",
                        sc->other->code, code);
}

static void one_spawn(void *ctx, const struct step *step, const struct spawn *spawn)
{
    struct spawn_check *sc = ctx;

    (void)step;
    sc->spawn = spawn;
    sc->other = find(sc->world, spawn->procedure);
    agency(sc);
    if (sc->other == NULL) {
        if (sc->world->whole)
            rule_fault_flow(&sc->check, RULE_SPAWN_KNOWN, place(sc, "spawn", NULL),
                            "\"spawn\": không có thủ tục %s trong thư mục thủ tục",
                            spawn->procedure);
        return;
    }
    cycle(sc);
    taken(sc);
    case_of(sc);
    fields(sc);
    papers(sc);
}

static void count_spawn(void *ctx, const struct step *step, const struct spawn *spawn)
{
    size_t *count = ctx;

    (void)step;
    (void)spawn;
    ++*count;
}

bool check_spawns(const struct spawn_world *world, size_t of, struct conf_errors *errors)
{
    struct spawn_check sc = {.world = world};
    struct arena *arena;
    size_t spawns = 0;

    procedure_each_spawn(world->procedures[of], count_spawn, &spawns);
    if (spawns == 0) /* as nearly all of a province's */
        return true;
    arena = arena_new();
    plugin_check_init(&sc.check, arena, world->procedures[of], NULL, world->files[of], errors);
    sc.check.agencies = world->agencies;
    procedure_each_spawn(world->procedures[of], one_spawn, &sc);
    arena_free(arena);
    return sc.check.faults == 0;
}
