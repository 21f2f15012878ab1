// figure-dossiers.js - the dossiers behind one figure. They are decided from the events themselves, so
// that the list proves the figure. A long list comes part by part.

import {busy, button, fill, h} from '../app/dom.js';
import {stateBadge} from '../app/badge.js';
import {query} from '../app/api.js';
import {date, dateTime, number} from '../app/format.js';
import {count, has, t} from '../app/i18n.js';
import {failed} from '../app/notify.js';
import {table} from '../app/table.js';
import {agencyNames} from '../desk/base.js';
import {backStyle, backTo, csv, listOfLists, save} from '../back/base.js';

export const texts = ['figures', 'desk'];

const AT_ONCE = 1000;
const ASKED = ['from', 'to', 'agency', 'procedure', 'field', 'channel', 'verdict'];

function nameOf(state) {
  return has(`desk.state_${state}`) ? t(`desk.state_${state}`) : state;
}

// The list counts itself; while it is not all there, the figure that was opened says how many there are.
function countedText(shown, more, figure) {
  if (!more)
    return count('figures.dossiers_n', shown, {n: number(shown)});
  return figure > 0 ? t('figures.first_of', {n: number(shown), all: number(figure)}) : t('figures.first', {n: number(shown)});
}

function columnsOf(names) {
  return [[t('figures.code'), (row) => row.code], [t('figures.by_procedure'), (row) => row.procedure_name ?? row.procedure], [t('figures.agency'), (row) => names.get(row.agency) ?? row.agency],
    [t('figures.by_channel'), (row) => t(`core.channel_${row.channel}`)], [t('figures.received_at'), (row) => dateTime(row.received_at)], [t('figures.due_first'), (row) => dateTime(row.due_first)],
    [t('figures.due_current'), (row) => dateTime(row.due_current)], [t('figures.finished_at'), (row) => dateTime(row.finished_at)], [t('figures.state'), (row) => nameOf(row.state)]];
}

function tableOf(items, names, caption) {
  return table([
    {name: t('figures.code'), class: 'cell-head', cell: (row) => [h('a', {href: `#/chain/${encodeURIComponent(row.code)}`, class: 'row-link code'}, row.code), h('div', {class: 'row-sub'}, row.procedure_name ?? row.procedure)]},
    {name: t('figures.agency'), cell: (row) => names.get(row.agency) ?? row.agency}, {name: t('figures.by_channel'), cell: (row) => t(`core.channel_${row.channel}`)},
    {name: t('figures.received_at'), cell: (row) => dateTime(row.received_at)},
    {name: t('figures.due_current'), cell: (row) => [dateTime(row.due_current), row.due_first !== row.due_current && h('div', {class: 'quiet small'}, t('figures.first_was', {at: dateTime(row.due_first)}))]},
    {name: t('figures.finished_at'), cell: (row) => dateTime(row.finished_at)}, {name: t('figures.state'), cell: (row) => stateBadge(row.state, nameOf(row.state))},
  ], items, {caption});
}

export default async function figureDossiersPage(page) {
  const asked = Object.fromEntries(ASKED.map((name) => [name, page.query.get(name) ?? '']));
  const classes = (page.query.get('class') ?? '').split(',');
  const own = page.query.get('own') === '1';
  const list = listOfLists(classes.map((figure) => ['/statistics/on-time/dossiers', {...asked, class: figure}]), {signal: page.signal, fits: (row) => !own || row.agency === asked.agency});
  const [names, items] = await Promise.all([agencyNames(), list.take(AT_ONCE), backStyle()]);
  const figure = Number(page.query.get('n'));
  const title = classes.map((one) => t(`figures.class_${one.replace('.', '_')}`)).join(', ');
  const columns = columnsOf(names), rows = tableOf(items, names, title);
  const facts = [t('figures.from_to', {from: date(asked.from), to: date(asked.to)}), t(`figures.verdict_${asked.verdict || 'legal'}`), asked.agency && (names.get(asked.agency) ?? asked.agency), asked.procedure && (items[0]?.procedure_name ?? asked.procedure),
    asked.field, asked.channel && t(`core.channel_${asked.channel}`)];
  const counted = h('p', {class: 'counted', role: 'status'}, countedText(items.length, list.more, figure));
  const more = button(t('core.more'), (event) => busy(event.currentTarget, async () => {
    try {
      const came = await list.take(AT_ONCE);

      items.push(...came);
      rows.addRows(came);
      fill(counted, countedText(items.length, list.more, figure));
      more.hidden = !list.more;
    } catch (error) {
      failed(error);
    }
  }), {kind: 'secondary', sign: 'down', hidden: !list.more});

  return h('div', {class: 'wrap desk figures-page'}, backTo(t('figures.to_figures'), query('#/figures', {...asked, agency: own ? '' : asked.agency})), h('h1', null, h('span', {class: 'caption'}, t('figures.dossiers')), title),
    h('p', {class: 'quiet'}, facts.filter(Boolean).join(' · ')), counted,
    items.length > 0 && [h('div', {class: 'buttons tight no-print'}, button(t('figures.csv'), () => save(`${classes.join('-')}-${asked.from}-${asked.to}.csv`, 'text/csv;charset=utf-8', csv([columns.map(([name]) => name), ...items.map((row) => columns.map(([, value]) => value(row)))])),
      {kind: 'secondary', sign: 'download'}), button(t('core.print'), () => window.print(), {kind: 'secondary', sign: 'print'})), rows, more]);
}
