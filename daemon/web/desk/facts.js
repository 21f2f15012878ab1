// facts.js - what a dossier says: who, what was declared, papers, fee, delivery, letters, parcels.

import {addressText, communeName} from '../app/address.js';
import {badge} from '../app/badge.js';
import {fill, h, icon} from '../app/dom.js';
import {answerText, fieldsOf} from '../app/form.js';
import {date, dateTime, money} from '../app/format.js';
import {has, t} from '../app/i18n.js';
import {facts} from '../app/table.js';
import {sheetsText} from './ticks.js';

// Text that comes a moment later, where a code must be looked up.
function later(promise, meanwhile) {
  const node = h('span', null, meanwhile);

  promise.then((text) => {
    fill(node, text ?? meanwhile);
  }).catch(() => {});
  return node;
}

function person(title, party) {
  return h('div', null, h('h3', null, title), facts([
    [t('desk.name'), party.name], [t('desk.id_number'), party.id_number && h('span', {class: 'code'}, party.id_number)],
    [t('desk.tax_code'), party.tax_code], [t('desk.phone'), party.phone && h('a', {href: `tel:${party.phone}`}, party.phone)],
    [t('desk.email'), party.email], [t('desk.address'), party.address && later(addressText(party.address), party.address.line)],
  ], 'dense'));
}

function answers(view, plan) {
  const fields = fieldsOf(plan.form);
  const named = {yes: t('core.yes'), no: t('core.no'), date, money, commune: (code) => later(communeName(code), code)};
  const known = new Set(fields.map((field) => field.id));

  return facts([
    ...fields.map((field) => [field.label, answerText(field, view.form[field.id], named)]),
    ...Object.entries(view.form).filter(([id]) => !known.has(id)).map(([id, value]) => [id, String(value)]),
  ], 'dense');
}

function feeState(fee) {
  if (fee.waived)
    return badge('grey', 'check', t('desk.fee_waived'));
  return fee.paid_at ? badge('green', 'check', t('desk.fee_paid', {receipt: fee.receipt ?? '–'})) : badge('amber', 'warn', t('desk.fee_open'));
}

export function formLink(code, form) {
  const number = form.number ? `?number=${encodeURIComponent(form.number)}` : '';

  return h('a', {href: `/api/v1/dossiers/${encodeURIComponent(code)}/forms/${form.form}${number}`, target: '_blank', rel: 'noopener'},
    icon('print'), ` ${t(`core.form_${form.form}`)}`);
}

function section(title, node) {
  return node && h('div', null, h('h3', null, title), node);
}

function list(items, draw) {
  return items.length > 0 && h('ul', {class: 'bare rows'}, items.map((item) => h('li', null, draw(item))));
}

export function dossierFacts(view, plan, names) {
  const wished = view.delivery ?? {};
  const chosen = plan.cases?.find((one) => one.id === view.case)?.name;

  return [
    view.applicant && person(view.owner ? t('desk.applicant') : t('desk.applicant_owner'), view.applicant),
    view.owner && person(t('desk.owner'), view.owner),
    section(t('desk.declared'), view.form ? answers(view, plan) : h('p', {class: 'quiet'}, t('desk.masked'))),
    section(t('desk.papers'), list(view.documents, (paper) => [icon(paper.file ? 'file' : 'check'), ` ${paper.name ?? paper.id} `,
      h('span', {class: 'quiet'}, paper.file && paper.originals == null && paper.certified == null ? '' : sheetsText(paper))])),
    section(t('desk.fees'), list(view.fees, (fee) => [`${fee.name}: ${money(fee.amount)} `, feeState(fee)])),
    section(t('desk.results'), list(view.results, (result) => [h('strong', null, result.name ?? result.code), result.number && ` ${t('desk.number_short')} ${result.number}`,
      h('div', {class: 'quiet small'}, [result.signed_by, result.signed_at && dateTime(result.signed_at)].filter(Boolean).join(', '))])),
    section(t('desk.supplements'), list(view.supplements, (request) => [h('strong', null, dateTime(request.requested_at)), ` ${request.reason ?? ''}`,
      h('div', {class: 'quiet small'}, (request.papers ?? []).map((id) => plan.documents?.find((paper) => paper.id === id)?.name ?? id).join('; '),
        request.closed_at ? ` – ${t('desk.supplement_closed', {at: dateTime(request.closed_at)})}` : '')])),
    section(t('desk.letters'), list(view.forms, (form) => [formLink(view.code, form), h('span', {class: 'quiet small'}, ` ${form.number ?? ''}`)])),
    section(t('desk.parcels'), list(view.parcels, (parcel) => [`${t(`desk.parcel_${parcel.direction}`)}: ${parcel.state_name} `,
      h('span', {class: 'code small'}, parcel.item_code ?? parcel.order_number ?? '')])),
    facts([
      [t('desk.case'), chosen], [t('desk.delivery'), wished.method && t(`desk.delivery_${wished.method}`)],
      [t('desk.delivery_to'), wished.address && later(addressText(wished.address), wished.address.line)],
      [t('desk.submitted_at'), dateTime(view.submitted_at)], [t('desk.received_at'), view.received_at && dateTime(view.received_at)],
      [t('desk.due_first'), view.due_first && dateTime(view.due_first)], [t('desk.finished_at'), view.finished_at && dateTime(view.finished_at)],
      [t('desk.returned_at'), view.returned_at && dateTime(view.returned_at)],
      [t('desk.competent'), names.get(view.agencies.competent) ?? view.agencies.competent],
      view.agencies.receiving !== view.agencies.competent && [t('desk.receiving'), names.get(view.agencies.receiving) ?? view.agencies.receiving],
      [t('desk.external_code'), view.external_code], [t('desk.on_behalf'), has(`desk.behalf_${view.on_behalf?.kind}`) && view.on_behalf.kind !== 'self' ? t(`desk.behalf_${view.on_behalf.kind}`) : null],
    ], 'dense'),
  ];
}
