// procedures.js - the catalogue, found without marks.

import {get, query} from '../app/api.js';
import {h, link} from '../app/dom.js';
import {count, t} from '../app/i18n.js';
import {searchBox} from './home.js';

export const texts = ['public'];

function row(procedure) {
  return h('li', {class: 'card'}, h('h2', {class: 'plain'}, link(procedure.name, `#/procedures/${procedure.code}`, {class: 'card-link'})),
    h('p', {class: 'quiet small'}, [procedure.field, t(`core.level_${procedure.level}`), procedure.code].join(' · ')));
}

export default async function proceduresPage(page) {
  const q = (page.query.get('q') ?? '').trim();
  const answer = await get(query('/procedures', {q, limit: 100}), {signal: page.signal});
  const items = answer.items;

  return h('div', {class: 'wrap narrow'}, h('h1', null, t('public.procedures_title')), searchBox(page, q),
    h('p', {class: 'quiet', role: 'status'}, items.length > 0 ? count('public.found', items.length) : t('public.found_none', {q})),
    items.length > 0 ? h('ul', {class: 'cards'}, items.map(row)) : h('p', null, t('public.found_none_help')));
}
