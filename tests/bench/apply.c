/* How many changes one core decides: apply ROOT [--short]
 *
 * Takes a dossier of 1.013225 with thirty fields through its life (apply_life.h), then decides each
 * of its commands again and again, with an arena made and freed around each as the gateway does.
 * Seconds are of this thread's CPU. Each round runs `openssl speed` beside it, so that the figures
 * can be read on another machine. 0 only when the mix of one life meets the bar. */
#include "apply_life.h"
#include "outcome_text.h"
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BAR 500000.0
#define ROUNDS 9
#define TEXT_MAX ((size_t)1 << 20)
#define SPEED "openssl speed -evp sha256 -bytes 1024 -seconds 1 2>/dev/null"

/* One measured thing: a command, or several in turn. */
struct row {
    const char *name;
    const struct life_act *acts;
    size_t count;
    double rates[ROUNDS]; /* of changes a second */
    size_t bytes;         /* of the arena, the largest of them */
    uint64_t mark;        /* what `marks` adds up to over the acts once */
};

static double cpu_seconds(void)
{
    struct timespec at;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static struct outcome *decide(struct arena *arena, const struct life_act *act)
{
    struct refusal refusal = {NULL, NULL, NULL};
    struct outcome *outcome = NULL;
    int r = workflow_apply(arena, act->dossier, &act->command, &act->actor, &act->setting, &outcome,
                           &refusal);

    if (r != 0) {
        printf("%s is refused: %s\n", act->name, refusal.message);
        exit(1);
    }
    return outcome;
}

/* A little of everything that the store would write: none of it can be left undone unnoticed. */
static uint64_t mark_of(const struct outcome *outcome)
{
    uint64_t mark = (uint64_t)outcome->after->decision + outcome->cancel_count;

    for (size_t i = 0; i < outcome->event_count; i++)
        mark = mark * 31 + outcome->events[i].body.len +
               (unsigned char)outcome->events[i].body.ptr[outcome->events[i].body.len / 2];
    for (size_t i = 0; i < outcome->timer_count; i++)
        mark = mark * 31 + (uint64_t)outcome->timers[i].fire_at.us;
    for (size_t i = 0; i < outcome->notice_count; i++)
        mark = mark * 31 + outcome->notices[i].body.len;
    for (size_t i = 0; i < outcome->outbox_count; i++)
        mark = mark * 31 + outcome->outbox[i].body.len;
    for (size_t i = 0; i < outcome->delta_count; i++)
        mark = mark * 31 + (uint64_t)outcome->deltas[i].due_day.n;
    return mark;
}

static uint64_t once(struct row *row)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < row->count; i++) {
        struct arena *arena = arena_new();

        sum += mark_of(decide(arena, &row->acts[i]));
        row->bytes = arena_used(arena) > row->bytes ? arena_used(arena) : row->bytes;
        arena_free(arena);
    }
    return sum;
}

static void measure(struct row *row, int round, double seconds)
{
    double begun = cpu_seconds(), spent;
    size_t times = 0;

    do {
        for (int i = 0; i < 64; i++, times++) {
            if (once(row) != row->mark) {
                printf("%s: another outcome than before\n", row->name);
                exit(1);
            }
        }
        spent = cpu_seconds() - begun;
    } while (spent < seconds);
    row->rates[round] = (double)times * (double)row->count / spent;
}

/* Blocks of 1 KiB hashed a second, or 0 when there is no openssl. */
static double calibrate(void)
{
    FILE *speed = popen(SPEED, "r");
    char line[256], last[256] = "";
    double thousands = 0;

    if (speed == NULL)
        return 0;
    while (fgets(line, sizeof(line), speed) != NULL)
        memcpy(last, line, sizeof(last));
    pclose(speed);
    if (strncasecmp(last, "sha256", 6) == 0)
        thousands = strtod(last + 6, NULL);
    return thousands * 1000 / 1024;
}

static int order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(const double *values, int count)
{
    double sorted[ROUNDS];

    memcpy(sorted, values, (size_t)count * sizeof(*values));
    qsort(sorted, (size_t)count, sizeof(*sorted), order);
    return sorted[count / 2];
}

/* The whole text of every outcome, and of the dossiers decided on, which must stay as they are. */
static char *told(struct arena *arena, const struct life *life)
{
    struct buf text = BUF_INIT(TEXT_MAX);
    char *copy;

    for (size_t i = 0; i < life->count; i++) {
        outcome_text(&text, decide(arena, &life->acts[i]));
        if (life->acts[i].dossier->id != 0)
            row_write(&text, life->acts[i].dossier);
    }
    DVC_REQUIRE(!text.overflow);
    copy = arena_slice_str(arena, buf_slice(&text));
    buf_release(&text);
    return copy;
}

static void print_row(const struct row *row, int rounds, double blocks)
{
    double rate = median(row->rates, rounds), least = row->rates[0], most = row->rates[0];

    for (int i = 1; i < rounds; i++) {
        least = row->rates[i] < least ? row->rates[i] : least;
        most = row->rates[i] > most ? row->rates[i] : most;
    }
    printf("%-28s %10.0f /s %7.2f us  (%.0f to %.0f)", row->name, rate, 1e6 / rate, least, most);
    if (blocks > 0)
        printf("  %.2f of the calibration's rate", rate / blocks);
    printf("  %zu KB", (row->bytes + 1023) / 1024);
    printf("\n");
}

static size_t make_rows(const struct life *life, const struct life *outlets, struct row *rows)
{
    size_t count = 0;

    rows[count++] = (struct row){.name = "MIX: one life", .acts = life->acts, .count = life->count};
    rows[count++] = (struct row){
        .name = "the same without filing", .acts = life->acts + 1, .count = life->count - 1};
    rows[count++] = (struct row){
        .name = "the same, mail and webhook", .acts = outlets->acts, .count = outlets->count};
    for (size_t i = 0; i < life->count; i++)
        rows[count++] =
            (struct row){.name = life->acts[i].name, .acts = &life->acts[i], .count = 1};
    for (size_t i = 0; i < count; i++)
        rows[i].mark = once(&rows[i]);
    return count;
}

static void run(struct row *rows, size_t count, int rounds, double seconds, double *blocks)
{
    for (int round = 0; round < rounds; round++) {
        blocks[round] = calibrate();
        for (size_t i = 0; i < count; i++)
            measure(&rows[i], round, i < 3 ? seconds * 4 : seconds);
        printf("round %d: sha256 of 1 KiB %.0f blocks/s (%.0f MB/s); mix %.0f /s\n", round + 1,
               blocks[round], blocks[round] * 1024 / 1e6, rows[0].rates[round]);
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    bool brief = argc > 2 && strcmp(argv[2], "--short") == 0;
    int rounds = brief ? 3 : ROUNDS;
    struct row rows[LIFE_ACTS_MAX + 3];
    struct life life = {.count = 0}, outlets = {.count = 0};
    double blocks[ROUNDS], mix;
    const char *before;
    size_t count;

    if (argc < 2) {
        fprintf(stderr, "usage: apply ROOT [--short]\n");
        return 100;
    }
    life_take(arena, argv[1], false, &life);
    life_take(arena, argv[1], true, &outlets);
    if (life.fault != NULL || outlets.fault != NULL) {
        printf("no dossier to measure: %s\n", life.fault != NULL ? life.fault : outlets.fault);
        return 1;
    }
    before = told(arena, &life);
    count = make_rows(&life, &outlets, rows);
    run(rows, count, rounds, brief ? 0.02 : 0.06, blocks);
    if (strcmp(before, told(arena, &life)) != 0) {
        printf("the outcomes are not those of the first time\n");
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        print_row(&rows[i], rounds, median(blocks, rounds));
    mix = median(rows[0].rates, rounds);
    printf("calibration: sha256 of 1 KiB, %.0f blocks/s; mix %.0f /s; bar %.0f /s: %s\n",
           median(blocks, rounds), mix, BAR, mix >= BAR ? "met" : "MISSED");
    arena_free(arena);
    return mix >= BAR ? 0 : 1;
}
