// admin-new-account.js - a new account with its first role; the server makes its password.

import {newKey, post} from '../app/api.js';
import {busy, h} from '../app/dom.js';
import {group} from '../app/fields.js';
import {t} from '../app/i18n.js';
import {words} from '../app/notify.js';
import {backStyle, backTo} from '../back/base.js';
import {STAFF_ROLES, agencyField, frame, roleName} from '../back/admin.js';
import {showPassword} from '../back/password.js';

export const texts = ['admin', 'people'];

const KINDS = ['staff', 'citizen', 'portal'];
const isStaff = (look) => look('form.kind') === 'staff';

export default async function newAccountPage(page) {
  await backStyle();
  const fields = group([
    {id: 'kind', label: t('admin.kind'), type: 'radio', required: true, options: KINDS.map((kind) => ({value: kind, label: t(`admin.kind_${kind}`)}))},
    {id: 'name', label: t('admin.name'), type: 'text', required: true, maxLength: 100},
    {id: 'username', label: t('admin.username'), type: 'text', required: true, maxLength: 32, hint: t('admin.username_hint')},
    {id: 'phone', label: t('people.phone'), type: 'phone'}, {id: 'email', label: t('people.email'), type: 'email'},
    {id: 'id_number', label: t('admin.id_number'), type: 'citizen_id', showIf: (look) => look('form.kind') === 'citizen'},
    {id: 'role', label: t('admin.role'), type: 'select', required: true, showIf: isStaff, options: STAFF_ROLES.map((role) => ({value: role, label: roleName(role)}))},
    {...await agencyField('agency', t('admin.agency')), showIf: isStaff},
    {id: 'below', label: t('admin.below'), type: 'boolean', showIf: isStaff},
  ], {prefix: 'new-', values: {kind: 'staff'}});
  const submit = h('button', {type: 'submit', class: 'button'}, t('admin.account_make'));
  let key = newKey();

  async function send() {
    const {role, agency, below = false, ...account} = fields.values();
    const roles = role ? [{role, agency, below, from: null, to: null}] : [];

    try {
      const made = await post('/admin/accounts', {phone: null, email: null, id_number: null, ...account, roles}, key);

      await showPassword(made.username, made.password);
      page.go(`#/admin/accounts/${encodeURIComponent(made.username)}`);
    } catch (error) {
      if (error.status)
        key = newKey();
      const shown = [...fields.show(error.errors ?? [], '/'), ...fields.show(error.errors ?? [], '/roles/0/')];

      fields.summary(shown.length > 0 ? shown : [{message: words(error)}]);
    }
  }

  return frame('accounts', backTo(t('admin.page_accounts'), '#/admin/accounts'), h('h1', null, t('admin.account_new')), h('form', {novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    if (fields.check())
      busy(submit, send);
  }}}, fields.node, h('div', {class: 'buttons'}, submit)));
}
