// session.js - who is signed in. The token is a cookie that scripts cannot read; what is kept here is
// a hint that there may be one, so that a visitor without an account asks the server nothing.

import {get, onSession, Problem, request, setCsrf} from './api.js';

const HINT = 'dvcd.signed-in';
const listeners = new Set();
let me = null;

function hint(value) {
  try {
    if (value === undefined)
      return localStorage.getItem(HINT);
    if (value === null)
      localStorage.removeItem(HINT);
    else
      localStorage.setItem(HINT, value);
  } catch {
    // no storage: ask the server each time
  }
  return null;
}

function become(next) {
  me = next;
  setCsrf(next?.csrf_token ?? null);
  hint(next ? JSON.stringify({username: next.account.username, name: next.account.name, kind: next.account.kind}) : null);
  for (const listener of listeners)
    listener(me);
}

// GET /me as it was last; null for a visitor.
export function session() {
  return me;
}

export function account() {
  return me?.account ?? null;
}

export function isStaff() {
  return me?.account.kind === 'staff';
}

// Whether one of these roles is held, by grant or by a delegation in force.
export function holds(...roles) {
  return [...(me?.roles ?? []), ...(me?.delegations ?? [])].some((grant) => roles.includes(grant.role));
}

export function rolesHeld() {
  return [...new Set([...(me?.roles ?? []), ...(me?.delegations ?? [])].map((grant) => grant.role))];
}

export function onAccount(listener) {
  listeners.add(listener);
}

// Who is it? Offline, the account of the last visit stands in, so that drafts open.
export async function loadSession() {
  const kept = hint();

  if (!kept)
    return null;
  try {
    become(await get('/me', {quiet: true}));
  } catch (error) {
    if (error instanceof Problem) {
      if (error.status === 401)
        become(null);
    } else {
      me = {account: JSON.parse(kept), roles: [], delegations: [], csrf_token: null, offline: true};
    }
  }
  return me;
}

export async function refreshSession() {
  become(await get('/me', {quiet: true}));
  return me;
}

export async function signIn(username, password, otp) {
  const body = {username, password};

  if (otp)
    body.otp = otp;
  await request('POST', '/sessions', {body, quiet: true, retry: false});
  return refreshSession();
}

export async function signOut() {
  try {
    await request('DELETE', '/sessions/current', {quiet: true});
  } finally {
    become(null);
  }
}

onSession({
  signedOut: () => {
    if (me) {
      become(null);
      window.dispatchEvent(new CustomEvent('dvcd-signed-out'));
    }
  },
  renew: refreshSession,
});
