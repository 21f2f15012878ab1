// notify.js - what happened, to eyes and to screen readers. index.html holds the two live regions.

import {Offline} from './api.js';
import {button, h, icon, languageOf} from './dom.js';
import {t} from './i18n.js';

// Read out, not shown.
export function announce(text, urgent = false) {
  const region = document.getElementById(urgent ? 'live-urgent' : 'live');

  region.textContent = '';
  setTimeout(() => {
    region.lang = languageOf(text) ?? document.documentElement.lang;
    region.textContent = text;
  }, 50);
}

const SIGNS = {ok: 'check', warn: 'warn', error: 'error', info: 'info'};

// A box inside a page. kind: ok, warn, error, info.
export function notice(kind, title, ...more) {
  return h('div', {class: `notice ${kind}`}, icon(SIGNS[kind]),
    h('div', null, h('p', {class: 'notice-title'}, h('span', {class: 'hidden'}, `${t(`core.kind_${kind}`)}: `), title), more));
}

// A line at the foot that goes by itself; errors stay until they are closed.
export function toast(kind, text) {
  const place = document.getElementById('toasts');
  const box = h('div', {class: `toast ${kind}`}, icon(SIGNS[kind]), h('span', null, text));

  box.append(button(t('core.close'), () => box.remove(), {kind: 'plain', sign: 'close', class: 'button plain only-sign'}));
  [...place.children].find((other) => other.className === box.className && other.textContent === box.textContent)?.remove(); // told once
  place.append(box);
  announce(text, kind === 'error');
  if (kind !== 'error')
    setTimeout(() => box.remove(), 8000);
  return box;
}

// The server's own words where it gave some, else ours.
export function words(error) {
  if (error?.name === 'AbortError')
    return '';
  if (error?.status === 429)
    return error.retryAfter ? t('core.error_rate', {seconds: error.retryAfter}) : error.detail;
  if (error?.status)
    return error.detail ?? t(error.status === 413 ? 'core.error_large' : 'core.error_server');
  if (error instanceof Offline)
    return t('core.error_offline');
  return t('core.error_unknown');
}

export function failed(error) {
  // That the session ended is told by the page that asks to sign in.
  if (error?.name === 'AbortError' || error?.signedOut)
    return;
  if (!error?.status)
    console.warn(error);
  toast('error', words(error));
}
