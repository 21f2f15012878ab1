#include "conf/calendar_load.h"

#include "base/json.h"
#include "conf/calendar_json.h"
#include "conf/yaml.h"
#include "core/deadline.h"
#include "dvc_test.h"

#include <stdlib.h>

#define WEEK "week: {monday-friday: [\"07:00-11:30\", \"13:30-17:00\"]}\n"
#define HEAD(id) "calendar: " id "\nname: Lịch\nversion: \"1\"\n"
#define BASE HEAD("a") "years: {from: 2026, to: 2026}\n" WEEK

struct loaded {
    struct arena *arena;
    struct conf_errors errors;
    struct calendar_set *set;
    int rc;
};

/* Each text is a file called "0.yaml", "1.yaml"... */
static struct loaded load(const char *const *texts, size_t count)
{
    struct loaded l = {.arena = arena_new()};
    struct calendar_file files[8];

    l.errors = CONF_ERRORS_INIT(l.arena);
    for (size_t i = 0; i < count; i++) {
        struct value *root = NULL;

        files[i].file = arena_printf(l.arena, "%zu.yaml", i);
        cr_assert(conf_yaml_read(l.arena, files[i].file, slice_str(texts[i]), &l.errors, &root) ==
                      0,
                  "not YAML: %s", texts[i]);
        files[i].root = root;
    }
    l.rc = calendar_set_build(l.arena, files, count, 0, &l.errors, &l.set);
    return l;
}

static void unload(struct loaded *l)
{
    l->arena = arena_free(l->arena);
}

/* The one fault of `text`: its place, and a word that says what was expected. */
static void fault(const char *text, uint32_t line, uint32_t column, const char *expected)
{
    struct loaded l = load(&text, 1);
    struct buf all = BUF_INIT(20000);

    conf_errors_write(&all, &l.errors);
    cr_assert(l.rc == CONF_E_BAD && l.set == NULL, "accepted: %s", text);
    cr_assert(conf_errors_total(&l.errors) == 1, "not one fault:\n%s", all.ptr);
    cr_assert(l.errors.items[0].line == line && l.errors.items[0].column == column,
              "expected at %u:%u, got %s", line, column, all.ptr);
    cr_assert(strstr(l.errors.items[0].text, expected), "\"%s\" not in %s", expected, all.ptr);
    buf_release(&all);
    unload(&l);
}

static day_t day(const char *text)
{
    day_t d = DAY_NONE;

    cr_assert(day_parse(slice_str(text), &d) == 0);
    return d;
}

static struct loaded shipped(void)
{
    const char *root = getenv("DVC_SOURCE_ROOT");
    struct loaded l = {.arena = arena_new()};
    struct buf all = BUF_INIT(20000);

    cr_assert(root, "DVC_SOURCE_ROOT is not set");
    l.errors = CONF_ERRORS_INIT(l.arena);
    l.rc = calendar_set_load(l.arena, arena_printf(l.arena, "%s/config/calendars", root),
                             "config/calendars", 0, &l.errors, &l.set);
    conf_errors_write(&all, &l.errors);
    cr_assert(l.rc == 0, "%s", all.ptr);
    buf_release(&all);
    return l;
}

/* The table of law-and-practice 8.2, word by word. */
DVC_TEST(calendar_load, shipped_calendar_is_the_table)
{
    static const char *const off[] = {
        "2024-01-01", "2024-02-08", "2024-02-09", "2024-02-12", "2024-02-13", "2024-02-14",
        "2024-04-18", "2024-04-29", "2024-04-30", "2024-05-01", "2024-09-02", "2024-09-03",
        "2025-01-01", "2025-01-27", "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31",
        "2025-04-07", "2025-04-30", "2025-05-01", "2025-05-02", "2025-09-01", "2025-09-02",
        "2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19",
        "2026-02-20", "2026-04-27", "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01",
        "2026-09-02", "2026-11-24",
    };
    static const char *const worked[] = {"2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22"};
    struct loaded l = shipped();
    const struct calendar *c = calendar_set_find(l.set, "vn-default");
    struct calendar_day look;
    size_t o = 0, w = 0;

    cr_assert(c != NULL);
    for (day_t d = day("2024-01-01"); d.n <= day("2026-12-31").n; d.n++) {
        bool is_off = o < DVC_COUNT(off) && d.n == day(off[o]).n;
        bool is_worked = w < DVC_COUNT(worked) && d.n == day(worked[w]).n;

        cr_assert(calendar_look(c, d, &look) == 0);
        o += is_off;
        w += is_worked;
        cr_assert(look.working == (is_worked || (look.weekday <= 5 && !is_off)), "day %d", d.n);
        cr_assert(look.minutes == (look.working ? 480 : 0));
        if (is_off || is_worked)
            cr_assert(look.source && look.note && look.certainty && look.certainty[1] == 0);
        else
            cr_assert(look.kind == CALENDAR_REGULAR);
    }
    cr_assert(o == DVC_COUNT(off) && w == DVC_COUNT(worked));
    DVC_EQ_INT(calendar_look(c, day("2027-01-01"), &look), CALENDAR_E_BEYOND);
    cr_assert(calendar_look(c, day("2026-11-24"), &look) == 0);
    DVC_EQ_STR(look.source, "Nghị quyết 28/2026/QH16");
    DVC_EQ_STR(look.certainty, "S");
    unload(&l);
}

DVC_TEST(calendar_load, saturday_desk_extends_it)
{
    struct loaded l = shipped();
    const struct calendar *c = calendar_set_find(l.set, "police-saturday");
    struct calendar_day look;

    cr_assert(c != NULL && calendar_set_count(l.set) >= 2);
    cr_assert(calendar_set_find(l.set, "vn") == NULL);
    cr_assert(
        strcmp(calendar_id(calendar_set_at(l.set, 0)), calendar_id(calendar_set_at(l.set, 1))) < 0);
    cr_assert(calendar_set_at(l.set, 99) == NULL);
    cr_assert(calendar_look(c, day("2026-03-07"), &look) == 0);
    cr_assert(look.minutes == 270 && !look.working);
    cr_assert(calendar_look(c, day("2026-08-22"), &look) == 0);
    cr_assert(look.minutes == 480 && look.working);
    cr_assert(calendar_look(c, day("2024-02-10"), &look) == 0);
    cr_assert(look.minutes == 0 && look.kind == CALENDAR_HOLIDAY);
    cr_assert(calendar_look(c, day("2026-02-17"), &look) == 0 && look.kind == CALENDAR_HOLIDAY);
    DVC_EQ_INT(calendar_last_year(c), 2026);
    unload(&l);
}

DVC_TEST(calendar_load, every_kind_of_day)
{
    const char *text =
        BASE "days:\n"
             "  - {date: 2026-03-02, kind: half_day, half: afternoon, source: s}\n"
             "  - {date: 2026-03-03, kind: own, sessions: [\"08:00-09:00\"], source: s}\n"
             "  - {date: 2026-03-04, kind: own, sessions: [\"08:00-09:00\"], counted: false, "
             "source: s}\n"
             "  - {date: 2026-03-05, kind: closure, source: s, note: Bão, certainty: G}\n"
             "  - {date: 2026-03-07, kind: make_up, as: monday, source: s}\n";
    static const int minutes[] = {210, 60, 60, 0, 480, 0, 480};
    static const bool working[] = {true, true, false, false, true, false, true};
    struct loaded l = load(&text, 1);

    cr_assert(l.rc == 0 && conf_errors_total(&l.errors) == 0);
    for (int i = 0; i < 7; i++) {
        struct calendar_day look;
        day_t d = {day("2026-03-02").n + i};

        cr_assert(calendar_look(calendar_set_at(l.set, 0), d, &look) == 0);
        if (i == 6)
            cr_assert(look.minutes == 0); /* a Sunday */
        else if (i == 4)
            cr_assert(look.minutes == 480 && look.kind == CALENDAR_REGULAR);
        else
            cr_assert(look.minutes == minutes[i == 5 ? 4 : i] &&
                          look.working == working[i == 5 ? 4 : i],
                      "day %d", i);
    }
    unload(&l);
}

DVC_TEST(calendar_load, extending_comes_before_or_after)
{
    const char *const texts[] = {
        HEAD("c") "extends: b\ndays: [{date: 2026-03-03, kind: closure, source: s}]\n",
        HEAD("b") "extends: a\nyears: {from: 2026, to: 2027}\nweek: {friday: [\"07:00-11:30\"]}\n"
                  "days: [{date: 2026-03-02, kind: closure, source: s}]\n",
        HEAD("a") "years: {from: 2025, to: 2026}\n" WEEK
                  "days: [{date: 2025-03-03, kind: holiday, source: s}, "
                  "{date: 2026-03-02, kind: holiday, source: s}, "
                  "{date: 2026-03-04, kind: holiday, source: s}]\n",
    };
    struct loaded l = load(texts, 3);
    const struct calendar *c = calendar_set_find(l.set, "c");
    struct calendar_day look;
    size_t count;

    cr_assert(l.rc == 0 && c != NULL);
    cr_assert(calendar_first_year(c) == 2026 && calendar_last_year(c) == 2027);
    cr_assert(calendar_exceptions(c, &count) != NULL);
    DVC_EQ_INT(count, 3); /* the day of 2025 is outside its years */
    cr_assert(calendar_look(c, day("2026-03-02"), &look) == 0);
    DVC_EQ_INT(look.kind, CALENDAR_CLOSURE);
    cr_assert(calendar_look(c, day("2026-03-06"), &look) == 0);
    DVC_EQ_INT(look.minutes, 270);
    cr_assert(calendar_look(c, day("2026-03-05"), &look) == 0);
    DVC_EQ_INT(look.minutes, 480);
    unload(&l);
}

DVC_TEST(calendar_load, faults_name_their_place)
{
    fault("[]\n", 1, 1, "calendar");
    fault(HEAD("A") "years: {from: 2026, to: 2026}\n" WEEK, 1, 11, "a-z");
    fault("name: Lịch\nversion: \"1\"\nyears: {from: 2026, to: 2026}\n" WEEK, 1, 1, "calendar");
    fault("calendar: a\nname: Lịch\nversion: 1\nyears: {from: 2026, to: 2026}\n" WEEK, 3, 10,
          "ngoặc kép");
    fault(BASE "holidays: []\n", 6, 1, "days");
    fault(HEAD("a") WEEK, 1, 1, "years");
    fault(HEAD("a") "years: 2026\n" WEEK, 4, 8, "from");
    fault(HEAD("a") "years: {from: 2026, to: 2025}\n" WEEK, 4, 8, "60");
    fault(HEAD("a") "years: {from: 26, to: 2026}\n" WEEK, 4, 15, "1990");
    fault(HEAD("a") "years: {from: 2026, to: 2026}\n", 1, 1, "week");
    fault(HEAD("a") "years: {from: 2026, to: 2026}\nweek: []\n", 5, 7, "monday-friday");
    fault(HEAD("a") "years: {from: 2026, to: 2026}\nweek: {mon: [\"07:00-11:30\"]}\n", 5, 8,
          "wednesday");
    fault(HEAD("a") "years: {from: 2026, to: 2026}\nweek: {friday-monday: [\"07:00-11:30\"]}\n", 5,
          8, "wednesday");
    fault(HEAD("a") "years: {from: 2026, to: 2026}\nweek: {monday: [\"7:00-11:30\"]}\n", 5, 17,
          "giờ:phút");
    fault(HEAD("a") "years: {from: 2026, to: 2026}\nweek: {monday: [\"07:00-25:00\"]}\n", 5, 17,
          "24:00");
    fault(HEAD("a") "years: {from: 2026, to: 2026}\n"
                    "week: {monday: [\"07:00-11:30\", \"11:00-12:00\"]}\n",
          5, 32, "chồng");
    fault(HEAD("a") "years: {from: 2026, to: 2026}\nweek:\n  monday-friday: [\"07:00-11:30\"]\n"
                    "  monday: []\n",
          7, 3, "monday");
    fault(HEAD("a") "years: {from: 2026, to: 2026}\nweek: {monday: []}\n", 1, 1, "ngày làm việc");
    fault(HEAD("a") "extends: nothing\n", 4, 10, "nothing");
    fault(HEAD("a") "extends: a\n", 4, 10, "vòng");
}

DVC_TEST(calendar_load, faulty_days_name_their_place)
{
    fault(BASE "days: {}\n", 6, 7, "danh sách");
    fault(BASE "days:\n  - 2026-03-02\n", 7, 5, "kind");
    fault(BASE "days:\n  - {date: 2026-02-30, kind: holiday, source: s}\n", 7, 12, "có thật");
    fault(BASE "days:\n  - {kind: holiday, source: s}\n", 7, 5, "date");
    fault(BASE "days:\n  - {date: 2026-03-02, kind: rest, source: s}\n", 7, 30, "make_up");
    fault(BASE "days:\n  - {date: 2026-03-02, kind: holiday}\n", 7, 5, "source");
    fault(BASE "days:\n  - {date: 2026-03-07, kind: make_up, source: s}\n", 7, 5, "as");
    fault(BASE "days:\n  - {date: 2026-03-07, kind: make_up, as: thu_hai, source: s}\n", 7, 43,
          "monday");
    fault(BASE "days:\n  - {date: 2026-03-07, kind: holiday, as: monday, source: s}\n", 7, 43,
          "make_up");
    fault(BASE "days:\n  - {date: 2026-03-02, kind: half_day, half: noon, source: s}\n", 7, 46,
          "morning");
    fault(BASE "days:\n  - {date: 2026-03-02, kind: own, sessions: [], source: s}\n", 7, 45,
          "từ 1");
    fault(BASE "days:\n  - {date: 2026-03-02, kind: holiday, counted: true, source: s}\n", 7, 48,
          "own");
    fault(BASE "days:\n  - {date: 2026-03-02, kind: holiday, source: s, certainty: sure}\n", 7, 61,
          "văn bản luật");
    fault(BASE "days:\n  - {date: 2026-03-02, kind: holiday, source: s}\n"
               "  - {date: 2026-03-02, kind: closure, source: s}\n",
          8, 12, "dòng 7");
    fault(BASE "days:\n  - {date: 2027-03-02, kind: holiday, source: s}\n", 7, 5, "2026");
    fault(BASE "days:\n  - {date: 2026-03-07, kind: make_up, as: sunday, source: s}\n", 7, 5,
          "make_up");
}

DVC_TEST(calendar_load, all_faults_at_once_and_none_twice)
{
    const char *const texts[] = {
        HEAD("a") "years: {from: 2026, to: 2026}\nweek: {mon: [], tue: []}\nodd: 1\n"
                  "days: [{date: x, kind: z, source: s}]\n",
        HEAD("b") "extends: a\n",
        HEAD("b") "extends: a\n",
    };
    struct loaded l = load(texts, 3);

    DVC_EQ_INT(l.rc, CONF_E_BAD);
    DVC_EQ_INT(conf_errors_total(&l.errors), 6);
    conf_errors_sort(&l.errors);
    DVC_EQ_STR(l.errors.items[5].file, "2.yaml");
    cr_assert(strstr(l.errors.items[5].text, "1.yaml"));
    unload(&l);
}

static void round_trip(struct arena *arena, const struct calendar *calendar)
{
    struct buf first = BUF_INIT(1000000), second = BUF_INIT(1000000);
    struct calendar *again = NULL;
    struct json_error error;
    struct value *root;

    calendar_write(&first, calendar);
    cr_assert(!first.overflow && json_parse(arena, buf_slice(&first), 16, &root, &error) == 0);
    cr_assert(calendar_read(arena, root, &again) == 0);
    calendar_write(&second, again);
    DVC_EQ_STR(second.ptr, first.ptr);
    for (day_t d = {day_from_ymd(calendar_first_year(calendar), 1, 1).n};
         calendar_covers(calendar, d); d.n++) {
        struct calendar_day a, b;

        cr_assert(calendar_look(calendar, d, &a) == 0 && calendar_look(again, d, &b) == 0);
        cr_assert(a.kind == b.kind && a.working == b.working && a.minutes == b.minutes);
        cr_assert((a.source == NULL) == (b.source == NULL));
        if (a.source)
            DVC_EQ_STR(b.source, a.source);
        if (a.certainty)
            DVC_EQ_STR(b.certainty, a.certainty);
    }
    buf_release(&first);
    buf_release(&second);
}

DVC_TEST(calendar_load, canonical_json_comes_back)
{
    const char *text =
        BASE "days:\n"
             "  - {date: 2026-03-05, kind: closure, source: \"\\\"s\\\"\", note: Bão}\n"
             "  - {date: 2026-03-02, kind: half_day, half: afternoon, source: s}\n"
             "  - {date: 2026-03-04, kind: own, sessions: [\"08:00-24:00\"], counted: false, "
             "source: s}\n"
             "  - {date: 2026-03-07, kind: make_up, as: monday, source: s}\n";
    struct loaded l = shipped(), small = load(&text, 1);

    for (size_t i = 0; i < calendar_set_count(l.set); i++)
        round_trip(l.arena, calendar_set_at(l.set, i));
    cr_assert(small.rc == 0);
    round_trip(small.arena, calendar_set_at(small.set, 0));
    unload(&l);
    unload(&small);
}

DVC_TEST(calendar_load, foreign_json_is_refused)
{
    static const char *const texts[] = {
        "null",
        "[]",
        "{}",
        "{\"format\":2,\"calendar\":\"a\",\"name\":\"n\",\"version\":\"1\",\"week\":{},\"days\":[]"
        "}",
        "{\"format\":1,\"calendar\":\"a\",\"name\":\"n\",\"version\":\"1\",\"week\":{},\"days\":[]"
        "}",
        "{\"format\":1,\"calendar\":7,\"name\":\"n\",\"version\":\"1\",\"week\":{},\"days\":[]}",
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = NULL;
    struct json_error error;
    struct value *root;
    const char *good = BASE;
    struct loaded l = load(&good, 1);
    struct buf buf = BUF_INIT(100000);
    char *cut;

    for (size_t i = 0; i < DVC_COUNT(texts); i++) {
        cr_assert(json_parse(arena, slice_str(texts[i]), 16, &root, &error) == 0);
        cr_assert(calendar_read(arena, root, &calendar) != 0 && calendar == NULL, "%s", texts[i]);
    }
    calendar_write(&buf, calendar_set_at(l.set, 0));
    cut = strstr(buf.ptr, "11:30");
    cr_assert(cut != NULL);
    memcpy(cut, "05:30", 5); /* ends before it begins */
    cr_assert(json_parse(arena, buf_slice(&buf), 16, &root, &error) == 0);
    DVC_EQ_INT(calendar_read(arena, root, &calendar), CALENDAR_E_SESSION);
    buf_release(&buf);
    unload(&l);
}

DVC_TEST(calendar_load, years_without_holidays_only_when_asked)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct calendar_file file = {.file = "0.yaml"};
    struct calendar_set *set;
    struct value *root;
    bool working = true;
    day_t monday = day_from_ymd(2027, 1, 4), sunday = day_from_ymd(2027, 1, 3);

    cr_assert(conf_yaml_read(arena, file.file, slice_str(BASE), &errors, &root) == 0);
    file.root = root;
    cr_assert(calendar_set_build(arena, &file, 1, 0, &errors, &set) == 0);
    cr_assert(calendar_is_working_day(calendar_set_at(set, 0), monday, &working) ==
              CALENDAR_E_BEYOND);
    cr_assert(calendar_set_build(arena, &file, 1, 1, &errors, &set) == 0);
    cr_assert(calendar_is_working_day(calendar_set_at(set, 0), monday, &working) == 0 && working);
    cr_assert(calendar_is_working_day(calendar_set_at(set, 0), sunday, &working) == 0 && !working);
    cr_assert(calendar_is_working_day(calendar_set_at(set, 0), day_from_ymd(2028, 1, 3),
                                      &working) == CALENDAR_E_BEYOND);
}
