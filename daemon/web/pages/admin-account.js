// admin-account.js - one account: its roles, its password, whether it may sign in, what was done to it.

import {get, newKey, post, remove} from '../app/api.js';
import {badge} from '../app/badge.js';
import {ask, confirm} from '../app/dialog.js';
import {busy, button, fill, h} from '../app/dom.js';
import {group} from '../app/fields.js';
import {dateTime, today} from '../app/format.js';
import {t} from '../app/i18n.js';
import {notice, toast, words} from '../app/notify.js';
import {account as mine} from '../app/session.js';
import {facts, table} from '../app/table.js';
import {backStyle, backTo, endOf, startOf} from '../back/base.js';
import {STAFF_ROLES, agencyField, frame, roleName, roleText, span} from '../back/admin.js';
import {showPassword} from '../back/password.js';
import {accountBadges} from './admin-accounts.js';

export const texts = ['admin', 'people'];

class Account {
  constructor(page, account, agency) {
    this.page = page;
    this.account = account;
    this.agency = agency;
    this.path = `/admin/accounts/${encodeURIComponent(account.username)}`;
    this.said = h('div');
    this.node = h('div');
    this.draw();
  }

  draw() {
    const {account} = this;
    const self = account.username === mine().username;
    const future = (role) => new Date(role.from) > new Date();

    fill(this.node, backTo(t('admin.page_accounts'), '#/admin/accounts'), h('h1', null, h('span', {class: 'caption'}, t(`admin.kind_${account.kind}`)), account.name), accountBadges(account), this.said,
      account.disabled && notice('warn', t('admin.disabled_since', {at: dateTime(account.disabled_at)}), account.disabled_reason && h('p', null, account.disabled_reason)),
      !account.editable && notice('info', t('admin.not_editable')), account.waits_until && notice('warn', t('admin.waits', {at: dateTime(account.waits_until)})),
      facts([[t('admin.username'), h('span', {class: 'code'}, account.username)], [t('people.phone'), account.phone], [t('people.email'), account.email], [t('admin.created'), dateTime(account.created_at)],
        [t('admin.id_number'), account.kind === 'citizen' ? t(account.id_number_verified ? 'admin.verified' : 'admin.not_verified') : null],
        [t('admin.password'), account.must_change_password ? t('admin.must_change') : null]]),
      account.editable && !self && h('div', {class: 'buttons'}, button(t('admin.reset'), (event) => this.reset(event.currentTarget), {kind: 'secondary', sign: 'lock'}),
        account.disabled ? button(t('admin.enable'), (event) => this.act(event.currentTarget, () => post(`${this.path}/enable`, {}), t('admin.enabled_now')), {kind: 'secondary', sign: 'check'})
          : button(t('admin.disable'), (event) => this.disable(event.currentTarget), {class: 'button danger-outline', sign: 'stop'})),
      h('h2', null, t('admin.roles')),
      account.roles.length > 0 ? table([
        {name: t('admin.role'), class: 'cell-head', cell: (role) => [roleText(role), h('div', {class: 'row-sub code'}, role.agency)]},
        {name: t('admin.when'), cell: (role) => [span(role.from, role.to), ' ', future(role) && badge('blue', 'clock', t('admin.future'))]},
        {name: t('admin.act'), cell: (role) => button(t('admin.revoke'), (event) => this.revoke(role, event.currentTarget), {kind: 'plain', sign: 'bin', 'aria-label': `${t('admin.revoke')}: ${roleName(role.role)} – ${role.agency_name}`})},
      ], account.roles, {caption: t('admin.roles')}) : h('p', {class: 'quiet'}, t('admin.no_roles')),
      account.kind === 'staff' && h('div', {class: 'buttons tight'}, button(t('admin.grant'), (event) => this.grant(event.currentTarget), {kind: 'secondary', sign: 'plus'})),
      h('h2', null, t('admin.events')), h('ol', {class: 'bare history'}, account.events.map((event) => h('li', null, h('span', {class: 'quiet small nowrap'}, dateTime(event.at)), ' ', h('strong', null, t(`admin.event_${event.kind}`)),
        event.role && ` – ${roleName(event.role)}${event.agency ? `, ${event.agency}` : ''}`, h('span', {class: 'quiet'}, ` (${event.by ?? t('admin.by_operator')})`), event.reason && h('div', {class: 'small'}, event.reason)))));
  }

  async reload() {
    this.account = await get(this.path, {signal: this.page.signal});
    this.draw();
  }

  async act(control, work, done) {
    fill(this.said);
    await busy(control, async () => {
      try {
        await work();
        if (done)
          toast('ok', done);
        await this.reload();
      } catch (error) {
        fill(this.said, notice('error', words(error), error.errors?.length > 0 && h('ul', null, error.errors.map((one) => h('li', null, one.message)))));
        this.said.scrollIntoView({block: 'center'});
      }
    });
  }

  async reset(control) {
    const fields = group([{id: 'totp_off', label: t('admin.totp_off'), type: 'boolean', hint: t('admin.totp_off_hint')}], {prefix: 'reset-'});
    const answer = this.account.totp ? await ask(t('admin.reset'), fields, {text: t('admin.reset_text'), ok: t('admin.reset_ok')})
      : await confirm(t('admin.reset'), t('admin.reset_text'), {ok: t('admin.reset_ok')}) && {};

    if (!answer)
      return;
    const key = newKey();

    await this.act(control, async () => {
      const {password} = await post(`${this.path}/password`, answer.totp_off ? {totp_off: true} : {}, key);

      await showPassword(this.account.username, password);
    });
  }

  async disable(control) {
    const fields = group([{id: 'reason', label: t('admin.reason'), type: 'textarea', rows: 2, required: true, maxLength: 500}], {prefix: 'disable-'});
    const answer = await ask(t('admin.disable'), fields, {text: t('admin.disable_text'), ok: t('admin.disable'), danger: true});

    if (answer)
      await this.act(control, () => post(`${this.path}/disable`, answer), t('admin.disabled_now'));
  }

  async grant(control) {
    const fields = group([
      {id: 'role', label: t('admin.role'), type: 'select', required: true, options: STAFF_ROLES.map((role) => ({value: role, label: roleName(role)})), make: undefined},
      this.agency, {id: 'below', label: t('admin.below'), type: 'boolean'},
      {id: 'from', label: t('admin.from'), type: 'date', hint: t('admin.from_hint')}, {id: 'to', label: t('admin.to'), type: 'date', hint: t('admin.to_hint'), minDate: today(), check: (value, look) => {
        const from = look('form.from');

        return value && from && value < from ? t('admin.to_before') : null;
      }},
    ], {prefix: 'grant-'});
    const answer = await ask(t('admin.grant'), fields, {ok: t('admin.grant_ok')});

    if (answer)
      await this.act(control, () => post(`${this.path}/grants`, {role: answer.role, agency: answer.agency, below: answer.below ?? false, from: startOf(answer.from), to: endOf(answer.to)}), t('admin.granted'));
  }

  async revoke(role, control) {
    if (await confirm(t('admin.revoke'), t('admin.revoke_text', {role: roleName(role.role), agency: role.agency_name ?? role.agency, name: this.account.name}), {ok: t('admin.revoke'), danger: true}))
      await this.act(control, () => remove(`${this.path}/grants/${role.id}`), t('admin.revoked'));
  }
}

export default async function accountPage(page) {
  const [account, agency] = await Promise.all([get(`/admin/accounts/${encodeURIComponent(page.params.username)}`, {signal: page.signal}), agencyField('agency', t('admin.agency')), backStyle()]);

  return frame('accounts', new Account(page, account, agency).node);
}
