// actions.js - what an action asks for, as fields, and the act itself.

import {newKey, request} from '../app/api.js';
import {account} from '../app/session.js';
import {dayOf, money, time} from '../app/format.js';
import {group} from '../app/fields.js';
import {t} from '../app/i18n.js';
import {colleagues, procedure} from './base.js';
import {fileField} from './upload.js';

// Actions that end something or send it away: asked again, in red.
const GRAVE = new Set(['refuse', 'stop', 'withdraw', 'confirm_withdraw']);

export function isGrave(action) {
  return GRAVE.has(action.action);
}

function papersOf(view, plan) {
  return plan.documents.filter((paper) => !paper.cases?.length || paper.cases.includes(view.case));
}

function reasonField(action, required) {
  return {id: 'reason', label: t('desk.reason'), type: 'textarea', required, maxLength: 2000,
    hint: action.needs.includes('papers') ? t('desk.reason_supplement_hint') : null};
}

export function resultFields(view, plan, {required = true, prefix = ''} = {}) {
  const last = view.results?.at(-1);

  return {
    fields: [
      {id: `${prefix}code`, label: t('desk.result_kind'), type: 'select', required,
        options: plan.results.map((result) => ({value: result.code, label: result.name}))},
      {id: `${prefix}number`, label: t('desk.result_number'), type: 'text', required, maxLength: 60},
      {id: `${prefix}signed_by`, label: t('desk.signed_by'), type: 'text', maxLength: 200},
      {id: `${prefix}signed_at`, label: t('desk.signed_at'), type: 'date', notFuture: true},
      fileField(`${prefix}upload`, t('desk.result_file')),
    ],
    values: {
      [`${prefix}code`]: last?.code ?? plan.results[0]?.code,
      [`${prefix}number`]: last?.number ?? '',
      [`${prefix}signed_by`]: last?.signed_by ?? account().name,
      [`${prefix}signed_at`]: dayOf(new Date().toISOString()),
    },
  };
}

function receiverFields(view) {
  const person = view.owner ?? view.applicant;
  const relations = ['self', 'family', 'authorised', 'colleague'];

  return {
    fields: [
      {id: 'receiver_name', label: t('desk.receiver_name'), type: 'text', required: true, maxLength: 200, autocomplete: 'off'},
      {id: 'receiver_relation', label: t('desk.receiver_relation'), type: 'select', required: true,
        options: relations.map((one) => ({value: one, label: t(`desk.relation_${one}`)}))},
      {id: 'receiver_identity_checked', label: t('desk.identity_checked'), type: 'boolean', required: true},
    ],
    values: {receiver_name: person?.name ?? '', receiver_relation: 'self'},
  };
}

function feeFields(view) {
  const open = view.fees.filter((fee) => !fee.paid_at && !fee.waived);
  const waives = (look) => look('form.method') === 'waive';

  return {
    fields: [
      open.length > 1 && {id: 'fee', label: t('desk.fee'), type: 'select', required: true,
        options: open.map((fee) => ({value: fee.id, label: `${fee.name}: ${money(fee.amount)}`}))},
      {id: 'method', label: t('desk.fee_method'), type: 'select', required: true,
        options: ['cash', 'transfer', 'waive'].map((one) => ({value: one, label: t(`desk.fee_${one}`)}))},
      {id: 'receipt', label: t('desk.fee_receipt'), type: 'text', maxLength: 60,
        requiredIf: (look) => !waives(look), showIf: (look) => !waives(look)},
      {id: 'reason', label: t('desk.fee_waive_reason'), type: 'text', requiredIf: waives, showIf: waives, maxLength: 2000},
    ].filter(Boolean),
    values: {method: 'cash'},
  };
}

async function assigneeField(task) {
  const people = await colleagues(task.role, task.agency);

  return {id: 'assignee', label: t('desk.assignee'), type: 'combo', required: true,
    options: people.map((person) => ({value: String(person.id), label: person.name, also: person.username}))};
}

// The fields.js group of what `action` asks for; `parts` tells how the answer is made of it.
export async function actionForm(action, view, task) {
  const plan = await procedure(view.procedure.code);
  const needs = new Set(action.needs);
  let fields = [], values = {};
  const take = (part) => {
    fields.push(...part.fields);
    values = {...values, ...part.values};
  };

  if (needs.has('receipt'))
    take(feeFields(view));
  else if (needs.has('reason') || GRAVE.has(action.action))
    fields.push(reasonField(action, needs.has('reason')));
  if (action.action === 'apology')
    fields.push({id: 'new_due', label: t('desk.new_due'), type: 'date', hint: t('desk.new_due_hint')});
  if (needs.has('papers'))
    fields.push({id: 'papers', label: t('desk.papers_wanted'), type: 'multi', required: true,
      options: papersOf(view, plan).map((paper) => ({value: paper.id, label: paper.name}))});
  if (needs.has('result'))
    take(resultFields(view, plan, {prefix: 'result_'}));
  if (action.action === 'send_draft')
    fields.push(fileField('result_upload', t('desk.draft_file'), {required: true}));
  if (needs.has('receiver'))
    take(receiverFields(view));
  if (needs.has('assignee'))
    fields.push(await assigneeField(task));
  if (needs.has('documents') || action.action === 'resubmit')
    fields.push(...papersOf(view, plan).filter((paper) => view.supplements.at(-1)?.papers?.includes(paper.id) ?? true)
      .map((paper) => fileField(`paper_${paper.id}`, paper.name)));
  if (action.action === 'note')
    fields.push({id: 'note', label: t('desk.note'), type: 'textarea', required: true, maxLength: 2000, hint: t('desk.note_hint')});
  else if (task && action.action !== 'take')
    fields.push({id: 'note', label: t('desk.note_inner'), type: 'textarea', rows: 2, maxLength: 2000});
  return group(fields, {values});
}

// Whether the form asks for anything that must be given: without, one press is the act.
export function isPlain(action) {
  return action.needs.length === 0 && !GRAVE.has(action.action) && !['note', 'apology', 'resubmit', 'send_draft'].includes(action.action);
}

async function bodyOf(action, task, form) {
  const body = {action: action.action};
  const values = form?.values() ?? {};
  const parts = {};

  if (task)
    body.task = task.id;
  for (const [id, value] of Object.entries(values)) {
    const [, part, name] = /^(result|receiver|paper)_(.+)$/.exec(id) ?? [];

    if (part === 'paper')
      (body.documents ??= []).push({id: name, upload: await form.field(id).control.send(), copies: 1});
    else if (part)
      (parts[part] ??= {})[name] = name === 'upload' ? await form.field(id).control.send() : value;
    else if (id === 'assignee')
      body.assignee = Number(value);
    else if (id === 'method' && value === 'waive')
      body.waive = true;
    else if (id === 'new_due')
      body.new_due = `${value}T17:00:00+07:00`;
    else
      body[id] = value;
  }
  if (parts.result?.signed_at)
    parts.result.signed_at = signedAt(parts.result.signed_at);
  if (parts.receiver)
    parts.receiver.identity_checked ??= false;
  return Object.assign(body, parts);
}

// A day stands for its noon, today for this moment.
export function signedAt(day) {
  const now = new Date().toISOString();

  return `${day}T${dayOf(now) === day ? time(now) : '12:00'}:00+07:00`;
}

// Sends it; `etag` of the view it was decided on. {data: the new view, etag}; throws Problem.
export async function act(view, etag, action, task, form, key = newKey()) {
  const body = await bodyOf(action, task, form);

  return request('POST', `/dossiers/${encodeURIComponent(view.code)}/actions`, {body, key, etag});
}

// The server's faults at the fields they are about; those that have none are given back as text.
export function showFaults(form, problem) {
  const errors = (problem.errors ?? []).map((error) => ({...error,
    pointer: error.pointer?.replace(/^\/(result|receiver)\/(\w+)$/, '/$1_$2').replace(/^\/result$/, '/result_code')
      .replace(/^\/receiver$/, '/receiver_name')}));
  const shown = form?.show(errors, '/') ?? [];
  const rest = errors.filter((error) => !shown.some((one) => one.error === error));
  const faults = [...shown, ...rest.map((error) => ({message: error.message}))];

  if (faults.length === 0)
    faults.push({message: problem.detail});
  if (form)
    form.summary(faults);
  return faults;
}
