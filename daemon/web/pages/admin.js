// admin.js - where an administrator begins: what is wrong now, and the ways to each page.

import {get} from '../app/api.js';
import {h, link} from '../app/dom.js';
import {t} from '../app/i18n.js';
import {notice} from '../app/notify.js';
import {backStyle, later} from '../back/base.js';
import {frame} from '../back/admin.js';

export const texts = ['admin'];

async function health(signal) {
  const {items} = await get('/admin/health', {signal});
  const bad = items.filter((item) => item.state !== 'ok');

  if (bad.length === 0)
    return notice('ok', t('admin.health_all', {n: items.length}));
  return notice(bad.some((item) => item.state === 'fail') ? 'error' : 'warn', t('admin.health_bad', {n: bad.length}), h('ul', null, bad.map((item) => h('li', null, item.message))),
    h('p', null, link(t('admin.page_health'), '#/admin/health')));
}

async function dead(signal) {
  const {items, next} = await get('/admin/outbox?state=dead&limit=50', {signal});

  return items.length > 0 ? notice('warn', t('admin.dead_n', {n: next ? `${items.length}+` : items.length}), h('p', null, link(t('admin.page_outbox'), '#/admin/outbox'))) : null;
}

async function plugins(signal) {
  const {errors} = await get('/admin/plugins', {signal});

  return errors.length > 0 ? notice('warn', t('admin.errors_n', {n: errors.length}), h('p', null, link(t('admin.page_plugins'), '#/admin/plugins'))) : null;
}

export default async function adminPage({signal}) {
  await backStyle();
  return frame('', h('h1', null, t('core.menu_admin')), later(health(signal)), later(dead(signal)), later(plugins(signal)));
}
