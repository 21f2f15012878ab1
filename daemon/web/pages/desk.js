// desk.js - one dossier at a desk: papers beside what was declared, what may be done and how it came
// to this. What is being typed survives another person's change of the dossier.

import {request} from '../app/api.js';
import {dueBadge, stateBadge} from '../app/badge.js';
import {confirm} from '../app/dialog.js';
import {busy, button, fill, h, icon, link} from '../app/dom.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {announce, failed, notice, toast, words} from '../app/notify.js';
import {account, session} from '../app/session.js';
import {act, actionForm, isGrave, isPlain, showFaults} from '../desk/actions.js';
import {agencyNames, deskStyle, procedure, shownName} from '../desk/base.js';
import {changesOf} from '../desk/changes.js';
import {dossierFacts} from '../desk/facts.js';
import {deadlineView, historyList} from '../desk/history.js';
import {keyHint, shortcutHelp, shortcuts} from '../desk/keys.js';
import {followQueue} from '../desk/live.js';
import {paperViewer} from '../desk/papers.js';
import {released} from '../desk/press.js';

export const texts = ['desk'];

const PARTS = ['work', 'papers', 'data', 'history'];
// Of the dossier's own actions those that wait for somebody; the others are folded away.
const WAITING = new Set(['pay', 'confirm_withdraw', 'refuse_withdraw', 'unsuspend']);

// What somebody was filling in when the session ended: {account, code, open}. It waits in this page only,
// for the same person to sign in again.
let kept = null;

async function load(code, signal) {
  const {data, etag} = await request('GET', `/dossiers/${encodeURIComponent(code)}`, {signal});

  return {view: data, etag};
}

// The actions of a task or of the dossier as buttons; the first of a task is the expected one.
function actionButtons(offers, onPick, first) {
  return h('div', {class: 'buttons tight'}, offers.map((action, place) => h('button', {
    type: 'button',
    class: `button ${isGrave(action) ? 'danger-outline' : place === 0 && first ? '' : 'secondary'}`,
    dataset: {action: action.action},
    on: {click: (event) => onPick(action, event.currentTarget)},
  }, action.name, first && place === 0 && keyHint('Alt+1'))));
}

class Desk {
  constructor(page, loaded, plan, names) {
    Object.assign(this, {page, plan, names}, loaded);
    this.open = null;
    this.parts = Object.fromEntries(PARTS.map((part) => [part, h('section', {class: `part-${part}`, 'aria-labelledby': `part-${part}`})]));
    this.head = h('div', {class: 'desk-head'});
    this.news = h('div');
    this.linked = h('div');
    this.switches = h('nav', {class: 'part-switch no-print', 'aria-label': t('desk.parts')}, PARTS.map((part) =>
      h('button', {type: 'button', 'aria-pressed': String(part === 'work'), on: {click: () => this.showPart(part)}}, t(`desk.part_${part}`))));
    this.node = h('div', {class: 'wrap desk desk-dossier', dataset: {part: 'work'}}, this.head, this.news, this.switches,
      h('div', {class: 'desk-columns'},
        this.left = h('div', {class: 'desk-left'}, this.parts.papers),
        this.right = h('div', {class: 'desk-right'}, this.parts.work, this.parts.data, this.parts.history)));
  }

  showPart(part) {
    this.node.dataset.part = part;
    [...this.switches.children].forEach((one, place) => one.setAttribute('aria-pressed', String(PARTS[place] === part)));
    if (part === 'papers')
      this.viewer?.start?.();
  }

  heading(part) {
    return h('h2', {id: `part-${part}`, tabindex: -1}, t(`desk.part_${part}`));
  }

  drawHead() {
    const {view} = this;
    const person = view.owner ?? view.applicant;

    fill(this.head,
      h('a', {href: '#/tasks', class: 'back'}, icon('back'), t('desk.to_queue')),
      h('h1', null, h('span', {class: 'caption'}, view.procedure.name), shownName(person?.name, view.code)),
      h('p', {class: 'badges'}, h('span', {class: 'code'}, view.code), stateBadge(view.state, view.state_name),
        view.received_at && dueBadge(view.due_current, view.clock),
        view.due_current && view.clock !== 'ended' && h('span', {class: 'quiet'}, `${t('desk.due')}: ${dateTime(view.due_current)}`),
        h('span', {class: 'quiet'}, `${t('desk.channel')} ${t(`core.channel_${view.channel}`)}`)));
  }

  drawTask(task) {
    const mine = task.assignee !== null && task.assignee === account().id;
    const who = mine ? t('desk.assigned_me') : task.assignee_name ?? (task.assignee ? t('desk.assigned_other') : t('desk.assigned_none'));

    return h('div', {class: 'task card accent'}, h('h3', null, task.name),
      h('p', {class: 'badges'}, task.due && dueBadge(task.due, this.view.state === 'suspended' ? 'held' : 'running'),
        h('span', {class: 'quiet'}, [task.role && t(`core.role_${task.role}`), this.names.get(task.agency)].filter(Boolean).join(', ')),
        task.role && h('span', {class: 'quiet'}, who)),
      task.actions.length > 0 ? actionButtons(task.actions, (action, control) => this.pick(action, task, control), true)
        : h('p', {class: 'quiet'}, t('desk.not_yours')));
  }

  drawWork() {
    const {view} = this;
    const waiting = view.actions.filter((action) => WAITING.has(action.action));
    const others = view.actions.filter((action) => !WAITING.has(action.action));

    fill(this.parts.work, this.heading('work'),
      view.tasks.map((task) => this.drawTask(task)),
      view.tasks.length === 0 && h('p', {class: 'quiet'}, t('desk.no_tasks')),
      waiting.length > 0 && actionButtons(waiting, (action, control) => this.pick(action, null, control), false),
      this.formPlace = h('div', {class: 'act-place'}),
      this.linked,
      others.length > 0 && h('details', {class: 'more-actions'}, h('summary', null, t('desk.more_actions')),
        actionButtons(others, (action, control) => this.pick(action, null, control), false)));
    if (this.open)
      this.formPlace.append(this.open.node);
  }

  drawData() {
    fill(this.parts.data, this.heading('data'), dossierFacts(this.view, this.plan, this.names));
  }

  drawPapers() {
    const key = JSON.stringify([this.view.documents, this.view.results]);

    if (this.papersKey === key)
      return;
    this.papersKey = key;
    this.viewer?.stop?.();
    this.viewer = paperViewer(this.view);
    fill(this.parts.papers, this.heading('papers'), this.viewer);
    // Where there is nothing to look at, what was declared takes that place.
    (this.viewer.start ? this.right : this.left).append(this.parts.data);
    this.right.append(this.parts.history);
    if (matchMedia('(min-width: 62rem)').matches)
      setTimeout(() => this.viewer.start?.(), 0);
  }

  async picture() {
    const [{flowPicture}, {data}] = await Promise.all([import('../app/flow.js'), request('GET', `/dossiers/${encodeURIComponent(this.view.code)}/workflow`, {signal: this.page.signal})]);

    return flowPicture(data);
  }

  // Asked anew only when one of them moved.
  drawLinked() {
    const key = JSON.stringify(this.view.linked);

    if (this.linkedKey === key)
      return;
    this.linkedKey = key;
    if (this.view.linked.length === 0)
      fill(this.linked);
    else
      import('../app/linked.js').then(({linkedDossiers}) => linkedDossiers(this.view, (code) => `#/desk/${encodeURIComponent(code)}`, {level: 'h3'}))
        .then((node) => this.linkedKey === key && fill(this.linked, node)).catch(failed);
  }

  drawHistory() {
    const past = h('div', null, h('p', {class: 'quiet'}, t('core.loading')));
    const why = h('details', null, h('summary', null, t('desk.deadline_why')));
    const fold = h('details', null, h('summary', null, t('desk.history_show')), past);

    const flow = h('details', null, h('summary', null, t('desk.flow')));

    let drawn = null;

    flow.addEventListener('toggle', () => {
      if (flow.open)
        drawn ??= this.picture().then((node) => flow.append(node)).catch((error) => {
          drawn = null;
          failed(error);
        });
    });
    why.addEventListener('toggle', () => why.open && why.childElementCount === 1 &&
      deadlineView(this.view).then((node) => why.append(node)).catch(failed));
    fold.addEventListener('toggle', () => fold.open && historyList(this.view).then((node) => fill(past, node)).catch(failed));
    fill(this.parts.history, this.heading('history'), flow, why, fold,
      h('p', null, h('a', {href: `/api/v1/dossiers/${encodeURIComponent(this.view.code)}/forms/control_slip`, target: '_blank', rel: 'noopener'},
        icon('print'), ` ${t('core.form_control_slip')}`)));
  }

  draw() {
    this.drawHead();
    this.drawWork();
    this.drawLinked();
    this.drawData();
    this.drawPapers();
    this.drawHistory();
  }

  closeForm(focus = true) {
    const name = this.open?.action.action;

    this.open?.node.remove();
    this.open = null;
    if (focus)
      (this.parts.work.querySelector(`[data-action="${name}"]`) ?? this.parts.work.querySelector('h2')).focus();
  }

  async pick(action, task, control) {
    if (this.open?.action.action === action.action) {
      this.open.form.focus();
      return;
    }
    try {
      if (isPlain(action))
        await busy(control, () => this.send({action, task, form: null}));
      else
        await busy(control, () => this.openForm(action, task));
    } catch (error) {
      failed(error);
    }
  }

  async openForm(action, task) {
    const form = await actionForm(action, this.view, task);
    const open = {action, task, form, desk: this};

    this.closeForm(false);
    open.node = h('form', {class: 'act-form card', novalidate: true, 'aria-label': action.name, on: {submit: (event) => {
      event.preventDefault();
      if (form.check())
        busy(open.button, () => open.desk.send(open));
    }, keydown: (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented)
        open.desk.closeForm();
      else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
        open.node.requestSubmit();
    }}}, h('h3', null, action.name), form.node,
    h('div', {class: 'buttons tight'},
      open.button = h('button', {type: 'submit', class: `button ${isGrave(action) ? 'danger' : ''}`}, action.name, keyHint('Ctrl+Enter')),
      button(t('core.cancel'), () => open.desk.closeForm(), {kind: 'secondary'})));
    this.open = open;
    this.formPlace.append(open.node);
    open.node.scrollIntoView({block: 'nearest'});
    form.focus();
  }

  async send(open) {
    const {action, task, form} = open;

    if (isGrave(action) && !(await confirm(action.name, t('desk.sure', {code: this.view.code}), {ok: action.name, danger: true})))
      return;
    this.sending = true;
    try {
      const answer = await act(this.view, this.etag, action, task, form);

      this.closeForm(false);
      fill(this.news);
      this.become({view: answer.data, etag: answer.etag});
      toast('ok', t('desk.done', {action: action.name}));
      this.parts.work.querySelector('h2').focus();
    } catch (error) {
      if (error.status === 409)
        await this.conflict(error, open);
      else if (error.status === 422 && form)
        showFaults(form, error);
      else
        failed(error);
    } finally {
      this.sending = false;
    }
  }

  become({view, etag}) {
    this.view = view;
    this.etag = etag ?? this.etag;
    if (!etag)
      load(view.code, this.page.signal).then((loaded) => {
        this.etag = loaded.etag;
      }).catch(() => {});
    this.draw();
  }

  // Looks whether the dossier is still what is shown; a form that is being filled in stays.
  async look() {
    if (this.sending || document.hidden)
      return;
    const loaded = await load(this.view.code, this.page.signal).catch(() => null);

    await released();
    if (!loaded || this.sending || loaded.etag === this.etag || this.page.signal.aborted)
      return;
    if (this.open) {
      this.changed(loaded, null, this.open);
      return;
    }
    const at = document.activeElement?.dataset?.action;

    this.become(loaded);
    if (at)
      (this.parts.work.querySelector(`[data-action="${at}"]`) ?? this.parts.work.querySelector('h2')).focus();
    announce(t('desk.refreshed'));
  }

  follow() {
    let waiting;
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.look(), 400);
    };

    followQueue((change) => change.live || soon(), this.page.signal);
    document.addEventListener('visibilitychange', soon, {signal: this.page.signal});
    this.page.leave(() => clearTimeout(waiting));
  }

  // Somebody else was first: shows what is new, keeps what was typed.
  async conflict(error, open) {
    const loaded = await load(this.view.code, this.page.signal).catch(() => null);

    if (!loaded) {
      failed(error);
      return;
    }
    this.changed(loaded, error, open);
    this.news.firstChild.focus();
  }

  // Whether the action that is being filled in is still to be had, at the task as it is now.
  aim(open, view) {
    const task = open.task && view.tasks.find((one) => one.step === open.task.step);
    const offered = Boolean((open.task ? task?.actions : view.actions)?.some((one) => one.action === open.action.action));

    open.task = task ?? open.task;
    open.button.disabled = !offered;
    return offered;
  }

  // After signing in again: the form as it was left, files included.
  takeUp(open) {
    const offered = this.aim(open, this.view);

    open.desk = this;
    this.open = open;
    this.formPlace.append(open.node);
    fill(this.news, notice(offered ? 'info' : 'warn', t('desk.form_kept'), !offered && h('p', null, t('desk.conflict_gone'))));
    open.form.fields.find((field) => field.shown)?.control.input.setAttribute('data-focus', '');
  }

  leave(who) {
    if (this.open && !session())
      kept = {account: who, code: this.view.code, open: this.open};
    this.viewer?.stop?.();
  }

  changed(loaded, error, open) {
    const before = this.view;
    const offered = this.aim(open, loaded.view);

    this.become(loaded);
    fill(this.news, h('div', {tabindex: -1, class: 'conflict'}, notice('warn', t('desk.conflict_title'),
      error && h('p', null, words(error)),
      h('ul', null, changesOf(before, loaded.view, this.names).map((line) => h('li', null, line))),
      h('p', null, t(offered ? 'desk.conflict_again' : 'desk.conflict_gone')))));
    announce(t('desk.conflict_title'), true);
  }
}

export default async function deskPage(page) {
  const [loaded, names] = await Promise.all([load(page.params.code, page.signal), agencyNames(), deskStyle()]);
  const desk = new Desk(page, loaded, await procedure(loaded.view.procedure.code).catch(() => ({documents: [], cases: [], results: [], form: {properties: {}}})), names);

  const who = account().id;

  desk.draw();
  if (kept?.account === who && kept.code === loaded.view.code)
    desk.takeUp(kept.open);
  if (kept?.account !== who || kept.code === loaded.view.code)
    kept = null;
  desk.follow();
  page.leave(() => desk.leave(who));
  shortcuts({
    'Alt+1': () => desk.parts.work.querySelector('.task .button')?.click(),
    'Alt+2': () => {
      desk.showPart('papers');
      desk.parts.papers.querySelector('h2').focus();
    },
    'Alt+3': () => {
      desk.showPart('data');
      desk.parts.data.querySelector('h2').focus();
    },
    'Alt+Q': () => page.go('#/tasks'),
    '[': () => desk.viewer?.turn?.(-1),
    ']': () => desk.viewer?.turn?.(1),
  }, page.signal);
  desk.node.append(shortcutHelp([['Alt+1', t('desk.key_first')], ['Alt+2', t('desk.part_papers')], ['Alt+3', t('desk.part_data')],
    ['[ ]', t('desk.key_paper')], ['Ctrl+Enter', t('desk.key_send')], ['Alt+Q', t('desk.to_queue')]]));
  return desk.node;
}
