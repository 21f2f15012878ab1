// delegations.js - uỷ quyền: given and received by this account; an administrator has those of his
// agencies as well and may give for another.

import {get, newKey, post, query, remove} from '../app/api.js';
import {badge} from '../app/badge.js';
import {confirm} from '../app/dialog.js';
import {combobox} from '../app/controls.js';
import {busy, button, fill, h, newId} from '../app/dom.js';
import {group} from '../app/fields.js';
import {dateTime, today} from '../app/format.js';
import {t} from '../app/i18n.js';
import {failed, toast, words} from '../app/notify.js';
import {procedureBox} from '../app/procedures.js';
import {holds, session} from '../app/session.js';
import {pagedList, table} from '../app/table.js';
import {agencyNames} from '../desk/base.js';
import {allRows, backStyle, endOf, startOf} from '../back/base.js';
import {frame, roleName} from '../back/admin.js';

export const texts = ['admin'];

const LOOKS = {future: ['blue', 'clock'], in_force: ['green', 'check'], ended: ['grey', 'stop'], fallen: ['amber', 'warn']};
const NOT_LENT = ['admin'];

function rolesOf(roles, names) {
  return roles.filter((one) => !NOT_LENT.includes(one.role)).map((one) => ({value: `${one.role} ${one.agency}`, label: `${roleName(one.role)} – ${names.get(one.agency) ?? one.agency}`}));
}

class Give {
  constructor(page, asAdmin, names, done) {
    Object.assign(this, {page, asAdmin, names, done, key: newKey(), node: h('div'), rolesOf: new Map()});
    this.opener = button(t('admin.delegate'), () => this.open(), {kind: 'secondary', sign: 'plus'});
    this.rest();
  }

  rest() {
    fill(this.node, h('div', {class: 'buttons tight'}, this.opener));
  }

  know(items) {
    for (const one of items)
      this.rolesOf.set(one.username, one.roles);
    return items.map((one) => ({value: one.username, label: one.name, also: one.username}));
  }

  // Whom a role can be given to: an administrator finds among his accounts, which may be a whole
  // province's; others choose among colleagues.
  async people() {
    const {signal} = this.page;

    return this.asAdmin ? {find: async (q) => this.know((await get(query('/admin/accounts', {kind: 'staff', q, limit: 50}), {signal})).items)}
      : {options: this.know((await allRows('/colleagues', {}, {signal})).items)};
  }

  async open() {
    await busy(this.opener, async () => {
      try {
        this.show(await this.people());
      } catch (error) {
        failed(error);
      }
    });
  }

  show(people) {
    const role = combobox({id: 'role', label: t('admin.role'), options: this.asAdmin ? [] : rolesOf(session().roles, this.names)});
    const choose = (spec) => combobox({...spec, ...people});
    const fields = group([
      this.asAdmin && {id: 'from', label: t('admin.delegate_from'), type: 'combo', required: true, make: choose},
      {id: 'role', label: t('admin.delegate_role'), type: 'combo', required: true, make: () => role},
      {id: 'to', label: t('admin.delegate_to'), type: 'combo', required: true, make: choose, hint: t('admin.delegate_to_hint')},
      {id: 'procedure', label: t('admin.delegate_procedure'), type: 'combo', hint: t('admin.delegate_procedure_hint'), make: (spec) => procedureBox(spec)},
      {id: 'valid_from', label: t('admin.from'), type: 'date', required: true},
      {id: 'valid_to', label: t('admin.to'), type: 'date', required: true, minDate: today(), check: (value, look) => (value && look('form.valid_from') && value < look('form.valid_from') ? t('admin.to_before') : null)},
      {id: 'legal_basis', label: t('admin.legal_basis'), type: 'text', required: true, maxLength: 300, hint: t('admin.legal_basis_hint')},
    ].filter(Boolean), {prefix: `${newId('delegate')}-`, values: {valid_from: today()}, onChange: (made) => {
      const from = this.asAdmin && made.get('from');

      if (from && from !== this.from) {
        this.from = from;
        role.setOptions(rolesOf(this.rolesOf.get(from) ?? [], this.names));
      }
    }});
    const submit = h('button', {type: 'submit', class: 'button'}, t('admin.delegate_ok'));
    const heading = h('h2', {tabindex: -1}, t('admin.delegate'));

    fill(this.node, h('form', {class: 'card act-form', novalidate: true, on: {submit: (event) => {
      event.preventDefault();
      if (fields.check())
        busy(submit, () => this.send(fields));
    }}}, heading, fields.node, h('div', {class: 'buttons'}, submit, button(t('core.cancel'), () => this.rest(), {kind: 'secondary'}))));
    heading.focus();
  }

  async send(fields) {
    const {from, to, role, procedure = null, valid_from, valid_to, legal_basis} = fields.values();
    const [code, agency] = role.split(' ');

    try {
      await post('/delegations', {...(from ? {from} : {}), to, role: code, agency, procedure, valid_from: startOf(valid_from), valid_to: endOf(valid_to), legal_basis}, this.key);
      this.key = newKey();
      toast('ok', t('admin.delegated'));
      this.rest();
      this.opener.focus();
      this.done();
    } catch (error) {
      if (error.status)
        this.key = newKey();
      const shown = fields.show(error.errors ?? [], '/');

      fields.summary(shown.length > 0 ? shown : [{message: words(error)}]);
    }
  }
}

export default async function delegationsPage(page) {
  const asAdmin = page.path === 'admin/delegations' && holds('admin');
  const [names] = await Promise.all([agencyNames(), backStyle()]);
  let rows = null;
  const list = pagedList('/delegations', {}, {
    limit: 30,
    signal: page.signal,
    empty: () => h('p', {class: 'empty'}, t('admin.delegations_none')),
    draw: (items, into) => {
      if (rows) {
        rows.addRows(items);
        return;
      }
      into.append(rows = table([
        {name: t('admin.delegation'), class: 'cell-head', cell: (row) => [t('admin.from_to', {from: row.from.name, to: row.to.name}), h('div', {class: 'row-sub'}, `${roleName(row.role)} – ${row.agency_name}`), row.procedure && h('div', {class: 'row-sub'}, row.procedure_name ?? row.procedure)]},
        !asAdmin && {name: t('admin.mine'), cell: (row) => (row.given ? t('admin.given') : row.received ? t('admin.received') : '–')},
        {name: t('admin.when'), cell: (row) => [dateTime(row.valid_from), h('br'), dateTime(row.valid_to)]},
        {name: t('admin.legal_basis'), cell: (row) => row.legal_basis},
        {name: t('admin.state'), cell: (row) => [badge(...LOOKS[row.state], t(`admin.delegation_${row.state}`)), row.may_end && h('div', null, button(t('admin.end'), (event) => end(row, event.currentTarget), {kind: 'plain', sign: 'stop', 'aria-label': `${t('admin.end')}: ${row.to.name}`}))]},
      ].filter(Boolean), items, {caption: t('core.menu_delegations')}));
    },
  });
  const reload = () => {
    rows = null;
    list.reload();
  };
  const end = async (row, control) => {
    if (!await confirm(t('admin.end'), t('admin.end_text', {from: row.from.name, to: row.to.name}), {ok: t('admin.end'), danger: true}))
      return;
    await busy(control, async () => {
      try {
        await remove(`/delegations/${row.id}`);
        toast('ok', t('admin.ended'));
        reload();
      } catch (error) {
        failed(error);
      }
    });
  };
  const may = asAdmin || rolesOf(session().roles, names).length > 0;
  const content = [h('h1', null, t(asAdmin ? 'admin.page_delegations' : 'admin.my_delegations')), h('p', null, t('admin.delegations_text')), may && new Give(page, asAdmin, names, reload).node, list];

  await list.ready;
  return asAdmin ? frame('delegations', content) : h('div', {class: 'wrap desk'}, content);
}
