// procedures.js - the catalogue from the server's search: a province has thousands of procedures, so
// that no page holds them all.

import {get, query} from './api.js';
import {combobox} from './controls.js';

const MOST = 50;

// Options of a combobox: what the server finds for this text, the first of it.
export function findProcedures(more = {}) {
  return async (text) => {
    const {items} = await get(query('/procedures', {...more, q: text, limit: MOST}));

    return items.map((one) => ({value: one.code, label: one.name, also: one.code}));
  };
}

// A combobox over the whole catalogue; `more` narrows it ({agency}, {field}).
export function procedureBox(spec, more) {
  return combobox({...spec, find: findProcedures(more)});
}

// [{name, procedures}], each field (lĩnh vực) once.
export async function procedureFields(signal) {
  const {items} = await get('/fields', {signal});

  return items.sort((a, b) => a.name.localeCompare(b.name, 'vi'));
}

function flatten(items, found = []) {
  for (const item of items) {
    found.push(item);
    flatten(item.children ?? [], found);
  }
  return found;
}

// The agencies that decide this procedure: those with the function it names, else those of its level.
export async function competentAgencies(plan, signal) {
  return flatten((await get('/agencies', {signal})).items)
    .filter((agency) => (plan.competent ? agency.functions.includes(plan.competent) : agency.level === plan.authority));
}
