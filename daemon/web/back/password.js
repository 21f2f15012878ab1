// password.js - a password that the server made, shown once.

import {button, h} from '../app/dom.js';
import {dialog} from '../app/dialog.js';
import {t} from '../app/i18n.js';
import {toast} from '../app/notify.js';

export function showPassword(username, password) {
  return dialog(t('admin.password_title'), [h('p', null, t('admin.password_text', {username})), h('p', {class: 'once', 'data-password': true}, password)], (close) => [
    button(t('admin.password_copy'), async () => {
      try {
        await navigator.clipboard.writeText(password);
        toast('ok', t('admin.password_copied'));
      } catch {
        toast('warn', t('admin.password_not_copied'));
      }
    }, {kind: 'secondary'}),
    button(t('admin.password_done'), () => close(true)),
  ]);
}
