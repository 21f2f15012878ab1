#include "core/explain.h"

#include "base/jw.h"

#define RULES_MAX 6

static const struct reason_row {
    const char *name, *vi;
} reasons[] = {
    [EXPLAIN_FIRST_DAY] = {"first_day", "Ngày bắt đầu, không tính"},
    [EXPLAIN_COUNTED] = {"counted", "Tính"},
    [EXPLAIN_MAKE_UP] = {"make_up", "Tính: ngày làm bù"},
    [EXPLAIN_HALF_DAY] = {"half_day", "Tính: ngày có giờ làm việc riêng"},
    [EXPLAIN_REST_DAY] = {"rest_day", "Không tính: ngày nghỉ hằng tuần"},
    [EXPLAIN_HOLIDAY] = {"holiday", "Không tính: ngày nghỉ lễ, tết hoặc nghỉ hoán đổi"},
    [EXPLAIN_CLOSURE] = {"closure", "Không tính: cơ quan tạm ngừng làm việc"},
    [EXPLAIN_HELD] = {"held", "Không tính: tạm dừng thời hạn"},
    [EXPLAIN_RESTARTED] = {"restarted", "Ngày bắt đầu tính lại, không tính"},
    [EXPLAIN_ROLLED] = {"rolled", "Hạn chuyển sang ngày làm việc này vì ngày cuối là ngày nghỉ"},
    [EXPLAIN_AFTER_HOURS] = {"after_hours", "Không tính: đã hết giờ làm việc hoặc quá giờ chốt"},
};

static const char rule_first_day[] =
    "Thời hạn tính bằng ngày, tháng: ngày đầu tiên không tính, tính từ ngày liền kề "
    "(Bộ luật Dân sự 2015, Điều 147 khoản 2).";
static const char rule_working[] =
    "Chỉ tính ngày làm việc theo lịch làm việc của cơ quan, gồm cả ngày làm bù.";
static const char rule_moment[] =
    "Thời hạn tính bằng giờ làm việc: bắt đầu từ thời điểm đã xác định (Bộ luật Dân sự 2015, "
    "Điều 147 khoản 1), chỉ tính trong giờ làm việc.";
static const char rule_same_day[] =
    "Giải quyết trong ngày làm việc; tiếp nhận từ %02d:%02d trở đi hoặc ngoài ngày làm việc thì "
    "hạn là hết ngày làm việc tiếp theo.";
static const char rule_months[] =
    "Thời hạn tính bằng tháng: kết thúc vào ngày tương ứng của tháng cuối cùng; tháng đó không có "
    "ngày tương ứng thì kết thúc vào ngày cuối tháng (Bộ luật Dân sự 2015, Điều 148 khoản 3).";
static const char rule_rolled[] =
    "Ngày cuối cùng là ngày nghỉ: thời hạn kết thúc vào ngày làm việc tiếp theo "
    "(Bộ luật Dân sự 2015, Điều 148 khoản 5).";
static const char rule_resume[] = "Thời gian tạm dừng không tính; sau đó tính tiếp phần còn lại.";
static const char rule_restart[] =
    "Thời hạn tính lại từ đầu khi nhận đủ hồ sơ (Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4).";

struct explaining {
    const struct calendar *calendar;
    const struct clock_run *run;
    struct limit limit;
    struct deadline deadline; /* after the last hold that ended */
    int index;
};

const char *explain_reason_name(enum explain_reason reason)
{
    return reasons[reason].name;
}

const char *explain_reason_vi(enum explain_reason reason)
{
    return reasons[reason].vi;
}

static enum explain_reason reason_of_kind(const struct calendar_day *look)
{
    switch (look->kind) {
    case CALENDAR_HOLIDAY:
        return EXPLAIN_HOLIDAY;
    case CALENDAR_CLOSURE:
        return EXPLAIN_CLOSURE;
    case CALENDAR_MAKE_UP:
        return look->working ? EXPLAIN_MAKE_UP : EXPLAIN_REST_DAY;
    case CALENDAR_HALF_DAY:
    case CALENDAR_OWN:
        return look->working ? EXPLAIN_HALF_DAY : EXPLAIN_REST_DAY;
    case CALENDAR_REGULAR:
        break;
    }
    return look->working ? EXPLAIN_COUNTED : EXPLAIN_REST_DAY;
}

/* A hold of which `day` is a day after its first, up to the one on which it ended. */
static const struct clock_hold *held_on(const struct clock_run *run, day_t day, bool restarts)
{
    for (size_t i = 0; i < run->hold_count; i++) {
        const struct clock_hold *h = &run->holds[i];

        if (wall_is_none(h->to) || h->to.us <= run->start.us)
            continue;
        if (restarts ? h->restarts && day_of(h->to).n == day.n
                     : day.n > day_of(h->from).n && day.n <= day_of(h->to).n)
            return h;
    }
    return NULL;
}

/* Working time of [from, to] in which no hold stood; after a restart only what follows it. */
static int ran_between(const struct explaining *e, wall_t from, wall_t to, int64_t *ret_us)
{
    int64_t sum, us;
    int rc;

    for (size_t i = 0; i < e->run->hold_count; i++) {
        const struct clock_hold *h = &e->run->holds[i];

        if (h->restarts && !wall_is_none(h->to) && h->to.us > from.us && h->to.us <= to.us)
            from = h->to;
    }
    rc = calendar_work_between(e->calendar, from, to, &sum);
    for (size_t i = 0; rc == 0 && i < e->run->hold_count; i++) {
        const struct clock_hold *h = &e->run->holds[i];
        wall_t a = h->from.us > from.us ? h->from : from;
        wall_t b = h->to.us < to.us ? h->to : to;

        if (wall_is_none(h->to) || b.us <= a.us)
            continue;
        rc = calendar_work_between(e->calendar, a, b, &us);
        if (rc == 0)
            sum -= us;
    }
    if (rc == 0)
        *ret_us = sum;
    return rc;
}

static int explain_hours(const struct explaining *e, const struct calendar_day *look,
                         struct explain_day *line)
{
    wall_t from = day_at(look->day, 0), to = day_at(look->day, 24 * 60);
    int64_t us;
    int rc;

    if (from.us < e->run->start.us)
        from = e->run->start;
    if (to.us > e->deadline.due.us)
        to = e->deadline.due;
    rc = ran_between(e, from, to, &us);
    if (rc != 0)
        return rc;
    line->minutes = (int)(us / US_PER_MINUTE);
    line->counted = us > 0;
    if (us > 0)
        line->reason =
            look->minutes > 0 && !look->working ? EXPLAIN_HALF_DAY : reason_of_kind(look);
    else if (look->minutes == 0)
        line->reason = reason_of_kind(look);
    else if (held_on(e->run, look->day, false))
        line->reason = EXPLAIN_HELD;
    else
        line->reason = EXPLAIN_AFTER_HOURS;
    return 0;
}

/* The day on which the clock was stopped, when it was not the day of the result. */
static bool stopped_on(const struct clock_run *run, day_t day)
{
    for (size_t i = 0; i < run->hold_count; i++) {
        if (!wall_is_none(run->holds[i].to) && run->holds[i].from.us >= run->start.us &&
            day_of(run->holds[i].from).n == day.n)
            return true;
    }
    return false;
}

static void explain_same_day(const struct explaining *e, const struct calendar_day *look,
                             struct explain_day *line)
{
    line->counted = look->day.n == day_of(e->deadline.due).n;
    line->reason = reason_of_kind(look);
    if (!line->counted && look->working)
        line->reason = held_on(e->run, look->day, false) || stopped_on(e->run, look->day)
                           ? EXPLAIN_HELD
                           : EXPLAIN_AFTER_HOURS;
}

static void explain_days(const struct explaining *e, const struct calendar_day *look,
                         struct explain_day *line)
{
    bool by_work = e->limit.unit == LIMIT_WORKING_DAYS;

    line->reason = reason_of_kind(look);
    if (look->day.n == day_of(e->run->start).n) {
        line->reason = EXPLAIN_FIRST_DAY;
    } else if (held_on(e->run, look->day, true)) {
        line->reason = EXPLAIN_RESTARTED;
    } else if (held_on(e->run, look->day, false)) {
        line->reason = EXPLAIN_HELD;
    } else if (by_work) {
        line->counted = look->working;
    } else if (look->day.n <= e->deadline.last_day.n) {
        line->counted = true;
        line->reason = look->working ? line->reason : EXPLAIN_COUNTED;
    } else if (look->working) {
        line->reason = EXPLAIN_ROLLED;
    }
}

static int explain_one(struct explaining *e, day_t day, struct explain_day *ret)
{
    struct explain_day line = {.day = day};
    struct calendar_day look;
    int rc = calendar_look(e->calendar, day, &look);

    if (rc != 0)
        return rc;
    line.minutes = look.minutes;
    line.source = look.source;
    line.note = look.note;
    if (held_on(e->run, day, true))
        e->index = 0;
    if (e->limit.unit == LIMIT_WORKING_HOURS)
        rc = explain_hours(e, &look, &line);
    else if (e->limit.unit == LIMIT_SAME_DAY)
        explain_same_day(e, &look, &line);
    else
        explain_days(e, &look, &line);
    if (rc != 0)
        return rc;
    if (line.counted)
        line.index = ++e->index;
    *ret = line;
    return 0;
}

/* What was held, and whether the limit counted again: the rules that the ledger brings in. */
static size_t ledger_rules(const struct clock_run *run, const char **list, size_t count)
{
    bool resumed = false, restarted = false;

    for (size_t i = 0; i < run->hold_count; i++) {
        const struct clock_hold *h = &run->holds[i];

        if (wall_is_none(h->to) || h->to.us <= run->start.us)
            continue;
        if (h->restarts)
            restarted = true;
        else
            resumed = true;
    }
    if (resumed)
        list[count++] = rule_resume;
    if (restarted)
        list[count++] = rule_restart;
    return count;
}

static void explain_rules(struct arena *arena, const struct clock_rule *rule,
                          const struct explaining *e, struct explain *explain)
{
    const char **list = ARENA_ARRAY(arena, const char *, RULES_MAX);
    size_t count = 0;

    switch (e->limit.unit) {
    case LIMIT_NONE:
    case LIMIT_TRANSFER: /* a step's: no dossier is due by it */
        break;
    case LIMIT_WORKING_HOURS:
        list[count++] = rule_moment;
        break;
    case LIMIT_SAME_DAY:
        list[count++] =
            arena_printf(arena, rule_same_day, rule->cutoff_minute / 60, rule->cutoff_minute % 60);
        break;
    case LIMIT_WORKING_DAYS:
        list[count++] = rule_first_day;
        list[count++] = rule_working;
        break;
    case LIMIT_CALENDAR_DAYS:
    case LIMIT_MONTHS:
        list[count++] = rule_first_day;
        if (e->limit.unit == LIMIT_MONTHS)
            list[count++] = rule_months;
        if (e->deadline.last_day.n != day_of(e->deadline.due).n)
            list[count++] = rule_rolled;
        break;
    }
    explain->rules = list;
    explain->rule_count = ledger_rules(e->run, list, count);
}

int deadline_explain(struct arena *arena, const struct calendar *calendar,
                     const struct clock_rule *rule, struct limit limit, const struct clock_run *run,
                     struct explain *ret)
{
    struct explaining e = {.calendar = calendar, .run = run, .limit = limit};
    struct explain out = {.limit = limit, .start = run->start};
    struct explain_day *days;
    int32_t first, last;
    int rc = deadline_replay(calendar, rule, limit, run, &e.deadline);

    if (rc != 0)
        return rc;
    for (size_t i = 0; i < run->hold_count; i++)
        if (run->holds[i].restarts && run->holds[i].to.us > out.start.us)
            out.start = run->holds[i].to;
    out.due = e.deadline.due;
    out.calendar_id = calendar_id(calendar);
    out.calendar_version = calendar_version(calendar);
    explain_rules(arena, rule, &e, &out);
    if (limit.unit != LIMIT_NONE) {
        first = day_of(run->start).n;
        last = day_of(out.due).n;
        days = ARENA_ARRAY(arena, struct explain_day, (size_t)(last - first) + 1);
        for (int32_t n = first; rc == 0 && n <= last; n++)
            rc = explain_one(&e, (day_t){n}, &days[out.day_count++]);
        out.days = days;
    }
    if (rc == 0)
        *ret = out;
    return rc;
}

static void write_day(struct jw *jw, const struct explain_day *day)
{
    jw_object(jw);
    jw_kv_day(jw, "date", day->day);
    jw_kv_bool(jw, "counted", day->counted);
    if (day->counted)
        jw_kv_int(jw, "index", day->index);
    jw_kv_int(jw, "minutes", day->minutes);
    jw_kv_str(jw, "reason", explain_reason_name(day->reason));
    jw_kv_str(jw, "text", explain_reason_vi(day->reason));
    if (day->source)
        jw_kv_str(jw, "source", day->source);
    if (day->note)
        jw_kv_str(jw, "note", day->note);
    jw_end_object(jw);
}

void explain_write(struct jw *jw, const struct explain *explain)
{
    jw_object(jw);
    limit_write_kv(jw, "limit", explain->limit);
    jw_kv_wall(jw, "start", explain->start);
    jw_kv_wall(jw, "due", explain->due);
    jw_kv_str(jw, "calendar", explain->calendar_id);
    jw_kv_str(jw, "calendar_version", explain->calendar_version);
    jw_kv_strs(jw, "rules", explain->rules, explain->rule_count);
    jw_key(jw, "days");
    jw_array(jw);
    for (size_t i = 0; i < explain->day_count; i++)
        write_day(jw, &explain->days[i]);
    jw_end_array(jw);
    jw_end_object(jw);
}
