// supplement.js - answers a supplement request: the papers asked for, photographed or chosen, kept on
// the device and sent with the same care as a filing.

import {get, newKey} from '../app/api.js';
import {stateBadge} from '../app/badge.js';
import {busy, button, fill, h, link, newId} from '../app/dom.js';
import {errorSummary, group} from '../app/fields.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {announce, notice} from '../app/notify.js';
import {sendDraft, waitingNotice} from '../app/outbox.js';
import {paperBlock} from '../app/papers.js';
import {account} from '../app/session.js';
import {draftsOf, dropDraft, loadDraft, newDraft, onOtherTab, saveDraft} from '../app/store.js';
import {offersOf, pathOf} from './dossier.js';

export const texts = ['dossier', 'papers', 'apply'];

async function draftFor(dossier, task) {
  const owner = account().username;
  // Also what was chosen for a request before this one: nobody takes those photos twice.
  const found = (await draftsOf(owner)).find((draft) => draft.action?.code === dossier.code && draft.state !== 'sent');

  if (found) {
    if (found.action.body.task !== task.id) {
      Object.assign(found, {state: 'editing', problem: null, key: newKey()});
      found.action.body.task = task.id;
      await saveDraft(found);
    }
    return found;
  }
  const made = newDraft(owner, dossier.procedure.code, `${t('dossier.supplement')}: ${dossier.procedure.name}`);

  made.action = {code: dossier.code, body: {action: 'resubmit', task: task.id}};
  return made;
}

// Papers as the plugin describes them; of the request's own list first.
async function papersFor(dossier, asked, signal) {
  const plan = await get(`/procedures/${dossier.procedure.code}`, {signal}).catch(() => null);
  const known = (id) => plan?.documents.find((paper) => paper.id === id);
  const any = (id, name) => ({id, name: name ?? id, formats: ['pdf', 'jpg', 'jpeg', 'png'], max_mb: 20, cases: []});
  const wanted = (asked?.papers ?? []).map((one) => (typeof one === 'string' ? one : one.id)).filter(Boolean);
  const names = new Map((dossier.procedure.documents ?? []).map((paper) => [paper.id, paper.name]));
  const rest = (plan?.documents ?? []).filter((paper) => !wanted.includes(paper.id) && (paper.cases.length === 0 || paper.cases.includes(dossier.case)));

  return {wanted: wanted.map((id) => known(id) ?? any(id, names.get(id))), rest};
}

// The office went on meanwhile: what the dossier waits for now, and what becomes of what was chosen.
async function passed(page, dossier, back) {
  const draft = (await draftsOf(account().username)).find((one) => one.action?.code === dossier.code && one.state !== 'sent');
  const kept = draft && [h('p', null, t('dossier.supplement_unsent')), button(t('apply.discard'), async () => {
    await dropDraft(draft);
    page.go(back);
  }, {kind: 'secondary', sign: 'bin'})];

  return h('div', {class: 'wrap narrow'}, h('h1', null, t('dossier.supplement')), h('p', {class: 'quiet'}, `${dossier.procedure.name} · ${dossier.code}`),
    h('p', {class: 'badges'}, stateBadge(dossier.state, dossier.state_name)),
    notice(draft ? 'warn' : 'info', t('dossier.supplement_none'), kept), link(t('dossier.to_dossier'), back, {kind: 'primary'}));
}

export default async function supplementPage(page) {
  const dossier = await get(pathOf(page.params.code), {signal: page.signal});
  const back = `#/dossiers/${encodeURIComponent(dossier.code)}`;
  const offer = offersOf(dossier).find((one) => one.action === 'resubmit');

  if (!offer)
    return passed(page, dossier, back);
  const draft = await draftFor(dossier, offer.task);
  const asked = dossier.supplements.at(-1);
  const {wanted, rest} = await papersFor(dossier, asked, page.signal);
  const save = () => saveDraft(draft);

  onOtherTab(draft.id, () => page.again(), page.signal);
  const block = (paper, required) => ({paper, required, ...paperBlock({paper, required, pages: draft.papers[paper.id] ??= [], onChange: save})});
  const must = wanted.map((paper) => block(paper, true)), may = rest.map((paper) => block(paper, false));
  const note = group([{id: 'note', label: t('dossier.supplement_note'), type: 'textarea', maxLength: 2000}], {values: {note: draft.note}, onChange: () => {
    draft.note = note.get('note');
    save();
  }});
  const place = h('div'), box = h('div', {class: 'wrap narrow'});
  const submit = h('button', {type: 'submit', class: 'button'}, t('dossier.supplement_send'));

  async function send() {
    const bar = h('progress', {class: 'progress', max: 100, value: 0, 'aria-label': t('apply.sending_title')});

    draft.action.body = {action: 'resubmit', task: offer.task.id, ...(draft.note ? {note: draft.note} : {})};
    draft.body = {};
    draft.state = 'queued';
    draft.key ??= newKey();
    await save();
    fill(place, h('p', null, t('apply.sending_text')), bar);
    announce(t('apply.sending_title'));
    const after = await sendDraft(draft.id, (part) => {
      bar.value = Math.round(part * 90);
    });

    Object.assign(draft, after, {papers: draft.papers}); // the lists that the blocks above change
    if (after.state === 'sent') {
      await dropDraft(after);
      page.go(back);
    } else if (after.state === 'refused') {
      draft.state = 'editing';
      await save();
      if (after.problem?.status === 409) {
        page.again(); // it moved on meanwhile: what it waits for now
        return;
      }
      errorSummary(place, after.problem?.errors?.length ? after.problem.errors.map((error) => ({message: error.message})) : [{message: after.problem?.detail ?? t('core.error_unknown')}]);
    } else {
      fill(place, waitingNotice(draft));
    }
  }

  const form = h('form', {novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    const faults = must.flatMap((one) => {
      const message = draft.papers[one.paper.id].length === 0 ? t('papers.missing', {name: one.paper.name}) : null;

      one.input.id ||= newId('file');
      one.wrong(message);
      return message ? [{input: one.input, message}] : [];
    });
    const any = [...must, ...may].some((one) => draft.papers[one.paper.id].length > 0) || note.get('note');

    errorSummary(place, faults.length > 0 ? faults : any ? [] : [{message: t('dossier.supplement_empty')}]);
    if (faults.length === 0 && any)
      busy(submit, send);
  }}}, must.map((one) => one.node), may.length > 0 && h('details', {open: must.length === 0}, h('summary', null, t('dossier.supplement_more')), may.map((one) => one.node)), note.node,
  h('div', {class: 'buttons'}, submit));

  // The queue behind the pages sent it, and it was not taken.
  if (draft.state === 'refused') {
    const {errors = [], detail} = draft.problem ?? {};

    draft.state = 'editing';
    await save();
    queueMicrotask(() => errorSummary(place, errors.length > 0 ? errors.map((error) => ({message: error.message})) : [{message: detail ?? t('core.error_unknown')}]));
  }
  if (draft.state === 'queued') {
    const sent = async () => {
      const now = await loadDraft(draft.id, account().username);

      if (now?.state === 'sent') {
        window.removeEventListener('dvcd-drafts', sent);
        await dropDraft(now);
        page.go(back);
      }
    };

    window.addEventListener('dvcd-drafts', sent);
    page.leave(() => window.removeEventListener('dvcd-drafts', sent));
    fill(place, waitingNotice(draft));
  }
  return fill(box, link(t('core.back'), back, {class: 'back', sign: 'back'}), h('h1', null, t('dossier.supplement')),
    h('p', {class: 'quiet'}, `${dossier.procedure.name} · ${dossier.code}`),
    asked && notice('info', t('dossier.supplement_asked', {at: dateTime(asked.requested_at)}), h('p', null, asked.reason)), place, form);
}
