// dossiers.js - a citizen's own dossiers, and what waits on this device.

import {dueBadge, stateBadge, badge} from '../app/badge.js';
import {button, h, link} from '../app/dom.js';
import {confirm} from '../app/dialog.js';
import {date, dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {account} from '../app/session.js';
import {draftsOf, dropDraft} from '../app/store.js';
import {pagedList} from '../app/table.js';

export const texts = ['dossier', 'apply'];

function row(item) {
  return h('li', {class: 'card'},
    h('p', null, link(item.procedure.name, `#/dossiers/${encodeURIComponent(item.code)}`, {class: 'card-link'})),
    h('p', {class: 'badges'}, stateBadge(item.state, item.state_name), item.due_current && dueBadge(item.due_current, item.clock)),
    h('p', {class: 'quiet small'}, [item.code, item.agency_name, t('dossier.filed_on', {at: date(item.submitted_at)})].filter(Boolean).join(' · ')));
}

const DRAFT_LOOKS = {editing: ['grey', 'edit'], queued: ['amber', 'offline'], refused: ['red', 'error']};

function draftRow(draft, page) {
  const address = draft.action ? `#/dossiers/${encodeURIComponent(draft.action.code)}` : draft.state === 'editing' ? `#/apply/${draft.procedure}/${draft.id}/${draft.step ?? ''}` : `#/sent/${draft.id}`;
  const [colour, sign] = DRAFT_LOOKS[draft.state];

  return h('li', {class: 'card'}, h('p', null, link(draft.name, address, {class: 'card-link'})),
    h('p', {class: 'badges'}, badge(colour, sign, t(`dossier.draft_${draft.state}`))),
    h('p', {class: 'quiet small'}, t('apply.draft_of', {at: dateTime(draft.changed)})),
    h('p', null, button(t('apply.discard'), async () => {
      if (await confirm(t('apply.discard_title'), t('apply.discard_text'), {ok: t('apply.discard'), danger: true})) {
        await dropDraft(draft);
        page.again();
      }
    }, {kind: 'plain', sign: 'bin', 'aria-label': `${t('apply.discard')}: ${draft.name}`})));
}

export default async function dossiersPage(page) {
  const drafts = (await draftsOf(account().username).catch(() => [])).filter((draft) => draft.state !== 'sent');
  const list = pagedList('/dossiers', {mine: 1}, {
    signal: page.signal,
    empty: () => h('p', null, t('dossier.none')),
    draw: (items, into) => {
      if (!into.querySelector('ul'))
        into.append(h('ul', {class: 'cards'}));
      into.querySelector('ul').append(...items.map(row));
    },
  });

  await list.ready;
  return h('div', {class: 'wrap narrow'}, h('h1', null, t('core.menu_dossiers')),
    h('p', {class: 'buttons'}, link(t('dossier.new'), '#/procedures', {kind: 'primary', sign: 'plus'})),
    drafts.length > 0 && [h('h2', null, t('dossier.drafts')), h('ul', {class: 'cards'}, drafts.map((draft) => draftRow(draft, page))), h('h2', null, t('dossier.list'))],
    list);
}
