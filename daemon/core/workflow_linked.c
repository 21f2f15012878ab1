#include "core/workflow_linked.h"

#include "core/link.h"
#include "core/workflow_act.h"
#include "core/workflow_token.h"

#include <string.h>

static void tell(struct decision *d, const struct dossier_link *link)
{
    struct jw *told = decision_note(d, &d->draft.linked);
    bool over = link->state == LINK_DONE || link->state == LINK_FAILED;

    jw_kv_int(told, "no", link->no);
    jw_kv_str(told, "as", link->as);
    jw_kv_str(told, "procedure", link->procedure);
    jw_kv_str(told, "agency", link->agency);
    jw_kv_str(told, "code", link->code);
    jw_kv_str(told, "state", link_state_code(link->state));
    if (over)
        jw_kv_str(told, "end", state_info(link->end)->code);
    jw_end_object(told);
}

int workflow_spawn(struct decision *d, const struct spawn *spawn)
{
    struct dossier *after = d->after;
    const struct dossier_link *before = dossier_link_as(after, spawn->as);
    struct dossier_link *link;
    const char *agency;
    int r;

    if (!decision_when(d, spawn->when) || (before != NULL && before->state != LINK_FAILED))
        return 0;
    r = workflow_agency(d, spawn->agency_role, &agency);
    if (r != 0)
        return r;
    after->links = arena_grow(d->arena, after->links, after->link_count, &after->link_cap,
                              sizeof(*after->links));
    link = &after->links[after->link_count++];
    *link = (struct dossier_link){.no = decision_next_no(d),
                                  .as = spawn->as,
                                  .procedure = spawn->procedure,
                                  .agency = agency,
                                  .state = LINK_ASKED,
                                  .fresh = true};
    tell(d, link);
    return 0;
}

static bool good_end(enum dossier_state end)
{
    return !state_info(end)->terminal || end == STATE_RETURNED;
}

int workflow_linked(struct decision *d)
{
    const struct command *command = d->command;
    struct dossier_link *link = dossier_link(d->after, command->link);

    if (link == NULL)
        return decision_refuse(d, WF_E_REFUSED, "link_unknown", "");
    if (link->state == LINK_DONE || link->state == LINK_FAILED ||
        (link->state == LINK_OPEN && !command->link_over))
        return decision_refuse(d, WF_E_NOT_DUE, "link_settled", "");
    decision_event(d, command->link_over ? "linked_ended" : "linked_opened", SLICE_NULL, 0, -1);
    link->code = command->link_code;
    link->state = LINK_OPEN;
    if (command->link_over) {
        link->state = good_end(command->link_end) ? LINK_DONE : LINK_FAILED;
        link->end = command->link_end;
    }
    tell(d, link);
    return 0;
}

int workflow_links_given_up(struct decision *d)
{
    struct dossier *after = d->after;
    const struct command *command = d->command;

    if (command->channel == NULL || strcmp(command->channel, LINK_CHANNEL) != 0 ||
        command->topic == NULL || strcmp(command->topic, LINK_TOPIC_OPEN) != 0)
        return 0;
    for (size_t i = 0; i < after->link_count; i++) {
        if (after->links[i].state != LINK_ASKED)
            continue;
        after->links[i].state = LINK_FAILED;
        after->links[i].end = STATE_NOT_ACCEPTED;
        tell(d, &after->links[i]);
    }
    return state_info(after->state)->terminal ? 0 : workflow_automatic(d);
}

static bool waited_for(const struct step *step, const struct dossier_link *link)
{
    for (size_t i = 0; i < step->linked_of_count; i++) {
        if (strcmp(step->linked_of[i], link->as) == 0)
            return true;
    }
    return step->linked_of_count == 0;
}

const struct action *workflow_linked_end(struct decision *d, const struct task *task)
{
    const struct dossier *after = d->after;
    const struct step *step = &d->procedure->steps[task->step];
    const struct action *action;
    size_t pending = 0, done = 0, failed = 0;
    bool good;

    if (step->wait != WAIT_LINKED)
        return NULL;
    for (size_t i = 0; i < after->link_count; i++) {
        const struct dossier_link *link = &after->links[i];

        /* One that failed and was opened again counts as what it is now. */
        if (!waited_for(step, link) || dossier_link_as(after, link->as) != link)
            continue;
        pending += link->state == LINK_ASKED || link->state == LINK_OPEN;
        done += link->state == LINK_DONE;
        failed += link->state == LINK_FAILED;
    }
    if (pending > 0 && !(step->linked_first && done > 0))
        return NULL;
    good = step->linked_first ? done > 0 || failed == 0 : failed == 0;
    action = step_action(step, good ? SLICE_LIT("done") : SLICE_LIT("failed"));
    return action != NULL && workflow_may(d, task, action) == 0 ? action : NULL;
}

static void order(struct decision *d)
{
    const struct dossier *after = d->after;
    struct buf body = decision_text(d);
    struct jw jw = JW_INIT(&body);
    bool any = false;

    for (size_t i = 0; i < after->link_count; i++)
        any = any || after->links[i].fresh;
    if (!any)
        return;
    jw_object(&jw);
    jw_key(&jw, "linked");
    jw_array(&jw);
    for (size_t i = 0; i < after->link_count; i++) {
        if (after->links[i].fresh)
            jw_str(&jw, after->links[i].as);
    }
    jw_end_array(&jw);
    jw_end_object(&jw);
    outcome_outbox(d->arena, d->outcome,
                   &(struct outbox_row){.channel = LINK_CHANNEL,
                                        .topic = LINK_TOPIC_OPEN,
                                        .body = buf_slice(&body)});
}

/* Once: at the first moment at which it is over. */
static void report(struct decision *d)
{
    const struct dossier *after = d->after;
    struct buf body = decision_text(d);
    struct jw jw = JW_INIT(&body);

    if (after->lead_id == 0 || !dossier_link_over(after) ||
        (d->before->id != 0 && dossier_link_over(d->before)))
        return;
    jw_object(&jw);
    jw_kv_int(&jw, "lead", after->lead_id);
    jw_kv_int(&jw, "link", after->lead_no);
    jw_kv_str(&jw, "state", state_info(after->state)->code);
    jw_end_object(&jw);
    outcome_outbox(d->arena, d->outcome,
                   &(struct outbox_row){
                       .channel = LINK_CHANNEL, .topic = LINK_TOPIC_END, .body = buf_slice(&body)});
}

void workflow_tell_links(struct decision *d)
{
    order(d);
    report(d);
}
