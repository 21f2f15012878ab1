// admin-outbox.js - messages that wait or were given up: an administrator has each tried again or
// passed over, with a reason that stays.

import {post, query} from '../app/api.js';
import {ask} from '../app/dialog.js';
import {busy, button, h} from '../app/dom.js';
import {group} from '../app/fields.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {failed, toast} from '../app/notify.js';
import {pagedList, table} from '../app/table.js';
import {backStyle, tabs} from '../back/base.js';
import {frame} from '../back/admin.js';

export const texts = ['admin'];

const VIEWS = ['dead', 'waiting', 'news'];

async function decide(item, what, control, reload) {
  const fields = group([{id: 'reason', label: t('admin.reason'), type: 'textarea', rows: 3, required: true, maxLength: 500, hint: t('admin.reason_hint')}], {prefix: 'letter-'});
  const answer = await ask(t(`admin.${what}`), fields, {text: t(`admin.${what}_text`), ok: t(`admin.${what}`), danger: what === 'skip'});

  if (!answer)
    return;
  await busy(control, async () => {
    try {
      await post(`/admin/outbox/${item.id}/${what}`, answer);
      toast('ok', t(`admin.${what}_done`));
    } catch (error) {
      failed(error);
    }
    reload();
  });
}

function letterColumns(dead, reload) {
  const acts = (row) => ['retry', 'skip'].map((what) => button(t(`admin.${what}`), (event) => decide(row, what, event.currentTarget, reload),
    {kind: 'plain', sign: what === 'retry' ? 'refresh' : 'close', 'aria-label': `${t(`admin.${what}`)}: ${row.channel} ${row.id}`}));

  return [
    {name: t('admin.letter'), class: 'cell-head', cell: (row) => [`${row.channel} · ${row.topic}`, h('div', {class: 'row-sub code'}, String(row.id))]},
    {name: t('admin.dossier'), cell: (row) => h('span', {class: 'code'}, row.dossier ?? '–')}, {name: t('admin.created'), cell: (row) => dateTime(row.created_at)},
    {name: t('admin.attempts'), class: 'number', cell: (row) => String(row.attempts)},
    {name: t(dead ? 'admin.dead_at' : 'admin.next_at'), cell: (row) => dateTime(dead ? row.dead_at : row.next_at)},
    {name: t('admin.last_error'), cell: (row) => row.last_error ?? '–'}, dead && {name: t('admin.act'), cell: acts},
  ].filter(Boolean);
}

const newsColumns = () => [
  {name: t('admin.order'), class: 'cell-head', cell: (row) => h('span', {class: 'code'}, row.order_number)}, {name: t('admin.dossier'), cell: (row) => h('span', {class: 'code'}, row.dossier ?? '–')},
  {name: t('admin.status_code'), cell: (row) => String(row.status_code)}, {name: t('admin.at'), cell: (row) => [dateTime(row.at), row.place && h('div', {class: 'quiet small'}, row.place)]}, {name: t('admin.told_at'), cell: (row) => dateTime(row.told_at)},
];

export default async function outboxPage(page) {
  await backStyle();
  const view = VIEWS.includes(page.query.get('view')) ? page.query.get('view') : 'dead';
  let rows = null;
  const reload = () => {
    rows = null;
    list.reload();
  };
  const list = pagedList(view === 'news' ? '/admin/carrier-news' : '/admin/outbox', view === 'news' ? {} : {state: view}, {
    limit: 30,
    signal: page.signal,
    empty: () => h('p', {class: 'empty'}, t(`admin.${view}_none`)),
    draw: (items, into) => {
      if (rows)
        rows.addRows(items);
      else
        into.append(rows = table(view === 'news' ? newsColumns() : letterColumns(view === 'dead', reload), items, {caption: t(`admin.view_${view}`)}));
    },
  });

  await list.ready;
  return frame('outbox', h('h1', null, t('admin.page_outbox')), tabs(t('admin.page_outbox'), VIEWS.map((one) => ({id: one, label: t(`admin.view_${one}`), href: query('#/admin/outbox', {view: one})})), view), h('p', null, t(`admin.view_${view}_text`)), list);
}
