// counter_done.js - after the act at the counter: the code, the fee, the receipt, the next in line.

import {newKey} from '../app/api.js';
import {button, busy, fill, h, icon, link} from '../app/dom.js';
import {group} from '../app/fields.js';
import {dateTime, money} from '../app/format.js';
import {t} from '../app/i18n.js';
import {failed, toast} from '../app/notify.js';
import {facts} from '../app/table.js';
import {showFaults} from './actions.js';
import {keyHint} from './keys.js';

function printReceipt(code) {
  window.open(`/api/v1/dossiers/${encodeURIComponent(code)}/forms/receipt`, '_blank', 'noopener');
}

function feeForm(fee, pay, paid) {
  const fields = group([
    {id: 'method', label: t('desk.fee_method'), type: 'select', required: true,
      options: ['cash', 'transfer'].map((one) => ({value: one, label: t(`desk.fee_${one}`)}))},
    {id: 'receipt', label: t('desk.fee_receipt'), type: 'text', required: true, maxLength: 60},
  ], {prefix: `fee-${fee.id}-`, values: {method: 'cash'}});
  const key = newKey();
  const submit = h('button', {type: 'submit', class: 'button'}, h('span', null, t('desk.fee_take', {amount: money(fee.amount)})));

  const form = h('form', {class: 'card', novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    if (fields.check())
      busy(submit, async () => {
        try {
          await pay({action: 'pay', fee: fee.id, ...fields.values()}, key);
          toast('ok', t('desk.fee_taken', {amount: money(fee.amount)}));
          form.replaceWith(h('p', null, icon('check'), ` ${fee.name}: ${t('desk.fee_taken', {amount: money(fee.amount)})}`));
          paid();
        } catch (error) {
          if (error.status === 422)
            showFaults(fields, error);
          else
            failed(error);
        }
      });
  }}}, h('h2', null, `${fee.name}: ${money(fee.amount)}`), fields.node, h('div', {class: 'buttons tight'}, submit));

  return form;
}

export function doneView({dossier, view, spent, again, pay}) {
  const accepted = Boolean(view.received_at);
  const open = view.fees.filter((fee) => !fee.paid_at && !fee.waived && fee.amount > 0);
  const fees = h('div', {class: 'counter-fees'});
  const print = button(t('desk.print_receipt'), () => printReceipt(dossier.code), {kind: open.length ? 'secondary' : 'primary', sign: 'print', 'data-print': true});
  const next = button(t('desk.counter_next'), again, {kind: 'secondary', sign: 'plus'});

  print.append(keyHint('Alt+P'));
  next.append(keyHint('Alt+N'));
  // On to the next fee, then to the printer.
  fill(fees, open.map((fee) => feeForm(fee, pay, () => (fees.querySelector('input[type=text]') ?? print).focus())));
  const node = h('div', null, h('div', {class: 'panel'}, h('h1', {tabindex: -1}, t(accepted ? 'desk.counter_done' : 'desk.counter_filed')), h('p', {class: 'big code'}, dossier.code)),
    facts([
      [t('desk.owner'), (view.owner ?? view.applicant).name], [t('desk.procedure'), view.procedure.name],
      [t('desk.due'), dossier.due ? dateTime(dossier.due) : null], [t('desk.pin'), dossier.pin && h('span', {class: 'code'}, dossier.pin)],
      [t('desk.counter_time'), t('desk.seconds', {n: spent})],
    ]),
    fees, h('div', {class: 'buttons'}, accepted && print, next, link(t('desk.open_dossier'), `#/desk/${encodeURIComponent(dossier.code)}`, {kind: 'plain'})));

  // Straight to the receipt's number where there is a fee, else to the printer.
  (fees.querySelector('input[type=text]') ?? (accepted ? print : next)).setAttribute('data-focus', 'true');
  return node;
}
