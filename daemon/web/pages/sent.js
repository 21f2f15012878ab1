// sent.js - a dossier on its way to the office, and what it got there: code, QR, PIN; or why not.

import {h, fill, library, link, button} from '../app/dom.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {announce, notice} from '../app/notify.js';
import {sendDraft, waitingNotice} from '../app/outbox.js';
import {stepOfPointer} from '../app/plan.js';
import {account} from '../app/session.js';
import {dropBlob, loadDraft, saveDraft} from '../app/store.js';
import {facts} from '../app/table.js';

export const texts = ['apply', 'public', 'papers'];

// A QR code as a drawing; nothing where the library is not installed.
export async function qr(textValue, label) {
  try {
    await library('/lib/qrcode.js');
  } catch {
    return null;
  }
  const code = window.qrcode(0, 'M');

  code.addData(textValue);
  code.make();
  const size = code.getModuleCount();
  let path = '';

  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (code.isDark(row, column))
        path += `M${column} ${row}h1v1h-1z`;
    }
  }
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'path');

  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('class', 'qr');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  svg.setAttribute('shape-rendering', 'crispEdges');
  drawn.setAttribute('d', path);
  svg.append(drawn);
  return svg;
}

// Once it is there the answers and photos leave this device; who filed is kept for the next form.
async function forget(draft) {
  if (!draft.body)
    return;
  for (const page of Object.values(draft.papers).flat()) {
    await dropBlob(page.blob);
    if (page.thumb)
      await dropBlob(page.thumb);
  }
  const {name, id_number, phone, email, address} = draft.values.applicant ?? {};

  draft.remember = {name, id_number, phone, email, address};
  draft.values = {};
  draft.papers = {};
  draft.files = {};
  draft.body = null;
  draft.plan = null;
  await saveDraft(draft);
}

async function done(draft) {
  const {code, pin, submitted_at: at} = draft.result;
  const address = `${location.origin}/#/lookup?code=${encodeURIComponent(code)}&pin=${encodeURIComponent(pin)}`;

  await forget(draft);
  return [
    h('div', {class: 'panel'}, h('h1', {tabindex: -1}, t('apply.done_title')), h('p', null, t('public.code')), h('p', {class: 'big'}, code)),
    facts([[t('public.pin'), h('strong', null, pin)], [t('apply.sent_at'), dateTime(at)], [t('apply.procedure'), draft.name]]),
    notice('warn', t('apply.done_keep'), h('p', null, t('apply.done_pin'))), h('p', null, t('apply.done_account')),
    h('p', null, await qr(address, t('apply.qr'))),
    h('h2', null, t('apply.what_next')), h('p', null, t('apply.done_next')),
    h('div', {class: 'buttons'}, link(t('apply.follow'), `#/dossiers/${encodeURIComponent(code)}`, {kind: 'primary'}),
      button(t('core.print'), () => window.print(), {kind: 'secondary', sign: 'print'})),
  ];
}

function refused(draft) {
  const plan = draft.plan;
  const errors = draft.problem?.errors ?? [];
  const address = (step) => `#/apply/${draft.procedure}/${draft.id}/${step}`;

  return [h('h1', {tabindex: -1}, t('apply.refused_title')),
    notice('error', draft.problem?.detail ?? t('core.error_unknown'), errors.length > 0 && h('ul', null, errors.map((error) => h('li', null,
      plan ? link(error.message, address(stepOfPointer(plan, error.pointer))) : error.message)))),
    h('p', null, t('apply.refused_text')),
    h('div', {class: 'buttons'}, button(t('apply.mend'), async () => {
      draft.state = 'editing';
      await saveDraft(draft);
      location.hash = address(errors[0] && plan ? stepOfPointer(plan, errors[0].pointer) : 'review');
    }))];
}

function waiting(draft, again) {
  return [h('h1', {tabindex: -1}, t('apply.waiting_title')), waitingNotice(draft),
    h('div', {class: 'buttons'}, button(t('core.retry'), again, {sign: 'refresh'}))];
}

export default async function sentPage(page) {
  const box = h('div', {class: 'wrap narrow'});
  const owner = account().username;
  const first = await loadDraft(page.params.draft, owner);

  if (!first)
    return h('div', {class: 'wrap narrow'}, h('h1', null, t('core.not_found_title')), notice('warn', t('apply.draft_gone')), link(t('core.menu_dossiers'), '#/dossiers', {kind: 'primary'}));

  const show = async (draft, moveFocus) => {
    if (page.signal.aborted)
      return;
    fill(box, draft.state === 'sent' ? await done(draft) : draft.state === 'refused' ? refused(draft) : waiting(draft, run));
    page.title(box.querySelector('h1').textContent);
    if (moveFocus)
      box.querySelector('h1').focus();
  };
  const run = async () => {
    const bar = h('progress', {class: 'progress', max: 100, value: 0, 'aria-label': t('apply.sending_title')});

    fill(box, h('h1', {tabindex: -1}, t('apply.sending_title')), h('p', null, t('apply.sending_text')), bar);
    announce(t('apply.sending_title'));
    await show(await sendDraft(first.id, (part) => {
      bar.value = Math.round(part * 90);
    }), true);
  };

  // Another tab, or the queue behind this page, may have sent it in the meantime.
  const look = async () => {
    const draft = await loadDraft(first.id, owner);

    if (draft && draft.state !== 'queued' && box.dataset.state !== draft.state) {
      box.dataset.state = draft.state;
      await show(draft, true);
    }
  };

  if (first.state === 'queued') {
    const online = () => run();

    window.addEventListener('online', online);
    window.addEventListener('dvcd-drafts', look);
    page.leave(() => {
      window.removeEventListener('online', online);
      window.removeEventListener('dvcd-drafts', look);
    });
    fill(box, h('h1', {tabindex: -1}, t('apply.sending_title')));
    setTimeout(run, 0);
  } else {
    await show(first, false);
  }
  return box;
}
