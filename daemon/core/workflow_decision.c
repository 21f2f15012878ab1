#include "core/workflow_decision.h"

#include "base/jw.h"
#include "core/workflow_leave.h"
#include "core/workflow_path.h"
#include "core/workflow_state.h"
#include "core/workflow_text.h"

#include <string.h>

#define BODY_MAX ((size_t)256 * 1024)

int decision_refuse_arg(struct decision *d, int code_of, const char *code, const char *pointer,
                        const char *arg)
{
    *d->refusal = (struct refusal){code, pointer, workflow_refusal_text(d->arena, code, arg)};
    return code_of;
}

int decision_refuse(struct decision *d, int code_of, const char *code, const char *pointer)
{
    return decision_refuse_arg(d, code_of, code, pointer, NULL);
}

int decision_calendar(struct decision *d, int error)
{
    if (error == 0)
        return 0;
    return decision_refuse(d, WF_E_CALENDAR,
                           error == CALENDAR_E_BEYOND ? "calendar_beyond" : "deadline_impossible",
                           "");
}

struct value *decision_note(struct decision *d, struct value **list)
{
    struct value *item = value_new(d->arena, VALUE_MAP);

    if (*list == NULL)
        *list = value_new(d->arena, VALUE_LIST);
    value_append(d->arena, *list, item);
    return item;
}

struct value *decision_wall(struct decision *d, wall_t at)
{
    struct buf buf = BUF_INIT(64);
    struct value *value;

    if (wall_is_none(at))
        return value_new(d->arena, VALUE_NULL);
    buf_add_wall(&buf, at);
    value = value_string(d->arena, buf_slice(&buf));
    buf_release(&buf);
    return value;
}

static struct value *more(struct decision *d)
{
    if (d->draft.more == NULL)
        d->draft.more = value_new(d->arena, VALUE_MAP);
    return d->draft.more;
}

void decision_more_str(struct decision *d, const char *key, const char *text)
{
    value_set(d->arena, more(d), key,
              text == NULL ? value_new(d->arena, VALUE_NULL)
                           : value_string(d->arena, slice_str(text)));
}

void decision_more_int(struct decision *d, const char *key, int64_t number)
{
    value_set(d->arena, more(d), key, value_int(d->arena, number));
}

void decision_more_bool(struct decision *d, const char *key, bool truth)
{
    value_set(d->arena, more(d), key, value_bool(d->arena, truth));
}

void decision_more_wall(struct decision *d, const char *key, wall_t at)
{
    value_set(d->arena, more(d), key, decision_wall(d, at));
}

struct slice decision_json(struct decision *d, const struct value *value)
{
    struct buf buf = BUF_INIT(BODY_MAX);
    struct slice json;

    value_write(&buf, value, false);
    json = arena_slice(d->arena, buf_slice(&buf));
    buf_release(&buf);
    return json;
}

int decision_next_no(struct decision *d)
{
    return d->after->next_no++;
}

void decision_event(struct decision *d, const char *kind, struct slice action, int task, int step)
{
    d->draft = (struct event_draft){
        .kind = kind,
        .action = action,
        .task = task,
        .step = step,
        .from = d->after->state,
        .from_base = d->after->state_before,
        .accepted_before = !wall_is_none(d->after->received_at),
    };
}

static void write_list(struct jw *jw, struct decision *d, const char *key, const struct value *list)
{
    if (list == NULL)
        return;
    jw_key(jw, key);
    jw_raw(jw, decision_json(d, list));
}

static void write_by(struct jw *jw, const struct decision *d)
{
    jw_key(jw, "by");
    jw_object(jw);
    if (d->actor->account != 0)
        jw_kv_int(jw, "account", d->actor->account);
    else
        jw_kv_null(jw, "account");
    jw_kv_str(jw, "role", d->role == ROLE_NONE ? NULL : role_code(d->role));
    jw_kv_str(jw, "agency", d->agency);
    jw_end_object(jw);
}

static void write_body(struct jw *jw, struct decision *d)
{
    const struct event_draft *draft = &d->draft;
    const struct dossier *after = d->after;

    jw_object(jw);
    jw_kv_str(jw, "kind", draft->kind);
    jw_kv_wall(jw, "at", d->at);
    write_by(jw, d);
    if (draft->action.len > 0)
        jw_kv_slice(jw, "action", draft->action);
    if (draft->task != 0)
        jw_kv_int(jw, "task", draft->task);
    if (draft->step >= 0)
        jw_kv_str(jw, "step", d->procedure->steps[draft->step].id);
    if (draft->more != NULL) {
        for (size_t i = 0; i < draft->more->map.count; i++) {
            jw_key(jw, draft->more->map.members[i].key.ptr);
            jw_raw(jw, decision_json(d, draft->more->map.members[i].value));
        }
    }
    write_list(jw, d, "automatic", draft->automatic);
    write_list(jw, d, "effects", draft->effects);
    jw_kv_str(jw, "from_state",
              d->before->id == 0 && d->outcome->event_count == 0 ? NULL
                                                                 : state_info(draft->from)->code);
    jw_kv_str(jw, "state", state_info(after->state)->code);
    jw_kv_str(jw, "clock", clock_state_code(after->clock));
    write_list(jw, d, "opened", draft->opened);
    write_list(jw, d, "closed", draft->closed);
    if (!wall_is_none(after->received_at)) {
        jw_kv_wall(jw, "due_first", after->due_first);
        jw_kv_wall(jw, "due_current", after->due_current);
    }
    write_list(jw, d, "ledger", draft->ledger);
    write_list(jw, d, "parcels", draft->parcels);
    write_list(jw, d, "forms", draft->forms);
    write_list(jw, d, "linked", draft->linked);
    jw_end_object(jw);
}

void decision_event_end(struct decision *d)
{
    struct buf buf = BUF_INIT(BODY_MAX);
    struct jw jw = JW_INIT(&buf);
    struct event_row row = {
        .kind = d->draft.kind,
        .at = d->at,
        .actor = d->actor->account,
        .role = d->role,
        .reason = d->draft.silent ? NULL : d->command->reason,
        .note = d->draft.silent ? NULL : d->command->note,
    };

    workflow_settle_state(d);
    write_body(&jw, d);
    row.body = arena_slice(d->arena, buf_slice(&buf));
    buf_release(&buf);
    outcome_event(d->arena, d->outcome, &row);
    d->after->last_event_at = d->at;
}

bool decision_holds(const struct decision *d, enum role role, const char *agency)
{
    const struct actor *actor = d->actor;

    if (agency == NULL)
        return false;
    if (access_holds(actor, role, agency, d->setting->agencies))
        return true;
    for (size_t i = 0; i < actor->delegation_count; i++) {
        const struct delegated *given = &actor->delegations[i];

        if (given->role == role && given->procedure != NULL &&
            strcmp(given->procedure, d->procedure->code) == 0 && strcmp(given->agency, agency) == 0)
            return true;
    }
    return false;
}

static struct slice notice_body(struct decision *d, const struct task *task)
{
    struct value *body = value_new(d->arena, VALUE_MAP);

    if (task != NULL) {
        value_set(d->arena, body, "task", value_int(d->arena, task->no));
        value_set(d->arena, body, "step",
                  value_string(d->arena, slice_str(d->procedure->steps[task->step].id)));
        value_set(d->arena, body, "due", decision_wall(d, task->due));
        return decision_json(d, body);
    }
    value_set(d->arena, body, "due", decision_wall(d, d->after->due_current));
    if (!wall_is_none(d->before->due_current) &&
        d->before->due_current.us != d->after->due_current.us)
        value_set(d->arena, body, "old_due", decision_wall(d, d->before->due_current));
    return decision_json(d, body);
}

void decision_tell(struct decision *d, int64_t account, enum role role, const char *agency,
                   const char *kind, const struct task *task)
{
    struct notice_row row = {.account = account, .kind = kind};

    if (account == 0) {
        if (!role_is_staff(role) || agency == NULL)
            return;
        row.role = role;
        row.agency = agency;
    }
    row.body = notice_body(d, task);
    outcome_notice(d->arena, d->outcome, &row);
}

const char *decision_desk(const struct decision *d)
{
    const struct dossier *after = d->after;

    return after->agency_receiving != NULL ? after->agency_receiving : after->agency_competent;
}

static int64_t applicant_account(const struct dossier *after)
{
    /* Whoever filed online is the applicant or acts for them; at the counter it was the receiver.
     */
    if (after->owner_account == 0 && after->channel != CHANNEL_DIRECT)
        return after->filed_by;
    return after->owner_account;
}

void decision_tell_applicant(struct decision *d, const char *kind)
{
    int64_t account = applicant_account(d->after);

    if (account != 0)
        decision_tell(d, account, ROLE_NONE, NULL, kind, NULL);
    workflow_mail(d, account, kind, notice_body(d, NULL));
}

bool decision_told_applicant(const struct decision *d, const char *kind)
{
    int64_t account = applicant_account(d->after);

    for (size_t i = 0; i < d->outcome->notice_count; i++) {
        if (d->outcome->notices[i].account == account &&
            strcmp(d->outcome->notices[i].kind, kind) == 0)
            return true;
    }
    return workflow_mailed(d, kind);
}

bool decision_when(struct decision *d, const struct expr *when)
{
    return when == NULL || expr_eval(when, workflow_path, d);
}
