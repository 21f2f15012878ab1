// batch.js - one act on many dossiers of the queue, with what became of each.

import {newKey, post} from '../app/api.js';
import {ask} from '../app/dialog.js';
import {busy, button, h, icon} from '../app/dom.js';
import {group} from '../app/fields.js';
import {dayOf, number} from '../app/format.js';
import {has, t} from '../app/i18n.js';
import {announce, failed} from '../app/notify.js';
import {account} from '../app/session.js';
import {colleagues, procedure} from './base.js';
import {signedAt} from './actions.js';

const LIMIT = 200; // of one request
const FEW = 12; // lines that push nothing away
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

// Of the rows from `at` on as many as one request takes.
function bodyOf(action, rows, at, values, plans) {
  const body = {action: action.action};

  if (values.reason)
    body.reason = values.reason;
  if (values.assignee)
    body.assignee = Number(values.assignee);
  body.items = rows.slice(at, at + LIMIT).map((row, one) => {
    const place = at + one;
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

  const all = rows.length;
  const said = `${action.name}: ${t('desk.bulk_done', {good: number(good), all: number(all)})}`;
  const lines = (some) => h('ul', {class: 'bare'}, some.map((item) => h('li', null, icon(item.ok ? 'check' : 'error'), ' ',
    h('a', {href: `#/desk/${encodeURIComponent(item.code)}`}, [names.get(item.code), item.code].filter(Boolean).join(' – ')), ': ',
    item.ok ? item.state && has(`desk.state_${item.state}`) ? t(`desk.state_${item.state}`) : t('desk.bulk_ok') : item.detail ?? item.error)));
  const done = items.filter((item) => item.ok), not = items.filter((item) => !item.ok);
  const node = h('section', {class: `notice ${good === all ? 'ok' : 'warn'} outcomes`, 'aria-labelledby': 'outcomes'},
    icon(good === all ? 'check' : 'warn'),
    h('div', null, h('h2', {id: 'outcomes', tabindex: -1}, said),
      not.length > 0 && lines(not), // what needs a hand comes first
      done.length > FEW ? h('details', null, h('summary', null, t('desk.bulk_which', {n: number(good)})), lines(done)) : done.length > 0 && lines(done)),
    button(t('core.close'), () => node.remove(), {kind: 'plain', sign: 'close', class: 'button plain only-sign'}));

  announce(said, good < all);
  return node;
}

// As many requests as it takes. Where one fails after others were done, what became of those is told and
// the rest stays chosen: {items, error}.
async function sendAll(action, rows, values, plans) {
  const items = [];

  for (let at = 0; at < rows.length; at += LIMIT) {
    try {
      items.push(...(await post('/actions', bodyOf(action, rows, at, values, plans), newKey())).items);
    } catch (error) {
      if (items.length === 0)
        throw error;
      return {items, error};
    }
  }
  return {items, error: null};
}

// Asks, sends, and gives {node, left}: the outcome, and the rows that were not come to; undefined when
// nothing was done.
export async function actTogether(action, rows, control) {
  try {
    const {form, plans, keep} = await questions(action, rows);
    const values = await ask(action.name, form, {ok: action.name, text: t('desk.bulk_sure', {n: number(rows.length)})});

    keep();
    if (!values)
      return undefined;
    const {items, error} = await busy(control, () => sendAll(action, rows, values, plans));

    if (error)
      failed(error);
    else
      typed.clear();
    return {node: outcomeNode(action, rows, items), left: rows.slice(items.length)};
  } catch (error) {
    failed(error);
    return undefined;
  }
}

