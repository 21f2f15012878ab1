// badge.js - state and due date as a sign, a word and a colour together, never colour alone.

import {h, icon} from './dom.js';
import {count, has, t} from './i18n.js';
import {date, dateTime, daysTo} from './format.js';

const LOOKS = {
  draft: ['grey', 'edit'], awaiting_collection: ['blue', 'truck'], submitted: ['blue', 'clock'],
  intake_payment: ['amber', 'warn'], intake_supplement: ['amber', 'warn'], not_accepted: ['red', 'stop'],
  accepted: ['blue', 'check'], processing: ['blue', 'clock'], consulting: ['blue', 'clock'],
  linked: ['blue', 'clock'], awaiting_confirmation: ['amber', 'question'], supplement: ['amber', 'warn'],
  supplement_check: ['blue', 'clock'], payment: ['amber', 'warn'], suspended: ['amber', 'pause'],
  signing: ['blue', 'pen'], issuing: ['blue', 'pen'], withdrawal_requested: ['amber', 'back'],
  withdrawn: ['grey', 'back'], stopped: ['grey', 'stop'], refused: ['red', 'stop'],
  finished: ['green', 'check'], in_post: ['green', 'truck'], back_at_desk: ['amber', 'post'],
  returned: ['green', 'check'],
};

export function badge(colour, sign, text) {
  return h('span', {class: `badge ${colour}`}, icon(sign), h('span', null, text));
}

// The Vietnamese name comes from the server; other languages have their own words.
export function stateName(state, name) {
  return has(`core.state_${state}`) ? t(`core.state_${state}`) : name ?? state;
}

// A hand-over is the agency's on one way and the post's on the other.
export function parcelWords(state, direction, name) {
  const key = [`post.state_${state}_${direction}`, `post.state_${state}`].find(has);

  return key ? t(key) : name ?? state;
}

export function stateBadge(state, name) {
  const [colour, sign] = LOOKS[state] ?? ['grey', 'info'];

  return badge(colour, sign, stateName(state, name));
}

// still open: how long there is. `clock` held or ended: no count down.
export function dueBadge(due, clock = 'running') {
  if (!due)
    return badge('grey', 'clock', t('core.due_none'));
  if (clock === 'held')
    return badge('amber', 'pause', t('core.due_held'));
  if (clock === 'ended')
    return badge('grey', 'clock', t('core.due_was', {date: date(due)}));
  const days = daysTo(due);
  const past = new Date(due) < new Date();
  let look;

  if (days < 0)
    look = ['red', 'warn', count('core.due_past', -days)];
  else if (days === 0)
    look = past ? ['red', 'warn', t('core.due_past_today')] : ['amber', 'clock', t('core.due_today')];
  else
    look = [days <= 1 ? 'amber' : 'blue', 'clock', count('core.due_left', days)];
  const made = badge(...look);

  made.title = dateTime(due);
  return made;
}
