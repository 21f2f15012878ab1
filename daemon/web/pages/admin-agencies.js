// admin-agencies.js - the tree of agencies and post offices, found by name or code.

import {get} from '../app/api.js';
import {add, fill, h, link} from '../app/dom.js';
import {fold} from '../app/format.js';
import {count, t} from '../app/i18n.js';
import {backStyle} from '../back/base.js';
import {frame} from '../back/admin.js';

export const texts = ['admin'];

function sum(items) {
  return items.reduce((all, item) => all + 1 + sum(item.children ?? []), 0);
}

// What fits and what leads to it; null when nothing below fits.
function fitting(item, words) {
  const own = words.every((word) => fold(`${item.name} ${item.code}`).includes(word));
  const children = own ? item.children ?? [] : (item.children ?? []).map((child) => fitting(child, words)).filter(Boolean);

  return own || children.length > 0 ? {...item, children, own} : null;
}

function label(item, marked) {
  return [marked ? h('mark', null, item.name) : item.name, ' ', h('span', {class: 'code quiet'}, item.code), h('span', {class: 'quiet small'}, ` ${t(`admin.level_${item.level}`)}`), ' ', link(t('admin.accounts_here'), `#/admin/accounts?agency=${encodeURIComponent(item.code)}`,
    {class: 'small', 'aria-label': `${t('admin.accounts_here')}: ${item.name}`})];
}

function branch(item, words, depth) {
  const children = item.children ?? [];
  const marked = words.length > 0 && item.own;

  if (children.length === 0)
    return h('li', {class: 'leaf'}, label(item, marked));
  const [name, ...rest] = label(item, marked);

  return h('li', null, h('details', {open: depth === 0 || (words.length > 0 && !item.own)}, h('summary', null, name, rest.slice(0, 3), h('span', {class: 'quiet small'}, ` · ${count('admin.below_n', sum(children))}`)),
    h('p', {class: 'small'}, rest.slice(4)), h('ul', null, children.map((child) => branch(child, words, depth + 1)))));
}

export default async function agenciesPage(page) {
  const [{items}] = await Promise.all([get('/agencies', {signal: page.signal}), backStyle()]);
  const tree = h('ul', {class: 'tree'});
  const said = h('p', {class: 'quiet', role: 'status'});
  const input = h('input', {type: 'search', autocomplete: 'off', on: {input: () => draw()}});
  const draw = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    const shown = words.length > 0 ? items.map((item) => fitting(item, words)).filter(Boolean) : items;

    fill(said, shown.length > 0 ? count('admin.agencies_n', sum(items)) : t('core.nothing_found'));
    fill(tree);
    add(tree, shown.map((item) => branch(item, words, 0)));
  };

  draw();
  return frame('agencies', h('h1', null, t('admin.page_agencies')), h('p', null, t('admin.agencies_text')),
    h('form', {class: 'filters', role: 'search', on: {submit: (event) => event.preventDefault()}}, h('label', {class: 'filter wide'}, h('span', null, t('admin.agencies_q')), input)), said, tree);
}
