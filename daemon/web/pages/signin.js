// signin.js - user name and password, and the one-time code where the account asks for it.

import {link, h, busy} from '../app/dom.js';
import {group} from '../app/fields.js';
import {t} from '../app/i18n.js';
import {notice, words} from '../app/notify.js';
import {holds, signIn} from '../app/session.js';

export const texts = ['account'];

// Only addresses of this client: a link may not send people elsewhere after they sign in.
function target(page, me) {
  const to = page.query.get('to');

  if (to?.startsWith('#/') && !to.startsWith('#/sign-in'))
    return to;
  if (me.account.kind === 'citizen')
    return '#/dossiers';
  const desks = [[['receiver', 'officer', 'unit_head', 'leader', 'clerk', 'cashier'], '#/tasks'], [['postal'], '#/parcels'], [['auditor'], '#/figures'], [['admin'], '#/admin']];

  return desks.find(([roles]) => holds(...roles))?.[1] ?? '#/';
}

export default function signInPage(page) {
  let wantsOtp = false;
  const fields = group([
    {id: 'username', label: t('account.username'), type: 'text', required: true, maxLength: 60, autocomplete: 'username'},
    {id: 'password', label: t('account.password'), type: 'password', required: true, autocomplete: 'current-password'},
    {id: 'otp', label: t('account.otp'), type: 'otp', hint: t('account.otp_hint'), showIf: () => wantsOtp, required: true},
  ], {prefix: 'sign-in-'});
  const submit = h('button', {type: 'submit', class: 'button'}, t('account.sign_in'));
  const form = h('form', {novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    if (fields.check())
      busy(submit, send);
  }}}, fields.node, h('div', {class: 'buttons'}, submit));

  async function send() {
    const {username, password, otp} = fields.values();

    try {
      page.go(target(page, await signIn(username, password, otp)), {replace: true});
    } catch (error) {
      if (error.code === 'otp_required' || error.code === 'otp_wrong') {
        wantsOtp = true;
        fields.refresh();
      }
      if (error.code === 'otp_required')
        fields.field('otp').control.input.focus();
      else
        fields.summary([{input: fields.field(error.code === 'otp_wrong' ? 'otp' : 'password').control.input, message: words(error)}]);
    }
  }

  fields.refresh();
  return h('div', {class: 'wrap narrow'}, h('h1', null, t('account.sign_in_title')), page.query.has('ended') && notice('warn', t('core.signed_out')), form,
    h('p', null, t('account.no_account'), ' ', link(t('account.register'), '#/register')));
}
