// layout.js - what stands around every page: head with menu, strip of the connection, foot.

import {button, fill, h, icon, link} from './dom.js';
import {language, setLanguage, t} from './i18n.js';
import {account, holds, session} from './session.js';
import {menu} from './routes.js';

let redraw = () => {};
let badgeOf = () => 0;

export function onRedraw(fn) {
  redraw = fn;
}

// How many unread notices the bell shows.
export function bellCount(fn) {
  badgeOf = fn;
}

export function allowed(who) {
  if (!who || who === 'anyone')
    return true;
  if (who === 'visitor')
    return !session();
  if (who === 'account')
    return Boolean(session());
  if (who === 'citizen' || who === 'staff')
    return account()?.kind === who;
  return holds(...who);
}

function current(href) {
  const now = location.hash.split('?')[0] || '#/';

  return now === href || (href !== '#/' && now.startsWith(`${href}/`));
}

function languageButton() {
  const other = language() === 'vi' ? 'en' : 'vi';

  return h('button', {type: 'button', class: 'head-link', lang: other, on: {click: async () => {
    await setLanguage(other);
    redraw();
  }}}, h('span', {class: 'wide'}, other === 'en' ? 'English' : 'Tiếng Việt'), h('span', {class: 'slim', 'aria-hidden': 'true'}, other.toUpperCase()));
}

function accountLinks() {
  if (!session())
    return [link(t('core.sign_in'), '#/sign-in', {class: 'head-link'})];
  const unread = badgeOf();

  return [
    h('a', {href: '#/notices', class: 'head-link', 'aria-current': current('#/notices') ? 'page' : null}, icon('bell'),
      h('span', {class: 'wide'}, t('core.menu_notices')), unread > 0 && h('span', {class: 'count'}, String(unread),
        h('span', {class: 'hidden'}, ` ${t('core.unread')}`))),
    h('a', {href: '#/account', class: 'head-link', 'aria-current': current('#/account') ? 'page' : null}, icon('user'), h('span', {class: 'wide'}, account().name)),
  ];
}

export function drawHead() {
  const items = menu.filter((item) => allowed(item.who));
  const list = h('ul', {class: 'menu', id: 'menu'}, items.map((item) => h('li', null,
    h('a', {href: item.href, 'aria-current': current(item.href) ? 'page' : null}, item.sign && icon(item.sign), h('span', null, t(item.label))))));
  const opener = button(t('core.menu'), () => {
    const open = opener.getAttribute('aria-expanded') !== 'true';

    opener.setAttribute('aria-expanded', String(open));
    list.classList.toggle('open', open);
  }, {kind: 'plain', sign: 'menu', class: 'button plain opener', 'aria-expanded': 'false', 'aria-controls': 'menu'});

  document.getElementById('skip').textContent = t('core.skip');
  fill(document.getElementById('head'),
    h('div', {class: 'head-top wrap'},
      h('a', {href: '#/', class: 'brand'}, h('span', {class: 'brand-mark', 'aria-hidden': 'true'}, icon('home')), h('span', null, t('core.brand'))),
      h('div', {class: 'head-links'}, accountLinks(), languageButton())),
    h('nav', {class: 'wrap nav', 'aria-label': t('core.menu')}, opener, list));
  fill(document.getElementById('foot'), h('div', {class: 'wrap'},
    h('p', null, t('core.foot_law')),
    h('ul', {class: 'inline'}, [['#/help', 'core.help'], ['#/lookup', 'core.menu_lookup'], ['#/figures', 'core.menu_figures'], ['/api/v1/openapi.json', 'core.foot_api']]
      .map(([href, key]) => h('li', null, link(t(key), href))))));
}

export function drawConnection() {
  const strip = document.getElementById('connection');

  strip.hidden = navigator.onLine;
  fill(strip, !navigator.onLine && h('div', {class: 'wrap'}, icon('offline'), h('span', null, t('core.offline'))));
}
