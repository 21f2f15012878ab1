// batch.js - one act on many dossiers of the queue, with what became of each.

import {newKey, post} from '../app/api.js';
import {ask} from '../app/dialog.js';
import {busy, h, icon} from '../app/dom.js';
import {group} from '../app/fields.js';
import {dayOf} from '../app/format.js';
import {has, t} from '../app/i18n.js';
import {announce, failed} from '../app/notify.js';
import {account} from '../app/session.js';
import {colleagues, procedure} from './base.js';
import {signedAt} from './actions.js';

const LIMIT = 200;
const ASKED = new Set(['reason', 'assignee', 'result']);

// What was typed for an act that did not come about: it stands there again at the next try. What is of
// one dossier by that dossier, the rest only for the same dossiers together.
const typed = new Map();

function keyOf(action, rows, id) {
  const [, part, place] = /^(code|number)_(\d+)$/.exec(id) ?? [];
  const about = part ? [rows[Number(place)]] : rows;

  return [account().id, action.action, part ?? id, ...about.map((row) => `${row.code}/${row.id}`)].join(' ');
}

// Actions that every row has under the same name and that ask for nothing but what can be said for
// many; who is to get it can be said for one desk only.
export function sharedActions(rows) {
  const desks = new Set(rows.map((row) => `${row.agency}/${row.role}`));

  return (rows[0]?.actions ?? []).filter((action) => action.needs.every((need) => ASKED.has(need)) &&
    (!action.needs.includes('assignee') || desks.size === 1) &&
    rows.every((row) => row.actions?.some((other) => other.action === action.action && other.name === action.name)));
}

// A line for each dossier: which result, and its number.
async function resultFields(rows) {
  const plans = new Map(await Promise.all([...new Set(rows.map((row) => row.procedure))].map(async (code) => [code, await procedure(code)])));
  const fields = [], values = {};

  rows.forEach((row, place) => {
    const kinds = plans.get(row.procedure).results;
    const name = `${row.owner_name ?? ''} ${row.code}`.trim();

    if (kinds.length > 1)
      fields.push({id: `code_${place}`, label: t('desk.result_kind_of', {name}), type: 'combo', required: true,
        options: kinds.map((kind) => ({value: kind.code, label: kind.name}))});
    fields.push({id: `number_${place}`, label: t('desk.result_number_of', {name}), type: 'text', required: true, maxLength: 60});
    values[`code_${place}`] = kinds[0]?.code;
  });
  fields.push({id: 'signed_by', label: t('desk.signed_by'), type: 'text', required: true, maxLength: 200},
    {id: 'signed_at', label: t('desk.signed_at'), type: 'date', required: true, notFuture: true});
  return {fields, plans, values: {...values, signed_by: account().name, signed_at: dayOf(new Date().toISOString())}};
}

async function questions(action, rows) {
  let fields = [], values = {}, plans = null;

  if (action.needs.includes('result'))
    ({fields, values, plans} = await resultFields(rows));
  if (action.needs.includes('assignee')) {
    const people = await colleagues(rows[0].role, rows[0].agency);

    fields.push({id: 'assignee', label: t('desk.assignee'), type: people.length <= 6 ? 'select' : 'combo', required: true,
      options: people.map((person) => ({value: String(person.id), label: person.name, also: person.username}))});
  }
  if (action.needs.includes('reason'))
    fields.push({id: 'reason', label: t('desk.reason'), type: 'textarea', required: true, maxLength: 2000});
  const before = Object.fromEntries(fields.map(({id}) => [id, typed.get(keyOf(action, rows, id)) ?? values[id]]));
  const form = group(fields, {values: before});

  return {form, plans, keep: () => {
    const now = form.typed();

    for (const {id} of fields) {
      if (now[id] !== undefined && now[id] !== values[id])
        typed.set(keyOf(action, rows, id), now[id]);
      else
        typed.delete(keyOf(action, rows, id));
    }
  }};
}

function bodyOf(action, rows, values, plans) {
  const body = {action: action.action};

  if (values.reason)
    body.reason = values.reason;
  if (values.assignee)
    body.assignee = Number(values.assignee);
  body.items = rows.map((row, place) => {
    const item = {code: row.code, task: row.id};

    if (plans)
      item.result = {code: values[`code_${place}`] ?? plans.get(row.procedure).results[0].code, number: values[`number_${place}`],
        signed_by: values.signed_by, signed_at: signedAt(values.signed_at)};
    return item;
  });
  return body;
}

function outcomeNode(action, rows, items) {
  const good = items.filter((item) => item.ok).length;
  const names = new Map(rows.map((row) => [row.code, row.owner_name]));

  announce(t('desk.bulk_done', {good, all: items.length}), good < items.length);
  return h('section', {class: `notice ${good === items.length ? 'ok' : 'warn'} outcomes`, 'aria-labelledby': 'outcomes'},
    icon(good === items.length ? 'check' : 'warn'),
    h('div', null, h('h2', {id: 'outcomes', tabindex: -1}, `${action.name}: ${t('desk.bulk_done', {good, all: items.length})}`),
      h('ul', {class: 'bare'}, items.map((item) => h('li', null, icon(item.ok ? 'check' : 'error'), ' ',
        h('a', {href: `#/desk/${encodeURIComponent(item.code)}`}, [names.get(item.code), item.code].filter(Boolean).join(' – ')), ': ',
        item.ok ? item.state && has(`desk.state_${item.state}`) ? t(`desk.state_${item.state}`) : t('desk.bulk_ok') : item.detail ?? item.error)))));
}

// Asks, sends, and gives the outcome as a node; undefined when it was not done.
export async function actTogether(action, rows, control) {
  const some = rows.slice(0, LIMIT);

  try {
    const {form, plans, keep} = await questions(action, some);
    const values = await ask(action.name, form, {
      ok: action.name, text: rows.length > LIMIT ? t('desk.bulk_limit', {n: LIMIT}) : t('desk.bulk_sure', {n: some.length}),
    });

    keep();
    if (!values)
      return undefined;
    const key = newKey();
    const {items} = await busy(control, () => post('/actions', bodyOf(action, some, values, plans), key));

    typed.clear();
    return outcomeNode(action, some, items);
  } catch (error) {
    failed(error);
    return undefined;
  }
}

