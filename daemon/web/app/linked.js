// linked.js - dossiers that hang together (hồ sơ liên thông): where each stands, with a way to it for who
// may see it. Loaded for dossiers that have such.

import {badge, dueBadge, stateBadge} from './badge.js';
import {h} from './dom.js';
import {dateTime} from './format.js';
import {needTexts, t} from './i18n.js';
import {facts} from './table.js';

// What was asked for and is not there yet, or never came to be, has no code.
function state(row) {
  if (row.code)
    return stateBadge(row.state, row.state_name);
  return row.outcome === 'failed' ? badge('red', 'stop', t('linked.not_opened')) : badge('blue', 'clock', t('linked.opening'));
}

function item(row, href) {
  const name = row.procedure_name ?? row.procedure;
  const ended = ['done', 'failed'].includes(row.outcome) || ['returned', 'withdrawn', 'refused', 'stopped', 'not_accepted', 'finished'].includes(row.state);

  return h('li', {class: 'card'},
    h('p', {class: 'linked-name'}, href ? h('a', {href, class: 'row-link'}, name) : h('strong', null, name)),
    h('p', {class: 'badges'}, state(row), row.due && !ended && dueBadge(row.due)),
    facts([[t('linked.code'), row.code && h('span', {class: 'code'}, row.code)], [t('linked.relation'), t(`linked.${row.relation}`)],
      [t('linked.agency'), row.agency_name ?? row.agency], [t('linked.due'), row.due && dateTime(row.due)]], 'dense'));
}

// hrefOf(code): where a dossier is shown. `level`: of the heading.
export async function linkedDossiers(dossier, hrefOf, {level = 'h2'} = {}) {
  await needTexts(['linked']);
  const items = dossier.linked.map((row) => item(row, row.may_open ? hrefOf(row.code) : null));

  return h('section', {class: 'linked'}, h(level, null, t('linked.title')), h('p', {class: 'quiet'}, t('linked.text')), h('ul', {class: 'bare'}, items));
}
