// handovers.js - hand-over records of one's post offices and agencies, what waits for a signature on top.

import {query} from '../app/api.js';
import {fill, h, link} from '../app/dom.js';
import {dateTime} from '../app/format.js';
import {count, t} from '../app/i18n.js';
import {pagedList, table} from '../app/table.js';
import {backStyle, tabs} from '../back/base.js';
import {recordBadge} from '../back/handover.js';

export const texts = ['postal', 'post'];

const STATES = ['open', 'signed', 'cancelled'];

export default async function handoversPage(page) {
  await backStyle();
  const state = STATES.includes(page.query.get('state')) ? page.query.get('state') : 'open';
  let rows = null;
  const list = pagedList('/handovers', {state}, {
    limit: 30,
    signal: page.signal,
    empty: () => h('p', {class: 'empty'}, t(`postal.records_none_${state}`)),
    draw: (items, into) => {
      if (rows) {
        rows.addRows(items);
        return;
      }
      fill(into, rows = table([
        {name: t('postal.number'), class: 'cell-head', cell: (row) => [h('a', {href: `#/handovers/${row.id}`, class: 'row-link'}, row.number), h('div', {class: 'row-sub'}, t(`postal.flow_${row.direction}`, {office: row.office_name ?? row.office, agency: row.agency_name ?? row.agency}))]},
        {name: t('postal.parcels'), class: 'number', cell: (row) => count('postal.parcels_n', row.parcels?.length ?? 0)},
        {name: t('postal.counted'), cell: (row) => t('postal.paper_counts', row)},
        {name: t('postal.made_at'), cell: (row) => [dateTime(row.made_at), h('div', {class: 'quiet small'}, row.made_by)]},
        {name: t('postal.state'), cell: recordBadge},
      ], items, {caption: t('core.menu_handovers')}));
    },
  });

  await list.ready;
  return h('div', {class: 'wrap desk postal'}, h('h1', null, t('core.menu_handovers')),
    tabs(t('postal.records_views'), STATES.map((one) => ({id: one, label: t(`postal.records_${one}`), href: query('#/handovers', {state: one})})), state),
    h('p', null, link(t('postal.how_to_make'), '#/parcels', {sign: 'plus', class: 'back'})), list);
}
