#include "control.h"

#include "base/jw.h"
#include "base/num.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <string.h>

#define ANSWER_LIMIT ((size_t)256 << 20)
#define LIST_DEFAULT 1000
#define LIST_MAX 100000

/* One call of a control route: parameters in, JSON out. */
struct ask {
    struct sim *sim;
    struct evkeyvalq query;
    struct buf body;
    struct jw jw;
    const char *wrong; /* set by a handler: the answer becomes 400 with this text */
};

static int64_t param(struct ask *ask, const char *name, int64_t otherwise, int64_t min, int64_t max)
{
    int64_t value = otherwise;

    if (web_param_int(&ask->query, name, otherwise, min, max, &value) < 0)
        ask->wrong = name;
    return value;
}

static void write_parcel(struct ask *ask, const struct parcel *parcel, bool brief)
{
    struct jw *jw = &ask->jw;
    struct buf item = BUF_INIT(32), body = BUF_INIT((size_t)1 << 20);

    parcel_item_code(parcel, &item);
    jw_object(jw);
    jw_kv_int(jw, "seq", (int64_t)parcel->seq);
    jw_kv_str(jw, "customer", parcel->customer);
    jw_kv_str(jw, "number", parcel->number);
    jw_kv_str(jw, "item_code", item.ptr);
    jw_kv_int(jw, "code", parcel->code);
    jw_kv_int(jw, "tries", (int64_t)parcel->tries);
    jw_kv_int(jw, "accepted_ms", parcel->accepted_ms);
    if (!brief) {
        jw_key(jw, "body");
        if (journal_read(ask->sim->office.journal, parcel->body_at, parcel->body_len, &body) == 0)
            jw_raw(jw, buf_slice(&body));
        else
            jw_null(jw);
    }
    jw_end_object(jw);
    buf_release(&item);
    buf_release(&body);
}

/* GET /sim/orders?from=SEQ&limit=N&brief=1, or ?order=NUMBER: what was accepted. */
static void show_orders(struct ask *ask)
{
    struct office *office = &ask->sim->office;
    const char *number = web_param(&ask->query, "order");
    int64_t from = param(ask, "from", 1, 1, INT64_MAX);
    int64_t limit = param(ask, "limit", LIST_DEFAULT, 1, LIST_MAX);
    bool brief = param(ask, "brief", 0, 0, 1) == 1;

    jw_object(&ask->jw);
    jw_kv_int(&ask->jw, "count", (int64_t)office->accepted_count);
    jw_key(&ask->jw, "orders");
    jw_array(&ask->jw);
    if (number != NULL) {
        const struct parcel *parcel = office_find_any(office, slice_str(number));

        if (parcel != NULL)
            write_parcel(ask, parcel, brief);
    } else {
        for (size_t i = (size_t)from - 1; i < office->accepted_count && limit > 0; i++, limit--)
            write_parcel(ask, office->accepted[i], brief);
    }
    jw_end_array(&ask->jw);
    jw_end_object(&ask->jw);
}

/* GET /sim/log?from=N&limit=N: the calls of interface A in order. */
static void show_log(struct ask *ask)
{
    struct sim *sim = ask->sim;
    uint64_t oldest = sim->log_count > SIM_LOG_MAX ? sim->log_count - SIM_LOG_MAX : 0;
    int64_t limit = param(ask, "limit", LIST_DEFAULT, 1, SIM_LOG_MAX);
    uint64_t n = (uint64_t)param(ask, "from", 1, 1, INT64_MAX) - 1;

    jw_object(&ask->jw);
    jw_kv_int(&ask->jw, "count", (int64_t)sim->log_count);
    jw_key(&ask->jw, "calls");
    jw_array(&ask->jw);
    for (n = n < oldest ? oldest : n; n < sim->log_count && limit > 0; n++, limit--) {
        const struct log_entry *entry = &sim->log[n % SIM_LOG_MAX];

        jw_object(&ask->jw);
        jw_kv_int(&ask->jw, "n", (int64_t)entry->n);
        jw_kv_int(&ask->jw, "at_ms", entry->at_ms);
        jw_kv_str(&ask->jw, "op", entry->op);
        jw_kv_str(&ask->jw, "number", entry->number);
        jw_kv_str(&ask->jw, "fault", fault_name(entry->fault));
        jw_kv_int(&ask->jw, "http_status", entry->http_status);
        jw_kv_int(&ask->jw, "status", entry->status);
        jw_end_object(&ask->jw);
    }
    jw_end_array(&ask->jw);
    jw_end_object(&ask->jw);
}

/* GET /sim/summary: counts for checks. */
static void show_summary(struct ask *ask)
{
    struct sim *sim = ask->sim;
    int64_t away_ms = sim->away_until_ms - sim_now_ms();

    jw_object(&ask->jw);
    jw_kv_int(&ask->jw, "accepted", (int64_t)sim->office.accepted_count);
    jw_kv_int(&ask->jw, "duplicates", (int64_t)sim->duplicates);
    jw_kv_int(&ask->jw, "events", (int64_t)sim->office.event_seq);
    jw_kv_int(&ask->jw, "calls", (int64_t)sim->log_count);
    jw_kv_int(&ask->jw, "away_ms", away_ms > 0 ? away_ms : 0);
    jw_key(&ask->jw, "faults");
    jw_object(&ask->jw);
    for (int kind = 0; kind < FAULT_COUNT; kind++)
        jw_kv_int(&ask->jw, fault_name((enum fault_kind)kind), sim->plan.hits[kind]);
    jw_end_object(&ask->jw);
    jw_end_object(&ask->jw);
}

static void done(struct ask *ask)
{
    jw_object(&ask->jw);
    jw_kv_bool(&ask->jw, "done", true);
    jw_end_object(&ask->jw);
}

/* POST /sim/away?seconds=N[&how=reset|503|hang]; 0 brings the post back. */
static void go_away(struct ask *ask)
{
    const char *how = web_param(&ask->query, "how");
    int64_t seconds = param(ask, "seconds", -1, 0, 86400);
    enum away_how kind = AWAY_RESET;

    if (seconds < 0)
        ask->wrong = "seconds";
    if (how != NULL && strcmp(how, "503") == 0)
        kind = AWAY_503;
    else if (how != NULL && strcmp(how, "hang") == 0)
        kind = AWAY_HANG;
    else if (how != NULL && strcmp(how, "reset") != 0)
        ask->wrong = "how";
    if (ask->wrong != NULL)
        return;
    ask->sim->away_how = kind;
    ask->sim->away_until_ms = seconds == 0 ? 0 : sim_now_ms() + seconds * 1000;
    done(ask);
}

static void step_all(struct office *office, int64_t now_ms)
{
    for (size_t i = 0; i < office->accepted_count; i++)
        office_step(office, office->accepted[i], now_ms);
}

/* POST /sim/advance?order=NUMBER[&code=N][&time=MS][&twice=1], or ?all=1. With a code the event is
 * told as it is, without it the parcel takes its next step. */
static void advance(struct ask *ask)
{
    struct office *office = &ask->sim->office;
    const char *number = web_param(&ask->query, "order");
    int64_t now_ms = sim_now_ms();
    int64_t code = param(ask, "code", 0, 1, 9999);
    int64_t time_ms = param(ask, "time", now_ms, 0, INT64_MAX);
    bool twice = param(ask, "twice", 0, 0, 1) == 1;
    bool all = param(ask, "all", 0, 0, 1) == 1;
    struct parcel *parcel = NULL;

    if (ask->wrong != NULL)
        return;
    if (number != NULL)
        parcel = office_find_any(office, slice_str(number));
    if (all)
        step_all(office, now_ms);
    else if (parcel == NULL)
        ask->wrong = "order";
    else if (code == 0)
        office_step(office, parcel, now_ms);
    else if (office_tell(office, parcel, (int)code, time_ms, twice) < 0)
        ask->wrong = "code";
    sim_arm(ask->sim);
    if (ask->wrong == NULL)
        done(ask);
}

static bool find_kind(struct ask *ask, enum fault_kind *ret)
{
    const char *kind = web_param(&ask->query, "kind");

    if (kind != NULL && fault_by_name(slice_str(kind), ret) == 0)
        return true;
    ask->wrong = "kind";
    return false;
}

/* POST /sim/fault?kind=KIND&count=N: the next N that could meet it do. */
static void force_fault(struct ask *ask)
{
    enum fault_kind kind;
    int64_t count = param(ask, "count", 1, 0, 1000000);

    if (!find_kind(ask, &kind) || ask->wrong != NULL)
        return;
    ask->sim->plan.forced[kind] = count;
    done(ask);
}

/* POST /sim/rate?kind=KIND&rate=0.25: from now on. */
static void set_rate(struct ask *ask)
{
    const char *text = web_param(&ask->query, "rate");
    enum fault_kind kind;
    double rate;

    if (!find_kind(ask, &kind))
        return;
    if (text == NULL || num_parse_double(slice_str(text), 0, 1, &rate) < 0) {
        ask->wrong = "rate";
        return;
    }
    ask->sim->plan.rate[kind] = rate;
    done(ask);
}

static const struct route {
    const char *path;
    enum evhttp_cmd_type method;
    void (*handle)(struct ask *ask);
} routes[] = {
    {"/sim/orders", EVHTTP_REQ_GET, show_orders},   {"/sim/log", EVHTTP_REQ_GET, show_log},
    {"/sim/summary", EVHTTP_REQ_GET, show_summary}, {"/sim/away", EVHTTP_REQ_POST, go_away},
    {"/sim/advance", EVHTTP_REQ_POST, advance},     {"/sim/fault", EVHTTP_REQ_POST, force_fault},
    {"/sim/rate", EVHTTP_REQ_POST, set_rate},
};

static void refuse(struct ask *ask, struct evhttp_request *req, int status)
{
    struct web_answer answer = {status, WEB_JSON, 0, SLICE_NULL};

    buf_clear(&ask->body);
    ask->jw = JW_INIT(&ask->body);
    jw_object(&ask->jw);
    if (ask->wrong != NULL)
        jw_kv_str(&ask->jw, "wrong", ask->wrong);
    jw_kv_int(&ask->jw, "status", status);
    jw_end_object(&ask->jw);
    answer.body = buf_slice(&ask->body);
    web_send(req, &answer);
}

static void run_route(struct ask *ask, struct evhttp_request *req, const struct route *route)
{
    struct web_answer answer = {200, WEB_JSON, 0, SLICE_NULL};

    if (evhttp_request_get_command(req) != route->method) {
        refuse(ask, req, 405);
        return;
    }
    route->handle(ask);
    if (ask->wrong != NULL) {
        refuse(ask, req, 400);
        return;
    }
    answer.body = buf_slice(&ask->body);
    web_send(req, &answer);
}

bool control_handle(struct sim *sim, struct evhttp_request *req)
{
    struct ask ask = {.sim = sim, .body = BUF_INIT(ANSWER_LIMIT)};
    const struct route *route = NULL;

    if (strncmp(web_path(req), "/sim/", 5) != 0)
        return false;
    ask.jw = JW_INIT(&ask.body);
    web_query(req, &ask.query);
    for (size_t i = 0; i < DVC_COUNT(routes); i++) {
        if (strcmp(web_path(req), routes[i].path) == 0)
            route = &routes[i];
    }
    if (route == NULL)
        refuse(&ask, req, 404);
    else
        run_route(&ask, req, route);
    web_query_release(&ask.query);
    buf_release(&ask.body);
    return true;
}
