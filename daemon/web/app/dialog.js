// dialog.js - one question in front of the page, with the platform's own focus keeping.

import {add, button, h, newId} from './dom.js';
import {t} from './i18n.js';

// Shows `content` under a heading. `buttons(close)` gives the row of buttons; close(value) ends it.
// Resolves with that value, undefined when it was left by Escape.
export function dialog(title, content, buttons) {
  const id = newId('dialog');

  return new Promise((resolve) => {
    const before = document.activeElement;
    const box = h('dialog', {'aria-labelledby': id, class: 'dialog'});
    let given;
    const close = (value) => {
      given = value;
      box.close();
    };
    const form = h('form', {method: 'dialog', novalidate: true, on: {submit: (event) => event.preventDefault()}},
      h('h2', {id, tabindex: -1}, title), content, h('div', {class: 'buttons'}, buttons(close)));

    add(box, form);
    const away = () => box.close();

    // Who has to sign in again must get at that page.
    window.addEventListener('dvcd-signed-out', away);
    box.addEventListener('close', () => {
      window.removeEventListener('dvcd-signed-out', away);
      box.remove();
      before?.focus?.();
      resolve(given);
    });
    document.body.append(box);
    box.showModal();
    (form.querySelector('[autofocus], input, select, textarea') ?? form.querySelector('h2')).focus();
  });
}

export function confirm(title, text, {ok, danger = false} = {}) {
  return dialog(title, text && h('p', null, text), (close) => [
    button(ok ?? t('core.ok'), () => close(true), {kind: danger ? 'danger' : 'primary'}),
    button(t('core.cancel'), () => close(false), {kind: 'secondary'}),
  ]).then(Boolean);
}

// `fields` is a fields.js group; resolves with its values, undefined when it was left.
export function ask(title, fields, {ok, text, danger = false} = {}) {
  return dialog(title, [text && h('p', null, text), fields.node], (close) => [
    h('button', {type: 'submit', class: `button ${danger ? 'danger' : 'primary'}`, on: {click: () => {
      if (fields.check())
        close(fields.values());
    }}}, ok ?? t('core.ok')),
    button(t('core.cancel'), () => close(undefined), {kind: 'secondary'}),
  ]);
}
