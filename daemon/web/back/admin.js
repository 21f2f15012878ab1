// admin.js - what the pages of the administrator share.

import {combobox} from '../app/controls.js';
import {h} from '../app/dom.js';
import {date} from '../app/format.js';
import {t} from '../app/i18n.js';
import {agencyNames} from '../desk/base.js';
import {tabs} from './base.js';

const PAGES = [['accounts', 'user'], ['delegations', 'pen'], ['agencies', 'home'], ['calendar', 'clock'], ['plugins', 'file'], ['outbox', 'post'], ['health', 'check']];

export const STAFF_ROLES = ['receiver', 'officer', 'unit_head', 'leader', 'clerk', 'cashier', 'postal', 'auditor', 'admin'];

export function adminTabs(current) {
  return tabs(t('admin.pages'), PAGES.map(([id, sign]) => ({id, sign, label: t(`admin.page_${id}`), href: `#/admin/${id}`})), current);
}

export function frame(current, ...children) {
  return h('div', {class: 'wrap desk'}, adminTabs(current), children);
}

export function roleName(role) {
  return t(`core.role_${role}`);
}

// '01/01/2026 – 31/12/2026', without an end 'từ 01/01/2026'.
export function span(from, to) {
  return to ? `${date(from)} – ${date(to)}` : t('admin.since', {date: date(from)});
}

export function roleText(role) {
  return [roleName(role.role), ` – ${role.agency_name ?? role.agency}`, role.below && ` (${t('admin.below_short')})`];
}

// A field of a form that finds an agency by name or code.
export async function agencyField(id, label) {
  const names = await agencyNames();
  const options = [...names].map(([value, name]) => ({value, label: name, also: value}));

  return {id, label, type: 'combo', required: true, make: (spec) => combobox({...spec, options})};
}
