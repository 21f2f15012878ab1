// parcel.js - one parcel at the door: whom it is for, what may be entered, what happened. No number
// of anybody's identity paper is asked for or shown.

import {get, newKey, post, query} from '../app/api.js';
import {confirm} from '../app/dialog.js';
import {busy, button, fill, h, icon} from '../app/dom.js';
import {errorSummary, group} from '../app/fields.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {notice, toast, words} from '../app/notify.js';
import {facts} from '../app/table.js';
import {agencyNames} from '../desk/base.js';
import {backStyle, backTo} from '../back/base.js';
import {atPost, call, nextStates, numbers, parcelBadge, parcelState, place} from '../back/parcels.js';

export const texts = ['postal', 'post'];

const SIGNS = {delivered: 'check', picked_up: 'check', in_transit: 'truck', invited_1: 'bell', invited_2: 'bell', returning: 'back', returned_to_agency: 'home', collection_failed: 'stop'};
const RELATIONS = ['self', 'family', 'authorised', 'colleague'];

class Parcel {
  constructor(page, parcel, names) {
    this.page = page;
    this.names = names;
    this.parcel = parcel;
    this.acts = h('div');
    this.node = h('div', {class: 'wrap narrow desk postal'});
    this.draw();
  }

  draw() {
    const {parcel} = this;
    const who = parcel.receiver?.name ?? parcel.dossier;

    fill(this.node, backTo(t('postal.to_list'), query('#/parcels', {})), h('h1', null, h('span', {class: 'caption'}, t(`post.direction_${parcel.direction}`)), who),
      h('p', {class: 'lead door'}, place(parcel.receiver?.address)), parcel.receiver?.phone && h('p', {class: 'lead door'}, call(parcel.receiver.phone, who)),
      h('div', {class: 'badges'}, parcelBadge(parcel)), this.acts,
      facts([[t('post.item_code'), parcel.item_code && h('span', {class: 'code'}, parcel.item_code)], [t('post.order_number'), h('span', {class: 'code'}, parcel.order_number)],
        [t('postal.procedure'), parcel.procedure_name], [t('postal.dossier'), h('span', {class: 'code'}, parcel.dossier)],
        [t('postal.office'), parcel.office_name ?? parcel.office], [t('postal.agency'), parcel.agency_name],
        [t('postal.record'), parcel.handover && h('a', {href: `#/handovers/${parcel.handover}`, class: 'call'}, t('postal.record_open'))]]),
      parcel.papers?.length > 0 && [h('h2', null, t('postal.listed')), h('ul', null, parcel.papers.map((paper) =>
        h('li', null, paper.name, h('span', {class: 'quiet'}, ` (${t('postal.paper_counts', {originals: paper.originals, copies: paper.copies})})`))))],
      h('h2', null, t('postal.history')), parcel.events.length === 0 ? h('p', {class: 'quiet'}, t('core.none')) : h('ol', {class: 'steps'}, [...parcel.events].reverse().map((event, place_) =>
        h('li', {class: place_ === 0 ? 'now' : 'done'}, parcelState(event.state, null, this.parcel.direction), h('div', {class: 'quiet small'}, [dateTime(event.at), this.names.get(event.place) ?? event.place].filter(Boolean).join(' · ')),
          event.note && h('div', {class: 'small'}, event.note)))));
    this.drawActs();
  }

  drawActs() {
    const states = atPost() ? nextStates(this.parcel) : [];

    fill(this.acts, states.length > 0 && h('div', {class: 'acts', role: 'group', 'aria-label': t('postal.enter')}, states.map((state, at) =>
      button(t(`postal.do_${state}`), (event) => this.enter(state, event.currentTarget), {kind: at === 0 ? 'primary' : 'secondary', sign: SIGNS[state], 'data-state': state}))));
  }

  async enter(state, control) {
    if (state === 'delivered') {
      this.deliveredForm();
      return;
    }
    if (['collection_failed', 'returning', 'returned_to_agency'].includes(state)) {
      this.reasonForm(state);
      return;
    }
    if (await confirm(t(`postal.do_${state}`), t('postal.sure', {who: this.parcel.receiver?.name ?? ''})))
      await busy(control, () => this.send({state}));
  }

  form(title, fields, submit, send) {
    const go = h('button', {type: 'submit', class: 'button'}, icon('check'), h('span', null, submit));
    const heading = h('h2', {tabindex: -1}, title);

    fill(this.acts, h('form', {class: 'card act-form', novalidate: true, on: {submit: (event) => {
      event.preventDefault();
      if (fields.check())
        busy(go, () => send(fields));
    }}}, heading, fields.node, h('div', {class: 'acts'}, go, button(t('core.cancel'), () => this.drawActs(), {kind: 'secondary'}))));
    heading.focus();
    heading.scrollIntoView({block: 'start'});
  }

  deliveredForm() {
    const fields = group([
      {id: 'relation', label: t('postal.relation'), type: 'radio', required: true, options: RELATIONS.map((one) => ({value: one, label: t(`postal.relation_${one}`)}))},
      {id: 'name', label: t('postal.receiver'), type: 'text', required: true, maxLength: 200},
      {id: 'identity_checked', label: t('postal.identity_checked'), type: 'boolean', required: true},
      {id: 'note', label: t('postal.note'), type: 'text', maxLength: 500},
    ], {prefix: 'delivered-', onChange: (made) => {
      if (made.get('relation') === 'self' && !made.field('name').control.raw())
        made.set('name', this.parcel.receiver?.name ?? '');
    }});

    this.form(t('postal.do_delivered'), fields, t('postal.delivered_ok'), ({values}) => {
      const {name, relation, note = null} = values();

      return this.send({state: 'delivered', receiver: {name, relation: t(`postal.relation_${relation}`), identity_checked: true}, note}, fields);
    });
  }

  reasonForm(state) {
    const fields = group([{id: 'note', label: t('postal.why'), type: 'textarea', rows: 2, required: state !== 'returned_to_agency', maxLength: 500}], {prefix: 'why-'});

    this.form(t(`postal.do_${state}`), fields, t('core.ok'), ({values}) => this.send({state, note: values().note ?? null}, fields));
  }

  async send(body, fields) {
    this.key ??= newKey();
    try {
      this.parcel = await post(`/parcels/${encodeURIComponent(this.parcel.order_number)}/events`, {at: null, receiver: null, note: null, ...body}, this.key);
      this.key = null;
      toast('ok', t('postal.entered', {state: parcelState(this.parcel.state, this.parcel.state_name, this.parcel.direction)}));
      this.draw();
      this.node.querySelector('h1').focus();
    } catch (error) {
      // An answer is an answer: what is sent next is a new intent.
      if (error.status)
        this.key = null;
      const found = fields?.show(error.errors ?? [], '/receiver/').concat(fields.show(error.errors ?? [], '/')) ?? [];
      const said = (error.errors ?? []).map((one) => ({message: one.message}));

      if (fields)
        fields.summary(found.length > 0 ? found : said.length > 0 ? said : [{message: words(error)}]);
      else
        errorSummary(this.acts, said.length > 0 ? said : [{message: words(error)}]);
    }
  }
}

export default async function parcelPage(page) {
  const [answer, names] = await Promise.all([get(query('/parcels', {q: page.params.order, limit: 1}), {signal: page.signal}), agencyNames(), backStyle()]);

  if (answer.items.length === 0)
    return h('div', {class: 'wrap narrow desk'}, backTo(t('postal.to_list'), '#/parcels'), h('h1', null, t('core.not_found_title')), notice('warn', t('postal.scan_none', {code: page.params.order})));
  page.title(numbers(answer.items[0])[0]);
  return new Parcel(page, answer.items[0], names).node;
}
