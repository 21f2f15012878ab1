// controls.js - single inputs. Each maker gives {node, input, value(), set(value), raw()}: `input` is
// what a label names and focus goes to; value() is null when nothing right is there, raw() what was
// typed (so that a wrong date is not taken for none).

import {h, newId, fill} from './dom.js';
import {date, fold, parseDate} from './format.js';
import {t} from './i18n.js';
import * as rules from './rules.js';

function textual(input, read, write = (value) => value ?? '') {
  return {
    node: input,
    input,
    raw: () => input.value.trim(),
    value: () => (input.value.trim() === '' ? null : read(input.value)),
    set: (value) => {
      input.value = write(value);
    },
  };
}

const INPUTS = {
  integer: {inputmode: 'numeric', class: 'short'},
  money: {inputmode: 'numeric', class: 'short'},
  number: {inputmode: 'decimal', class: 'short'},
  citizen_id: {inputmode: 'numeric', class: 'middle', maxlength: 20},
  phone: {type: 'tel', inputmode: 'tel', class: 'middle', maxlength: 20},
  email: {type: 'email', inputmode: 'email', maxlength: 254, spellcheck: 'false'},
  tax_code: {inputmode: 'numeric', class: 'middle', maxlength: 20},
  password: {type: 'password'},
  otp: {inputmode: 'numeric', class: 'short', autocomplete: 'one-time-code', maxlength: 20},
};

const READERS = {
  citizen_id: rules.citizenId, phone: rules.phone, email: rules.email, tax_code: rules.taxCode,
  integer: rules.number, money: rules.number, number: rules.number,
  password: (text) => text,
};

function numberText(value) {
  return value === null || value === undefined ? '' : String(value).replace('.', ',');
}

const grouped = (amount) => String(amount).replace(/\B(?=(\d{3})+$)/g, '.');

export function textInput(spec) {
  const kind = spec.type;
  const input = h('input', {type: 'text', autocomplete: spec.autocomplete ?? 'off', ...INPUTS[kind], name: spec.id,
    maxlength: spec.maxLength && spec.maxLength < 1000 ? spec.maxLength : INPUTS[kind]?.maxlength});
  const numeric = ['integer', 'money', 'number'].includes(kind);

  if (kind === 'money') { // as it is written here, once it is whole
    input.addEventListener('change', () => {
      const amount = rules.number(input.value);

      if (Number.isInteger(amount))
        input.value = grouped(amount);
    });
  }
  return textual(input, READERS[kind] ?? ((text) => text.trim().normalize('NFC')), kind === 'money' ? (value) => (Number.isInteger(value) ? grouped(value) : numberText(value)) : numeric ? numberText : undefined);
}

export function textArea(spec) {
  const input = h('textarea', {rows: spec.rows ?? 4, name: spec.id});

  return textual(input, (text) => text.replace(/\r\n?/g, '\n').trim().normalize('NFC'));
}

// dd/mm/yyyy; the slashes come by themselves as digits are typed at the end.
export function dateInput(spec) {
  const input = h('input', {type: 'text', inputmode: 'numeric', maxlength: 10, class: 'short', name: spec.id,
    autocomplete: spec.autocomplete ?? 'off', on: {input: (event) => {
      const text = input.value;

      if (event.inputType === 'deleteContentBackward' || input.selectionStart !== text.length)
        return;
      if (/^\d{2}$/.test(text) || /^\d{2}\/\d{2}$/.test(text))
        input.value = `${text}/`;
      else if (/^\d{8}$/.test(text))
        input.value = `${text.slice(0, 2)}/${text.slice(2, 4)}/${text.slice(4)}`;
    }}});

  return textual(input, parseDate, (value) => (/^\d{4}-\d\d-\d\d$/.test(value ?? '') ? date(value) : value ?? ''));
}

export function selectInput(spec) {
  const input = h('select', {name: spec.id},
    h('option', {value: ''}, spec.empty ?? t('core.choose')),
    spec.options.map((option) => h('option', {value: option.value}, option.label)));

  return textual(input, (text) => text);
}

export function radios(spec) {
  const name = newId('radio');
  const node = h('div', {class: 'choices'}, spec.options.map((option) => {
    const id = newId('option');

    return h('div', {class: 'choice'},
      h('input', {type: 'radio', id, name, value: option.value}),
      h('label', {for: id}, option.label, option.hint && h('span', {class: 'hint'}, option.hint)));
  }));
  const all = () => [...node.querySelectorAll('input')];
  const value = () => all().find((one) => one.checked)?.value ?? null;

  return {
    node,
    input: node.querySelector('input'),
    group: true,
    raw: () => value() ?? '',
    value,
    set: (wanted) => all().forEach((one) => {
      one.checked = one.value === wanted;
    }),
  };
}

export function checkboxes(spec) {
  const node = h('div', {class: 'choices'}, spec.options.map((option) => {
    const id = newId('option');

    return h('div', {class: 'choice'}, h('input', {type: 'checkbox', id, value: option.value}),
      h('label', {for: id}, option.label));
  }));
  const all = () => [...node.querySelectorAll('input')];

  return {
    node,
    input: node.querySelector('input'),
    group: true,
    raw: () => (all().some((one) => one.checked) ? 'x' : ''),
    value: () => {
      const chosen = all().filter((one) => one.checked).map((one) => one.value);

      return chosen.length ? chosen : null;
    },
    set: (values) => all().forEach((one) => {
      one.checked = (values ?? []).includes(one.value);
    }),
  };
}

// One box whose label stands beside it: true or null.
export function checkbox(spec) {
  const input = h('input', {type: 'checkbox', name: spec.id});

  return {
    node: input,
    input,
    inline: true,
    raw: () => (input.checked ? 'x' : ''),
    value: () => (input.checked ? true : null),
    set: (value) => {
      input.checked = value === true;
    },
  };
}

// A text field that finds in a long list, marks ignored (ARIA combobox with a list box). `options`
// may come later with setOptions(). With `find(text)`, a promise of options, somebody else searches a
// list too long to be here.
export function combobox(spec) {
  const listId = newId('list');
  const list = h('ul', {id: listId, role: 'listbox', class: 'combo-list', hidden: true, 'aria-label': spec.label});
  const input = h('input', {type: 'text', role: 'combobox', autocomplete: 'off', name: spec.id, 'aria-autocomplete': 'list',
    'aria-expanded': 'false', 'aria-controls': listId, spellcheck: 'false'});
  const node = h('div', {class: 'combo'}, input, list);
  let options = spec.options ?? [], chosen = null, active = -1, shown = [], asked = 0, pause = null, eager = false;

  const close = () => {
    list.hidden = true;
    active = -1;
    asked++;
    eager = false;
    clearTimeout(pause);
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (option) => {
    const changed = chosen?.value !== option?.value;

    chosen = option;
    input.value = option?.label ?? '';
    close();
    if (changed)
      node.dispatchEvent(new Event('change', {bubbles: true}));
  };
  const mark = (at) => {
    active = at;
    [...list.children].forEach((item, place) => {
      item.setAttribute('aria-selected', String(place === at));
      if (place === at) {
        input.setAttribute('aria-activedescendant', item.id);
        item.scrollIntoView({block: 'nearest'});
      }
    });
  };
  const show = (found, none) => {
    shown = found.slice(0, 200);
    fill(list, shown.map((option, place) => h('li', {id: `${listId}-${place}`, role: 'option', 'aria-selected': 'false',
      on: {mousedown: (event) => event.preventDefault(), click: () => choose(option)}}, option.label, option.also && h('span', {class: 'quiet'}, option.also))));
    if (shown.length === 0)
      fill(list, h('li', {id: `${listId}-none`, role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false'}, none));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    mark(-1);
    input.removeAttribute('aria-activedescendant');
  };
  const matching = (parts) => options.filter((option) => {
    const text = fold(`${option.label} ${option.also ?? ''}`);

    return parts.every((part) => text.includes(part));
  });
  // The last question counts; Enter pressed before its answer takes the only thing found.
  const ask = (text) => {
    const mine = ++asked;

    eager = false;
    clearTimeout(pause);
    show([], t('core.loading'));
    pause = setTimeout(async () => {
      const found = await spec.find(text).catch(() => null);

      if (mine !== asked)
        return;
      options = found ?? [];
      if (eager && options.length === 1)
        choose(options[0]);
      else
        show(options, t(found ? 'core.nothing_found' : 'core.offline_title'));
    }, text ? 150 : 0);
  };
  const open = (all) => {
    if (spec.find)
      ask(all ? '' : input.value.trim());
    else
      show(matching(all ? [] : fold(input.value).split(/\s+/).filter(Boolean)), t('core.nothing_found'));
  };

  input.addEventListener('input', () => {
    chosen = null;
    open(false);
  });
  input.addEventListener('click', () => open(true));
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden)
        open(Boolean(chosen));
      else if (shown.length)
        mark((active + (event.key === 'ArrowDown' ? 1 : -1) + shown.length) % shown.length);
    } else if (event.key === 'Enter' && !list.hidden) {
      event.preventDefault();
      if (shown.length && (active >= 0 || shown.length === 1))
        choose(shown[Math.max(active, 0)]);
      else
        eager = true;
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  // Text that was not chosen but says exactly one thing is that thing.
  input.addEventListener('blur', () => {
    const same = options.filter((option) => fold(option.label) === fold(input.value.trim()));

    if (!chosen && input.value.trim() && same.length === 1)
      choose(same[0]);
    else
      close();
  });
  return {
    node,
    input,
    raw: () => input.value.trim(),
    value: () => chosen?.value ?? null,
    set: (value) => {
      chosen = options.find((option) => option.value === value) ?? (spec.find && value ? {value, label: value} : null);
      input.value = chosen?.label ?? '';
      if (chosen && !options.includes(chosen)) {
        spec.find(value).then((found) => {
          const same = found.find((option) => option.value === value);

          if (same && chosen?.value === value) {
            chosen = same;
            input.value = same.label;
          }
        }).catch(() => {}); // its code stays
      }
    },
    setOptions: (next) => {
      const kept = chosen?.value;

      options = next;
      chosen = options.find((option) => option.value === kept) ?? null;
      input.value = chosen?.label ?? '';
    },
  };
}

export const MAKERS = {
  text: textInput, textarea: textArea, integer: textInput, number: textInput, money: textInput,
  boolean: checkbox, date: dateInput, multi: checkboxes, citizen_id: textInput, phone: textInput,
  email: textInput, tax_code: textInput, password: textInput, otp: textInput, radio: radios,
  combo: combobox,
  select: (spec) => (spec.options.length <= 6 && spec.required ? radios(spec) : selectInput(spec)),
};
