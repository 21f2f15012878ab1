// procedures.js - the catalogue, found without marks and by field.

import {query} from '../app/api.js';
import {h, link} from '../app/dom.js';
import {count, t} from '../app/i18n.js';
import {procedureFields} from '../app/procedures.js';
import {pagedList} from '../app/table.js';
import {searchBox} from './home.js';

export const texts = ['public'];

function row(procedure) {
  return h('li', {class: 'card'}, h('h2', {class: 'plain'}, link(procedure.name, `#/procedures/${procedure.code}`, {class: 'card-link'})),
    h('p', {class: 'quiet small'}, [procedure.field, t(`core.level_${procedure.level}`), procedure.code].join(' · ')));
}

function fieldChoice(page, fields, {q, field}) {
  return h('p', {class: 'field'}, h('label', {for: 'field'}, t('public.field')),
    h('select', {id: 'field', on: {change: (event) => page.go(query('#/procedures', {q, field: event.target.value}))}},
      h('option', {value: ''}, t('public.all_fields')),
      fields.map((one) => h('option', {value: one.name, selected: one.name === field}, `${one.name} (${one.procedures})`))));
}

export default async function proceduresPage(page) {
  const asked = {q: (page.query.get('q') ?? '').trim(), field: page.query.get('field') ?? ''};
  const found = h('p', {class: 'quiet', role: 'status'});
  const list = pagedList('/procedures', asked, {
    limit: 50,
    signal: page.signal,
    empty: () => {
      found.textContent = t('public.found_none', {q: asked.q || asked.field});
      return h('p', null, t('public.found_none_help'));
    },
    draw: (items, into, answer) => {
      found.textContent = count('public.found', answer.total);
      if (!into.querySelector('ul'))
        into.append(h('ul', {class: 'cards'}));
      into.querySelector('ul').append(...items.map(row));
    },
  });
  const [fields] = await Promise.all([procedureFields(page.signal).catch(() => []), list.ready]);

  return h('div', {class: 'wrap narrow'}, h('h1', null, t('public.procedures_title')), searchBox(page, asked.q, {field: asked.field}),
    fieldChoice(page, fields, asked), found, list);
}
