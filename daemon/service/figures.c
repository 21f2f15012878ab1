#include "service/figures.h"

#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "core/form.h"
#include "service/page.h"
#include "service/registry.h"
#include "service/service.h"

#define ANSWER_MAX (16u << 20)
#define GROUPS_MAX 4

static const char *const group_names[GROUPS_MAX] = {"agency", "procedure", "field", "channel"};

static const char *const figure_names[] = {
    "received.total",        "received.online",   "received.post",       "received.direct",
    "received.carried_over", "resolved.total",    "resolved.early",      "resolved.on_time",
    "resolved.late",         "open.total",        "open.in_time",        "open.late",
    "apart.paused",          "apart.withdrawn",   "apart.refused",       "apart.stopped",
    "apart.not_accepted",    "apart.no_due_date", "apart.accepted_late",
};

/* What was asked for, read and checked. */
struct asking {
    struct op op;
    struct form_faults faults;
    wall_t now;
    day_t from, to;
    struct slice agency, procedure, field, verdict, figure;
    int64_t channel; /* 0: all */
    struct slice groups[GROUPS_MAX];
    size_t group_count;
    bool detailed;
    int64_t after;
};

static void fault(struct asking *asking, const char *pointer, const char *message)
{
    form_fault(asking->op.arena, &asking->faults, "parameter", message, "/%s", pointer);
}

static void read_days(struct asking *asking, const struct figures_ask *ask)
{
    day_t today = day_of(asking->now);
    int year, month, day;

    asking->to = today;
    if (ask->to.len > 0 && day_parse(ask->to, &asking->to) != 0)
        fault(asking, "to", "Ngày cuối kỳ phải có dạng YYYY-MM-DD.");
    day_to_ymd(asking->to, &year, &month, &day);
    asking->from = day_from_ymd(year, 1, 1);
    if (ask->from.len > 0 && day_parse(ask->from, &asking->from) != 0)
        fault(asking, "from", "Ngày đầu kỳ phải có dạng YYYY-MM-DD.");
    if (asking->faults.count > 0)
        return;
    if (asking->to.n < asking->from.n)
        fault(asking, "to", "Ngày cuối kỳ không được trước ngày đầu kỳ.");
    else if (day_add_months(asking->from, 12 * FIGURES_YEARS_MAX).n <= asking->to.n)
        fault(asking, "to", "Kỳ thống kê dài nhất 3 năm.");
}

static bool take_group(struct asking *asking, struct slice name)
{
    bool known = false;

    for (size_t i = 0; i < GROUPS_MAX; i++)
        known = known || slice_is(name, group_names[i]);
    for (size_t i = 0; i < asking->group_count; i++)
        known = known && !slice_eq(name, asking->groups[i]);
    if (known)
        asking->groups[asking->group_count++] = arena_slice(asking->op.arena, name);
    return known;
}

static void read_groups(struct asking *asking, struct slice text)
{
    struct slice part;

    if (text.len == 0)
        return;
    while (slice_next(&text, ',', &part)) {
        if (!take_group(asking, part)) {
            fault(
                asking, "group_by",
                "Nhóm theo agency, procedure, field hoặc channel, mỗi thứ một lần, cách nhau bằng "
                "dấu phẩy.");
            return;
        }
        asking->detailed = asking->detailed || !slice_is(part, "agency");
    }
}

static void read_filters(struct asking *asking, const struct figures_ask *ask)
{
    const struct generation *generation = asking->op.service->generation;
    struct arena *arena = asking->op.arena;
    enum channel channel;

    asking->agency = arena_slice(arena, ask->agency);
    asking->procedure = arena_slice(arena, ask->procedure);
    asking->field = arena_slice(arena, ask->field);
    asking->verdict = ask->verdict.len > 0 ? arena_slice(arena, ask->verdict) : SLICE_LIT("legal");
    if (ask->agency.len > 0 && agency_find(generation->agencies, ask->agency) == NULL)
        fault(asking, "agency", "Không có cơ quan nào mang mã này.");
    if (ask->channel.len > 0) {
        if (channel_parse(ask->channel, &channel) != 0)
            fault(asking, "channel", "Kênh tiếp nhận là direct, online hoặc post.");
        else
            asking->channel = channel;
    }
    if (!slice_is(asking->verdict, "legal") && !slice_is(asking->verdict, "strict"))
        fault(asking, "verdict", "Cách xét hạn là legal (theo ngày) hoặc strict (theo giờ).");
    asking->detailed =
        asking->detailed || ask->procedure.len > 0 || ask->field.len > 0 || ask->channel.len > 0;
}

static void read_figure(struct asking *asking, const struct figures_ask *ask)
{
    struct slice place;

    asking->figure = arena_slice(asking->op.arena, ask->figure);
    asking->detailed = true;
    if (page_open(asking->op.service, asking->op.arena, "figures", ask->page.token, &place) != 0 ||
        (place.ptr != NULL && num_parse_i64(place, 0, INT64_MAX, &asking->after) != 0))
        fault(asking, "page", "Mã trang không hợp lệ.");
    for (size_t i = 0; i < DVC_COUNT(figure_names); i++) {
        if (slice_is(ask->figure, figure_names[i]))
            return;
    }
    fault(asking, "class", "Cần tên một số liệu, ví dụ resolved.late hoặc apart.paused.");
}

/* NULL when it was answered already. */
static struct asking *begin(struct service *service, const struct member *who,
                            const struct figures_ask *ask, bool dossiers, answer_fn answer,
                            void *ctx)
{
    struct asking *asking = op_new(service, sizeof(*asking), answer, ctx);

    asking->now = loop_now(service->loop);
    read_days(asking, ask);
    read_groups(asking, ask->group_by);
    read_filters(asking, ask);
    if (dossiers)
        read_figure(asking, ask);
    if (asking->faults.count > 0) {
        answer_faults(answer, ctx, &asking->faults);
        op_end(&asking->op);
        return NULL;
    }
    if (asking->detailed && who == NULL) {
        op_fault(&asking->op, ANSWER_UNAUTHENTICATED, "unauthenticated",
                 "Số liệu theo thủ tục, lĩnh vực, kênh và danh sách hồ sơ chỉ dành cho cán bộ, hãy "
                 "đăng nhập.");
        return NULL;
    }
    return asking;
}

static void failed(struct asking *asking, const struct db_result *result)
{
    if (result->code != STORE_E_BUSY)
        log_warn("figures_failed", "reason=%s sqlstate=%s detail=%s",
                 store_error_name(result->code), result->error->sqlstate, result->error->message);
    op_store_error(&asking->op, result->code);
}

static void forbidden(struct asking *asking)
{
    op_fault(&asking->op, ANSWER_FORBIDDEN, "forbidden",
             "Tài khoản không được xem số liệu chi tiết của cơ quan này.");
}

static struct db_param given(struct slice text)
{
    return text.len > 0 ? db_text(text) : db_null();
}

struct agency_calendars figures_calendars(const struct service *service, struct arena *arena)
{
    const struct agency_tree *tree = service->generation->agencies;
    struct agency_calendars all = {ARENA_ARRAY(arena, struct slice, tree->count),
                                   ARENA_ARRAY(arena, int64_t, tree->count), 0};

    for (size_t i = 0; i < tree->count; i++) {
        int version;

        if (tree->items[i].level == AGENCY_POST_OFFICE ||
            registry_calendar(service->registry, tree->items[i].code, &version) == NULL)
            continue;
        all.agencies[all.count] = slice_str(tree->items[i].code);
        all.versions[all.count++] = version;
    }
    return all;
}

static void counted(void *ctx, const struct db_result *result)
{
    struct asking *asking = ctx;

    if (result->code != 0)
        failed(asking, result);
    else if (db_json(result->rows).ptr == NULL)
        forbidden(asking);
    else
        op_json(&asking->op, db_json(result->rows));
}

void figures_on_time(struct service *service, struct member *who, const struct figures_ask *ask,
                     answer_fn answer, void *ctx)
{
    struct asking *asking = begin(service, who, ask, false, answer, ctx);
    struct agency_calendars calendars;

    if (asking == NULL)
        return;
    calendars = figures_calendars(service, asking->op.arena);
    store_query(service->store, service_statement(service, "statistics_on_time"),
                (struct db_param[]){
                    who != NULL ? db_int(who->actor.account) : db_null(), db_bool(asking->detailed),
                    db_day(asking->from), db_day(asking->to), db_wall(asking->now),
                    given(asking->agency), given(asking->procedure), given(asking->field),
                    asking->channel != 0 ? db_int(asking->channel) : db_null(),
                    db_text_array(asking->groups, asking->group_count), db_text(asking->verdict),
                    db_text_array(calendars.agencies, calendars.count),
                    db_int_array(calendars.versions, calendars.count)},
                13, service_timeout(service), counted, asking);
}

static void found(void *ctx, const struct db_result *result)
{
    struct asking *asking = ctx;
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct slice next;

    if (result->code != 0) {
        failed(asking, result);
        return;
    }
    if (!db_bool_at(result->rows, 0, 2)) {
        forbidden(asking);
        return;
    }
    next = db_text_at(result->rows, 0, 1);
    page_write(asking->op.service, "figures", db_text_at(result->rows, 0, 0), next, &buf);
    op_json(&asking->op, buf_slice(&buf));
    buf_release(&buf);
}

void figures_dossiers(struct service *service, struct member *who, const struct figures_ask *ask,
                      answer_fn answer, void *ctx)
{
    struct asking *asking = begin(service, who, ask, true, answer, ctx);

    if (asking == NULL)
        return;
    store_query(service->store, service_statement(service, "statistics_dossiers"),
                (struct db_param[]){db_int(who->actor.account), db_day(asking->from),
                                    db_day(asking->to), db_wall(asking->now), given(asking->agency),
                                    given(asking->procedure), given(asking->field),
                                    asking->channel != 0 ? db_int(asking->channel) : db_null(),
                                    db_text(asking->verdict), db_text(asking->figure),
                                    db_int(asking->after), db_int(ask->page.limit)},
                12, service_timeout(service), found, asking);
}
