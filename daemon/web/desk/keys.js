// keys.js - shortcuts of the desks. Single letters work only while nothing is being typed and can be
// switched off by whoever speaks to the machine; Alt with a letter or digit works everywhere.

import {button, h} from '../app/dom.js';
import {t} from '../app/i18n.js';

const KEPT = 'dvcd.letters-off';

function lettersOff() {
  try {
    return localStorage.getItem(KEPT) === '1';
  } catch {
    return false;
  }
}

function typing(target) {
  return target.closest?.('input:not([type=checkbox]):not([type=radio]), textarea, select, [role=listbox], dialog') !== null &&
    target.closest?.('input:not([type=checkbox]):not([type=radio]), textarea, select, [role=listbox], dialog') !== undefined;
}

function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;

  // With Alt, some layouts give another letter: the key's own place says which it was.
  if (event.altKey)
    return `Alt+${/^Key[A-Z]$/.test(event.code) ? event.code[3] : /^Digit\d$/.test(event.code) ? event.code[5] : event.key}`;
  return key;
}

// map: {'j': fn, 'Alt+S': fn}. fn(event) may return false for "not mine".
export function shortcuts(map, signal) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented)
      return;
    const name = nameOf(event);
    const act = map[name];

    if (!act || (!event.altKey && (typing(event.target) || (name.length === 1 && lettersOff()))))
      return;
    if (document.querySelector('dialog[open]'))
      return;
    if (act(event) !== false)
      event.preventDefault();
  }, {signal});
}

// What there is, for a fold-out: [['J', 'text'], ...]
export function shortcutHelp(rows) {
  const toggle = button('', () => {
    try {
      localStorage.setItem(KEPT, lettersOff() ? '0' : '1');
    } catch {
      // without storage they stay on
    }
    draw();
  }, {kind: 'plain'});
  const draw = () => {
    toggle.querySelector('span').textContent = t(lettersOff() ? 'desk.letters_on' : 'desk.letters_off');
  };

  draw();
  return h('details', {class: 'shortcuts no-print'}, h('summary', null, t('desk.shortcuts')),
    h('dl', {class: 'keys'}, rows.map(([keys, text]) => h('div', null,
      h('dt', null, keys.split(' ').map((key) => h('kbd', null, key))), h('dd', null, text)))),
    rows.some(([keys]) => !keys.includes('+')) && toggle);
}

// A key's name beside the label of what it does.
export function keyHint(text) {
  return h('kbd', {class: 'key-hint', 'aria-hidden': 'true'}, text);
}
