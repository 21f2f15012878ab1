// main.js - starts the client and shows the page of the address. A page gets: path, params, query
// (URLSearchParams), signal (ends when the page is left), title(text), go(address), again(), and
// leave(fn) for what must be done before another page comes.

import {Offline, Problem} from './api.js';
import {add, button, fill, h, link} from './dom.js';
import {needTexts, startLanguage, t} from './i18n.js';
import {allowed, drawConnection, drawHead, onRedraw} from './layout.js';
import {announce, notice, words} from './notify.js';
import {match} from './routes.js';
import {loadSession, onAccount, session} from './session.js';

const main = document.getElementById('main');
let shown = null; // {path, abort, leaving: [fn]}
let turn = 0;

export function go(address, {replace = false} = {}) {
  const hash = address.startsWith('#') ? address : `#/${address}`;

  if (location.hash === hash)
    show();
  else if (replace)
    location.replace(hash);
  else
    location.hash = hash;
}

function readAddress() {
  const text = location.hash.replace(/^#\/?/, '');
  const at = text.indexOf('?');

  return {path: (at < 0 ? text : text.slice(0, at)).replace(/\/$/, ''), query: new URLSearchParams(at < 0 ? '' : text.slice(at + 1))};
}

function message(title, text, ...more) {
  return h('div', {class: 'wrap narrow'}, h('h1', {tabindex: -1}, title), text && h('p', {class: 'lead'}, text), more);
}

function faultPage(error) {
  if (error instanceof Offline)
    return message(t('core.offline_title'), t('core.offline_text'), button(t('core.retry'), show, {sign: 'refresh'}));
  if (error instanceof Problem && error.status === 404)
    return message(t('core.not_found_title'), error.detail, link(t('core.to_start'), '#/', {kind: 'secondary'}));
  if (error instanceof Problem && error.status === 403)
    return message(t('core.forbidden_title'), error.detail, link(t('core.to_start'), '#/', {kind: 'secondary'}));
  console.error(error);
  return message(t('core.error_title'), null, notice('error', words(error)), button(t('core.retry'), show, {sign: 'refresh'}));
}

let ended = false; // the session, while somebody was at work

function signInFirst() {
  go(`#/sign-in?to=${encodeURIComponent(location.hash)}${ended ? '&ended=1' : ''}`, {replace: true});
  ended = false;
}

async function draw(found, page) {
  if (!found)
    return message(t('core.not_found_title'), t('core.not_found_text'), link(t('core.to_start'), '#/', {kind: 'secondary'}));
  if (!allowed(found.route.who)) {
    if (!session()) {
      signInFirst();
      return null;
    }
    return message(t('core.forbidden_title'), t('core.forbidden_text'), link(t('core.to_start'), '#/', {kind: 'secondary'}));
  }
  if (session()?.account.must_change_password && found.route.file !== 'password' && found.route.who) {
    go('#/account/password?must=1', {replace: true});
    return null;
  }
  const module = await import(`/pages/${found.route.file}.js`).catch((error) => {
    // Chromium, Firefox and Safari of a file that did not come; a fault inside of it says something else.
    throw error instanceof TypeError && /dynamically imported|importing a module/i.test(error.message) ? new Offline(error.message) : error;
  });

  await needTexts(module.texts ?? []);
  return module.default(page);
}

// A browser tells the change of a field that is taken away while it is being written in: the page that
// is left would save once more what it held, over what the next one has by then.
let removing = false;

for (const event of ['input', 'change'])
  main.addEventListener(event, (told) => removing && told.stopImmediatePropagation(), {capture: true});

function put(node, fresh) {
  removing = true;
  fill(main, node);
  removing = false;
  const heading = main.querySelector('h1');

  if (heading && !heading.hasAttribute('tabindex'))
    heading.setAttribute('tabindex', '-1');
  document.title = `${heading?.textContent ?? t('core.brand')} – ${t('core.brand')}`;
  if (fresh) {
    window.scrollTo(0, 0);
    (main.querySelector('[data-focus]') ?? heading)?.focus({preventScroll: true});
  }
}

export async function show() {
  const {path, query} = readAddress();
  const mine = ++turn;
  const fresh = shown?.path !== path || shown === null;
  const found = match(path);

  for (const fn of shown?.leaving ?? [])
    fn();
  shown?.abort.abort();
  const abort = new AbortController();
  const leaving = [];

  shown = {path, abort, leaving};
  const page = {
    path,
    query,
    params: found?.params ?? {},
    signal: abort.signal,
    go,
    again: show,
    leave: (fn) => leaving.push(fn),
    title: (text) => {
      document.title = `${text} – ${t('core.brand')}`;
    },
  };
  const waiting = setTimeout(() => {
    main.setAttribute('aria-busy', 'true');
    main.classList.add('waiting');
    announce(t('core.loading'));
  }, 300);

  drawHead();
  try {
    const node = await draw(found, page);

    if (mine === turn && node)
      put(node, fresh || true);
  } catch (error) {
    if (error?.name !== 'AbortError' && mine === turn) {
      if (error?.status === 401)
        signInFirst();
      else if (error?.code === 'totp_required') // all but switching it on is shut until then
        go('#/account/totp', {replace: true});
      else
        put(faultPage(error), true);
    }
  } finally {
    clearTimeout(waiting);
    if (mine === turn) {
      // Not before there is a page: it would be pushed away under the reader's eyes.
      document.getElementById('foot').hidden = false;
      main.removeAttribute('aria-busy');
      main.classList.remove('waiting');
      drawHead();
    }
  }
}

function startWorker() {
  if ('serviceWorker' in navigator && window.isSecureContext)
    navigator.serviceWorker.register('/sw.js').catch((error) => console.warn(error));
}

// The page and its words come while it is still asked who is here; what fails here is told by show().
function fetchAhead() {
  const found = match(readAddress().path);

  if (found)
    import(`/pages/${found.route.file}.js`).then((module) => needTexts(module.texts ?? [])).catch(() => {});
}

async function start() {
  const who = loadSession();

  fetchAhead();
  await startLanguage();
  onRedraw(() => {
    drawConnection();
    show();
  });
  onAccount(drawHead);
  for (const event of ['online', 'offline'])
    window.addEventListener(event, drawConnection);
  window.addEventListener('dvcd-signed-out', () => {
    announce(t('core.signed_out'), true);
    ended = true;
    show();
  });
  document.getElementById('skip').addEventListener('click', (event) => {
    event.preventDefault();
    (main.querySelector('h1') ?? main).focus();
  });
  drawConnection();
  await who;
  // Not before it is known who is here: a page that wants an account would send him to sign in.
  window.addEventListener('hashchange', show);
  await show();
  startWorker();
  import('./background.js').then((module) => module.start({redraw: drawHead})).catch((error) => console.warn(error));
}

start().catch((error) => {
  console.error(error);
  add(main, h('p', null, 'Không mở được trang này. Hãy tải lại. / This page did not open. Please reload.'));
});
