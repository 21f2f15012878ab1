// admin-health.js - what the service says of itself, what is wrong first, with what to do.

import {get} from '../app/api.js';
import {badge} from '../app/badge.js';
import {button, h} from '../app/dom.js';
import {has, t} from '../app/i18n.js';
import {notice} from '../app/notify.js';
import {table} from '../app/table.js';
import {backStyle} from '../back/base.js';
import {frame} from '../back/admin.js';

export const texts = ['admin'];

const ORDER = {fail: 0, warn: 1, ok: 2};
const LOOKS = {fail: ['red', 'error'], warn: ['amber', 'warn'], ok: ['green', 'check']};

export default async function healthPage(page) {
  const [{items}] = await Promise.all([get('/admin/health', {signal: page.signal}), backStyle()]);
  const sorted = [...items].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
  const bad = items.filter((item) => item.state !== 'ok');

  return frame('health', h('h1', null, t('admin.page_health')),
    bad.length === 0 ? notice('ok', t('admin.health_all', {n: items.length})) : notice(bad.some((item) => item.state === 'fail') ? 'error' : 'warn', t('admin.health_bad', {n: bad.length})),
    h('div', {class: 'buttons tight'}, button(t('admin.again'), () => page.again(), {kind: 'secondary', sign: 'refresh'})),
    table([
      {name: t('admin.check'), class: 'cell-head', cell: (item) => [has(`admin.check_${item.check}`) ? t(`admin.check_${item.check}`) : item.check, h('div', {class: 'row-sub code'}, item.check)]},
      {name: t('admin.state'), class: 'nowrap', cell: (item) => badge(...LOOKS[item.state], t(`admin.health_${item.state}`))},
      {name: t('admin.message'), cell: (item) => item.message}, {name: t('admin.advice'), cell: (item) => item.advice || '–'},
    ], sorted, {caption: t('admin.page_health')}));
}
