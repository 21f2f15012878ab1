// admin-plugins.js - procedures in force by version, and what the last reading of their files found wrong.

import {get} from '../app/api.js';
import {badge} from '../app/badge.js';
import {h} from '../app/dom.js';
import {date, dateTime, number} from '../app/format.js';
import {t} from '../app/i18n.js';
import {notice} from '../app/notify.js';
import {table} from '../app/table.js';
import {backStyle} from '../back/base.js';
import {frame} from '../back/admin.js';

export const texts = ['admin'];

function errorItem(error) {
  return h('li', null, h('span', {class: 'code'}, [error.file, error.line, error.column].filter((part) => part !== null && part !== undefined && part !== 0).join(':')), ` – ${error.message}`, error.rule && h('span', {class: 'quiet'}, ` (${error.rule})`));
}

export default async function pluginsPage(page) {
  const [answer] = await Promise.all([get('/admin/plugins', {signal: page.signal}), backStyle()]);
  const items = [...answer.items].sort((a, b) => a.field.localeCompare(b.field, 'vi') || a.code.localeCompare(b.code) || b.version - a.version);

  return frame('plugins', h('h1', null, t('admin.page_plugins')),
    answer.errors.length > 0 ? notice('error', t('admin.errors_n', {n: answer.errors.length}), h('p', null, t('admin.errors_text', {at: dateTime(answer.errors_at)})), h('ul', null, answer.errors.map(errorItem))) : notice('ok', t('admin.errors_none')),
    table([
      {name: t('admin.plugin'), class: 'cell-head', cell: (row) => [h('a', {href: `#/procedures/${encodeURIComponent(row.code)}`, class: 'row-link'}, row.name), h('div', {class: 'row-sub'}, h('span', {class: 'code'}, row.code), ` · ${row.field}`),
        h('div', null, h('a', {href: `#/admin/plugins/${encodeURIComponent(row.code)}/${row.version}`, class: 'row-link'}, t('admin.flow'), h('span', {class: 'hidden'}, ` ${row.code}, ${t('admin.version').toLowerCase()} ${row.version}`)))]},
      {name: t('admin.version'), cell: (row) => [String(row.version), ' ', row.withdrawn && badge('grey', 'stop', t('admin.withdrawn'))]},
      {name: t('admin.effective'), cell: (row) => [row.effective_from ? date(row.effective_from) : '–', row.effective_to && ` – ${date(row.effective_to)}`]},
      {name: t('admin.open_dossiers'), class: 'number', cell: (row) => number(row.open_dossiers)},
      {name: t('admin.published'), cell: (row) => [dateTime(row.published_at), h('div', {class: 'quiet small'}, row.published_by)]},
      {name: 'SHA-256', cell: (row) => h('span', {class: 'code small', title: row.sha256}, row.sha256.slice(0, 12))},
    ], items, {caption: t('admin.page_plugins')}));
}
