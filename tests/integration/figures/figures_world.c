/* Makes months of random dossiers, with two clocks firing and folding beside, then asks for figures
 * and for the dossiers behind them, and leaves questions and answers for another language to judge:
 *
 *   figures_world CONFIG OUT SEED DOSSIERS */
#include "service/figures.h"
#include "tap.h"
#include "world.h"

#include "base/num.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS 110
#define QUESTIONS 70
#define PAGE 40

static const char *const figures[] = {
    "received.total",     "received.online",   "received.post",      "received.direct",
    "resolved.total",     "resolved.early",    "resolved.on_time",   "resolved.late",
    "open.total",         "open.in_time",      "open.late",          "received.carried_over",
    "apart.paused",       "apart.withdrawn",   "apart.refused",      "apart.stopped",
    "apart.not_accepted", "apart.no_due_date", "apart.accepted_late"};

struct question {
    struct world *world;
    FILE *out;
    struct figures_ask ask;
    int64_t account;
    bool over;
    char next[256];
};

static void on_answer(void *ctx, const struct answer *answer)
{
    struct question *q = ctx;
    const char *next;

    fprintf(
        q->out,
        "{\"account\":%lld,\"from\":\"%.*s\",\"to\":\"%.*s\",\"agency\":\"%.*s\","
        "\"procedure\":\"%.*s\",\"field\":\"%.*s\",\"channel\":\"%.*s\",\"group_by\":\"%.*s\","
        "\"verdict\":\"%.*s\",\"class\":\"%.*s\",\"kind\":%d,\"code\":\"%s\",\"answer\":%.*s}\n",
        (long long)q->account, (int)q->ask.from.len, q->ask.from.ptr, (int)q->ask.to.len,
        q->ask.to.ptr, (int)q->ask.agency.len, q->ask.agency.ptr, (int)q->ask.procedure.len,
        q->ask.procedure.ptr, (int)q->ask.field.len, q->ask.field.ptr, (int)q->ask.channel.len,
        q->ask.channel.ptr, (int)q->ask.group_by.len, q->ask.group_by.ptr, (int)q->ask.verdict.len,
        q->ask.verdict.ptr, (int)q->ask.figure.len, q->ask.figure.ptr, answer->kind,
        answer->code != NULL ? answer->code : "",
        answer->json.ptr != NULL ? (int)answer->json.len : 4,
        answer->json.ptr != NULL ? answer->json.ptr : "null");
    q->next[0] = '\0';
    if (answer->json.ptr != NULL && q->ask.figure.len > 0) {
        next = memmem(answer->json.ptr, answer->json.len, "\"next\":\"", 8);
        if (next != NULL)
            snprintf(q->next, sizeof(q->next), "%.*s", (int)strcspn(next + 8, "\""), next + 8);
    }
    q->over = true;
}

static void ask(struct question *q)
{
    struct service *service = q->world->services[0];
    struct member member = {.actor = {.account = q->account, .kind = ACCOUNT_STAFF}};
    struct member *who = q->account != 0 ? &member : NULL;

    q->over = false;
    if (q->ask.figure.len > 0)
        figures_dossiers(service, who, &q->ask, on_answer, q);
    else
        figures_on_time(service, who, &q->ask, on_answer, q);
    for (int i = 0; i < 10000 && !q->over; i++)
        world_run_us(q->world, 1000);
}

static void random_period(struct question *q, char from[16], char to[16])
{
    int first = (int)world_chance(DAYS), span = (int)world_chance(70);
    struct buf a = BUF_INIT(32), b = BUF_INIT(32);
    day_t start = day_from_ymd(2026, 1, 5);

    buf_add_day(&a, (day_t){start.n + first});
    buf_add_day(&b, (day_t){start.n + first + span});
    snprintf(from, 16, "%s", a.ptr);
    snprintf(to, 16, "%s", b.ptr);
    buf_release(&a);
    buf_release(&b);
    q->ask.from = slice_str(from);
    q->ask.to = slice_str(to);
}

static struct slice pick(const char *const *items, size_t count)
{
    return slice_str(items[world_chance(count)]);
}

static void random_filters(struct question *q)
{
    static const char *const agencies[] = {"", "", "", "H24", "H24.15.01", "H24.15.04"};
    static const char *const procedures[] = {"", "", "", "", "", "1.001193", "1.013225"};
    static const char *const fields[] = {"", "", "", "", "", "Hộ tịch", "Thử nghiệm"};
    static const char *const channels[] = {"", "", "", "", "", "online", "direct"};
    static const char *const groups[] = {"",        "agency",           "procedure",
                                         "channel", "agency,procedure", "field,channel"};
    static const char *const verdicts[] = {"legal", "strict"};

    q->account = 4;
    q->ask.agency = pick(agencies, DVC_COUNT(agencies));
    q->ask.procedure = pick(procedures, DVC_COUNT(procedures));
    q->ask.field = pick(fields, DVC_COUNT(fields));
    q->ask.channel = pick(channels, DVC_COUNT(channels));
    q->ask.group_by = pick(groups, DVC_COUNT(groups));
    q->ask.verdict = pick(verdicts, DVC_COUNT(verdicts));
}

/* One figure and, page by page, the dossiers behind it. */
static void behind(struct question *q, const char *figure)
{
    char token[256] = "";

    q->ask.figure = slice_str(figure);
    q->ask.page.limit = PAGE;
    do {
        q->ask.page.token = slice_str(token);
        ask(q);
        snprintf(token, sizeof(token), "%s", q->next);
    } while (token[0] != '\0');
    q->ask.figure = SLICE_LIT("");
}

static void ask_all(struct world *world, FILE *out)
{
    struct question q = {.world = world, .out = out};
    char from[16], to[16];

    for (int i = 0; i < QUESTIONS; i++) {
        q.ask = (struct figures_ask){.page = {.limit = PAGE}};
        random_period(&q, from, to);
        random_filters(&q);
        ask(&q);
        if (q.ask.group_by.len == 0 || i % 6 == 0) {
            q.ask.group_by = SLICE_LIT("");
            for (size_t k = 0; k < DVC_COUNT(figures); k++)
                behind(&q, figures[k]);
        }
    }
}

/* Rights and wrong parameters: the judge knows what must come. */
static void ask_others(struct world *world, FILE *out)
{
    static const struct figures_ask asks[] = {
        {.from = {"2026-01-01", 10}, .to = {"2026-05-31", 10}},
        {.from = {"2026-01-01", 10}, .to = {"2026-05-31", 10}, .group_by = {"agency", 6}},
        {.from = {"2026-01-01", 10}, .to = {"2026-05-31", 10}, .group_by = {"procedure", 9}},
        {.from = {"2026-01-01", 10},
         .to = {"2026-05-31", 10},
         .agency = {"H24.15.02", 9},
         .procedure = {"1.001193", 8}},
        {.from = {"2026-02-30", 10}, .to = {"x", 1}},
        {.from = {"2026-02-01", 10}, .to = {"2026-01-01", 10}},
        {.from = {"2020-01-01", 10}, .to = {"2026-01-01", 10}},
        {.agency = {"H99", 3}, .channel = {"fax", 3}, .verdict = {"kind", 4}, .group_by = {"a", 1}},
        {.agency = {"H24.15.01", 9}, .figure = {"open.late", 9}, .page = {.limit = PAGE}},
        {.agency = {"H24.15.02", 9}, .figure = {"open.late", 9}, .page = {.limit = PAGE}},
        {.figure = {"open.soon", 9}, .page = {.limit = PAGE}},
    };
    static const int64_t accounts[] = {0, 3, 4, 5};

    for (size_t i = 0; i < DVC_COUNT(asks); i++) {
        for (size_t k = 0; k < DVC_COUNT(accounts); k++) {
            struct question q = {.world = world, .out = out, .ask = asks[i]};

            q.account = accounts[k];
            ask(&q);
        }
    }
}

static void live(struct world *world, int64_t dossiers)
{
    day_t start = day_from_ymd(2026, 1, 5);
    int per_moment = (int)(dossiers / (2 * DAYS * 5 / 7)) + 1;

    for (int i = 0; i < DAYS; i++) {
        day_t day = {start.n + i};
        bool rest = day_weekday(day) >= 6;

        for (int half = 0; half < 2; half++) {
            world_set_time(world, day_at(day, half == 0 ? 9 * 60 + 10 : 15 * 60 + 40));
            world_fire(world);
            if (!rest)
                world_submit(world, per_moment);
            if (!rest)
                world_act(world, 22);
        }
        world_set_time(world, day_at(day, 18 * 60));
        world_fire(world);
    }
}

int main(int argc, char **argv)
{
    struct clock_options options;
    struct world *world = dvc_calloc(1, sizeof(*world));
    int64_t seed, dossiers;
    char path[4096];
    FILE *out;

    if (argc < 5 || num_parse_i64(slice_str(argv[3]), 0, INT64_MAX, &seed) != 0 ||
        num_parse_i64(slice_str(argv[4]), 1, WORLD_DOSSIERS - 500, &dossiers) != 0) {
        fprintf(stderr, "usage: figures_world CONFIG OUT SEED DOSSIERS\n");
        return 100;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    world_seed((uint64_t)seed);
    world_open(world, argv[1]);
    options = clock_options_default(world->services[0]);
    options.without_lease = true;
    options.busy_us = 2000;
    options.idle_us = 10000;
    options.fold_us = 30000;
    options.fold_rows = 200;
    options.stock_us = 500000;
    world_start_clocks(world, options);
    live(world, dossiers);
    for (int i = 0; i < WORLD_NODES; i++) {
        struct clock_stats stats = clockwork_stats(world->clocks[i]);

        printf("# clock %d: fired %llu dropped %llu postponed %llu folded %llu faults %llu\n", i,
               (unsigned long long)stats.timers_fired, (unsigned long long)stats.timers_dropped,
               (unsigned long long)stats.timers_postponed, (unsigned long long)stats.folded,
               (unsigned long long)stats.chore_failures);
    }
    world_stop_clocks(world);
    world_submit(world, 30); /* what is folded and what is not: both are there */
    world_act(world, 22);
    printf("# submitted %llu applied %llu refused %llu\n", (unsigned long long)world->submitted,
           (unsigned long long)world->applied, (unsigned long long)world->refused);
    snprintf(path, sizeof(path), "%s/answers.jsonl", argv[2]);
    out = fopen(path, "w");
    DVC_REQUIRE(out != NULL);
    ask_others(world, out);
    ask_all(world, out);
    fclose(out);
    world_close(world);
    free(world);
    return 0;
}
