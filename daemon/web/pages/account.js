// account.js - contact data, password, second factor, signing out.

import {patch} from '../app/api.js';
import {busy, button, h, link} from '../app/dom.js';
import {dialog} from '../app/dialog.js';
import {group} from '../app/fields.js';
import {t} from '../app/i18n.js';
import {toast, words} from '../app/notify.js';
import {account, refreshSession, rolesHeld, signOut} from '../app/session.js';
import {draftsOf, dropDraft} from '../app/store.js';
import {facts} from '../app/table.js';

export const texts = ['account', 'people'];

// Somebody else may use this device next: what stays on it is asked.
async function leave(page) {
  const drafts = await draftsOf(account().username).catch(() => []);
  const open = drafts.filter((draft) => draft.state !== 'sent');
  let keep = true;

  if (open.length > 0) {
    const answer = await dialog(t('account.drafts_title'), h('p', null, t('account.drafts_text', {n: open.length})), (close) => [
      button(t('account.drafts_keep'), () => close('keep')), button(t('account.drafts_drop'), () => close('drop'), {kind: 'danger'}), button(t('core.cancel'), () => close(undefined), {kind: 'secondary'})]);

    if (!answer)
      return;
    keep = answer === 'keep';
  }
  for (const draft of drafts) {
    if (!keep || draft.state === 'sent')
      await dropDraft(draft);
  }
  const caches_ = 'caches' in window ? await caches.keys() : [];

  await Promise.all(caches_.filter((name) => name.startsWith('dvcd-data')).map((name) => caches.delete(name)));
  await signOut();
  page.go('#/');
}

export default function accountPage(page) {
  const me = account();
  const fields = group([
    {id: 'phone', label: t('people.phone'), type: 'phone', autocomplete: 'tel'},
    {id: 'email', label: t('people.email'), type: 'email', autocomplete: 'email'},
    {id: 'mail_notices', label: t('account.mail_notices'), type: 'boolean'},
  ], {prefix: 'account-', values: me});
  const submit = h('button', {type: 'submit', class: 'button'}, t('core.save'));
  const form = h('form', {novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    if (fields.check())
      busy(submit, save);
  }}}, fields.node, h('div', {class: 'buttons'}, submit));
  const out = button(t('account.sign_out'), () => busy(out, () => leave(page)), {kind: 'secondary'});

  async function save() {
    const {phone = null, email = null, mail_notices = false} = fields.values();

    try {
      await patch('/me', {phone, email, mail_notices});
      await refreshSession();
      toast('ok', t('account.saved'));
    } catch (error) {
      const shown = fields.show(error.errors ?? [], '/');

      fields.summary(shown.length > 0 ? shown : [{message: words(error)}]);
    }
  }

  return h('div', {class: 'wrap narrow'}, h('h1', null, me.name),
    facts([[t('account.username'), me.username], [t('account.kind'), t(`account.kind_${me.kind}`)],
      me.kind === 'citizen' && [t('account.verified'), me.id_number_verified ? t('account.verified_yes') : t('account.verified_no')],
      rolesHeld().length > 0 && [t('account.roles'), rolesHeld().map((role) => t(`core.role_${role}`)).join(', ')]]),
    h('h2', null, t('account.contact')), form,
    h('h2', null, t('account.security')),
    h('ul', {class: 'bare'}, h('li', null, link(t('account.change_password'), '#/account/password', {class: 'back', sign: 'lock'})),
      me.kind === 'staff' && h('li', null, link(me.totp ? t('account.totp_on') : t('account.totp_off'), '#/account/totp', {class: 'back', sign: 'lock'}))),
    h('div', {class: 'buttons'}, out));
}
