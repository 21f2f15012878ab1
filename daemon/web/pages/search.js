// search.js - dossiers of one's agencies by code, name, phone or ID number.

import {query} from '../app/api.js';
import {dueBadge, stateBadge, stateName} from '../app/badge.js';
import {h} from '../app/dom.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {holds} from '../app/session.js';
import {pagedList, table} from '../app/table.js';
import {DESK_ROLES, deskStyle, shownName} from '../desk/base.js';
import {shortcuts} from '../desk/keys.js';

export const texts = ['desk'];

const STATES = ['submitted', 'intake_supplement', 'accepted', 'processing', 'consulting', 'awaiting_confirmation', 'supplement', 'supplement_check', 'payment',
  'suspended', 'signing', 'issuing', 'withdrawal_requested', 'finished', 'in_post', 'back_at_desk', 'returned', 'refused', 'not_accepted', 'withdrawn', 'stopped'];

function rowsTable(rows) {
  return table([
    {name: t('desk.dossier'), class: 'cell-head', cell: (row) => {
      const name = shownName(row.owner_name ?? row.applicant, row.code);

      return h('div', null, h('a', {href: `#/${holds(...DESK_ROLES) ? 'desk' : 'chain'}/${encodeURIComponent(row.code)}`, class: name === row.code ? 'code' : null}, name),
        h('div', {class: 'row-sub'}, row.procedure.name), name !== row.code && h('div', {class: 'row-sub code'}, row.code));
    }},
    {name: t('desk.state'), cell: (row) => stateBadge(row.state, row.state_name)},
    {name: t('desk.due'), cell: (row) => (row.due_current ? dueBadge(row.due_current, row.clock) : '–')},
    {name: t('desk.submitted_at'), cell: (row) => dateTime(row.submitted_at)},
  ], rows, {caption: t('desk.search')});
}

export default async function searchPage(page) {
  await deskStyle();
  const asked = {q: page.query.get('q') ?? '', state: page.query.get('state') ?? ''};
  const input = h('input', {type: 'search', id: 'search-q', value: asked.q, autocomplete: 'off', 'data-focus': true, 'aria-describedby': 'search-hint'});
  const state = h('select', {id: 'search-state'}, h('option', {value: ''}, t('desk.all')),
    STATES.map((one) => h('option', {value: one, selected: one === asked.state}, stateName(one, t(`desk.state_${one}`)))));
  let rows = null;
  const list = pagedList('/dossiers', asked, {
    limit: 50,
    signal: page.signal,
    empty: t('desk.search_none'),
    draw: (items, into) => {
      if (into.firstChild && rows)
        rows.addRows(items);
      else
        into.append(rows = rowsTable(items));
    },
  });
  const search = () => {
    asked.q = input.value.trim();
    asked.state = state.value;
    rows = null;
    history.replaceState(null, '', `#${query('/search', asked)}`);
    return list.reload(asked);
  };

  state.addEventListener('change', search);
  shortcuts({'/': () => input.focus()}, page.signal);
  await list.ready;
  return h('div', {class: 'wrap desk'}, h('h1', null, t('desk.search')),
    h('form', {class: 'filters', role: 'search', on: {submit: (event) => {
      event.preventDefault();
      search();
    }}}, h('label', {class: 'filter wide'}, h('span', null, t('desk.search_q')), input), h('label', {class: 'filter'}, h('span', null, t('desk.state')), state),
    h('button', {type: 'submit', class: 'button'}, t('desk.search_go'))),
    h('p', {class: 'hint', id: 'search-hint'}, t('desk.search_hint')), list);
}
