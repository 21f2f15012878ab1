// apply.js - filing a dossier, one thing a page. What is entered stays on this device as it is typed:
// it survives a lost connection and a closed browser. The steps themselves: apply-steps.js.

import {get} from '../app/api.js';
import {button, fill, h, link} from '../app/dom.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {confirm} from '../app/dialog.js';
import {notice, toast} from '../app/notify.js';
import {shownSteps, stepsOf} from '../app/plan.js';
import {account} from '../app/session.js';
import {draftsOf, dropDraft, loadDraft, newDraft, onOtherTab, Outdated, saveDraft} from '../app/store.js';
import {drawStep} from './apply-steps.js';

export const texts = ['apply', 'people', 'papers', 'public'];

async function planOf(code, draft, signal) {
  try {
    return await get(`/procedures/${encodeURIComponent(code)}`, {signal});
  } catch (error) {
    if (draft?.plan && !error.status)
      return draft.plan; // offline: the one the draft began with
    throw error;
  }
}

// What is known of the account and of the last dossier filed here.
async function firstValues(owner) {
  const me = account();
  const before = (await draftsOf(owner)).find((draft) => draft.remember)?.remember;

  return {applicant: {kind: 'citizen', name: me.name, phone: me.phone ?? undefined, email: me.email ?? undefined, id_number: me.id_number ?? undefined, ...before}, same: true};
}

async function begin(page, plan) {
  const owner = account().username;
  const drafts = (await draftsOf(owner)).filter((draft) => draft.procedure === plan.code && draft.state !== 'sent');
  const fresh = async () => {
    const draft = newDraft(owner, plan.code, plan.name);

    draft.values = await firstValues(owner);
    draft.plan = plan;
    await saveDraft(draft);
    page.go(`#/apply/${plan.code}/${draft.id}/${stepsOf(plan)[0].id}`, {replace: drafts.length === 0});
  };

  if (drafts.length === 0) {
    await fresh();
    return null;
  }
  return h('div', {class: 'wrap narrow'}, h('h1', null, plan.name), h('p', null, t('apply.drafts_text')),
    h('ul', {class: 'cards'}, drafts.map((draft) => h('li', {class: 'card'},
      h('p', null, t('apply.draft_of', {at: dateTime(draft.changed)})),
      h('div', {class: 'buttons tight'},
        link(t('apply.continue'), draft.state === 'editing' ? `#/apply/${plan.code}/${draft.id}/${draft.step ?? stepsOf(plan)[0].id}` : `#/sent/${draft.id}`, {kind: 'primary'}),
        button(t('apply.discard'), async () => {
          if (await confirm(t('apply.discard_title'), t('apply.discard_text'), {ok: t('apply.discard'), danger: true})) {
            await dropDraft(draft);
            page.again();
          }
        }, {kind: 'secondary'}))))),
    h('div', {class: 'buttons'}, button(t('apply.new'), fresh, {kind: 'secondary', sign: 'plus'})));
}

export default async function applyPage(page) {
  if (account().kind !== 'citizen')
    return h('div', {class: 'wrap narrow'}, h('h1', null, t('apply.title')), notice('warn', t('apply.only_citizens')));
  const owner = account().username;
  const draft = page.params.draft ? await loadDraft(page.params.draft, owner) : null;
  const plan = await planOf(page.params.code, draft, page.signal);

  if (!page.params.draft)
    return begin(page, plan);
  if (!draft)
    return h('div', {class: 'wrap narrow'}, h('h1', null, plan.name), notice('warn', t('apply.draft_gone')),
      link(t('apply.new'), `#/apply/${plan.code}`, {kind: 'primary'}));
  if (draft.state === 'queued' || draft.state === 'sent') {
    page.go(`#/sent/${draft.id}`, {replace: true});
    return null;
  }
  draft.plan = plan;
  const order = stepsOf(plan).map((one) => one.id);
  const steps = shownSteps(plan, draft.values, draft.papers);
  const wanted = Math.max(0, order.indexOf(page.params.step));
  const step = steps.find((one) => order.indexOf(one.id) >= wanted);
  const at = steps.indexOf(step);
  let timer = null;
  const saved = h('p', {class: 'quiet small no-print', role: 'status'});
  // False where another tab went on with it: that is shown instead.
  const save = async () => {
    clearTimeout(timer);
    timer = null;
    try {
      await saveDraft(draft, {check: true});
    } catch (error) {
      if (!(error instanceof Outdated))
        throw error;
      toast('warn', t('apply.elsewhere'));
      page.again();
      return false;
    }
    return true;
  };
  const frame = {
    page, plan, draft, steps, step,
    // Called with each key stroke; written a moment later.
    changed() {
      if (page.signal.aborted) // still to be seen while the next one is drawn
        return;
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (await save())
          fill(saved, t('apply.saved'));
      }, 400);
    },
    save,
    address: (id) => `#/apply/${plan.code}/${draft.id}/${id}`,
    async next() {
      // What was answered here may ask for more, or for less.
      const after = shownSteps(plan, draft.values, draft.papers).find((one) => order.indexOf(one.id) > order.indexOf(step.id));
      const to = draft.review && step.id !== 'review' ? 'review' : after?.id;

      if (await save())
        page.go(frame.address(to));
    },
  };

  if (draft.step !== step.id) {
    draft.step = step.id;
    draft.review ||= step.id === 'review';
    await saveDraft(draft, {quiet: true});
  }
  onOtherTab(draft.id, () => page.again(), page.signal);
  page.leave(() => {
    if (timer)
      save();
  });
  const back = at > 0 ? link(t('core.back'), frame.address(steps[at - 1].id), {class: 'back', sign: 'back'})
    : link(t('core.back'), `#/procedures/${plan.code}`, {class: 'back', sign: 'back'});

  return h('div', {class: 'wrap narrow'}, back,
    h('p', {class: 'caption'}, `${plan.name} · ${t('apply.step_of', {n: at + 1, of: steps.length})}`),
    await drawStep(frame), saved);
}
