#include "http/api.h"

#include <stdlib.h>

#include "service/page.h"
#include "service/upload.h"

#define V1 "/api/v1"
#define UPLOAD_US (120 * US_PER_SECOND) /* a scanner may take its time */

static const struct route_param page_params[] = {
    {"limit", "integer", "items of a page, 1 to 200, default 50"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};
static const struct route_param procedure_params[] = {
    {"q", "string", "words of the name or the code; marks and case are ignored"},
    {"field", "string", "field (lĩnh vực)"},
    {"agency", "string", "competent agency"},
    {"limit", "integer", "items of a page"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};
static const struct route_param dossier_params[] = {
    {"mine", "integer", "1: the caller's own dossiers"},
    {"q", "string", "code, name without marks, phone or ID number"},
    {"state", "string", "state code"},
    {"agency", "string", "agency code"},
    {"procedure", "string", "procedure code"},
    {"limit", "integer", "items of a page"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};
static const struct route_param calendar_params[] = {
    {"year", "integer", "only the days of that year"}, {NULL, NULL, NULL}};
static const struct route_param task_params[] = {
    {"role", "string", "role code"},
    {"agency", "string", "agency code"},
    {"assignee", "string", "me, none or an account's id"},
    {"step", "string", "step of the procedures' workflows"},
    {"q", "string", "part of a code or of a name; marks and case are ignored"},
    {"state", "string", "open"},
    {"sort", "string", "due"},
    {"limit", "integer", "items of a page"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};
static const struct route_param stream_params[] = {
    {"role", "string", "role code"}, {"agency", "string", "agency code"}, {NULL, NULL, NULL}};
static const struct route_param parcel_params[] = {
    {"direction", "string", "collect or return"},
    {"state", "string", "parcel state"},
    {"agency", "string", "competent agency"},
    {"office", "string", "post office"},
    {"q", "string", "order number or waybill in full"},
    {"limit", "integer", "items of a page"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};
static const struct route_param outbox_params[] = {
    {"state", "string", "dead (the default) or waiting"},
    {"limit", "integer", "items of a page"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};
static const struct route_param file_params[] = {
    {"inline", "integer", "1: to be shown in its place, where it is a PDF or an image"},
    {NULL, NULL, NULL}};
static const struct route_param handover_params[] = {
    {"agency", "string", "agency code"},
    {"office", "string", "post office"},
    {"state", "string", "open, signed or cancelled"},
    {"limit", "integer", "items of a page"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};
static const struct route_param form_params[] = {
    {"number", "string", "number of the form; without it the newest"}, {NULL, NULL, NULL}};
static const struct route_param lookup_params[] = {{"pin", "string", "look-up PIN (mã tra cứu)"},
                                                   {NULL, NULL, NULL}};
static const struct route_param figure_params[] = {
    {"from", "string", "first day"},
    {"to", "string", "last day"},
    {"agency", "string", "agency code"},
    {"procedure", "string", "procedure code"},
    {"field", "string", "field (lĩnh vực)"},
    {"channel", "string", "direct, online or post"},
    {"group_by", "string", "agency, procedure, field, channel, separated by commas"},
    {"verdict", "string", "legal or strict"},
    {"class", "string", "for the dossiers: resolved.late, apart.paused, ..."},
    {"limit", "integer", "items of a page"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};

static const struct route_param account_params[] = {
    {"q", "string", "words of the name or username; marks and case are ignored"},
    {"kind", "string", "citizen, staff or portal"},
    {"agency", "string", "agency where it has a role"},
    {"limit", "integer", "items of a page"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};
static const struct route_param colleague_params[] = {
    {"q", "string", "words of the name or username; marks and case are ignored"},
    {"agency", "string", "agency code"},
    {"role", "string", "role code"},
    {"limit", "integer", "items of a page"},
    {"page", "string", "opaque token of the next page"},
    {NULL, NULL, NULL}};

static const struct route_param workflow_params[] = {
    {"version", "integer", "a version; without it the one in force"}, {NULL, NULL, NULL}};

static const struct route routes[] = {
    {METHOD_POST, V1 "/sessions", WHO_ANYONE, 0, 4096, 0, api_sign_in,
     "Sign in with username and password", NULL},
    {METHOD_DELETE, V1 "/sessions/current", WHO_ACCOUNT, ROUTE_UNSETTLED, 0, 0, api_sign_out,
     "Sign out", NULL},
    {METHOD_GET, V1 "/me", WHO_ACCOUNT, ROUTE_UNSETTLED | ROUTE_ANEW, 0, 0, api_me,
     "The account, its roles, delegations in force and CSRF token", NULL},
    {METHOD_PATCH, V1 "/me", WHO_ACCOUNT, 0, 4096, 0, api_contact,
     "Change telephone, e-mail and whether notices come by mail", NULL},
    {METHOD_PUT, V1 "/me/password", WHO_ACCOUNT, ROUTE_UNSETTLED, 4096, 0, api_password,
     "Change the password; other sessions end", NULL},
    {METHOD_POST, V1 "/me/totp", WHO_ACCOUNT, ROUTE_KEY | ROUTE_ENROL, 4096, 0, api_totp_offer,
     "A secret for one-time codes, staff only", NULL},
    {METHOD_POST, V1 "/me/totp/confirm", WHO_ACCOUNT, ROUTE_KEY | ROUTE_ENROL, 4096, 0,
     api_totp_confirm, "Turn one-time codes on with the first of them", NULL},
    {METHOD_POST, V1 "/me/totp/remove", WHO_ACCOUNT, ROUTE_KEY, 4096, 0, api_totp_drop,
     "Turn one-time codes off with the password", NULL},
    {METHOD_POST, V1 "/accounts", WHO_ANYONE, ROUTE_KEY, 8192, 0, api_account_register,
     "A citizen opens an account", NULL},
    {METHOD_GET, V1 "/colleagues", WHO_STAFF, 0, 0, 0, api_colleagues,
     "Staff of the caller's agencies", colleague_params},
    {METHOD_GET, V1 "/delegations", WHO_STAFF, 0, 0, 0, api_delegations,
     "Delegations given, received or administered", page_params},
    {METHOD_POST, V1 "/delegations", WHO_STAFF, ROUTE_KEY, 8192, 0, api_delegate,
     "Give a role to a colleague for a time", NULL},
    {METHOD_DELETE, V1 "/delegations/{id}", WHO_STAFF, 0, 0, 0, api_delegation_end,
     "End a delegation now", NULL},
    {METHOD_GET, V1 "/admin/accounts", WHO_ADMIN, 0, 0, 0, api_accounts,
     "Accounts in the caller's hands", account_params},
    {METHOD_POST, V1 "/admin/accounts", WHO_ADMIN, ROUTE_KEY, 32768, 0, api_account_create,
     "Open an account with a first password", NULL},
    {METHOD_GET, V1 "/admin/accounts/{username}", WHO_ADMIN, 0, 0, 0, api_account,
     "One account with what was done to it", NULL},
    {METHOD_POST, V1 "/admin/accounts/{username}/password", WHO_ADMIN, ROUTE_KEY, 4096, 0,
     api_account_reset, "A new first password", NULL},
    {METHOD_POST, V1 "/admin/accounts/{username}/disable", WHO_ADMIN, ROUTE_KEY, 8192, 0,
     api_account_disable, "No sign-in any more; sessions end", NULL},
    {METHOD_POST, V1 "/admin/accounts/{username}/enable", WHO_ADMIN, ROUTE_KEY, 4096, 0,
     api_account_enable, "Sign-in again", NULL},
    {METHOD_POST, V1 "/admin/accounts/{username}/grants", WHO_ADMIN, ROUTE_KEY, 8192, 0,
     api_grant_give, "A role at an agency", NULL},
    {METHOD_DELETE, V1 "/admin/accounts/{username}/grants/{id}", WHO_ADMIN, 0, 0, 0, api_grant_end,
     "End a role now", NULL},
    {METHOD_GET, V1 "/procedures", WHO_ANYONE, 0, 0, 0, api_procedures,
     "Catalogue of procedures in force", procedure_params},
    {METHOD_GET, V1 "/fields", WHO_ANYONE, 0, 0, 0, api_fields,
     "Fields (lĩnh vực) of the procedures in force", NULL},
    {METHOD_GET, V1 "/procedures/{code}", WHO_ANYONE, 0, 0, 0, api_procedure,
     "One procedure with its form as JSON Schema", NULL},
    {METHOD_GET, V1 "/procedures/{code}/workflow", WHO_STAFF, 0, 0, 0, api_procedure_workflow,
     "Steps, actions, conditions and limits, as a picture is drawn from them", workflow_params},
    {METHOD_GET, V1 "/agencies", WHO_ANYONE, 0, 0, 0, api_agencies, "Tree of agencies", NULL},
    {METHOD_GET, V1 "/provinces", WHO_ANYONE, 0, 0, 0, api_provinces,
     "Provinces in force, the home province first", NULL},
    {METHOD_GET, V1 "/provinces/{code}/communes", WHO_ANYONE, 0, 0, 0, api_communes,
     "Communes of one province, by name", NULL},
    {METHOD_POST, V1 "/uploads", WHO_ACCOUNT, ROUTE_KEY_MAYBE | ROUTE_RAW | ROUTE_LARGE, UPLOAD_MAX,
     UPLOAD_US, api_upload, "Keep a file of at most 20 MiB, or begin one in parts (tus 1.0)", NULL},
    {METHOD_OPTIONS, V1 "/uploads", WHO_ANYONE, 0, 0, 0, api_upload_options,
     "What of tus is supported", NULL},
    {METHOD_GET, V1 "/uploads/{id}", WHO_ACCOUNT, 0, 0, UPLOAD_US, api_upload_look,
     "How far an upload in parts is", NULL},
    {METHOD_PATCH, V1 "/uploads/{id}", WHO_ACCOUNT, ROUTE_RAW, UPLOAD_PIECE, UPLOAD_US,
     api_upload_part, "The next part, at most 1 MiB; the last one gives id, digest and type", NULL},
    {METHOD_DELETE, V1 "/uploads/{id}", WHO_ACCOUNT, 0, 0, 0, api_upload_drop,
     "Throw an unfinished upload away", NULL},
    {METHOD_POST, V1 "/dossiers", WHO_FILER, ROUTE_KEY, 512u << 10, 0, api_dossier_create,
     "Submit a dossier", NULL},
    {METHOD_GET, V1 "/dossiers", WHO_ACCOUNT, 0, 0, 0, api_dossier_list,
     "Own dossiers, or those of the caller's agencies", dossier_params},
    {METHOD_GET, V1 "/dossiers/{code}", WHO_ACCOUNT, 0, 0, 0, api_dossier_view,
     "One dossier with what the caller may do next", NULL},
    {METHOD_GET, V1 "/dossiers/{code}/documents/{id}", WHO_ACCOUNT, 0, 0, 0, api_document,
     "A file handed in; each reading is an event", file_params},
    {METHOD_GET, V1 "/dossiers/{code}/results/{id}", WHO_ACCOUNT, 0, 0, 0, api_result,
     "The file of a result; each reading is an event", file_params},
    {METHOD_GET, V1 "/dossiers/{code}/forms/{form}", WHO_ACCOUNT, 0, 0, 0, api_form,
     "A printed form as PDF; each reading is an event", form_params},
    {METHOD_POST, V1 "/registers", WHO_STAFF, ROUTE_KEY, 4096, 0, api_register_order,
     "Order the register of an agency", NULL},
    {METHOD_GET, V1 "/registers/{id}", WHO_STAFF, 0, 0, 0, api_register_read,
     "An ordered register as PDF, or 202 while it is printed", NULL},
    {METHOD_GET, V1 "/handovers/{id}/paper", WHO_POSTAL, 0, 0, 0, api_handover_paper,
     "A hand-over record as PDF, as it stands", NULL},
    {METHOD_GET, V1 "/dossiers/{code}/events", WHO_ACCOUNT, 0, 0, 0, api_dossier_events,
     "History, oldest first", page_params},
    {METHOD_GET, V1 "/dossiers/{code}/deadline", WHO_ACCOUNT, 0, 0, 0, api_dossier_deadline,
     "Why the due date is what it is", NULL},
    {METHOD_GET, V1 "/dossiers/{code}/workflow", WHO_ACCOUNT, 0, 0, 0, api_dossier_workflow,
     "The workflow of its version with where it stands and where it was", NULL},
    {METHOD_POST, V1 "/dossiers/{code}/actions", WHO_ACCOUNT, ROUTE_KEY, 256u << 10, 0,
     api_dossier_act, "Act on a task or on the dossier itself", NULL},
    {METHOD_POST, V1 "/actions", WHO_STAFF, ROUTE_KEY, 256u << 10, 0, api_act_many,
     "One action on many tasks, an outcome per item", NULL},
    {METHOD_GET, V1 "/lookup/{code}", WHO_ANYONE, 0, 0, 0, api_lookup,
     "Degree of completion; with the PIN state, due date and parcel", lookup_params},
    {METHOD_GET, V1 "/tasks", WHO_STAFF, 0, 0, 0, api_tasks, "The queue, due first", task_params},
    {METHOD_GET, V1 "/tasks/summary", WHO_STAFF, 0, 0, 0, api_tasks_summary,
     "How much waits at each of the caller's desks", NULL},
    {METHOD_GET, V1 "/tasks/stream", WHO_STAFF, 0, 0, 0, api_tasks_stream,
     "Server-sent events: which of the caller's queues changed", stream_params},
    {METHOD_GET, V1 "/notices", WHO_ACCOUNT, 0, 0, 0, api_notices,
     "In-app notices, newest first, and how many are unread", page_params},
    {METHOD_POST, V1 "/notices/read", WHO_ACCOUNT, ROUTE_KEY, 4096, 0, api_notices_read,
     "The caller has read all up to one", NULL},
    {METHOD_GET, V1 "/admin/outbox", WHO_ADMIN, 0, 0, 0, api_outbox,
     "Deliveries that were put aside, or wait for their next attempt", outbox_params},
    {METHOD_POST, V1 "/admin/outbox/{id}/retry", WHO_ADMIN, ROUTE_KEY, 8192, 0, api_outbox_retry,
     "Try a dead letter again, with a reason", NULL},
    {METHOD_POST, V1 "/admin/outbox/{id}/skip", WHO_ADMIN, ROUTE_KEY, 8192, 0, api_outbox_skip,
     "Give a dead letter up, with a reason", NULL},
    {METHOD_GET, V1 "/admin/carrier-news", WHO_ADMIN, 0, 0, 0, api_carrier_news,
     "A carrier's news of dossiers that cannot be read", page_params},
    {METHOD_GET, V1 "/admin/health", WHO_ADMIN, 0, 0, 0, api_admin_health,
     "Checks of the service: ok, warn or fail, and what to do", NULL},
    {METHOD_GET, V1 "/admin/plugins", WHO_ADMIN, 0, 0, 0, api_admin_plugins,
     "Published procedures and what is wrong with their files", NULL},
    {METHOD_GET, V1 "/calendars", WHO_ANYONE, 0, 0, 0, api_calendars, "Working calendars", NULL},
    {METHOD_GET, V1 "/calendars/{name}", WHO_ANYONE, 0, 0, 0, api_calendar,
     "A working calendar: its week and the days that differ", calendar_params},
    {METHOD_GET, V1 "/parcels", WHO_POSTAL, 0, 0, 0, api_parcels,
     "Parcels of the caller's post office or agencies", parcel_params},
    {METHOD_POST, V1 "/parcels/{order}/events", WHO_POSTAL, ROUTE_KEY, 8192, 0, api_parcel_event,
     "What the post office reports of a parcel", NULL},
    {METHOD_POST, V1 "/handovers", WHO_POSTAL, ROUTE_KEY, 64u << 10, 0, api_handover_make,
     "Make a hand-over record, signed for the maker's side", NULL},
    {METHOD_GET, V1 "/handovers", WHO_POSTAL, 0, 0, 0, api_handovers,
     "Hand-over records of the caller's agencies and post offices", handover_params},
    {METHOD_GET, V1 "/handovers/{id}", WHO_POSTAL, 0, 0, 0, api_handover, "One hand-over record",
     NULL},
    {METHOD_POST, V1 "/handovers/{id}/sign", WHO_POSTAL, ROUTE_KEY, 0, 0, api_handover_sign,
     "The other side signs: its parcels are handed over", NULL},
    {METHOD_DELETE, V1 "/handovers/{id}", WHO_POSTAL, 0, 0, 0, api_handover_cancel,
     "Cancel a record that one side has signed", NULL},
    {METHOD_POST, V1 "/postal/events", WHO_CARRIER, 0, 256u << 10, 0, api_postal_events,
     "Tracking events from the carrier, signed", NULL},
    {METHOD_GET, V1 "/statistics/on-time", WHO_ANYONE, 0, 0, 0, api_on_time,
     "On-time figures with their rates", figure_params},
    {METHOD_GET, V1 "/statistics/on-time/dossiers", WHO_AUDITOR, 0, 0, 0, api_on_time_dossiers,
     "The dossiers behind one figure", figure_params},
    {METHOD_GET, V1 "/openapi.json", WHO_ANYONE, ROUTE_IMMEDIATE, 0, 0, router_handle_openapi,
     "This description", NULL},
    {METHOD_GET, "/healthz", WHO_ANYONE, ROUTE_IMMEDIATE, 0, 0, api_health, "The worker runs",
     NULL},
    {METHOD_GET, "/readyz", WHO_ANYONE, ROUTE_IMMEDIATE, 0, 0, api_ready,
     "The worker can serve requests", NULL},
    {METHOD_GET, "/metrics", WHO_METRICS, ROUTE_IMMEDIATE, 0, 0, router_handle_metrics,
     "Prometheus text", NULL},
};

const struct route *api_routes(size_t *ret_count)
{
    *ret_count = DVC_COUNT(routes);
    return routes;
}

/* ---- answers ---- */

static int status_of(enum answer_kind kind)
{
    switch (kind) {
    case ANSWER_OK:
        return 200;
    case ANSWER_CREATED:
        return 201;
    case ANSWER_DONE:
        return 204;
    case ANSWER_MALFORMED:
        return 400;
    case ANSWER_UNAUTHENTICATED:
        return 401;
    case ANSWER_FORBIDDEN:
        return 403;
    case ANSWER_NOT_FOUND:
        return 404;
    case ANSWER_CONFLICT:
        return 409;
    case ANSWER_UNPROCESSABLE:
        return 422;
    case ANSWER_TOO_LARGE:
        return 413;
    case ANSWER_MEDIA_TYPE:
        return 415;
    case ANSWER_TOO_MANY:
        return 429;
    case ANSWER_UNAVAILABLE:
        return 503;
    case ANSWER_FAILED:
        break;
    }
    return 500;
}

static void reply_fault(struct request *req, const struct answer *answer)
{
    struct problem_error *errors =
        ARENA_ARRAY(req->arena, struct problem_error, answer->fault_count + 1);

    for (size_t i = 0; i < answer->fault_count; i++)
        errors[i] = (struct problem_error){answer->faults[i].pointer, answer->faults[i].code,
                                           answer->faults[i].message};
    if (answer->retry_after > 0)
        reply_retry_after(req, answer->retry_after);
    else if (answer->kind == ANSWER_TOO_MANY || answer->kind == ANSWER_UNAVAILABLE)
        reply_retry_after(req, 5);              /* who is sent away is told when to come again */
    if (answer->kind == ANSWER_UNAUTHENTICATED) /* RFC 9110, 15.5.2: every 401 says how */
        reply_header_str(req, "WWW-Authenticate", "Bearer");
    reply_problem(req, status_of(answer->kind), answer->code, answer->detail, errors,
                  answer->fault_count);
}

void api_reply(struct request *req, const struct answer *answer)
{
    switch (answer->kind) {
    case ANSWER_OK:
    case ANSWER_CREATED:
        if (answer->etag >= 0)
            reply_etag(req, slice_str(arena_printf(req->arena, "%lld", (long long)answer->etag)));
        if (answer->location != NULL)
            reply_location(
                req, slice_str(arena_printf(req->arena, V1 "/dossiers/%s", answer->location)));
        reply_json(req, status_of(answer->kind), answer->json);
        return;
    case ANSWER_DONE:
        reply_no_content(req);
        return;
    case ANSWER_MALFORMED:
    case ANSWER_UNAUTHENTICATED:
    case ANSWER_FORBIDDEN:
    case ANSWER_NOT_FOUND:
    case ANSWER_CONFLICT:
    case ANSWER_UNPROCESSABLE:
    case ANSWER_TOO_LARGE:
    case ANSWER_MEDIA_TYPE:
    case ANSWER_TOO_MANY:
    case ANSWER_UNAVAILABLE:
    case ANSWER_FAILED:
        break;
    }
    reply_fault(req, answer);
}

void *api_wait(struct request *req)
{
    struct request_ref *ref = dvc_malloc(sizeof(*ref));

    *ref = request_ref(req);
    return ref;
}

void api_answered(void *ctx, const struct answer *answer)
{
    struct request_ref *ref = ctx;
    struct request *req = request_get(*ref);

    free(ref);
    if (req != NULL) /* else the client has gone; what was done stays done */
        api_reply(req, answer);
}

bool api_page(struct request *req, struct page_ask *ret)
{
    int64_t limit;

    if (request_param_int(req, "limit", 1, PAGE_LIMIT_MAX, PAGE_LIMIT_DEFAULT, &limit) != 0) {
        reply_problem(req, 400, "limit", "Tham số limit phải từ 1 đến 200.",
                      &(struct problem_error){"?limit", "range", "Phải từ 1 đến 200."}, 1);
        return false;
    }
    *ret = (struct page_ask){.limit = (int)limit, .token = request_param(req, "page")};
    return true;
}
