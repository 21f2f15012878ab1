// parcels.js - parcels as the two sides of a hand-over see them.

import {addressText} from '../app/address.js';
import {badge, parcelWords} from '../app/badge.js';
import {fill, h, icon} from '../app/dom.js';
import {language, t} from '../app/i18n.js';
import {holds} from '../app/session.js';

// What a view shows, by direction and state (glossary, section 4), and whether a record is made of it.
export const VIEWS = {
  collect: {direction: 'collect', states: ['created', 'ordered', 'collecting']},
  bring: {direction: 'collect', states: ['picked_up', 'in_transit', 'damaged', 'lost'], ready: ['picked_up', 'in_transit', 'damaged']},
  fetch: {direction: 'return', states: ['created', 'ordered'], ready: ['created', 'ordered']},
  deliver: {direction: 'return', states: ['handed_over', 'in_transit', 'invited_1', 'invited_2', 'returning', 'damaged', 'lost']},
};

// What a person of the post may enter for a parcel that stands at a state, the likely first.
const NEXT = {
  collect: {
    created: ['picked_up', 'collection_failed'], ordered: ['picked_up', 'collection_failed'], collecting: ['picked_up', 'collection_failed'],
    picked_up: ['in_transit'], in_transit: [], damaged: ['in_transit'], lost: ['in_transit'],
  },
  return: {
    handed_over: ['delivered', 'in_transit', 'invited_1', 'returning'], in_transit: ['delivered', 'invited_1', 'returning'],
    invited_1: ['delivered', 'invited_2', 'returning'], invited_2: ['delivered', 'returning'], returning: ['returned_to_agency', 'delivered'],
    damaged: ['delivered', 'returning', 'invited_1'], lost: ['returning', 'delivered'],
  },
};

export function nextStates(parcel) {
  return NEXT[parcel.direction]?.[parcel.state] ?? [];
}

export function readyToHandOver(parcel) {
  return parcel.order_number && !parcel.handover && Object.values(VIEWS).some((view) => view.direction === parcel.direction && view.ready?.includes(parcel.state));
}

const LOOKS = {
  created: ['grey', 'clock'], ordered: ['blue', 'clock'], collecting: ['blue', 'truck'], picked_up: ['blue', 'check'], handed_over: ['green', 'check'],
  in_transit: ['blue', 'truck'], invited_1: ['amber', 'bell'], invited_2: ['amber', 'bell'], returning: ['amber', 'back'], delivered: ['green', 'check'],
  returned_to_agency: ['grey', 'back'], collection_failed: ['red', 'stop'], lost: ['red', 'question'], damaged: ['red', 'warn'], cancelled: ['grey', 'stop'],
};

export function parcelState(state, name, direction) {
  return language() === 'vi' && name ? name : parcelWords(state, direction, name);
}

export function parcelBadge(parcel) {
  const [colour, sign] = LOOKS[parcel.state] ?? ['grey', 'info'];

  return badge(colour, sign, parcelState(parcel.state, parcel.state_name, parcel.direction));
}

export function place(address) {
  const node = h('span', null, address?.line ?? '–');

  addressText(address).then((text) => {
    fill(node, text ?? '–');
  }).catch(() => {});
  return node;
}

export function call(phone, who) {
  return phone ? h('a', {href: `tel:${phone}`, class: 'call', 'aria-label': t('postal.call', {who, phone})}, icon('phone'), phone) : '–';
}

// Numbers to tell a parcel by.
export function numbers(parcel) {
  return [parcel.item_code, parcel.order_number].filter(Boolean);
}

export function atPost() {
  return holds('postal');
}

export function atDesk() {
  return holds('receiver', 'clerk');
}
