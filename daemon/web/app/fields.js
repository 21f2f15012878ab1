// fields.js - a group of labelled fields with hints, conditions and faults. What a field is:
// {id, label, type, hint, required, requiredIf(look), showIf(look), options: [{value, label}],
//  min, max, minLength, maxLength, pattern, minDate, maxDate, notFuture, autocomplete, make(spec)}
// with the types of a procedure's form and radio, combo, password, otp. look('form.<id>') gives an
// answer of the group, other paths go to options.context.

import {fill, h, icon, newId} from './dom.js';
import {date, number, today} from './format.js';
import {announce} from './notify.js';
import {t} from './i18n.js';
import {MAKERS} from './controls.js';
import {addressInput, communeInput} from './address.js';
import * as rules from './rules.js';

const OWN_TYPES = {commune: communeInput, address: addressInput};

// The first rule that the answer breaks, in the words of the server; null when it is right.
function faultOf(field, required) {
  const {spec, control} = field;
  const name = spec.short ?? spec.label;
  const say = (rule, values) => t(`core.rule_${rule}`, {name, ...values});

  if (control.raw() === '')
    return required ? say(spec.type === 'boolean' ? 'pledge' : 'required') : null;
  const value = control.value();

  if (value === null)
    return say({date: 'date', citizen_id: 'citizen_id', phone: 'phone', email: 'email', tax_code: 'tax_code',
      integer: 'integer', money: 'integer', number: 'number', commune: 'choose', combo: 'choose', address: 'address'}[spec.type] ?? 'choose');
  if (typeof value === 'number') {
    if (spec.type !== 'number' && !Number.isInteger(value))
      return say('integer');
    if (spec.min !== undefined && value < spec.min)
      return say('min', {limit: number(spec.min)});
    if (spec.max !== undefined && value > spec.max)
      return say('max', {limit: number(spec.max)});
  }
  if (spec.type === 'date')
    return dateFault(spec, value, say);
  if (typeof value === 'string')
    return textFault(spec, value, say);
  return null;
}

function dateFault(spec, value, say) {
  if (spec.notFuture && value > today())
    return say('future');
  if (spec.minDate && value < spec.minDate)
    return say('date_min', {limit: date(spec.minDate)});
  if (spec.maxDate && value > spec.maxDate)
    return say('date_max', {limit: date(spec.maxDate)});
  return null;
}

function textFault(spec, value, say) {
  const length = rules.length(value);

  if (rules.hasControl(value, spec.type === 'textarea'))
    return say('control');
  if (spec.minLength && length < spec.minLength)
    return say('short', {limit: spec.minLength});
  if (spec.maxLength && length > spec.maxLength)
    return say('long', {limit: spec.maxLength});
  if (spec.pattern && !new RegExp(spec.pattern, 'u').test(value))
    return say('pattern');
  return null;
}

// The box at the head of a form that lists all faults and takes the focus.
export function errorSummary(place, faults) {
  if (faults.length === 0) {
    fill(place);
    return;
  }
  const heading = newId('errors');
  const box = h('div', {class: 'notice error summary', tabindex: -1, role: 'alert', 'aria-labelledby': heading},
    icon('error'), h('div', null, h('h2', {id: heading}, t('core.errors_title')),
      h('ul', null, faults.map((fault) => h('li', null, fault.input ? h('a', {href: `#${fault.input.id}`, on: {click: (event) => {
        event.preventDefault();
        fault.input.focus();
        fault.input.scrollIntoView({block: 'center'});
      }}}, fault.message) : fault.message)))));

  fill(place, box);
  box.focus();
  box.scrollIntoView({block: 'start'});
  announce(t('core.errors_title'), true);
}

function makeField(spec, prefix) {
  const maker = spec.make ?? OWN_TYPES[spec.type] ?? MAKERS[spec.type] ?? MAKERS.text;
  const control = maker(spec);

  control.input.id ||= `${prefix}${spec.id}`;
  const id = control.input.id;
  const hintId = `${id}-hint`, errorId = `${id}-error`;
  const error = h('p', {class: 'error-text', id: errorId, hidden: true});
  const hint = spec.hint || spec.type === 'date'
    ? h('p', {class: 'hint', id: hintId}, spec.hint ?? t('core.date_hint')) : null;
  const star = h('span', {class: 'star', 'aria-hidden': 'true', hidden: true}, '\u00a0*');
  const described = [hint && hintId, errorId].filter(Boolean).join(' ');
  let node;

  if (control.group) {
    node = h('fieldset', {class: 'field', 'aria-describedby': described},
      h('legend', null, spec.label, star), hint, error, control.node);
  } else if (control.inline) {
    control.input.setAttribute('aria-describedby', described);
    node = h('div', {class: 'field'}, error,
      h('div', {class: 'choice'}, control.node, h('label', {for: id}, spec.label, star)), hint);
  } else {
    control.input.setAttribute('aria-describedby', described);
    node = h('div', {class: 'field'}, h('label', {for: id}, spec.label, star), hint, error, control.node);
  }
  return {spec, control, node, error, star, shown: true};
}

export function group(specs, {prefix = `${newId('f')}-`, values = {}, context = () => null, onChange} = {}) {
  const summary = h('div');
  const node = h('div', {class: 'fields'}, summary);
  const fields = specs.map((spec) => makeField(spec, prefix));
  const byId = new Map(fields.map((field) => [field.spec.id, field]));

  const look = (path) => {
    if (!path.startsWith('form.'))
      return context(path) ?? null;
    const field = byId.get(path.slice(5));

    return field?.shown ? field.control.value() : field ? null : context(path) ?? null;
  };
  const isRequired = (field) => Boolean(field.spec.required || field.spec.requiredIf?.(look));
  const setError = (field, message) => {
    field.error.hidden = !message;
    fill(field.error, message && [icon('error'), h('span', null, message)]);
    field.node.classList.toggle('wrong', Boolean(message));
    if (message)
      field.control.input.setAttribute('aria-invalid', 'true');
    else
      field.control.input.removeAttribute('aria-invalid');
  };
  const refresh = () => {
    for (const field of fields) {
      field.shown = !field.spec.showIf || field.spec.showIf(look);
      field.node.hidden = !field.shown;
      field.star.hidden = !isRequired(field);
      if (!field.control.group && !field.control.inline)
        field.control.input.required = isRequired(field);
    }
  };
  const made = {
    node,
    look,
    fields,
    refresh,
    // Absent answers and those of hidden fields are left out.
    values() {
      const all = {};

      for (const field of fields) {
        const value = field.shown ? field.control.value() : null;

        if (value !== null)
          all[field.spec.id] = value;
      }
      return all;
    },
    // As typed, right or wrong, for a draft.
    typed() {
      return Object.fromEntries(fields.map((field) => [field.spec.id, field.control.value() ?? field.control.part?.() ?? field.control.raw()])
        .filter(([, value]) => value !== '' && value !== null));
    },
    set(id, value) {
      byId.get(id)?.control.set(value);
      refresh();
    },
    get: (id) => byId.get(id)?.control.value() ?? null,
    field: (id) => byId.get(id),
    // Shows every fault beside its field and gives them: [{input, message}].
    faults() {
      refresh();
      return fields.flatMap((field) => {
        const message = field.shown ? faultOf(field, isRequired(field)) ?? field.spec.check?.(field.control.value(), look) ?? null : null;

        setError(field, message);
        return message ? [{input: field.control.input, message}] : [];
      });
    },
    check() {
      const found = made.faults();

      errorSummary(summary, found);
      return found.length === 0;
    },
    // Faults of the server under `base` ('/form/'): those that have a field here are shown there.
    show(errors, base) {
      const shown = [];

      for (const error of errors) {
        const field = error.pointer?.startsWith(base) && byId.get(error.pointer.slice(base.length).split('/')[0]);

        if (field) {
          setError(field, error.message);
          shown.push({input: field.control.input, message: error.message, error});
        }
      }
      return shown;
    },
    summary: (faults) => errorSummary(summary, faults),
    focus: () => fields.find((field) => field.shown)?.control.input.focus(),
  };

  for (const field of fields) {
    if (values[field.spec.id] !== undefined && values[field.spec.id] !== null)
      field.control.set(values[field.spec.id]);
    // While it is being mended, not when the field is left: what is clicked next would move away from
    // under the pointer.
    for (const event of ['input', 'change']) {
      field.node.addEventListener(event, () => {
        if (!field.error.hidden)
          setError(field, faultOf(field, isRequired(field)));
      });
    }
    node.append(field.node);
  }
  for (const event of ['input', 'change']) {
    node.addEventListener(event, () => {
      refresh();
      onChange?.(made);
    });
  }
  refresh();
  return made;
}
