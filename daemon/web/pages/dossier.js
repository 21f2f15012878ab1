// dossier.js - one dossier as its applicant follows it: what it waits for, why the date is what it
// is, papers, results, the post and the history.

import {address, get, newKey, Offline, request} from '../app/api.js';
import {addressText} from '../app/address.js';
import {dueBadge, parcelWords, stateBadge} from '../app/badge.js';
import {ask, confirm} from '../app/dialog.js';
import {busy, button, fill, h, icon, link} from '../app/dom.js';
import {group} from '../app/fields.js';
import {date, dateTime, limit, money, weekday} from '../app/format.js';
import {has, language, t} from '../app/i18n.js';
import {failed, notice, toast} from '../app/notify.js';
import {account} from '../app/session.js';
import {draftsOf} from '../app/store.js';
import {facts, table} from '../app/table.js';

export const texts = ['dossier', 'post', 'public'];

export const pathOf = (code) => `/dossiers/${encodeURIComponent(code)}`;

// The tasks that wait for the applicant, with what may be done: {task, action}.
export function offersOf(dossier) {
  return dossier.tasks.flatMap((task) => task.actions.map((action) => ({task, ...action}))).concat(dossier.actions.map((action) => ({task: null, ...action})));
}

// Reasons of what did not come through, to be sent again: nobody types them twice.
const reasons = new Map();
const reasonKey = (dossier, action) => `${dossier.code} ${action}`;

async function act(page, dossier, etag, body) {
  reasons.set(reasonKey(dossier, body.action), body.reason);
  try {
    await request('POST', `${pathOf(dossier.code)}/actions`, {body, key: newKey(), etag: body.task ? etag : null});
    reasons.delete(reasonKey(dossier, body.action));
    toast('ok', t('dossier.done'));
  } catch (error) {
    failed(error);
    if (error instanceof Offline)
      return; // what is shown stays readable
  }
  page.again();
}

const reasonFields = (dossier, action, label) => group([{id: 'reason', label, type: 'textarea', required: true, maxLength: 2000}],
  {values: {reason: reasons.get(reasonKey(dossier, action))}});

function withdrawButton(page, dossier, etag) {
  const made = button(t('dossier.withdraw'), async () => {
    const given = await ask(t('dossier.withdraw_title'), reasonFields(dossier, 'withdraw', t('dossier.withdraw_reason')), {ok: t('dossier.withdraw'), text: t('dossier.withdraw_text'), danger: true});

    if (given)
      await busy(made, () => act(page, dossier, etag, {action: 'withdraw', task: null, reason: given.reason}));
  }, {kind: 'secondary'});

  return made;
}

// What the applicant has to do now, if anything.
function toDo(page, dossier, etag) {
  const offers = offersOf(dossier);
  const offer = (name) => offers.find((one) => one.action === name);
  const boxes = [];

  if (offer('resubmit')) {
    const asked = dossier.supplements.at(-1);

    boxes.push(notice('warn', t('dossier.todo_supplement'), asked?.reason && h('p', null, asked.reason),
      link(t('dossier.supplement'), `#/dossiers/${encodeURIComponent(dossier.code)}/supplement`, {kind: 'primary', sign: 'upload'})));
  }
  if (offer('confirm')) {
    const yes = button(offer('confirm').name, async () => {
      if (await confirm(t('dossier.confirm_title'), t('dossier.confirm_text'), {ok: t('dossier.confirm_yes')}))
        await busy(yes, () => act(page, dossier, etag, {action: 'confirm', task: offer('confirm').task.id}));
    }, {sign: 'check'});
    const no = offer('change') && button(offer('change').name, async () => {
      const given = await ask(t('dossier.change_title'), reasonFields(dossier, 'change', t('dossier.change_reason')));

      if (given)
        await busy(no, () => act(page, dossier, etag, {action: 'change', task: offer('change').task.id, reason: given.reason}));
    }, {kind: 'secondary', sign: 'edit'});

    boxes.push(notice('warn', t('dossier.todo_confirm'), h('p', null, t('dossier.todo_confirm_text')), drafts(dossier), h('div', {class: 'buttons tight'}, yes, no)));
  }
  const owed = dossier.fees.filter((fee) => !fee.waived && !fee.paid_at && fee.amount > 0);

  if (['payment', 'intake_payment'].includes(dossier.state) && owed.length > 0)
    boxes.push(notice('warn', t('dossier.todo_pay'), h('ul', null, owed.map((fee) => h('li', null, `${fee.name}: ${money(fee.amount)}`))), h('p', null, t('dossier.todo_pay_text'))));
  return boxes;
}

const STAGES = [['submitted_at', 'stage_submitted'], ['received_at', 'stage_received'], ['work', 'stage_work'], ['finished_at', 'stage_finished'], ['returned_at', 'stage_returned']];
const CLOSED = ['not_accepted', 'refused', 'stopped', 'withdrawn'];

// The way of the dossier in five marks, the same for every procedure.
function progress(dossier) {
  const closed = CLOSED.includes(dossier.state);
  const done = (key) => (key === 'work' ? Boolean(dossier.finished_at) : Boolean(dossier[key]));
  const marks = STAGES.filter(([key]) => !closed || (key !== 'finished_at' && done(key)));
  const now = closed ? null : marks.find(([key]) => !done(key))?.[0];

  return h('ol', {class: 'steps'}, marks.map(([key, text]) => h('li', {class: done(key) ? 'done' : key === now ? 'now' : null, 'aria-current': key === now ? 'step' : null},
    t(`dossier.${text}`), done(key) && h('span', {class: 'hidden'}, ` (${t('dossier.stage_done')})`),
    h('div', {class: 'quiet small'}, key !== 'work' && done(key) ? dateTime(dossier[key]) : key === now ? nowText(dossier) : null))),
  closed && h('li', {class: 'done'}, stateName(dossier), dossier.finished_at && h('div', {class: 'quiet small'}, dateTime(dossier.finished_at))));
}

const stateName = (dossier) => (has(`core.state_${dossier.state}`) ? t(`core.state_${dossier.state}`) : dossier.state_name);

function nowText(dossier) {
  return [...new Set(dossier.tasks.map((task) => [task.name, task.agency_name].filter(Boolean).join(', ')))].join('; ');
}

function dayTable(days) {
  return table([
    {name: t('dossier.day'), cell: (day) => weekday(day.date)},
    {name: t('dossier.counted'), cell: (day) => h('span', null, icon(day.counted ? 'check' : 'pause'), ' ', day.counted ? t('dossier.counted_yes') : t('dossier.counted_no'))},
    {name: t('dossier.day_why'), cell: (day) => [day.reason, day.source && h('div', {class: 'quiet small'}, day.source)]},
  ], days, {caption: t('dossier.days')});
}

async function why(dossier, signal) {
  const [{heldLines}, told] = await Promise.all([import('../app/holds.js'), get(`${pathOf(dossier.code)}/deadline`, {signal})]);

  return [
    facts([[t('public.limits'), limit(told.limit)], [t('public.decision'), told.source], [t('dossier.due_first'), dateTime(told.due_first)],
      told.due_current !== told.due_first && [t('dossier.due_now'), dateTime(told.due_current)]]),
    told.rules?.length > 0 && h('ul', null, told.rules.map((rule) => h('li', null, rule))),
    await heldLines(told.holds),
    told.days.length > 0 && dayTable(told.days),
  ];
}

// A part that is fetched when it is opened.
function later(title, load) {
  const into = h('div', {'aria-live': 'polite'});
  let asked = false;

  return h('details', {on: {toggle: (event) => {
    if (!event.target.open || asked)
      return;
    asked = true;
    fill(into, h('p', {class: 'quiet'}, t('core.loading')));
    load().then((nodes) => fill(into, nodes)).catch((error) => {
      asked = false;
      fill(into);
      failed(error);
    });
  }}}, h('summary', null, title), into);
}

function fileLink(name, path, note) {
  return h('li', null, link(name, address(path), {sign: 'download', download: true, class: 'back'}), note && h('div', {class: 'quiet small'}, note));
}

// A draft is a result that nobody has signed or numbered.
const isDraft = (result) => !result.number && !result.signed_by;

function resultList(dossier, files) {
  return files.length > 0 && h('ul', {class: 'bare'}, files.map((result) => fileLink(isDraft(result) ? t('dossier.result_draft', {name: result.name}) : result.name,
    `${pathOf(dossier.code)}/results/${result.id}`,
    result.signed_by ? [result.number && t('dossier.number', {number: result.number}), result.signed_by, date(result.signed_at)].filter(Boolean).join(' · ') : t('dossier.draft'))));
}

const drafts = (dossier) => resultList(dossier, dossier.results.filter((result) => result.file && isDraft(result)).slice(-1));
const results = (dossier) => resultList(dossier, dossier.results.filter((result) => result.file && !isDraft(result)));

function forms(dossier) {
  return dossier.forms.length > 0 && [h('h2', null, t('dossier.forms')), h('ul', {class: 'bare'}, dossier.forms.filter((form) => !['control_slip', 'register'].includes(form.form)).map((form) => h('li', null,
    h('a', {href: address(`${pathOf(dossier.code)}/forms/${form.form}?number=${encodeURIComponent(form.number ?? '')}`), target: '_blank', rel: 'noopener', class: 'back'}, icon('file'), h('span', null, t(`core.form_${form.form}`))),
    h('div', {class: 'quiet small'}, [form.number && t('dossier.number', {number: form.number}), dateTime(form.issued_at)].filter(Boolean).join(' · ')))))];
}

function papers(dossier) {
  return dossier.documents.length > 0 && [h('h2', null, t('dossier.papers')), h('ul', {class: 'bare'}, dossier.documents.map((paper) => (paper.file
    ? fileLink(paper.name, `${pathOf(dossier.code)}/documents/${encodeURIComponent(paper.no ?? paper.id)}`) : h('li', null, paper.name))))];
}

function parcels(dossier) {
  return dossier.parcels.length > 0 && [h('h2', null, t('public.parcel')), dossier.parcels.map((parcel) => h('section', {class: 'card'},
    h('h3', null, t(`post.direction_${parcel.direction}`)),
    facts([[t('dossier.state'), parcelWords(parcel.state, parcel.direction, parcel.state_name)], [t('post.item_code'), parcel.item_code], [t('post.order_number'), parcel.order_number]]),
    parcel.events.length > 0 && h('ol', {class: 'steps'}, parcel.events.map((event) => h('li', {class: 'done'}, parcelWords(event.state, parcel.direction),
      h('div', {class: 'quiet small'}, [dateTime(event.at), event.place, event.note].filter(Boolean).join(' · ')))))))];
}

// An action is best called by the name that its procedure gives it, in the procedure's language.
function eventText(event) {
  if (language() === 'vi' && event.action_name)
    return event.action_name;
  if (has(`dossier.event_${event.kind}`))
    return t(`dossier.event_${event.kind}`);
  return event.kind;
}

async function eventsOf(dossier, signal) {
  const items = [];
  let next = null;

  do {
    const page = await get(`${pathOf(dossier.code)}/events?limit=200${next ? `&page=${encodeURIComponent(next)}` : ''}`, {signal});

    items.push(...page.items);
    next = page.next;
  } while (next);
  return items;
}

// Why it ended without what was asked for, in the words of who decided.
async function closedWhy(dossier, signal) {
  if (!CLOSED.includes(dossier.state))
    return null;
  const said = (await eventsOf(dossier, signal).catch(() => [])).filter((event) => event.reason).at(-1);

  return said && notice('info', t('dossier.closed_why'), h('p', null, said.reason));
}

async function history(dossier, signal) {
  const items = await eventsOf(dossier, signal);

  return h('ol', {class: 'steps'}, items.map((event) => h('li', {class: 'done'}, eventText(event),
    h('div', {class: 'quiet small'}, [dateTime(event.at), event.actor_name].filter(Boolean).join(' · ')), event.reason && h('div', {class: 'small'}, event.reason))));
}

// Drawn when somebody asks for it: most look at the five marks only.
async function picture(dossier, signal) {
  const [{flowPicture}, graph] = await Promise.all([import('../app/flow.js'), get(`${pathOf(dossier.code)}/workflow`, {signal})]);

  return flowPicture(graph, {simple: true, channel: dossier.channel});
}

async function declarations(dossier, signal) {
  return (await import('../app/declared.js')).declared(dossier, signal);
}

// The page with PIN and QR, where it was filed from this device.
async function filedHere(dossier) {
  const draft = (await draftsOf(account().username).catch(() => [])).find((one) => one.state === 'sent' && one.result?.code === dossier.code);

  return draft && h('p', null, link(t('dossier.pin_again'), `#/sent/${draft.id}`));
}

async function linked(dossier) {
  if (dossier.linked.length === 0)
    return null;
  return (await import('../app/linked.js')).linkedDossiers(dossier, (code) => `#/dossiers/${encodeURIComponent(code)}`);
}

export default async function dossierPage(page) {
  const {data: dossier, etag} = await request('GET', pathOf(page.params.code), {signal: page.signal});
  const withdraw = offersOf(dossier).some((offer) => offer.action === 'withdraw');
  const words = `dossier.words_${dossier.state}`;
  const delivery = dossier.delivery;

  return h('div', {class: 'wrap narrow'},
    link(t('core.menu_dossiers'), '#/dossiers', {class: 'back', sign: 'back'}),
    h('h1', null, dossier.procedure.name),
    h('p', {class: 'code'}, dossier.code),
    h('p', {class: 'badges'}, stateBadge(dossier.state, dossier.state_name), dossier.due_current && dueBadge(dossier.due_current, dossier.clock)),
    has(words) && h('p', {class: 'lead'}, t(words)), await closedWhy(dossier, page.signal),
    toDo(page, dossier, etag),
    results(dossier) && [h('h2', null, t('dossier.results')), results(dossier)],
    h('h2', null, t('dossier.progress')), progress(dossier),
    later(t('dossier.flow'), () => picture(dossier, page.signal)),
    dossier.due_current && [facts([[t('public.due'), h('strong', null, dateTime(dossier.due_current))]]), later(t('dossier.why'), () => why(dossier, page.signal))],
    await linked(dossier),
    parcels(dossier), forms(dossier), papers(dossier),
    h('h2', null, t('dossier.facts')),
    facts([[t('dossier.agency'), dossier.agencies.competent_name ?? dossier.agencies.competent], [t('dossier.filed'), dateTime(dossier.submitted_at)],
      [t('dossier.channel'), t(`core.channel_${dossier.channel}`)], dossier.case && [t('public.cases'), dossier.case_name ?? dossier.case],
      delivery?.method && [t('dossier.delivery'), t(`dossier.delivery_${delivery.method}`)],
      delivery?.method === 'post' && [t('dossier.delivery_to'), `${delivery.name}, ${await addressText(delivery.address)}`],
      dossier.fees.length > 0 && [t('public.fees'), h('ul', {class: 'bare'}, dossier.fees.map((fee) => h('li', null, `${fee.name}: ${money(fee.amount)}, ${fee.waived ? t('dossier.fee_waived') : fee.paid_at ? t('dossier.fee_paid', {at: dateTime(fee.paid_at)}) : t('dossier.fee_open')}`)))]]),
    (dossier.form || dossier.applicant) && later(t('dossier.declared'), () => declarations(dossier, page.signal)),
    later(t('dossier.history'), () => history(dossier, page.signal)),
    await filedHere(dossier),
    withdraw && h('div', {class: 'buttons'}, withdrawButton(page, dossier, etag)));
}
