// admin-accounts.js - accounts in this administrator's hands.

import {query} from '../app/api.js';
import {badge} from '../app/badge.js';
import {combobox} from '../app/controls.js';
import {h, link, newId} from '../app/dom.js';
import {t} from '../app/i18n.js';
import {pagedList, table} from '../app/table.js';
import {agencyNames} from '../desk/base.js';
import {backStyle} from '../back/base.js';
import {frame, roleText} from '../back/admin.js';

export const texts = ['admin'];

const KINDS = ['staff', 'citizen', 'portal'];

export function accountBadges(account) {
  return h('span', {class: 'badges'}, account.disabled ? badge('red', 'stop', t('admin.disabled')) : badge('green', 'check', t('admin.enabled')), account.totp && badge('blue', 'lock', t('admin.totp')));
}

export default async function accountsPage(page) {
  await backStyle();
  const names = await agencyNames();
  const asked = {q: page.query.get('q') ?? '', kind: page.query.get('kind') ?? '', agency: page.query.get('agency') ?? ''};
  let rows = null;
  const list = pagedList('/admin/accounts', asked, {
    limit: 30,
    signal: page.signal,
    empty: t('admin.accounts_none'),
    draw: (items, into) => {
      if (rows) {
        rows.addRows(items);
        return;
      }
      into.append(rows = table([
        {name: t('admin.account'), class: 'cell-head', cell: (row) => [h('a', {href: `#/admin/accounts/${encodeURIComponent(row.username)}`, class: 'row-link'}, row.name), h('div', {class: 'row-sub code'}, row.username)]},
        {name: t('admin.kind'), cell: (row) => t(`admin.kind_${row.kind}`)},
        {name: t('admin.roles'), cell: (row) => (row.roles.length > 0 ? h('ul', {class: 'bare'}, row.roles.map((role) => h('li', null, roleText(role)))) : '–')},
        {name: t('admin.state'), cell: accountBadges},
      ], items, {caption: t('admin.page_accounts')}));
    },
  });
  const input = h('input', {type: 'search', value: asked.q, autocomplete: 'off'});
  const kind = h('select', {name: 'kind'}, h('option', {value: ''}, t('admin.all')), KINDS.map((one) => h('option', {value: one, selected: asked.kind === one}, t(`admin.kind_${one}`))));
  const agency = combobox({id: 'agency', label: t('admin.agency'), options: [...names].map(([value, label]) => ({value, label, also: value}))});
  const search = () => {
    rows = null;
    Object.assign(asked, {q: input.value.trim(), kind: kind.value, agency: agency.raw() ? agency.value() ?? asked.agency : ''});
    history.replaceState(null, '', `#${query('/admin/accounts', asked)}`);
    return list.reload(asked);
  };

  agency.input.id = newId('agency');
  agency.set(asked.agency);
  kind.addEventListener('change', search);
  agency.node.addEventListener('change', search);
  await list.ready;
  return frame('accounts', h('h1', null, t('admin.page_accounts')),
    h('form', {class: 'filters', role: 'search', on: {submit: (event) => {
      event.preventDefault();
      search();
    }}}, h('label', {class: 'filter wide'}, h('span', null, t('admin.accounts_q')), input), h('label', {class: 'filter'}, h('span', null, t('admin.kind')), kind),
    h('div', {class: 'filter wide'}, h('label', {for: agency.input.id, class: 'quiet small'}, t('admin.agency')), agency.node), h('button', {type: 'submit', class: 'button'}, t('admin.search'))),
    h('div', {class: 'buttons tight'}, link(t('admin.account_new'), '#/admin/new-account', {kind: 'secondary', sign: 'plus'})), list);
}
