// holds.js - why a date moved: each pause, restart and new date of GET /dossiers/{code}/deadline in
// words. The codes are those of the clock's ledger (core/dossier.h, struct hold).

import {h} from './dom.js';
import {date, dateTime} from './format.js';
import {has, needTexts, t} from './i18n.js';

function what(hold) {
  if (hold.kind !== 'hold' && has(`clock.${hold.kind}`))
    return t(`clock.${hold.kind}`, {from: hold.kind === 'appointment' ? date(hold.from) : dateTime(hold.from)});
  const span = t(hold.to ? 'clock.hold_ended' : 'clock.hold_open', {from: dateTime(hold.from), to: dateTime(hold.to)});

  return has(`clock.reason_${hold.reason}`) ? t('clock.because', {what: span, why: t(`clock.reason_${hold.reason}`)}) : span;
}

/** Heading and list; null when the time limit ran without a pause. */
export async function heldLines(holds) {
  if (holds.length === 0)
    return null;
  await needTexts(['clock']);
  return [h('h3', null, t('clock.moved')), h('ul', null, holds.map((hold) => h('li', null, what(hold),
    hold.new_due && hold.old_due && hold.old_due !== hold.new_due && h('div', null, t('clock.due_moved', {old: dateTime(hold.old_due), new: dateTime(hold.new_due)})))))];
}
