#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "conf/calendar_load.h"
#include "conf/errors.h"
#include "ctl/answers.h"
#include "ctl/plugin.h"
#include "ctl/plugin_load.h"
#include "ctl/simulation.h"

#define WORDS_MAX 200
#define ERRORS_TEXT_MAX (1u << 20)

struct request {
    const char *name; /* CODE or FILE */
    wall_t start;
    enum channel channel;
    enum delivery delivery;
    enum rehearsal_pace pace;
    const char *case_id, *agency, *waiver;
    struct slice form[WORDS_MAX], path[WORDS_MAX];
    size_t form_count, path_count;
};

struct stage {
    struct ctl *ctl;
    struct arena *arena;
    const struct request *request;
    struct plugin_set set;
    const struct procedure *procedure;
    struct calendar_set *calendars;
    const struct agency *agency;
    struct agency_order order;
    struct dossier *dossier;
};

/* ---- the command line ---- */

/* "2026-02-12T10:00", as people write it, or with seconds and an offset. */
static bool read_start(const char *text, wall_t *ret)
{
    char full[64];

    if (wall_parse(slice_str(text), ret) == 0)
        return true;
    return snprintf(full, sizeof(full), "%s:00+07:00", text) < (int)sizeof(full) &&
           wall_parse(slice_str(full), ret) == 0;
}

static bool read_pace(const char *text, enum rehearsal_pace *ret)
{
    for (int pace = PACE_LIMIT; pace <= PACE_NOW; pace++) {
        if (strcmp(text, pace_code((enum rehearsal_pace)pace)) == 0) {
            *ret = (enum rehearsal_pace)pace;
            return true;
        }
    }
    return false;
}

static int read_path(const char *text, struct request *ret)
{
    struct slice rest = slice_str(text), word;

    while (slice_next(&rest, ',', &word)) {
        word = slice_trim(word);
        if (word.len == 0 || ret->path_count == WORDS_MAX)
            return ctl_misuse("--path takes up to %d actions with commas between", WORDS_MAX);
        ret->path[ret->path_count++] = word;
    }
    return 0;
}

static int read_option(int c, const char *value, struct request *ret)
{
    switch (c) {
    case 's':
        return read_start(value, &ret->start)
                   ? 0
                   : ctl_misuse("--start '%s' is no moment such as 2026-02-12T10:00", value);
    case 'c':
        return channel_parse(slice_str(value), &ret->channel) == 0
                   ? 0
                   : ctl_misuse("--channel is online, direct or post");
    case 'd':
        return delivery_parse(slice_str(value), &ret->delivery) == 0
                   ? 0
                   : ctl_misuse("--delivery is counter, post or electronic");
    case 'p':
        return read_pace(value, &ret->pace) ? 0 : ctl_misuse("--pace is limit, half or now");
    case 'k':
        ret->case_id = value;
        return 0;
    case 'a':
        ret->agency = value;
        return 0;
    case 'w':
        ret->waiver = value;
        return 0;
    case 'f':
        if (strchr(value, '=') == NULL || ret->form_count == WORDS_MAX)
            return ctl_misuse("--form takes field=value");
        ret->form[ret->form_count++] = slice_str(value);
        return 0;
    case 'P':
        return read_path(value, ret);
    default:
        return CTL_E_USAGE; /* getopt has said why */
    }
}

static int read_request(int argc, char **argv, struct request *ret)
{
    static const struct option options[] = {
        {"start", required_argument, NULL, 's'},    {"channel", required_argument, NULL, 'c'},
        {"delivery", required_argument, NULL, 'd'}, {"pace", required_argument, NULL, 'p'},
        {"case", required_argument, NULL, 'k'},     {"agency", required_argument, NULL, 'a'},
        {"waiver", required_argument, NULL, 'w'},   {"form", required_argument, NULL, 'f'},
        {"path", required_argument, NULL, 'P'},     {NULL, 0, NULL, 0}};
    int c, r = 0;

    *ret = (struct request){.start = WALL_NONE, .channel = CHANNEL_ONLINE};
    while (r == 0 && (c = getopt_long(argc, argv, "", options, NULL)) != -1)
        r = read_option(c, optarg, ret);
    if (r != 0)
        return r;
    if (argc - optind != 1)
        return ctl_misuse("plugin simulate takes one FILE or CODE");
    if (wall_is_none(ret->start))
        return ctl_misuse("plugin simulate needs --start, for instance 2026-02-12T10:00");
    ret->name = argv[optind];
    return 0;
}

/* ---- the stage ---- */

static void tell(struct conf_errors *errors)
{
    struct buf text = BUF_INIT(ERRORS_TEXT_MAX);

    conf_errors_write(&text, errors);
    fputs(text.ptr, stderr);
    buf_release(&text);
}

/* Faults of the proof are printed, and then it is played all the same: that may show why. */
static int load(struct stage *s)
{
    const struct settings *settings;
    struct conf_errors errors = CONF_ERRORS_INIT(s->arena);
    int r = plugin_set_open(s->ctl, s->arena, &s->set);

    if (r == 0)
        r = plugin_set_configuration(&s->set);
    if (r != 0)
        return r;
    settings = s->ctl->settings;
    r = plugin_set_add(&s->set, s->request->name, &s->procedure);
    tell(&s->set.errors);
    if (r != 0)
        return r;
    if (s->set.agencies == NULL ||
        calendar_set_load(s->arena, settings->paths.calendars,
                          conf_shown(s->arena, settings->paths.calendars),
                          (int)settings->clock.weekends_only_years, &errors, &s->calendars) != 0) {
        tell(&errors);
        return CTL_E_USAGE;
    }
    return 0;
}

static bool decides(const struct stage *s, const struct agency *agency)
{
    return agency_valid_on(agency, day_of(s->request->start)) &&
           agency_decides(agency, (enum agency_level)s->procedure->authority,
                          s->procedure->competent);
}

static int find_agency(struct stage *s)
{
    const struct agency_tree *tree = s->set.agencies;
    const char *code = s->request->agency;

    for (size_t i = 0; code == NULL && s->agency == NULL && i < tree->count; i++) {
        if (decides(s, &tree->items[i]))
            s->agency = &tree->items[i];
    }
    if (code != NULL)
        s->agency = agency_find(tree, slice_str(code));
    if (s->agency == NULL || !decides(s, s->agency)) {
        ctl_error(code != NULL ? "agency '%s' is not there, not valid on that day, or does not "
                                 "decide this procedure"
                               : "%s: no agency decides this procedure",
                  code != NULL ? code : s->procedure->code);
        return CTL_E_USAGE;
    }
    return 0;
}

/* Where there are cases one is chosen: the first, unless it is said. */
static int fill_dossier(struct stage *s)
{
    const struct request *request = s->request;
    const struct procedure *p = s->procedure;
    struct dossier *d = s->dossier = dossier_new(s->arena, p);

    d->channel = request->channel;
    d->delivery = request->delivery;
    d->applicant.kind = p->for_citizen ? "citizen" : p->for_business ? "business" : "organisation";
    d->applicant.waiver = request->waiver;
    d->owner_is_applicant = true;
    d->delivery_to = value_new(s->arena, VALUE_MAP);
    d->case_id = request->case_id;
    if (d->case_id == NULL && p->case_count > 0)
        d->case_id = p->cases[0].id;
    if (d->case_id != NULL && procedure_case(p, slice_str(d->case_id)) == NULL)
        return ctl_misuse("%s has no case '%s'", p->code, d->case_id);
    return answers_read(s->arena, p, request->form, request->form_count, day_of(request->start),
                        &d->form);
}

/* ---- what the engine asks ---- */

static bool under(void *ctx, const char *agency, const char *ancestor)
{
    const struct stage *s = ctx;

    return agency_under(s->set.agencies, slice_str(agency), slice_str(ancestor));
}

static const char *serving(void *ctx, const char *function, const char *competent)
{
    const struct stage *s = ctx;

    return agency_serving(s->set.agencies, function, competent);
}

/* The online limit of a linked procedure that is among the plugins beside this one. */
static struct limit linked_limit(void *ctx, const char *procedure)
{
    const struct stage *s = ctx;

    for (size_t i = 0; i < s->set.count; i++) {
        if (strcmp(s->set.procedures[i]->code, procedure) == 0)
            return procedure_limit(s->set.procedures[i], NULL, CHANNEL_ONLINE);
    }
    return LIMIT_INIT_NONE;
}

static const struct calendar *calendar_of(const struct stage *s)
{
    const char *id = s->agency->calendar;

    if (id == NULL)
        id = s->ctl->settings->clock.default_calendar;
    return calendar_set_find(s->calendars, id);
}

/* The due that was given at acceptance, and, where the ledger has moved it, the last one. An
 * appointment is nobody's rule: the ledger says it. */
static void explain(const struct stage *s, const struct rehearsal_plan *plan,
                    const struct rehearsal *played, struct simulation *shown, struct explain *first,
                    struct explain *last)
{
    const struct dossier *d = played->end;
    const struct clock_rule *rule = &s->procedure->clock;
    struct clock_run run = {
        .start = deadline_start(rule, d->submitted_at, d->received_at),
    };

    if (wall_is_none(d->due_first))
        return;
    if (deadline_explain(s->arena, plan->setting.calendar, rule,
                         procedure_limit(s->procedure, d->case_id, d->channel), &run, first) == 0)
        shown->first = first;
    run = dossier_clock_run(s->arena, d);
    if (d->due_current.us != d->due_first.us && !d->extended &&
        deadline_explain(s->arena, plan->setting.calendar, rule, dossier_limit(d), &run, last) == 0)
        shown->last = last;
}

static int play(struct stage *s, struct rehearsal_plan *plan)
{
    struct rehearsal_plan at_limit = *plan;
    struct rehearsal played, whole;
    struct simulation shown = {.arena = s->arena,
                               .plan = plan,
                               .agencies = s->set.agencies,
                               .played = &played,
                               .whole = &played};
    struct explain first, last;
    int error = rehearse(s->arena, plan, &played);

    if (error == 0 && plan->pace != PACE_LIMIT) {
        at_limit.pace = PACE_LIMIT;
        shown.whole = rehearse(s->arena, &at_limit, &whole) == 0 ? &whole : &played;
    }
    if (error != 0) {
        struct buf text = BUF_INIT(8000);

        simulation_fault(&text, &shown, error);
        ctl_error("%s", text.ptr);
        buf_release(&text);
        return CTL_FAILED;
    }
    explain(s, plan, &played, &shown, &first, &last);
    if (s->ctl->json)
        simulation_json(&shown);
    else
        simulation_print(&shown);
    return CTL_OK;
}

int ctl_plugin_simulate(struct ctl *ctl, int argc, char **argv)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct request request;
    struct stage s = {.ctl = ctl, .arena = arena, .request = &request};
    struct rehearsal_plan plan;
    int r = read_request(argc, argv, &request);

    if (r == 0)
        r = load(&s);
    if (r == 0)
        r = find_agency(&s);
    if (r == 0)
        r = fill_dossier(&s);
    if (r != 0)
        return r;
    plugin_set_link(&s.set);
    s.order = (struct agency_order){under, &s};
    plan = (struct rehearsal_plan){
        .procedure = s.procedure,
        .setting = {.calendar = calendar_of(&s),
                    .calendar_version = 1,
                    .agencies = &s.order,
                    .agency_for = serving,
                    .agency_ctx = &s,
                    .intake_limit = ctl->settings->intake.limit,
                    .now = request.start},
        .agency = s.agency->code,
        .dossier = s.dossier,
        .pace = request.pace,
        .path = request.path,
        .path_count = request.path_count,
        .linked_limit = linked_limit,
        .ctx = &s,
    };
    if (plan.setting.calendar == NULL) {
        ctl_error("the working calendar of %s is not there", s.agency->code);
        return CTL_E_USAGE;
    }
    return play(&s, &plan);
}
