#include "core/workflow_decision.h"

#include "core/workflow_leave.h"
#include "core/workflow_path.h"
#include "core/workflow_state.h"
#include "core/workflow_text.h"

#include <string.h>

#define BODY_MAX ((size_t)256 * 1024)
#define BODY_USUAL 800 /* bytes of most events' bodies */

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

struct buf decision_text(struct decision *d)
{
    return BUF_IN(d->arena, BODY_MAX);
}

struct jw *decision_item(struct decision *d, struct jw **list)
{
    struct list {
        struct buf text;
        struct jw jw;
    } * begun;

    if (*list == NULL) {
        begun = ARENA_NEW(d->arena, struct list);
        begun->text = decision_text(d);
        begun->jw = JW_INIT(&begun->text);
        jw_array(&begun->jw);
        *list = &begun->jw;
    }
    return *list;
}

struct jw *decision_note(struct decision *d, struct jw **list)
{
    struct jw *item = decision_item(d, list);

    jw_object(item);
    return item;
}

struct value *decision_wall(struct decision *d, wall_t at)
{
    struct buf text = decision_text(d);
    struct value *value;

    if (wall_is_none(at))
        return value_new(d->arena, VALUE_NULL);
    buf_add_wall(&text, at);
    value = value_new(d->arena, VALUE_STRING);
    value->quoted = true;
    value->string = buf_slice(&text);
    return value;
}

static void more(struct decision *d, const struct event_member *member)
{
    struct event_draft *draft = &d->draft;

    for (size_t i = 0; i < draft->more_count; i++) {
        if (strcmp(draft->more[i].key, member->key) == 0) {
            draft->more[i] = *member;
            return;
        }
    }
    draft->more = arena_grow(d->arena, draft->more, draft->more_count, &draft->more_cap,
                             sizeof(*draft->more));
    draft->more[draft->more_count++] = *member;
}

void decision_more_str(struct decision *d, const char *key, const char *text)
{
    more(d, &(struct event_member){.key = key, .kind = MEMBER_TEXT, .text = text});
}

void decision_more_int(struct decision *d, const char *key, int64_t number)
{
    more(d, &(struct event_member){.key = key, .kind = MEMBER_INT, .number = number});
}

void decision_more_bool(struct decision *d, const char *key, bool truth)
{
    more(d, &(struct event_member){.key = key, .kind = MEMBER_BOOL, .truth = truth});
}

void decision_more_wall(struct decision *d, const char *key, wall_t at)
{
    more(d, &(struct event_member){.key = key, .kind = MEMBER_WALL, .at = at});
}

void decision_more_json(struct decision *d, const char *key, struct slice json)
{
    more(d, &(struct event_member){.key = key, .kind = MEMBER_JSON, .json = json});
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

static void write_list(struct jw *jw, const char *key, struct jw *list)
{
    if (list == NULL)
        return;
    jw_end_array(list);
    jw_key(jw, key);
    jw_raw(jw, buf_slice(list->buf));
}

static void write_member(struct jw *jw, const struct event_member *member)
{
    jw_key(jw, member->key);
    switch (member->kind) {
    case MEMBER_TEXT:
        jw_str(jw, member->text);
        return;
    case MEMBER_INT:
        jw_int(jw, member->number);
        return;
    case MEMBER_BOOL:
        jw_bool(jw, member->truth);
        return;
    case MEMBER_WALL:
        jw_wall(jw, member->at);
        return;
    case MEMBER_JSON:
        jw_raw(jw, member->json);
        return;
    }
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
    for (size_t i = 0; i < draft->more_count; i++)
        write_member(jw, &draft->more[i]);
    write_list(jw, "automatic", draft->automatic);
    write_list(jw, "effects", draft->effects);
    jw_kv_str(jw, "from_state",
              d->before->id == 0 && d->outcome->event_count == 0 ? NULL
                                                                 : state_info(draft->from)->code);
    jw_kv_str(jw, "state", state_info(after->state)->code);
    jw_kv_str(jw, "clock", clock_state_code(after->clock));
    write_list(jw, "opened", draft->opened);
    write_list(jw, "closed", draft->closed);
    if (!wall_is_none(after->received_at)) {
        jw_kv_wall(jw, "due_first", after->due_first);
        jw_kv_wall(jw, "due_current", after->due_current);
    }
    write_list(jw, "ledger", draft->ledger);
    write_list(jw, "parcels", draft->parcels);
    write_list(jw, "forms", draft->forms);
    write_list(jw, "linked", draft->linked);
    jw_end_object(jw);
}

void decision_event_end(struct decision *d)
{
    struct buf body = decision_text(d);
    struct jw jw = JW_INIT(&body);
    struct event_row row = {
        .kind = d->draft.kind,
        .at = d->at,
        .actor = d->actor->account,
        .role = d->role,
        .reason = d->draft.silent ? NULL : d->command->reason,
        .note = d->draft.silent ? NULL : d->command->note,
    };

    workflow_settle_state(d);
    (void)buf_make_room(&body, BODY_USUAL);
    write_body(&jw, d);
    row.body = buf_slice(&body);
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
    wall_t before = d->before->due_current, now = d->after->due_current;
    struct buf body = decision_text(d);
    struct jw jw = JW_INIT(&body);

    jw_object(&jw);
    if (task != NULL) {
        jw_kv_int(&jw, "task", task->no);
        jw_kv_str(&jw, "step", d->procedure->steps[task->step].id);
        jw_kv_wall(&jw, "due", task->due);
    } else {
        jw_kv_wall(&jw, "due", now);
        if (!wall_is_none(before) && before.us != now.us)
            jw_kv_wall(&jw, "old_due", before);
    }
    jw_end_object(&jw);
    return buf_slice(&body);
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
    struct notice_row row = {
        .account = applicant_account(d->after), .kind = kind, .body = notice_body(d, NULL)};

    if (row.account != 0)
        outcome_notice(d->arena, d->outcome, &row);
    workflow_mail(d, row.account, kind, row.body);
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
