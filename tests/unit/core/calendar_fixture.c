#include "calendar_fixture.h"

#include "dvc_test.h"

#define SOURCE_SWAP "hoán đổi"

static struct calendar_exception days[80];
static size_t day_count;

static void add(int year, int month, int day, struct calendar_exception e)
{
    e.day = day_from_ymd(year, month, day);
    if (!e.source)
        e.source = "Bộ luật Lao động 2019, Điều 112";
    cr_assert(day_count < DVC_COUNT(days));
    days[day_count++] = e;
}

static void off(int year, int month, int day)
{
    add(year, month, day, (struct calendar_exception){.kind = CALENDAR_HOLIDAY});
}

static void make_up(int year, int month, int day, int as)
{
    add(year, month, day,
        (struct calendar_exception){
            .kind = CALENDAR_MAKE_UP, .as_weekday = as, .source = SOURCE_SWAP});
}

static void fill(void)
{
    static const int table[][3] = {
        {2024, 1, 1},  {2024, 2, 8},   {2024, 2, 9},  {2024, 2, 12}, {2024, 2, 13}, {2024, 2, 14},
        {2024, 4, 18}, {2024, 4, 29},  {2024, 4, 30}, {2024, 5, 1},  {2024, 9, 2},  {2024, 9, 3},
        {2025, 1, 1},  {2025, 1, 27},  {2025, 1, 28}, {2025, 1, 29}, {2025, 1, 30}, {2025, 1, 31},
        {2025, 4, 7},  {2025, 4, 30},  {2025, 5, 1},  {2025, 5, 2},  {2025, 9, 1},  {2025, 9, 2},
        {2026, 1, 1},  {2026, 1, 2},   {2026, 2, 16}, {2026, 2, 17}, {2026, 2, 18}, {2026, 2, 19},
        {2026, 2, 20}, {2026, 4, 27},  {2026, 4, 30}, {2026, 5, 1},  {2026, 8, 31}, {2026, 9, 1},
        {2026, 9, 2},  {2026, 11, 24},
    };

    day_count = 0;
    make_up(2026, 8, 22, 1); /* out of order on purpose */
    for (size_t i = 0; i < DVC_COUNT(table); i++)
        off(table[i][0], table[i][1], table[i][2]);
    make_up(2024, 5, 4, 1);
    make_up(2025, 4, 26, 5);
    make_up(2026, 1, 10, 5);
    add(2025, 12, 23,
        (struct calendar_exception){.kind = CALENDAR_HALF_DAY, .half = CALENDAR_MORNING});
    add(2025, 12, 24,
        (struct calendar_exception){
            .kind = CALENDAR_OWN,
            .hours = {.sessions = {{9 * 60, 10 * 60}}, .count = 1, .counted = true}});
    add(2025, 10, 7, (struct calendar_exception){.kind = CALENDAR_CLOSURE, .source = "Bão"});
}

struct calendar_spec fixture_spec(bool saturday)
{
    struct calendar_spec spec = {
        .id = "vn", .name = "Lịch", .version = "1", .first_year = 2023, .last_year = 2026};

    fill();
    for (int i = 1; i <= 5; i++)
        spec.week[i] = (struct calendar_hours){
            .sessions = {{420, 690}, {810, 1020}}, .count = 2, .counted = true};
    if (saturday)
        spec.week[6] =
            (struct calendar_hours){.sessions = {{420, 690}}, .count = 1, .counted = false};
    spec.exceptions = days;
    spec.exception_count = day_count;
    return spec;
}

struct calendar *fixture_calendar(struct arena *arena, bool saturday)
{
    struct calendar_spec spec = fixture_spec(saturday);
    struct calendar *calendar = NULL;

    cr_assert(calendar_new(arena, &spec, &calendar, NULL) == 0);
    return calendar;
}

day_t fixture_day(const char *text)
{
    day_t day = DAY_NONE;

    cr_assert(day_parse(slice_str(text), &day) == 0, "no day: %s", text);
    return day;
}

wall_t fixture_at(const char *text)
{
    struct buf buf = BUF_INIT(64);
    wall_t at = WALL_NONE;

    buf_adds(&buf, text);
    cr_assert(buf.len == 16 || buf.len == 19, "no moment: %s", text);
    buf.ptr[10] = 'T';
    buf_adds(&buf, buf.len == 16 ? ":00+07:00" : "+07:00");
    cr_assert(wall_parse(buf_slice(&buf), &at) == 0, "no moment: %s", text);
    buf_release(&buf);
    return at;
}

const char *fixture_text(wall_t at)
{
    static char texts[4][64];
    static int next;
    char *text = texts[next++ % 4];
    struct buf buf = BUF_INIT(60);

    if (wall_is_none(at))
        return "none";
    buf_add_wall(&buf, at);
    memcpy(text, buf.ptr, buf.len + 1);
    text[10] = ' ';
    text[buf.len - 6] = 0; /* without the zone */
    if (strcmp(text + 16, ":00") == 0)
        text[16] = 0;
    buf_release(&buf);
    return text;
}

const char *fixture_day_text(day_t day)
{
    static char texts[4][16];
    static int next;
    char *text = texts[next++ % 4];
    struct buf buf = BUF_INIT(12);

    buf_add_day(&buf, day);
    memcpy(text, buf.ptr, buf.len + 1);
    buf_release(&buf);
    return text;
}

static struct calendar_hours naive_hours(const struct calendar_spec *spec, day_t day)
{
    struct calendar_hours regular = spec->week[day_weekday(day)];

    for (size_t i = 0; i < spec->exception_count; i++) {
        const struct calendar_exception *e = &spec->exceptions[i];

        if (e->day.n != day.n)
            continue;
        if (e->kind == CALENDAR_HOLIDAY || e->kind == CALENDAR_CLOSURE)
            regular.count = 0;
        if (e->kind == CALENDAR_MAKE_UP)
            regular = spec->week[e->as_weekday];
        if (e->kind == CALENDAR_HALF_DAY)
            regular.count = 1; /* the fixture's half day is a morning of two sessions */
        if (e->kind == CALENDAR_OWN)
            regular = e->hours;
    }
    return regular;
}

bool naive_open(const struct calendar_spec *spec, day_t day, int minute)
{
    struct calendar_hours hours = naive_hours(spec, day);

    for (size_t i = 0; i < hours.count; i++)
        if (minute >= hours.sessions[i].from && minute < hours.sessions[i].to)
            return true;
    return false;
}

bool naive_working(const struct calendar_spec *spec, day_t day)
{
    struct calendar_hours hours = naive_hours(spec, day);

    return hours.count > 0 && hours.counted;
}

uint64_t fixture_random(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
