// base.js - what every desk needs: its style, names of agencies, colleagues, the agency one works at.

import {get, query} from '../app/api.js';
import {h} from '../app/dom.js';
import {session} from '../app/session.js';

// Roles whose holders work on dossiers in the queue.
export const DESK_ROLES = ['receiver', 'officer', 'unit_head', 'leader', 'clerk', 'cashier'];

let styled = null;

// The desks' own style; a page of a desk waits for it so that it is not seen without.
export function deskStyle() {
  styled ??= new Promise((resolve) => {
    const link = h('link', {rel: 'stylesheet', href: '/style/desk.css', on: {load: resolve, error: resolve}});

    document.head.append(link);
  });
  return styled;
}

// Whom a dossier is about; its code for those who are not shown the name.
export function shownName(name, code) {
  return !name || name.includes('***') ? code : name;
}

let agenciesAsked = null;

function flatten(items, into) {
  for (const item of items) {
    into.set(item.code, item.name);
    flatten(item.children ?? [], into);
  }
  return into;
}

// Map of code to name; empty where the list is out of reach.
export function agencyNames() {
  agenciesAsked ??= get('/agencies').then((tree) => flatten(tree.items, new Map())).catch(() => {
    agenciesAsked = null;
    return new Map();
  });
  return agenciesAsked;
}

// Agencies at which this account holds one of the roles, the nearest first.
export function placesOf(...roles) {
  const held = [...(session()?.roles ?? []), ...(session()?.delegations ?? [])];

  return [...new Set(held.filter((grant) => roles.includes(grant.role)).map((grant) => grant.agency))];
}

// [{id, username, name, roles}] of those who hold `role` at `agency`.
export async function colleagues(role, agency) {
  return (await get(query('/colleagues', {role, agency, limit: 200}))).items;
}

const procedures = new Map();

// A procedure as it is in force, asked once a visit.
export function procedure(code) {
  if (!procedures.has(code)) {
    procedures.set(code, get(`/procedures/${encodeURIComponent(code)}`).catch((error) => {
      procedures.delete(code);
      throw error;
    }));
  }
  return procedures.get(code);
}
