// home.js - the start page: find a procedure, look a dossier up, sign in.

import {h, link} from '../app/dom.js';
import {t} from '../app/i18n.js';
import {account, isStaff, session} from '../app/session.js';
import {query} from '../app/api.js';
import {lookupForm} from './lookup.js';

export const texts = ['public'];

// `more`: what else the search keeps to.
export function searchBox(page, value = '', more = {}) {
  const input = h('input', {type: 'search', id: 'search', name: 'q', autocomplete: 'off', value, 'aria-describedby': 'search-hint', enterkeyhint: 'search'});

  return h('form', {role: 'search', on: {submit: (event) => {
    event.preventDefault();
    page.go(query('#/procedures', {...more, q: input.value.trim()}));
  }}},
  h('label', {for: 'search', class: 'block-title'}, t('public.search_label')),
  h('p', {class: 'hint', id: 'search-hint'}, t('public.search_hint')),
  h('div', {class: 'search'}, input,
    h('button', {type: 'submit', class: 'button'}, t('public.search'))));
}

function mine() {
  if (!session())
    return h('div', {class: 'card'}, h('h2', null, t('public.account_title')), h('p', null, t('public.account_text')),
      h('div', {class: 'buttons tight'}, link(t('core.sign_in'), '#/sign-in', {kind: 'primary'}), link(t('public.register'), '#/register', {kind: 'secondary'})));
  if (isStaff())
    return h('div', {class: 'card'}, h('h2', null, account().name), h('p', null, t('public.staff_text')));
  return h('div', {class: 'card'}, h('h2', null, t('core.menu_dossiers')), h('p', null, t('public.mine_text')),
    h('div', {class: 'buttons tight'}, link(t('core.menu_dossiers'), '#/dossiers', {kind: 'primary'})));
}

export default function home(page) {
  return h('div', {class: 'wrap'},
    h('h1', null, t('public.home_title')),
    h('div', {class: 'columns'},
      h('div', null, searchBox(page), h('p', {class: 'buttons tight'}, link(t('public.all'), '#/procedures'))),
      h('div', null, mine())),
    h('section', {'aria-labelledby': 'lookup-title'},
      h('h2', {id: 'lookup-title'}, t('public.lookup_title')),
      lookupForm(page).node));
}
