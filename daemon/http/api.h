/* api.h - the resources of api.md: the table of routes, who calls, and how a service's answer
 * becomes a reply. One file per group of resources; a handler parses, calls service once, maps the
 * outcome. */
#ifndef DVC_HTTP_API_H
#define DVC_HTTP_API_H

#include "http/reply.h"
#include "http/route.h"
#include "http/throttle.h"
#include "service/answer.h"
#include "service/list.h"
#include "service/member.h"

struct service;
struct streams;

struct api {
    struct service *service;
    struct throttle *anonymous; /* per address: requests without an account */
    struct throttle *lookups;   /* per address */
    struct throttle *sign_ins;  /* per address */
    struct streams *streams;
    bool secure_cookies;
    bool (*ready)(void *ctx, struct buf *why); /* for /readyz: writes a JSON object, true = ready */
    void *ctx;
};

#define API_COOKIE "dvc_session"

const struct route *api_routes(size_t *ret_count);
/* api_caller.c: for router_config.authenticate, .admit */
void api_authenticate(struct request *req, void *app);
bool api_admit(struct request *req, void *app);
/* Gives back what authentication took; for router_config.on_finished. */
void api_finished(const struct request *req, int status, int64_t us, void *app);

/* ---- for the api_*.c files ---- */

/* The caller; NULL on routes for anyone. */
struct member *api_member(const struct request *req);
/* What to hand to a service function as answer and ctx, so that its answer becomes the reply when
 * the client is still there. */
void api_answered(void *ctx, const struct answer *answer);
void *api_wait(struct request *req);
void api_reply(struct request *req, const struct answer *answer);
/* ?limit= and ?page=. False when a problem was sent. */
bool api_page(struct request *req, struct page_ask *ret) DVC_MUSTCHECK;

/* api_dossiers.c */
void api_dossier_create(struct request *req, void *app);
void api_dossier_list(struct request *req, void *app);
void api_dossier_view(struct request *req, void *app);
void api_dossier_events(struct request *req, void *app);
void api_dossier_deadline(struct request *req, void *app);
void api_dossier_workflow(struct request *req, void *app);
void api_dossier_act(struct request *req, void *app);
void api_act_many(struct request *req, void *app);
/* api_uploads.c */
void api_upload(struct request *req, void *app);
void api_upload_options(struct request *req, void *app);
void api_upload_look(struct request *req, void *app);
void api_upload_part(struct request *req, void *app);
void api_upload_drop(struct request *req, void *app);
/* api_files.c */
void api_document(struct request *req, void *app);
void api_result(struct request *req, void *app);
/* api_papers.c */
void api_form(struct request *req, void *app);
void api_register_order(struct request *req, void *app);
void api_register_read(struct request *req, void *app);
void api_handover_paper(struct request *req, void *app);
/* api_session.c */
void api_sign_in(struct request *req, void *app);
void api_sign_out(struct request *req, void *app);
void api_me(struct request *req, void *app);
/* api_account.c */
void api_account_register(struct request *req, void *app);
void api_password(struct request *req, void *app);
void api_contact(struct request *req, void *app);
void api_totp_offer(struct request *req, void *app);
void api_totp_confirm(struct request *req, void *app);
void api_totp_drop(struct request *req, void *app);
void api_delegations(struct request *req, void *app);
void api_delegate(struct request *req, void *app);
void api_delegation_end(struct request *req, void *app);
/* api_account_admin.c */
void api_accounts(struct request *req, void *app);
void api_colleagues(struct request *req, void *app);
void api_account(struct request *req, void *app);
void api_account_create(struct request *req, void *app);
void api_account_reset(struct request *req, void *app);
void api_account_disable(struct request *req, void *app);
void api_account_enable(struct request *req, void *app);
void api_grant_give(struct request *req, void *app);
void api_grant_end(struct request *req, void *app);
/* api_public.c */
void api_procedures(struct request *req, void *app);
void api_fields(struct request *req, void *app);
void api_procedure(struct request *req, void *app);
void api_procedure_workflow(struct request *req, void *app);
void api_agencies(struct request *req, void *app);
void api_provinces(struct request *req, void *app);
void api_communes(struct request *req, void *app);
void api_lookup(struct request *req, void *app);
void api_health(struct request *req, void *app);
void api_ready(struct request *req, void *app);
/* api_desk.c */
void api_tasks(struct request *req, void *app);
void api_tasks_summary(struct request *req, void *app);
void api_tasks_stream(struct request *req, void *app);
void api_parcels(struct request *req, void *app);
void api_postal_events(struct request *req, void *app);
/* api_handovers.c */
void api_handover_make(struct request *req, void *app);
void api_handovers(struct request *req, void *app);
void api_handover(struct request *req, void *app);
void api_handover_sign(struct request *req, void *app);
void api_handover_cancel(struct request *req, void *app);
void api_parcel_event(struct request *req, void *app);
/* api_notice.c */
void api_notices(struct request *req, void *app);
void api_notices_read(struct request *req, void *app);
void api_outbox(struct request *req, void *app);
void api_outbox_retry(struct request *req, void *app);
void api_outbox_skip(struct request *req, void *app);
void api_carrier_news(struct request *req, void *app);
/* api_operations.c */
void api_admin_health(struct request *req, void *app);
void api_admin_plugins(struct request *req, void *app);
void api_calendars(struct request *req, void *app);
void api_calendar(struct request *req, void *app);
/* api_figures.c */
void api_on_time(struct request *req, void *app);
void api_on_time_dossiers(struct request *req, void *app);

#endif
