// totp.js - the second factor: switch on with an authenticator app, off with the password.

import {post} from '../app/api.js';
import {busy, button, fill, h, link} from '../app/dom.js';
import {group} from '../app/fields.js';
import {t} from '../app/i18n.js';
import {notice, toast, words} from '../app/notify.js';
import {account, refreshSession} from '../app/session.js';
import {qr} from './sent.js';

export const texts = ['account'];

function turnOff(page) {
  const fields = group([{id: 'password', label: t('account.password'), type: 'password', required: true, autocomplete: 'current-password'}], {prefix: 'totp-'});
  const submit = h('button', {type: 'submit', class: 'button danger'}, t('account.totp_stop'));

  return [h('p', null, t('account.totp_is_on')), h('form', {novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    if (fields.check())
      busy(submit, async () => {
        try {
          await post('/me/totp/remove', fields.values(), undefined, {quiet: true});
          await refreshSession();
          toast('ok', t('account.totp_stopped'));
          page.go('#/account');
        } catch (error) {
          fields.summary([{input: fields.field('password').control.input, message: words(error)}]);
        }
      });
  }}}, fields.node, h('div', {class: 'buttons'}, submit))];
}

function recovery(page, codes) {
  return [notice('ok', t('account.totp_started')), h('h2', null, t('account.recovery')), h('p', null, t('account.recovery_text')),
    h('ul', {class: 'cards two'}, codes.map((code) => h('li', {class: 'card code'}, code))),
    h('div', {class: 'buttons'}, button(t('core.print'), () => window.print(), {kind: 'secondary', sign: 'print'}), button(t('account.recovery_done'), () => page.go('#/account')))];
}

async function turnOn(page, box) {
  const {secret, uri} = await post('/me/totp', {});
  const fields = group([{id: 'otp', label: t('account.otp'), type: 'otp', hint: t('account.otp_first'), required: true}], {prefix: 'totp-'});
  const submit = h('button', {type: 'submit', class: 'button'}, t('account.totp_confirm'));

  fill(box, h('ol', null, h('li', null, t('account.totp_scan'), h('p', null, await qr(uri, t('account.totp_qr'))), h('p', null, t('account.totp_secret'), ' ', h('span', {class: 'code'}, secret.replace(/(.{4})/g, '$1 ').trim()))),
    h('li', null, h('form', {novalidate: true, on: {submit: (event) => {
      event.preventDefault();
      if (fields.check())
        busy(submit, async () => {
          try {
            const {recovery: codes} = await post('/me/totp/confirm', fields.values());

            await refreshSession();
            fill(box, recovery(page, codes));
            box.querySelector('.notice').scrollIntoView();
          } catch (error) {
            fields.summary([{input: fields.field('otp').control.input, message: words(error)}]);
          }
        });
    }}}, fields.node, h('div', {class: 'buttons'}, submit)))));
}

export default function totpPage(page) {
  const box = h('div');
  const start = button(t('account.totp_start'), () => busy(start, async () => {
    try {
      await turnOn(page, box);
    } catch (error) {
      fill(box, notice('error', words(error)));
    }
  }));

  fill(box, account().totp ? turnOff(page) : [h('p', null, t('account.totp_text')), h('div', {class: 'buttons'}, start)]);
  return h('div', {class: 'wrap narrow'}, link(t('core.back'), '#/account', {class: 'back', sign: 'back'}), h('h1', null, t('account.totp_title')), box);
}
