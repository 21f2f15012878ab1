// handover.js - one hand-over record (biên bản giao nhận): what is handed over, who signed, signing.

import {address, get, newKey, remove, request} from '../app/api.js';
import {badge} from '../app/badge.js';
import {confirm} from '../app/dialog.js';
import {busy, button, fill, h, icon} from '../app/dom.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {failed, notice, toast} from '../app/notify.js';
import {facts, table} from '../app/table.js';
import {backStyle, backTo} from '../back/base.js';
import {mayCancel, maySign, recordBadge} from '../back/handover.js';
import {parcelState} from '../back/parcels.js';

export const texts = ['postal', 'post'];

const SETTLE_MS = 1500;

function side(title, name, signed) {
  return h('div', {class: 'card'}, h('h2', null, title), h('p', null, name),
    signed ? h('p', null, badge('green', 'check', t('postal.signed_by', {name: signed.name})), h('span', {class: 'quiet small'}, ` ${dateTime(signed.at)}`))
      : h('p', null, badge('amber', 'pen', t('postal.not_signed'))));
}

function outcome(parcel, record) {
  if (record.state !== 'signed')
    return parcelState(parcel.state, parcel.state_name, record.direction);
  if (parcel.waits)
    return badge('amber', 'clock', t('postal.outcome_waits'));
  return !parcel.outcome || parcel.outcome === 'handed_over' ? badge('green', 'check', parcelState(parcel.state, parcel.state_name, record.direction))
    : [badge('red', 'warn', t('postal.outcome_failed')), h('div', {class: 'small'}, parcel.outcome)];
}

class Handover {
  constructor(page, record) {
    this.page = page;
    this.record = record;
    this.key = newKey();
    this.path = `/handovers/${encodeURIComponent(record.id)}`;
    this.node = h('div', {class: 'wrap desk postal'});
    this.draw();
  }

  draw() {
    const {record} = this;
    const waits = record.state === 'signed' && record.parcels.some((parcel) => parcel.waits);

    fill(this.node, backTo(t('core.menu_handovers'), '#/handovers'), h('h1', null, h('span', {class: 'caption'}, t('postal.record')), record.number),
      h('div', {class: 'badges'}, recordBadge(record)),
      h('p', {class: 'lead'}, t(`postal.flow_${record.direction}`, {office: record.office_name ?? record.office, agency: record.agency_name ?? record.agency})),
      h('p', {class: 'counted'}, t('postal.paper_counts', record)), record.note && h('p', null, record.note),
      waits && notice('info', t('postal.settling')),
      maySign(record) && notice('warn', t('postal.sign_text', record)),
      h('div', {class: 'buttons no-print'}, maySign(record) && button(t('postal.sign'), (event) => this.sign(event.currentTarget), {sign: 'pen'}),
        record.state !== 'cancelled' && h('a', {class: 'button secondary', href: address(`${this.path}/paper`), target: '_blank', rel: 'noopener'}, icon('print'), h('span', null, t('postal.print'))),
        mayCancel(record) && button(t('postal.cancel'), (event) => this.cancel(event.currentTarget), {kind: 'secondary', sign: 'bin', class: 'button danger-outline'})),
      h('div', {class: 'sides'}, side(t('postal.side_agency'), record.agency_name ?? record.agency, record.agency_signed), side(t('postal.side_office'), record.office_name ?? record.office, record.office_signed)),
      h('h2', null, t('postal.parcels')),
      table([
        {name: t('postal.receiver_of'), class: 'cell-head', cell: (parcel) => [h('a', {href: `#/parcels/${encodeURIComponent(parcel.order_number)}`, class: 'row-link'}, parcel.receiver?.name ?? parcel.dossier), h('div', {class: 'row-sub'}, parcel.procedure_name)]},
        {name: t('postal.dossier'), cell: (parcel) => h('span', {class: 'code'}, parcel.dossier)},
        {name: t('post.item_code'), cell: (parcel) => h('span', {class: 'code'}, parcel.item_code ?? '–')},
        {name: t('post.order_number'), cell: (parcel) => h('span', {class: 'code'}, parcel.order_number)},
        {name: t('postal.state'), cell: (parcel) => outcome(parcel, record)},
      ], record.parcels, {caption: t('postal.parcels')}),
      facts([[t('postal.made_by'), record.made_by], [t('postal.made_at'), dateTime(record.made_at)]]));
    if (waits)
      this.settle();
  }

  // The parcels of a signed record follow within a moment.
  settle() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      try {
        this.record = await get(this.path, {signal: this.page.signal});
        this.draw();
      } catch (error) {
        if (error.name !== 'AbortError')
          this.settle();
      }
    }, SETTLE_MS);
    this.page.leave(() => clearTimeout(this.timer));
  }

  async sign(control) {
    if (!await confirm(t('postal.sign'), t('postal.sign_text', this.record), {ok: t('postal.sign_ok')}))
      return;
    await busy(control, async () => {
      try {
        this.record = (await request('POST', `${this.path}/sign`, {key: this.key})).data;
        toast('ok', t('postal.signed', {number: this.record.number}));
        this.draw();
        this.node.querySelector('h1').focus();
      } catch (error) {
        failed(error);
      }
    });
  }

  async cancel(control) {
    if (!await confirm(t('postal.cancel'), t('postal.cancel_text'), {ok: t('postal.cancel_ok'), danger: true}))
      return;
    await busy(control, async () => {
      try {
        await remove(this.path);
        this.record = await get(this.path);
        toast('ok', t('postal.cancelled'));
        this.draw();
        this.node.querySelector('h1').focus();
      } catch (error) {
        failed(error);
      }
    });
  }
}

export default async function handoverPage(page) {
  await backStyle();
  return new Handover(page, await get(`/handovers/${encodeURIComponent(page.params.id)}`, {signal: page.signal})).node;
}
