// password.js - a new password; at the first sign-in of an account made by an administrator it must be.

import {put} from '../app/api.js';
import {busy, h, link} from '../app/dom.js';
import {group} from '../app/fields.js';
import {t} from '../app/i18n.js';
import {notice, toast, words} from '../app/notify.js';
import {account, refreshSession} from '../app/session.js';
import {passwordRule} from './register.js';

export const texts = ['account'];

export default function passwordPage(page) {
  const must = account().must_change_password;
  const fields = group([
    {id: 'old', label: t('account.old_password'), type: 'password', required: true, autocomplete: 'current-password'},
    {id: 'new', label: t('account.new_password'), hint: t('account.password_hint'), ...passwordRule()},
    {id: 'again', label: t('account.again_password'), type: 'password', required: true, autocomplete: 'new-password',
      check: (value, look) => (value && value !== look('form.new') ? t('account.again_differs') : null)},
  ], {prefix: 'password-'});
  const submit = h('button', {type: 'submit', class: 'button'}, t('account.change_password'));
  const form = h('form', {novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    if (fields.check())
      busy(submit, send);
  }}}, h('input', {type: 'text', autocomplete: 'username', value: account().username, hidden: true, 'aria-hidden': 'true'}), fields.node, h('div', {class: 'buttons'}, submit));

  async function send() {
    const values = fields.values();

    try {
      await put('/me/password', {old: values.old, new: values.new});
      await refreshSession();
      toast('ok', t('account.password_changed'));
      page.go('#/account', {replace: true});
    } catch (error) {
      const shown = fields.show(error.errors ?? [], '/');

      fields.summary(shown.length > 0 ? shown : [{input: fields.field('old').control.input, message: words(error)}]);
    }
  }

  return h('div', {class: 'wrap narrow'}, !must && link(t('core.back'), '#/account', {class: 'back', sign: 'back'}), h('h1', null, t('account.change_password')),
    must && notice('warn', t('account.must_change')), form);
}
