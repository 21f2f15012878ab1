// lookup.js - how far a dossier is, for anyone who has its code; with the PIN also state and date.

import {get, query} from '../app/api.js';
import {dueBadge, stateBadge} from '../app/badge.js';
import {fill, h} from '../app/dom.js';
import {group} from '../app/fields.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {notice, words} from '../app/notify.js';
import {facts} from '../app/table.js';

export const texts = ['public', 'post'];

// Upper case, no blanks: codes are read off paper.
function clean(code) {
  return code.replace(/\s+/g, '').toUpperCase();
}

export function lookupForm(page, values = {}) {
  const fields = group([
    {id: 'code', label: t('public.code'), type: 'text', hint: t('public.code_hint'), required: true, maxLength: 60},
    {id: 'pin', label: t('public.pin'), type: 'otp', hint: t('public.pin_hint'), maxLength: 12},
  ], {prefix: 'lookup-', values});
  const node = h('form', {novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    if (!fields.check())
      return;
    const {code, pin} = fields.values();

    page.go(query('#/lookup', {code: clean(code), pin}));
  }}}, fields.node, h('button', {type: 'submit', class: 'button secondary'}, t('public.lookup')));

  return {node, fields};
}

export function completionBar(completion) {
  return h('div', null, h('label', {for: 'completion'}, t('public.completion', {percent: completion})),
    h('progress', {class: 'progress', id: 'completion', max: 100, value: completion}));
}

async function found(code, pin, signal) {
  const dossier = await get(query(`/lookup/${encodeURIComponent(code)}`, {pin}), {signal});
  const parcel = dossier.parcel;

  return h('section', {class: 'card accent', 'aria-labelledby': 'found-title'},
    h('h2', {id: 'found-title'}, dossier.code),
    dossier.state && h('p', {class: 'badges'}, stateBadge(dossier.state, dossier.state_name), dossier.due_current && dueBadge(dossier.due_current, dossier.clock)),
    completionBar(dossier.completion),
    dossier.state && facts([
      [t('public.due'), dateTime(dossier.due_current)],
      parcel && [t('public.parcel'), `${t(`post.direction_${parcel.direction}`)}: ${parcel.state_name}, ${dateTime(parcel.state_at)}`],
      parcel?.item_code && [t('post.item_code'), parcel.item_code],
    ]),
    !dossier.state && h('p', {class: 'quiet'}, t('public.pin_for_more')));
}

export default async function lookupPage(page) {
  const code = clean(page.query.get('code') ?? ''), pin = page.query.get('pin');
  const form = lookupForm(page, {code, pin});
  const place = h('div', {'aria-live': 'polite'});

  if (code) {
    try {
      fill(place, await found(code, pin, page.signal));
    } catch (error) {
      if (error.name === 'AbortError')
        throw error;
      fill(place, notice(error.status === 404 ? 'warn' : 'error', words(error)));
    }
  }
  return h('div', {class: 'wrap narrow'}, h('h1', null, t('public.lookup_title')), place, form.node);
}
