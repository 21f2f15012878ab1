// form.js - a procedure's form (the JSON Schema of GET /procedures/{code}) as fields with the same
// rules as the server: x-type, x-show-if, x-required-if, x-fill and the plain keywords.

import {condition} from './expr.js';

function specOf(id, schema, required) {
  const type = schema['x-type'];
  const options = (schema.oneOf ?? schema.items?.oneOf ?? []).map((one) => ({value: one.const, label: one.title}));

  return {
    id,
    label: schema.title,
    type,
    hint: schema.description,
    required,
    requiredIf: schema['x-required-if'] && condition(schema['x-required-if']),
    showIf: schema['x-show-if'] && condition(schema['x-show-if']),
    options,
    min: schema.minimum,
    max: schema.maximum,
    minLength: type === 'text' || type === 'textarea' ? schema.minLength : undefined,
    maxLength: schema.maxLength,
    pattern: type === 'text' || type === 'textarea' ? schema.pattern : undefined,
    minDate: schema['x-min-date'],
    maxDate: schema['x-max-date'],
    notFuture: schema['x-not-future'],
    fill: schema['x-fill'],
  };
}

// In the order of the plugin.
export function fieldsOf(schema) {
  const required = new Set(schema.required);

  // A field that is hidden at times is not in `required`: its schema says so in an if of allOf.
  for (const rule of schema.allOf ?? []) {
    if (rule.then && rule.else)
      rule.then.required?.forEach((id) => required.add(id));
  }
  return Object.entries(schema.properties).map(([id, one]) => specOf(id, one, required.has(id)));
}

// Parts of a size that a phone shows well: a new part begins where the subject changes (child_,
// mother_, ...), between 4 and 10 fields. The order stays.
export function partsOf(fields) {
  const parts = [];
  const subject = (field) => field.id.split('_')[0];
  let part = [];

  fields.forEach((field, place) => {
    const changes = place > 0 && subject(field) !== subject(fields[place - 1]);
    const run = fields.slice(place).findIndex((other) => subject(other) !== subject(field));

    if (part.length >= 10 || (changes && part.length >= 4 && (run < 0 ? fields.length - place : run) > 1) || (changes && part.length >= 7)) {
      parts.push(part);
      part = [];
    }
    part.push(field);
  });
  if (part.length)
    parts.push(part);
  if (parts.length > 1 && parts.at(-1).length < 3 && parts.at(-2).length < 9)
    parts.at(-2).push(...parts.pop());
  return parts;
}

// An answer as people read it.
export function answerText(field, value, words) {
  if (value === null || value === undefined || value === '')
    return null;
  if (field.type === 'boolean')
    return value ? words.yes : words.no;
  if (field.type === 'date')
    return words.date(value);
  if (field.type === 'commune')
    return words.commune(value);
  if (field.type === 'money')
    return words.money(value);
  if (Array.isArray(value))
    return value.map((one) => field.options.find((option) => option.value === one)?.label ?? one).join('; ');
  return field.options.find((option) => option.value === value)?.label ?? String(value).replace(/^(-?\d+)\.(\d+)$/, '$1,$2');
}
