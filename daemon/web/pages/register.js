// register.js - a citizen makes an account.

import {busy, h, link} from '../app/dom.js';
import {post, newKey} from '../app/api.js';
import {group} from '../app/fields.js';
import {t} from '../app/i18n.js';
import {words} from '../app/notify.js';
import {signIn} from '../app/session.js';

export const texts = ['account', 'people'];

export const passwordRule = () => ({type: 'password', required: true, autocomplete: 'new-password',
  check: (value) => (value && [...value].length < 10 ? t('account.password_short') : null)});

export default function registerPage(page) {
  const fields = group([
    {id: 'name', label: t('account.name'), type: 'text', required: true, maxLength: 200, autocomplete: 'name'},
    {id: 'phone', label: t('people.phone'), type: 'phone', required: true, autocomplete: 'tel'},
    {id: 'email', label: t('people.email'), type: 'email', autocomplete: 'email'},
    {id: 'id_number', label: t('account.id_number'), type: 'citizen_id', hint: t('account.id_hint')},
    {id: 'username', label: t('account.username'), type: 'text', required: true, maxLength: 60, hint: t('account.username_hint'), autocomplete: 'username',
      check: (value) => (value && !/^[a-z0-9][a-z0-9._-]{2,59}$/.test(value) ? t('account.username_form') : null)},
    {id: 'password', label: t('account.password'), hint: t('account.password_hint'), ...passwordRule()},
  ], {prefix: 'register-'});
  const key = newKey();
  const submit = h('button', {type: 'submit', class: 'button'}, t('account.register'));
  const form = h('form', {novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    if (fields.check())
      busy(submit, send);
  }}}, fields.node, h('div', {class: 'buttons'}, submit));
  let tries = 0;

  async function send() {
    const values = fields.values();

    try {
      await post('/accounts', {username: values.username, password: values.password, name: values.name, phone: values.phone, email: values.email ?? null, id_number: values.id_number ?? null},
        `${key}-${tries}`, {quiet: true});
      await signIn(values.username, values.password);
      page.go('#/procedures', {replace: true});
    } catch (error) {
      if (error.status)
        tries++; // what is sent after mending is another intent
      const shown = fields.show(error.errors ?? [], '/');

      fields.summary(shown.length > 0 ? shown : [{message: words(error)}]);
    }
  }

  return h('div', {class: 'wrap narrow'}, h('h1', null, t('account.register_title')), h('p', null, t('core.required_note')), form,
    h('p', null, t('account.have_account'), ' ', link(t('core.sign_in'), '#/sign-in')));
}
