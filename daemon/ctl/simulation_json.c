#include <stdio.h>

#include "base/jw.h"
#include "ctl/simulation.h"

#define JSON_MAX (4u << 20)

static const char *const how_codes[] = {[REHEARSAL_OPEN] = "open",
                                        [REHEARSAL_ACTED] = "acted",
                                        [REHEARSAL_BY_ITSELF] = "automatic",
                                        [REHEARSAL_TIMED_OUT] = "timed_out",
                                        [REHEARSAL_TAKEN_AWAY] = "not_needed"};

const char *pace_code(enum rehearsal_pace pace)
{
    static const char *const codes[] = {
        [PACE_LIMIT] = "limit", [PACE_HALF] = "half", [PACE_NOW] = "now"};

    return codes[pace];
}

static void one_step(struct jw *jw, const struct rehearsal_step *row)
{
    jw_object(jw);
    jw_kv_int(jw, "task", row->task);
    jw_kv_str(jw, "step", row->step->id);
    jw_kv_str(jw, "name", row->step->name);
    jw_kv_str(jw, "role", role_code(row->step->role));
    jw_kv_str(jw, "agency", row->agency);
    jw_kv_wall(jw, "opened_at", row->opened_at);
    jw_kv_wall(jw, "due", row->due);
    jw_kv_wall(jw, "timeout_at", row->timeout_at);
    jw_kv_wall(jw, "closed_at", row->closed_at);
    jw_kv_str(jw, "how", how_codes[row->how]);
    jw_kv_str(jw, "action", row->action != NULL ? row->action->id : NULL);
    jw_kv_wall(jw, "dossier_due", row->dossier_due);
    jw_kv_str(jw, "clock", clock_state_code(row->clock));
    jw_end_object(jw);
}

static void one_timer(struct jw *jw, const struct simulation *s, const struct rehearsal_timer *row)
{
    const struct procedure *p = s->plan->procedure;
    const struct rung *rungs = row->step != NULL ? row->step->rungs : p->rungs;
    struct buf point = BUF_INIT(128);

    jw_object(jw);
    jw_kv_wall(jw, "at", row->at);
    jw_kv_str(jw, "step", row->step != NULL ? row->step->id : NULL);
    if (row->rung < 0) {
        jw_kv_str(jw, "kind", "timeout");
    } else {
        enum role to = rungs[row->rung].to;

        warn_at_write(&point, rungs[row->rung].at);
        jw_kv_str(jw, "kind", "warning");
        jw_kv_str(jw, "point", point.ptr);
        jw_kv_str(jw, "to", to == ROLE_NONE ? "assignee" : role_code(to));
    }
    jw_kv_bool(jw, "fired", row->fired);
    jw_end_object(jw);
    buf_release(&point);
}

static void ledger(struct jw *jw, const struct dossier *d)
{
    jw_key(jw, "ledger");
    jw_array(jw);
    for (size_t i = 0; i < d->hold_count; i++) {
        jw_object(jw);
        jw_kv_str(jw, "kind", d->holds[i].kind);
        jw_kv_str(jw, "reason", d->holds[i].reason);
        jw_kv_str(jw, "party", d->holds[i].party);
        jw_kv_wall(jw, "from", d->holds[i].from);
        jw_kv_wall(jw, "to", d->holds[i].to);
        jw_kv_wall(jw, "old_due", d->holds[i].old_due);
        jw_kv_wall(jw, "new_due", d->holds[i].new_due);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void lists(struct jw *jw, const struct simulation *s)
{
    const struct rehearsal *played = s->played;

    jw_key(jw, "steps");
    jw_array(jw);
    for (size_t i = 0; i < played->step_count; i++)
        one_step(jw, &played->steps[i]);
    jw_end_array(jw);
    jw_key(jw, "timers");
    jw_array(jw);
    for (size_t i = 0; i < played->timer_count; i++)
        one_timer(jw, s, &played->timers[i]);
    jw_end_array(jw);
    jw_key(jw, "payments");
    jw_array(jw);
    for (size_t i = 0; i < played->payment_count; i++) {
        jw_object(jw);
        jw_kv_wall(jw, "at", played->payments[i].at);
        jw_kv_str(jw, "fee", played->payments[i].fee);
        jw_kv_int(jw, "amount", played->payments[i].amount);
        jw_end_object(jw);
    }
    jw_end_array(jw);
    ledger(jw, played->end);
}

static void ending(struct jw *jw, const char *key, const struct dossier *d)
{
    jw_key(jw, key);
    jw_object(jw);
    jw_kv_str(jw, "state", state_info(d->state)->code);
    jw_kv_wall(jw, "received_at", d->received_at);
    jw_kv_wall(jw, "due_first", d->due_first);
    jw_kv_wall(jw, "due", d->due_current);
    jw_kv_wall(jw, "finished_at", d->finished_at);
    jw_kv_bool(jw, "late", legally_late(d->due_current, d->finished_at));
    jw_kv_wall(jw, "ended_at", d->ended_at);
    jw_end_object(jw);
}

static void explained(struct jw *jw, const char *key, const struct explain *explain)
{
    if (explain == NULL) {
        jw_kv_null(jw, key);
        return;
    }
    jw_key(jw, key);
    explain_write(jw, explain);
}

void simulation_json(const struct simulation *s)
{
    struct buf out = BUF_INIT(JSON_MAX);
    struct jw jw = JW_INIT(&out);
    const struct dossier *d = s->plan->dossier;

    jw_object(&jw);
    jw_kv_str(&jw, "procedure", s->plan->procedure->code);
    jw_kv_int(&jw, "version", s->plan->procedure->version);
    jw_kv_str(&jw, "agency", s->plan->agency);
    jw_kv_str(&jw, "calendar", calendar_id(s->plan->setting.calendar));
    jw_kv_str(&jw, "channel", channel_code(d->channel));
    jw_kv_str(&jw, "delivery", delivery_code(d->delivery));
    jw_kv_str(&jw, "case", d->case_id);
    jw_kv_str(&jw, "pace", pace_code(s->plan->pace));
    jw_kv_wall(&jw, "start", s->plan->setting.now);
    lists(&jw, s);
    ending(&jw, "end", s->played->end);
    ending(&jw, "whole_limits", s->whole->end);
    explained(&jw, "explain_first", s->first);
    explained(&jw, "explain", s->last != NULL ? s->last : s->first);
    jw_end_object(&jw);
    puts(out.ptr);
    buf_release(&out);
}
