// admin-plugins.js - procedures in force by version, and what the last reading of their files found wrong.

import {get} from '../app/api.js';
import {badge} from '../app/badge.js';
import {button, fill, h} from '../app/dom.js';
import {date, dateTime, fold, number} from '../app/format.js';
import {count, t} from '../app/i18n.js';
import {notice} from '../app/notify.js';
import {table} from '../app/table.js';
import {backStyle} from '../back/base.js';
import {frame} from '../back/admin.js';

export const texts = ['admin'];

function errorItem(error) {
  return h('li', null, h('span', {class: 'code'}, [error.file, error.line, error.column].filter((part) => part !== null && part !== undefined && part !== 0).join(':')), ` – ${error.message}`, error.rule && h('span', {class: 'quiet'}, ` (${error.rule})`));
}

const AT_ONCE = 50;

function tableOf(items) {
  return table([
    {name: t('admin.plugin'), class: 'cell-head', cell: (row) => [h('a', {href: `#/procedures/${encodeURIComponent(row.code)}`, class: 'row-link'}, row.name), h('div', {class: 'row-sub'}, h('span', {class: 'code'}, row.code), ` · ${row.field}`),
      h('div', null, h('a', {href: `#/admin/plugins/${encodeURIComponent(row.code)}/${row.version}`, class: 'row-link'}, t('admin.flow'), h('span', {class: 'hidden'}, ` ${row.code}, ${t('admin.version').toLowerCase()} ${row.version}`)))]},
    {name: t('admin.version'), cell: (row) => [String(row.version), ' ', row.withdrawn && badge('grey', 'stop', t('admin.withdrawn'))]},
    {name: t('admin.effective'), cell: (row) => [row.effective_from ? date(row.effective_from) : '–', row.effective_to && ` – ${date(row.effective_to)}`]},
    {name: t('admin.open_dossiers'), class: 'number', cell: (row) => number(row.open_dossiers)},
    {name: t('admin.published'), cell: (row) => [dateTime(row.published_at), h('div', {class: 'quiet small'}, row.published_by)]},
    {name: 'SHA-256', cell: (row) => h('span', {class: 'code small', title: row.sha256}, row.sha256.slice(0, 12))},
  ], items, {caption: t('admin.page_plugins')});
}

// A province has thousands: found by a few words, drawn part by part.
function finder(items) {
  const into = h('div');
  const said = h('p', {class: 'quiet', role: 'status'});
  const input = h('input', {type: 'search', autocomplete: 'off', on: {input: () => draw()}});
  const more = button(t('core.more'), () => {
    rows.addRows(found.slice(shown, shown + AT_ONCE));
    shown += AT_ONCE;
    more.hidden = shown >= found.length;
  }, {kind: 'secondary', sign: 'down'});
  let found, shown, rows;
  const draw = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);

    found = items.filter((row) => words.every((word) => fold(`${row.code} ${row.name} ${row.field}`).includes(word)));
    shown = AT_ONCE;
    rows = tableOf(found.slice(0, shown));
    more.hidden = shown >= found.length;
    fill(said, found.length > 0 ? count('admin.plugins_n', found.length, {n: number(found.length)}) : t('core.nothing_found'));
    fill(into, found.length > 0 && rows);
  };

  draw();
  return [h('form', {class: 'filters', role: 'search', on: {submit: (event) => event.preventDefault()}}, h('label', {class: 'filter wide'}, h('span', null, t('admin.plugins_q')), input)), said, into, more];
}

export default async function pluginsPage(page) {
  const [answer] = await Promise.all([get('/admin/plugins', {signal: page.signal}), backStyle()]);
  const items = [...answer.items].sort((a, b) => a.field.localeCompare(b.field, 'vi') || a.code.localeCompare(b.code) || b.version - a.version);

  return frame('plugins', h('h1', null, t('admin.page_plugins')),
    answer.errors.length > 0 ? notice('error', t('admin.errors_n', {n: answer.errors.length}), h('p', null, t('admin.errors_text', {at: dateTime(answer.errors_at)})), h('ul', null, answer.errors.map(errorItem))) : notice('ok', t('admin.errors_none')),
    finder(items));
}
