#include "ctl/simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ctl/ctl.h"

#define NOTHING "-"

/* ---- words ---- */

static const struct word {
    const char *code, *name;
} hold_reasons[] = {
    {"supplement", "chờ bổ sung hồ sơ"},
    {"payment", "chờ nộp phí, lệ phí"},
    {"consultation", "lấy ý kiến cơ quan khác"},
    {"confirmation", "chờ người nộp hồ sơ xác nhận"},
    {"linked", "chờ hồ sơ liên thông"},
    {"post", "chờ bưu chính"},
    {"suspended", "tạm dừng xử lý"},
    {"office", "tạm dừng"},
    {"restart", "tính lại"},
    {"apology", "xin lỗi và hẹn lại"},
    {NULL, NULL},
};

/* Actions that only the daemon takes have no name in the plugin. */
static const struct word own_actions[] = {
    {"paid", "đã nộp"},
    {"delivered", "bưu chính đã phát"},
    {"came_back", "bưu chính chuyển hoàn"},
    {"done", "đã có kết quả liên thông"},
    {"failed", "không có kết quả liên thông"},
    {NULL, NULL},
};

static const char *word_of(const struct word *words, const char *code)
{
    for (; words->code != NULL; words++) {
        if (strcmp(words->code, code) == 0)
            return words->name;
    }
    return code;
}

static const char *weekday(day_t day)
{
    static const char *const names[] = {"", "T2", "T3", "T4", "T5", "T6", "T7", "CN"};

    return names[day_weekday(day)];
}

/* "T5 10:00 12/02/2026". */
static const char *moment(const struct simulation *s, wall_t at)
{
    struct buf text = BUF_INIT(64);
    const char *said;

    if (wall_is_none(at))
        return NOTHING;
    buf_addf(&text, "%s ", weekday(day_of(at)));
    buf_add_wall_vi(&text, at);
    said = arena_str(s->arena, text.ptr);
    buf_release(&text);
    return said;
}

static const char *agency_name(const struct simulation *s, const char *code)
{
    const struct agency *agency =
        s->agencies != NULL && code != NULL ? agency_find(s->agencies, slice_str(code)) : NULL;

    return agency != NULL ? agency->name : code;
}

static const char *waited_for(enum wait_for wait)
{
    switch (wait) {
    case WAIT_APPLICANT:
        return "chờ người nộp hồ sơ";
    case WAIT_PAYMENT:
        return "chờ nộp phí, lệ phí";
    case WAIT_POST:
        return "chờ bưu chính";
    case WAIT_LINKED:
        return "chờ hồ sơ liên thông";
    case WAIT_NOTHING:
        break;
    }
    return NOTHING;
}

/* Another agency than the one that decides is named. */
static const char *holder(const struct simulation *s, const struct rehearsal_step *row)
{
    if (row->step->role == ROLE_NONE)
        return waited_for(row->step->wait);
    if (row->agency == NULL || strcmp(row->agency, s->plan->agency) == 0)
        return role_name_vi(row->step->role);
    return arena_printf(s->arena, "%s, %s", role_name_vi(row->step->role),
                        agency_name(s, row->agency));
}

static const char *what_done(const struct rehearsal_step *row)
{
    switch (row->how) {
    case REHEARSAL_OPEN:
        return "(chưa xong)";
    case REHEARSAL_BY_ITSELF:
        return "(tự động)";
    case REHEARSAL_TIMED_OUT:
        return row->step->timeout.consents ? "(im lặng là đồng ý)" : "(hết thời gian chờ)";
    case REHEARSAL_TAKEN_AWAY:
        return "(không cần nữa)";
    case REHEARSAL_ACTED:
        break;
    }
    return row->action->name != NULL ? row->action->name : word_of(own_actions, row->action->id);
}

static const char *dossier_due(const struct simulation *s, const struct rehearsal_step *row)
{
    if (row->clock == CLOCK_HELD)
        return "(tạm dừng)";
    return moment(s, row->dossier_due);
}

/* ---- the parts ---- */

static void print_head(const struct simulation *s)
{
    const struct procedure *p = s->plan->procedure;
    const struct dossier *d = s->plan->dossier;
    static const char *const paces[] = {
        [PACE_LIMIT] = "mỗi bước xong vào lúc cuối của hạn bước",
        [PACE_HALF] = "mỗi bước xong khi hết một nửa hạn bước",
        [PACE_NOW] = "mỗi bước xong ngay",
    };

    printf("%s - %s, phiên bản %d\n", p->code, p->name, p->version);
    for (size_t i = 0; i < p->case_count; i++) {
        if (d->case_id != NULL && strcmp(p->cases[i].id, d->case_id) == 0)
            printf("Trường hợp: %s\n", p->cases[i].name);
    }
    printf("Nộp (%s) lúc %s; %s (%s), lịch làm việc %s\n", channel_name_vi(d->channel),
           moment(s, s->plan->setting.now), agency_name(s, s->plan->agency), s->plan->agency,
           calendar_id(s->plan->setting.calendar));
    printf("Giả định: %s; bước không có hạn làm ngay trong giờ làm việc; không tính thời gian bưu "
           "chính\n\n",
           paces[s->plan->pace]);
}

static void print_steps(const struct simulation *s)
{
    static const char *const head[] = {"Bước",     "Ai giữ", "Bắt đầu",      "Hạn bước",
                                       "Xong lúc", "Việc",   "Hạn trả hồ sơ"};
    const size_t columns = DVC_COUNT(head);
    const struct rehearsal *r = s->played;
    const char **cells = ARENA_ARRAY(s->arena, const char *, (r->step_count + 1) * columns);

    memcpy(cells, head, sizeof(head));
    for (size_t i = 0; i < r->step_count; i++) {
        const struct rehearsal_step *row = &r->steps[i];
        const char *line[] = {row->step->name,
                              holder(s, row),
                              moment(s, row->opened_at),
                              moment(s, wall_is_none(row->due) ? row->timeout_at : row->due),
                              moment(s, row->closed_at),
                              what_done(row),
                              dossier_due(s, row)};

        memcpy(&cells[(i + 1) * columns], line, sizeof(line));
    }
    ctl_table(cells, r->step_count + 1, columns);
}

static void print_payments(const struct simulation *s)
{
    const struct procedure *p = s->plan->procedure;

    for (size_t i = 0; i < s->played->payment_count; i++) {
        const struct rehearsal_payment *paid = &s->played->payments[i];

        for (size_t j = 0; j < p->fee_count; j++) {
            if (strcmp(p->fees[j].id, paid->fee) == 0)
                printf("Nộp phí, lệ phí: %s, %lld đồng, lúc %s\n", p->fees[j].name,
                       (long long)paid->amount, moment(s, paid->at));
        }
    }
}

static void print_ledger(const struct simulation *s)
{
    const struct dossier *d = s->played->end;

    if (d->hold_count > 0)
        puts("\nThời hạn đã tạm dừng, tính lại:");
    for (size_t i = 0; i < d->hold_count; i++) {
        const struct hold *h = &d->holds[i];

        if (strcmp(h->kind, "hold") == 0)
            printf("  Tạm dừng (%s) từ %s đến %s\n", word_of(hold_reasons, h->reason),
                   moment(s, h->from), moment(s, h->to));
        else
            printf("  %s lúc %s (%s): hạn trả từ %s chuyển thành %s\n",
                   strcmp(h->kind, "restart") == 0 ? "Tính lại từ đầu" : "Hẹn lại",
                   moment(s, h->from), word_of(hold_reasons, h->reason), moment(s, h->old_due),
                   moment(s, h->new_due));
    }
}

static bool same_line(const struct explain_day *a, const struct explain_day *b)
{
    const char *one = a->note != NULL ? a->note : "", *two = b->note != NULL ? b->note : "";

    return a->reason == b->reason && a->counted == b->counted && strcmp(one, two) == 0;
}

/* Days that follow each other with the same reason stand in one line. */
static void print_days(const struct explain_day *first, const struct explain_day *last)
{
    struct buf text = BUF_INIT(4000);

    buf_addf(&text, "  %s ", weekday(first->day));
    buf_add_day_vi(&text, first->day);
    if (last != first) {
        buf_addf(&text, " - %s ", weekday(last->day));
        buf_add_day_vi(&text, last->day);
    }
    buf_addf(&text, ": %s", explain_reason_vi(first->reason));
    if (first->counted && last != first)
        buf_addf(&text, " (thứ %d đến %d)", first->index, last->index);
    else if (first->counted)
        buf_addf(&text, " (thứ %d)", first->index);
    if (first->note != NULL)
        buf_addf(&text, "; %s", first->note);
    if (first->source != NULL)
        buf_addf(&text, " (%s)", first->source);
    puts(text.ptr);
    buf_release(&text);
}

static void print_explain(const struct simulation *s, const char *title, const struct explain *e)
{
    struct buf limit = BUF_INIT(100);

    if (e == NULL)
        return;
    limit_name_vi(&limit, e->limit);
    printf("\n%s %s: %s kể từ %s\n", title, moment(s, e->due), limit.ptr, moment(s, e->start));
    buf_release(&limit);
    for (size_t i = 0, from = 0; i < e->day_count; i++) {
        if (i + 1 < e->day_count && same_line(&e->days[from], &e->days[i + 1]))
            continue;
        print_days(&e->days[from], &e->days[i]);
        from = i + 1;
    }
    for (size_t i = 0; i < e->rule_count; i++)
        printf("  %s\n", e->rules[i]);
}

static int by_moment(const void *a, const void *b)
{
    const struct rehearsal_timer *const *one = a, *const *two = b;

    if ((*one)->at.us != (*two)->at.us)
        return (*one)->at.us < (*two)->at.us ? -1 : 1;
    return *one < *two ? -1 : 1; /* as they were armed */
}

static void timer_line(const struct simulation *s, const struct rehearsal_timer *row,
                       const char **line)
{
    const struct rung *rungs = row->step != NULL ? row->step->rungs : s->plan->procedure->rungs;
    enum role to = row->rung >= 0 ? rungs[row->rung].to : ROLE_NONE;

    line[0] = moment(s, row->at);
    line[1] = row->step != NULL ? row->step->name : "Hạn trả hồ sơ";
    if (row->rung < 0) {
        line[2] = "hết thời gian chờ";
        line[3] = row->fired ? "đã đến" : "xong trước đó";
        return;
    }
    line[2] = arena_printf(s->arena, "nhắc %s",
                           to == ROLE_NONE ? "người đang giữ hồ sơ" : role_name_vi(to));
    line[3] = row->fired ? "đã nhắc" : "xong trước, không phải nhắc";
}

static void print_timers(const struct simulation *s)
{
    const struct rehearsal *r = s->played;
    const struct rehearsal_timer **rows =
        ARENA_ARRAY(s->arena, const struct rehearsal_timer *, r->timer_count + 1);
    const char **cells = ARENA_ARRAY(s->arena, const char *, (r->timer_count + 1) * 4);

    if (r->timer_count == 0)
        return;
    puts("\nNhắc việc và hết thời gian chờ:");
    for (size_t i = 0; i < r->timer_count; i++)
        rows[i] = &r->timers[i];
    qsort(rows, r->timer_count, sizeof(struct rehearsal_timer *), by_moment);
    for (size_t i = 0; i < r->timer_count; i++)
        timer_line(s, rows[i], &cells[i * 4]);
    ctl_table(cells, r->timer_count, 4);
}

static const char *in_time(const struct dossier *d)
{
    if (wall_is_none(d->due_current))
        return "không có hạn trả";
    return legally_late(d->due_current, d->finished_at) ? "QUÁ HẠN trả" : "không quá hạn trả";
}

static void print_end(const struct simulation *s)
{
    const struct dossier *d = s->played->end, *whole = s->whole->end;

    printf("\nKết thúc: %s lúc %s\n", state_info(d->state)->name_vi, moment(s, d->ended_at));
    if (!wall_is_none(d->finished_at))
        printf("Xử lý xong lúc %s, %s %s%s\n", moment(s, d->finished_at), in_time(d),
               moment(s, d->due_current),
               s->whole == s->played && d->state == STATE_RETURNED
                   ? "; đó là muộn nhất khi ai cũng dùng hết hạn của bước mình"
                   : "");
    if (s->whole != s->played && !wall_is_none(whole->finished_at))
        printf("Muộn nhất, khi ai cũng dùng hết hạn của bước mình: xong lúc %s, %s %s\n",
               moment(s, whole->finished_at), in_time(whole), moment(s, whole->due_current));
}

void simulation_print(const struct simulation *s)
{
    print_head(s);
    print_steps(s);
    print_payments(s);
    print_explain(s, s->last != NULL ? "Hạn trả khi tiếp nhận" : "Hạn trả kết quả", s->first);
    print_ledger(s);
    print_explain(s, "Hạn trả cuối cùng", s->last);
    print_timers(s);
    print_end(s);
}

/* ---- faults ---- */

static void open_steps(struct buf *buf, const struct dossier *d)
{
    const char *comma = "";

    for (size_t i = 0; i < d->task_count; i++) {
        if (d->tasks[i].state != TASK_OPEN)
            continue;
        buf_addf(buf, "%s\"%s\"", comma, d->procedure->steps[d->tasks[i].step].name);
        comma = ", ";
    }
}

static void not_offered(struct buf *buf, const struct simulation *s)
{
    const struct rehearsal *r = s->played;
    struct slice word = s->plan->path[r->at];

    buf_addf(buf, "việc thứ %zu, \"%.*s\": bước ", r->at + 1, (int)word.len, word.ptr);
    open_steps(buf, r->end);
    if (r->refusal.message != NULL)
        buf_addf(buf, " từ chối: %s", r->refusal.message);
    else
        buf_adds(buf, " không có việc này");
    buf_adds(buf, "; lúc này làm được: ");
    for (size_t i = 0; i < r->offer_count; i++)
        buf_addf(buf, "%s%s", i > 0 ? ", " : "", r->offers[i]);
}

void simulation_fault(struct buf *buf, const struct simulation *s, int error)
{
    const struct rehearsal *r = s->played;
    const char *why = r->refusal.message;

    switch ((enum rehearsal_error)error) {
    case REHEARSAL_E_FILING:
        buf_addf(buf, "không nộp được hồ sơ: %s", why != NULL ? why : "");
        return;
    case REHEARSAL_E_ACTION:
        not_offered(buf, s);
        return;
    case REHEARSAL_E_ENDED:
        buf_addf(buf, "việc thứ %zu, \"%.*s\": hồ sơ đã kết thúc (%s) trước đó", r->at + 1,
                 (int)s->plan->path[r->at].len, s->plan->path[r->at].ptr,
                 state_info(r->end->state)->name_vi);
        return;
    case REHEARSAL_E_NO_WAY:
        buf_adds(buf, "từ bước ");
        open_steps(buf, r->end);
        buf_addf(buf, " không đi tiếp được đến lúc kết thúc%s%s", why != NULL ? ": " : "",
                 why != NULL ? why : "");
        return;
    case REHEARSAL_E_CALENDAR:
        buf_addf(buf, "có ngày nằm ngoài các năm của lịch làm việc \"%s\" (đến hết năm %d)",
                 calendar_id(s->plan->setting.calendar),
                 calendar_last_year(s->plan->setting.calendar));
        return;
    }
}
