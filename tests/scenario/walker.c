/* The random walker: walker ROOT [STEPS [SEED]]. Makes up plugins, lets the checker decide which of
 * them are sound, and walks dossiers through those by random acts: whatever the plugin, the engine
 * holds what it promises (invariant.c), and nobody is left without a way on (helper.c). DVC_SEED
 * gives another seed, DVC_STEPS another number of steps. What fails is played again with fewer and
 * fewer acts, and the shortest is printed with its plugin. */
#include "base/num.h"
#include "conf/calendar_load.h"
#include "conf/check_spawn.h"
#include "conf/plugin.h"
#include "conf/plugin_check.h"
#include "conf/yaml.h"
#include "generate.h"
#include "helper.h"
#include "invariant.h"
#include "player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOSSIERS 24 /* of one plugin */
#define ACTS 48     /* of one dossier, then its helper brings it to an end */
#define AFTER_END 5
#define RULES 1000
#define OFFERS_EVERY 24
#define PARTNERS 2
#define PARTNER_FOLDER "tests/unit/conf/partners"

static const char *const partners[PARTNERS] = {"9.000002.yaml", "9.000003.yaml"};

struct run {
    struct calendar_set *known, *beyond; /* beyond: years without holidays after the last one */
    const struct calendar *made_up;
    struct tally tally;
    uint64_t seed;
    uint64_t plugins, sound, too_large;
    uint64_t rules[RULES];
    struct procedure *partners[PARTNERS]; /* what a made-up plugin may open */
};

struct life {
    const struct procedure *procedure;
    struct marks *marks;
    uint64_t seed;
    bool cut[ACTS + AFTER_END]; /* acts left out */
};

/* A calendar that no law made: odd hours, holidays strewn over the year, Saturdays worked. */
static const struct calendar *make_calendar(struct arena *arena, struct dice *dice)
{
    struct calendar_exception exceptions[60];
    struct calendar_spec spec = {
        .id = "made-up", .name = "Lịch thử", .version = "1", .first_year = 2024, .last_year = 2029};
    struct calendar *calendar;
    int32_t day = day_from_ymd(2026, 1, 1).n;
    size_t count = 0;

    for (int i = 1; i <= 6; i++) {
        struct calendar_hours *hours = &spec.week[i];

        hours->counted = i < 6 || dice_one_in(dice, 2);
        hours->sessions[0] = (struct calendar_session){420 + 30 * (int)dice_roll(dice, 3), 690};
        hours->sessions[1] = (struct calendar_session){780, 990 + 30 * (int)dice_roll(dice, 3)};
        hours->count = i < 6 ? 2 : dice_roll(dice, 2);
    }
    while (count < DVC_COUNT(exceptions)) {
        day += 1 + (int32_t)dice_roll(dice, 12);
        exceptions[count++] = (struct calendar_exception){
            .day = {day},
            .kind = dice_one_in(dice, 4) ? CALENDAR_MAKE_UP : CALENDAR_HOLIDAY,
            .as_weekday = 1};
    }
    spec.exceptions = exceptions;
    spec.exception_count = count;
    DVC_REQUIRE(calendar_new(arena, &spec, &calendar, NULL) == 0);
    return calendar;
}

static void calendars(const struct run *run, struct walk *walk, struct dice *dice)
{
    const struct calendar_set *set = dice_one_in(dice, 10) ? run->known : run->beyond;

    walk->calendars[0] = calendar_set_find(set, "vn-default");
    walk->calendars[1] = calendar_set_find(set, "police-saturday");
    walk->calendars[2] = run->made_up;
    walk->calendar_count = 3;
    walk->longest = calendar_set_find(run->beyond, "vn-default");
}

static bool ended(const struct walk *walk)
{
    return state_info(walk->dossier->state)->terminal;
}

/* One dossier from its filing to some acts after its end. Answers what did not hold, in `arena`. */
static const char *live(const struct run *run, const struct life *life, struct arena *arena,
                        struct tally *tally, struct buf *log)
{
    struct walk *walk = walk_new(arena, life->procedure, life->marks, tally);
    int after_end = 0;

    walk->log = log;
    walk->dice = dice_of(life->seed, 1000);
    calendars(run, walk, &walk->dice);
    player_file(walk);
    for (int i = 0; i < ACTS + AFTER_END && after_end < AFTER_END; i++) {
        if (walk->broken != NULL || walk->dossier->id == 0)
            break;
        walk->dice = dice_of(life->seed, (uint64_t)i);
        if (i >= ACTS && !ended(walk))
            helper_finish(walk);
        after_end += ended(walk);
        if (life->cut[i])
            continue;
        player_act(walk);
        if (walk->broken == NULL && dice_one_in(&walk->dice, OFFERS_EVERY))
            helper_offers(walk);
    }
    tally->by_state[walk->dossier->state]++;
    tally->ended += ended(walk);
    tally->accepted += !wall_is_none(walk->dossier->received_at);
    return walk->broken;
}

static bool fails(const struct run *run, const struct life *life, const char *what)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct tally tally = {0};
    const char *broken = live(run, life, arena, &tally, NULL);

    return broken != NULL && strcmp(broken, what) == 0;
}

/* Leaves out runs of acts, long ones first, as long as the same thing fails. */
static void shrink(const struct run *run, struct life *life, const char *what)
{
    for (int length = (ACTS + AFTER_END) / 2; length > 0; length /= 2) {
        for (int at = 0; at < ACTS + AFTER_END; at += length) {
            struct life shorter = *life;

            for (int i = at; i < at + length && i < ACTS + AFTER_END; i++)
                shorter.cut[i] = true;
            if (fails(run, &shorter, what))
                *life = shorter;
        }
    }
}

/* As comments of the test's output. */
static void print_lines(const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        printf("# %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void report(const struct run *run, struct life *life, uint64_t plugin, const char *what,
                   const char *text)
{
    struct arena *arena = arena_new();
    struct buf log = BUF_INIT(4 * 1024 * 1024);
    struct tally tally = {0};

    shrink(run, life, what);
    live(run, life, arena, &tally, &log);
    printf("# does not hold: %s\n# seed %llu, plugin %llu; the plugin:\n", what,
           (unsigned long long)run->seed, (unsigned long long)plugin);
    print_lines(text);
    printf("# what was done:\n%s", log.ptr);
    buf_release(&log);
    arena_free(arena);
}

static void count_rules(struct run *run, const struct conf_errors *errors)
{
    bool seen[RULES] = {false};

    for (size_t i = 0; i < errors->count; i++) {
        const char *at = strrchr(errors->items[i].text, '[');
        int64_t rule = 0;

        if (at != NULL && at[1] == 'K' &&
            num_parse_i64((struct slice){at + 2, strcspn(at + 2, "]")}, 0, RULES - 1, &rule) == 0 &&
            !seen[rule]) {
            seen[rule] = true;
            run->rules[rule]++;
        }
    }
}

/* Beside the plugins that it may open. */
static bool links_sound(const struct run *run, struct procedure *procedure,
                        struct conf_errors *errors)
{
    struct procedure *all[] = {procedure, run->partners[0], run->partners[1]};
    const char *const files[] = {"walked.yaml", partners[0], partners[1]};

    return check_spawns(&(struct spawn_world){all, files, 1 + PARTNERS, NULL, true}, 0, errors);
}

static bool read_partners(struct run *run, struct arena *arena, const char *root,
                          struct conf_errors *errors)
{
    bool good = true;

    for (int i = 0; i < PARTNERS; i++) {
        const char *path = arena_printf(arena, "%s/" PARTNER_FOLDER "/%s", root, partners[i]);
        struct value *tree;

        good = good && plugin_load(arena, path, partners[i], root, errors, &tree) == 0 &&
               procedure_compile(arena, tree, partners[i], errors, &run->partners[i]) == 0;
    }
    return good;
}

static bool sound(struct run *run, struct arena *arena, const struct buf *text,
                  struct procedure **ret)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct value *tree;
    bool good = conf_yaml_read(arena, "walked.yaml", buf_slice(text), &errors, &tree) == 0 &&
                procedure_compile(arena, tree, "walked.yaml", &errors, ret) == 0 &&
                procedure_check(*ret, NULL, "walked.yaml", &errors) &&
                links_sound(run, *ret, &errors);

    count_rules(run, &errors);
    return good;
}

/* False when something did not hold. */
static bool walk_plugin(struct run *run, uint64_t index)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct dice dice = dice_of(run->seed, index);
    struct buf text = BUF_INIT(1024 * 1024);
    struct life life = {.seed = 0};
    struct procedure *procedure;
    const char *broken = NULL;

    plugin_generate(arena, &dice, &text);
    run->plugins++;
    if (sound(run, arena, &text, &procedure)) {
        run->sound++;
        run->made_up = make_calendar(arena, &dice);
        life.procedure = procedure;
        life.marks = marks_new(arena, procedure);
    }
    for (int i = 0; life.marks != NULL && broken == NULL && i < DOSSIERS; i++) {
        struct arena *own = arena_new();

        life.seed = dice_next(&dice);
        broken = arena_str(arena, live(run, &life, own, &run->tally, NULL));
        arena_free(own);
    }
    if (broken != NULL)
        report(run, &life, index, broken, text.ptr);
    buf_release(&text);
    return broken == NULL;
}

static void tell(const struct run *run)
{
    const struct tally *t = &run->tally;

    printf("# %llu steps: %llu applied, %llu refused (%llu timers not due, %llu beyond the "
           "calendar); %llu timers fired, %llu by the helper\n",
           (unsigned long long)t->steps, (unsigned long long)t->applied,
           (unsigned long long)t->refused, (unsigned long long)t->early,
           (unsigned long long)t->beyond, (unsigned long long)t->fired,
           (unsigned long long)t->helped);
    printf("# every one decided twice (%llu from the stored row); %llu offers compared\n",
           (unsigned long long)t->reloaded, (unsigned long long)t->offers);
    printf("# %llu dossiers, %llu accepted, %llu ended\n", (unsigned long long)t->submitted,
           (unsigned long long)t->accepted, (unsigned long long)t->ended);
    for (int i = 0; i < STATE_COUNT; i++) {
        if (t->by_state[i] > 0)
            printf("# %8llu %s\n", (unsigned long long)t->by_state[i],
                   state_info((enum dossier_state)i)->code);
    }
    printf("# %llu plugins, %llu sound; refused by rule:", (unsigned long long)run->plugins,
           (unsigned long long)run->sound);
    for (int i = 0; i < RULES; i++) {
        if (run->rules[i] > 0)
            printf(" K%03d %llu", i, (unsigned long long)run->rules[i]);
    }
    printf("\n");
}

/* A long walk meets every fault that a spawn can have. */
static bool spawns_tried(const struct run *run)
{
    static const int rules[] = {180, 181, 182, 183, 184, 188};

    for (size_t i = 0; i < DVC_COUNT(rules) && run->plugins >= 900; i++) {
        if (run->rules[rules[i]] == 0)
            return false;
    }
    return true;
}

/* One dossier in two hundred at least, however long the walk is. */
static bool ends_each_way(const struct tally *t)
{
    static const enum dossier_state ends[] = {STATE_RETURNED, STATE_REFUSED, STATE_STOPPED,
                                              STATE_WITHDRAWN, STATE_NOT_ACCEPTED};

    for (size_t i = 0; i < DVC_COUNT(ends); i++) {
        if (t->by_state[ends[i]] * 200 < t->submitted)
            return false;
    }
    return true;
}

/* A walk that reaches nothing proves nothing. */
static bool reached(const struct run *run, uint64_t steps)
{
    const struct tally *t = &run->tally;
    int rules = 0;

    for (int i = 0; i < RULES; i++)
        rules += run->rules[i] > 0;
    return t->steps >= steps && run->sound * 2 >= run->plugins && rules >= 25 &&
           spawns_tried(run) && t->applied * 5 >= t->steps && t->accepted * 3 >= t->submitted &&
           t->ended * 10 >= t->submitted * 9 && t->fired * 200 >= t->steps && ends_each_way(t);
}

static bool setting(int argc, char **argv, int at, const char *name, int64_t *ret)
{
    const char *text = getenv(name);

    if (text == NULL && argc > at)
        text = argv[at];
    return text == NULL || num_parse_i64(slice_str(text), 0, INT64_MAX, ret) == 0;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    int64_t steps = 1000000, seed = 20260217;
    struct run run = {.seed = 0};
    const char *folder;
    bool good = true;

    if (argc < 2 || !setting(argc, argv, 2, "DVC_STEPS", &steps) ||
        !setting(argc, argv, 3, "DVC_SEED", &seed)) {
        fprintf(stderr, "usage: walker ROOT [STEPS [SEED]]\n");
        return 100;
    }
    folder = arena_printf(arena, "%s/config/calendars", argv[1]);
    if (calendar_set_load(arena, folder, folder, 0, &errors, &run.known) != 0 ||
        calendar_set_load(arena, folder, folder, 4, &errors, &run.beyond) != 0) {
        printf("Bail out! no calendar\n");
        return 1;
    }
    if (!read_partners(&run, arena, argv[1], &errors)) {
        printf("Bail out! no partners\n");
        return 1;
    }
    run.seed = (uint64_t)seed;
    printf("# seed %lld, %lld steps\n", (long long)seed, (long long)steps);
    fflush(stdout);
    for (uint64_t i = 0; good && run.tally.steps < (uint64_t)steps; i++)
        good = walk_plugin(&run, i);
    tell(&run);
    good = good && reached(&run, (uint64_t)steps);
    printf("%sok 1 - walker\n1..1\n", good ? "" : "not ");
    arena_free(arena);
    return !good;
}
