// history.js - what happened to a dossier, and why its date is what it is.

import {get} from '../app/api.js';
import {badge} from '../app/badge.js';
import {button, h} from '../app/dom.js';
import {dateTime, limit, weekday} from '../app/format.js';
import {heldLines} from '../app/holds.js';
import {has, t} from '../app/i18n.js';
import {facts, table} from '../app/table.js';
import {procedure} from './base.js';

// The name of what an event tells: its action as the procedure names it, else the kind.
function titleOf(event, plan) {
  const body = JSON.parse(event.body);
  const step = plan.steps?.find((one) => one.id === body.step);
  const what = event.action_name ?? event.text ?? (has(`desk.event_${event.kind}`) ? t(`desk.event_${event.kind}`) : event.kind);

  return {body, text: event.kind === 'action' && !event.action_name ? t('desk.event_action') : what, step: event.step_name ?? step?.name};
}

function details(event, body) {
  const forms = (body.forms ?? []).map((form) => t(`core.form_${form.form}`));
  const lines = [];

  if (event.reason)
    lines.push(`${t('desk.reason')}: ${event.reason}`);
  if (event.note)
    lines.push(`${t('desk.note')}: ${event.note}`);
  if (forms.length)
    lines.push(forms.join('; '));
  if (body.state && body.from_state !== undefined && body.state !== body.from_state && has(`desk.state_${body.state}`))
    lines.push(t('desk.became', {state: t(`desk.state_${body.state}`)}));
  return lines;
}

export function eventItem(event, plan) {
  const {body, text, step} = titleOf(event, plan);
  const who = event.actor_name ?? (event.role && has(`core.role_${event.role}`) ? t(`core.role_${event.role}`) : t('desk.by_system'));

  return h('li', null, h('span', {class: 'quiet small nowrap'}, dateTime(event.at)), ' ',
    h('strong', null, text), step && ` – ${step}`, h('span', {class: 'quiet'}, ` (${who})`),
    details(event, body).map((line) => h('div', {class: 'small'}, line)));
}

// Newest first, a page at a time. Readings are folded away: there are many of them.
export async function historyList(view) {
  const plan = await procedure(view.procedure.code).catch(() => ({}));
  const list = h('ol', {class: 'bare history'});
  const events = [];
  let next = null;

  do {
    const page = await get(`/dossiers/${encodeURIComponent(view.code)}/events?limit=200${next ? `&page=${encodeURIComponent(next)}` : ''}`);

    events.push(...page.items);
    next = page.next;
  } while (next && events.length < 2000);
  const reads = events.filter((event) => event.kind === 'read').length;
  const draw = (all) => list.replaceChildren(...events.filter((event) => all || event.kind !== 'read').reverse().map((event) => eventItem(event, plan)));

  draw(false);
  return h('div', null, list, reads > 0 && button(t('desk.show_reads', {n: reads}), (event) => {
    draw(true);
    event.currentTarget.remove();
  }, {kind: 'plain'}));
}

export async function deadlineView(view) {
  const answer = await get(`/dossiers/${encodeURIComponent(view.code)}/deadline`);
  const days = table([
    {name: t('desk.day'), cell: (day) => weekday(day.date)},
    {name: t('desk.day_counted'), cell: (day) => (day.counted ? badge('blue', 'check', t('core.yes')) : badge('grey', 'stop', t('core.no')))},
    {name: t('desk.day_why'), cell: (day) => [day.reason, day.source && h('span', {class: 'quiet small'}, ` (${day.source})`)]},
  ], answer.days, {caption: t('desk.days_caption')});

  return h('div', null,
    facts([
      [t('desk.limit'), limit(answer.limit)], [t('desk.limit_source'), answer.source],
      [t('desk.due_first'), answer.due_first && dateTime(answer.due_first)], [t('desk.due_current'), answer.due_current && dateTime(answer.due_current)],
    ]),
    answer.rules?.length > 0 && h('ul', {class: 'small'}, answer.rules.map((rule) => h('li', null, rule))),
    await heldLines(answer.holds),
    answer.days.length > 0 && h('details', null, h('summary', null, t('desk.days_summary', {n: answer.days.length})), days));
}
