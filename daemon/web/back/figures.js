// figures.js - counts of the on-time report: asked for, added up, and the address of the dossiers
// behind each.

import {get, query} from '../app/api.js';
import {account, session} from '../app/session.js';

export const CLASSES = {
  received: ['online', 'post', 'direct', 'carried_over'],
  resolved: ['early', 'on_time', 'late'],
  open: ['in_time', 'late'],
  apart: ['paused', 'withdrawn', 'refused', 'stopped', 'not_accepted', 'no_due_date', 'accepted_late'],
};
export const RATES = ['on_time_of_resolved', 'on_time_of_received', 'on_time_of_due', 'on_time_first_due'];
export const GROUPS = ['agency', 'procedure', 'field', 'channel'];
const FILTERS = ['from', 'to', 'agency', 'procedure', 'field', 'channel', 'verdict'];

// Whether figures below the level of agencies and the dossiers are open to this account.
export function seesDossiers() {
  return account()?.kind === 'staff' && [...(session()?.roles ?? []), ...(session()?.delegations ?? [])]
    .some((grant) => !['postal', 'admin'].includes(grant.role));
}

const keyText = (key, groups) => groups.map((name) => key[name] ?? '').join('\n');

function addInto(sum, group) {
  for (const [part, names] of Object.entries(CLASSES)) {
    for (const name of part === 'apart' ? names : ['total', ...names])
      sum[part][name] = (sum[part][name] ?? 0) + group[part][name];
  }
  for (const name of RATES) {
    const rate = sum.rates[name] ??= {numerator: 0, denominator: 0};

    rate.numerator += group.rates[name].numerator;
    rate.denominator += group.rates[name].denominator;
    rate.value = rate.denominator > 0 ? rate.numerator / rate.denominator : null;
  }
}

export function added(groups, key = {}) {
  const sum = {key, received: {}, resolved: {}, open: {}, apart: {}, rates: {}};

  for (const group of groups)
    addInto(sum, group);
  return groups.length > 0 ? sum : null;
}

// The answer with its groups by `asked.group_by`. Who may see dossiers gets the figures of exactly the
// agencies whose dossiers are open to him, so that a figure and its list never differ: asking by
// channel as well makes the server do so, and the channels are added up here.
export async function onTime(asked, signal) {
  const groups = (asked.group_by ?? '').split(',').filter(Boolean);
  const detailed = seesDossiers();
  const sent = detailed && !groups.includes('channel') ? [...groups, 'channel'] : groups;
  const answer = await get(query('/statistics/on-time', {...Object.fromEntries(FILTERS.map((name) => [name, asked[name]])), group_by: sent.join(',')}), {signal});
  const merged = new Map();

  for (const group of answer.groups) {
    const text = keyText(group.key, groups);

    if (!merged.has(text))
      merged.set(text, []);
    merged.get(text).push(group);
  }
  answer.groups = [...merged.values()].map((same) => added(same, Object.fromEntries(groups.map((name) => [name, same[0].key[name]]))));
  answer.total = added(answer.groups);
  return answer;
}

// The identities of II.06a: 3 = 4+5+6, 7 = 8+9+10, 11 = 12+13, 3 = 7+11.
export function adds(group) {
  const {received, resolved, open} = group;

  return received.total === received.online + received.post + received.direct + received.carried_over &&
    resolved.total === resolved.early + resolved.on_time + resolved.late && open.total === open.in_time + open.late &&
    received.total === resolved.total + open.total;
}

// `own`: dossiers of that agency alone, as a row of a table by agency counts them; the filter of the
// server takes those below it as well.
export function dossiersAddress(asked, key, figure, n) {
  const values = {...Object.fromEntries(FILTERS.map((name) => [name, asked[name]])), class: figure, n};

  for (const [name, value] of Object.entries(key)) {
    if (value)
      values[name] = value;
  }
  return query('#/figures/dossiers', {...values, own: key.agency ? '1' : null});
}
