#include "print.h"

#include <string.h>

static uint64_t bytes(uint64_t print, const void *data, size_t len)
{
    const unsigned char *at = data;

    while (len >= 8) {
        uint64_t word;

        memcpy(&word, at, 8);
        print = (print ^ word) * UINT64_C(0x9fb21c651e98df25);
        print ^= print >> 29;
        at += 8;
        len -= 8;
    }
    while (len-- > 0)
        print = (print ^ *at++) * UINT64_C(1099511628211);
    return print;
}

#define ITEMS(print, items, count) bytes((print), (items), (count) * sizeof(*(items)))

uint64_t print_of_dossier(const struct dossier *d)
{
    uint64_t print = bytes(7, d, sizeof(*d));

    print = ITEMS(print, d->visits, d->procedure->step_count);
    print = ITEMS(print, d->holders, d->procedure->step_count);
    print = ITEMS(print, d->budget, d->procedure->step_count);
    print = ITEMS(print, d->groups, d->group_count);
    print = ITEMS(print, d->tasks, d->task_count);
    print = ITEMS(print, d->holds, d->hold_count);
    print = ITEMS(print, d->papers, d->paper_count);
    print = ITEMS(print, d->fees, d->fee_count);
    print = ITEMS(print, d->supplements, d->supplement_count);
    print = ITEMS(print, d->results, d->result_count);
    print = ITEMS(print, d->forms, d->form_count);
    print = ITEMS(print, d->parcels, d->parcel_count);
    return ITEMS(print, d->links, d->link_count);
}

static uint64_t text(uint64_t print, const char *word)
{
    return word == NULL ? bytes(print, "\1", 1) : bytes(print, word, strlen(word));
}

static uint64_t number(uint64_t print, int64_t value)
{
    return bytes(print, &value, sizeof(value));
}

static uint64_t task_print(uint64_t print, const struct task *task)
{
    print = number(print, task->no);
    print = number(print, task->step * 100 + (int)task->state);
    print = text(number(print, (int)task->role), task->agency);
    print = number(number(print, task->assignee), task->epoch);
    print = number(number(print, task->due.us), task->counted_from.us);
    print = number(number(print, task->budget_left), task->last_day.n);
    return number(number(print, task->group), task->previous);
}

uint64_t print_of_effects(const struct outcome *outcome)
{
    const struct dossier *d = outcome->after;
    uint64_t print = number((uint64_t)outcome->creates, outcome->decision_moved);

    for (size_t i = 0; i < outcome->event_count; i++) {
        const struct event_row *event = &outcome->events[i];

        print = text(number(print, event->at.us), event->kind);
        print = number(number(print, event->actor), (int)event->role);
        print = bytes(print, event->body.ptr, event->body.len);
        print = text(text(print, event->reason), event->note);
    }
    for (size_t i = 0; i < outcome->timer_count; i++)
        print = number(number(print, outcome->timers[i].fire_at.us),
                       outcome->timers[i].scope * 10000 + outcome->timers[i].epoch * 10 +
                           outcome->timers[i].rung);
    print = ITEMS(print, outcome->cancels, outcome->cancel_count);
    print = ITEMS(print, outcome->deltas, outcome->delta_count);
    for (size_t i = 0; i < outcome->outbox_count; i++) {
        print = text(text(print, outcome->outbox[i].channel), outcome->outbox[i].topic);
        print = bytes(print, outcome->outbox[i].body.ptr, outcome->outbox[i].body.len);
    }
    for (size_t i = 0; i < outcome->notice_count; i++) {
        print = number(number(print, outcome->notices[i].account), (int)outcome->notices[i].role);
        print = text(text(print, outcome->notices[i].agency), outcome->notices[i].kind);
        print = bytes(print, outcome->notices[i].body.ptr, outcome->notices[i].body.len);
    }
    for (size_t i = 0; i < d->task_count; i++)
        print = task_print(print, &d->tasks[i]);
    print = number(number(print, (int)d->state), (int)d->clock);
    print = number(number(print, d->due_current.us), d->finished_at.us);
    return number(number(print, d->next_no), d->case_id == NULL);
}
