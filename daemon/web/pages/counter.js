// counter.js - the receiver's counter: who stands there, what for, which papers, submitted and accepted
// in one act, the fee taken, the receipt printed; every step by keyboard.

import {get, newKey, post, query, request} from '../app/api.js';
import {communes, provinces} from '../app/address.js';
import {combobox, selectInput} from '../app/controls.js';
import {button, busy, fill, h, icon} from '../app/dom.js';
import {errorSummary, group} from '../app/fields.js';
import {fieldsOf} from '../app/form.js';
import {feeRate} from '../app/fee.js';
import {fold} from '../app/format.js';
import {t} from '../app/i18n.js';
import {announce, failed, notice} from '../app/notify.js';
import {filledFrom, idNumberFault, kindOptions, waiverOptions} from '../app/people.js';
import {competentAgencies, procedureBox} from '../app/procedures.js';
import {agencyNames, deskStyle, placesOf, procedure} from '../desk/base.js';
import {keyHint, shortcutHelp, shortcuts} from '../desk/keys.js';
import {paperTicks} from '../desk/ticks.js';
import {doneView} from '../desk/counter_done.js';
import {readCard} from '../desk/scan.js';

export const texts = ['desk', 'people'];

const block = (name, key, ...content) => h('section', {class: `counter-block counter-${name}`, 'aria-labelledby': `counter-block-${name}`},
  h('h2', {id: `counter-block-${name}`}, t(`desk.counter_${name}`), key && keyHint(key)), content);

// The commune that the card's address names, among those of the home province.
async function placeOf(text) {
  const {items, home} = await provinces();
  const province = home ?? items[0]?.code;
  const said = fold(text ?? '');
  const parts = (text ?? '').split(',').map((part) => part.trim()).filter(Boolean);
  const found = said ? (await communes(province)).find((one) => said.includes(fold(one.name.replace(/^(phường|xã|đặc khu|thị trấn)\s+/i, '')))) : null;

  return {province, commune: found?.code ?? null, line: parts.slice(0, Math.max(1, parts.length - 2)).join(', ')};
}

class Counter {
  constructor(page, desks, names) {
    Object.assign(this, {page, desks, names, desk: desks[0]});
    this.key = newKey();
    this.started = performance.now();
    this.plan = null;
    this.scan = h('input', {type: 'text', id: 'counter-scan', autocomplete: 'off', spellcheck: 'false', 'data-focus': true,
      'aria-describedby': 'counter-scan-hint', on: {keydown: (event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          this.scanned();
        }
      }}});
    this.scanNote = h('p', {class: 'hint', id: 'counter-scan-hint', role: 'status'}, t('desk.scan_hint'));
    this.who = this.makeWho();
    this.what = this.makeWhat();
    this.rest = h('div');
    this.problem = h('div');
    this.node = h('div', {class: 'wrap desk counter'}, h('h1', null, t('desk.counter')), this.form = h('form', {novalidate: true,
      on: {submit: (event) => {
        event.preventDefault();
        this.send('accept');
      }}}, this.problem,
    this.deskChoice(), block('card', 'Alt+0', h('label', {for: 'counter-scan'}, t('desk.counter_scan')), this.scan, this.scanNote),
    h('div', {class: 'counter-columns'},
      h('div', null, block('who', 'Alt+1', this.who.node)),
      h('div', null, block('what', 'Alt+2', this.what.node), this.rest))));
  }

  // Whose one-stop desk this is, for who sits at several.
  deskChoice() {
    if (this.desks.length < 2)
      return null;
    const box = selectInput({id: 'counter-desk', options: this.desks.map((code) => ({value: code, label: this.names.get(code) ?? code}))});

    box.set(this.desk);
    box.input.id = 'counter-desk';
    box.node.addEventListener('change', () => {
      this.desk = box.value() ?? this.desk;
    });
    return h('div', {class: 'field'}, h('label', {for: 'counter-desk'}, t('desk.counter_desk')), box.node);
  }

  makeWho() {
    const other = (look) => look('form.behalf') && look('form.behalf') !== 'self';

    return group([
      {id: 'name', label: t('desk.name'), type: 'text', required: true, maxLength: 200},
      {id: 'kind', label: t('people.kind'), type: 'radio', required: true, options: kindOptions()},
      {id: 'id_number', label: t('people.id_number'), type: 'text', required: true, maxLength: 20, check: (value, look) => idNumberFault(look('form.kind'), value)},
      {id: 'phone', label: t('desk.phone'), type: 'phone', required: true},
      {id: 'address', label: t('desk.address'), type: 'address', required: true},
      {id: 'behalf', label: t('desk.on_behalf'), type: 'select', required: true,
        options: ['self', 'parent', 'authorised'].map((one) => ({value: one, label: t(`desk.behalf_${one}`)}))},
      {id: 'owner_name', label: t('desk.owner_name'), type: 'text', maxLength: 200, showIf: other, requiredIf: other},
      {id: 'owner_kind', label: t('desk.owner_kind'), type: 'radio', options: kindOptions(), showIf: other, requiredIf: other},
      {id: 'owner_id_number', label: t('desk.owner_id_number'), type: 'text', maxLength: 20, showIf: other, requiredIf: other,
        check: (value, look) => idNumberFault(look('form.owner_kind'), value, t('desk.owner_id_number'))},
    ], {prefix: 'counter-', values: {kind: 'citizen', behalf: 'self', owner_kind: 'citizen'}, onChange: () => this.refill()});
  }

  makeWhat() {
    return group([
      {id: 'procedure', label: t('desk.procedure'), type: 'combo', required: true, hint: t('desk.procedure_hint'), make: (spec) => procedureBox(spec)},
      // Where it is decided: any desk takes in what another agency decides (phi địa giới hành chính).
      {id: 'agency', label: t('desk.counter_agency'), type: 'combo', showIf: () => this.plan !== null, requiredIf: () => this.plan !== null,
        make: (spec) => (this.where = combobox(spec))},
    ], {prefix: 'counter-', onChange: (what) => this.choose(what.get('procedure'))});
  }

  // What the scanner typed, or the number that was typed by hand.
  async scanned() {
    const card = readCard(this.scan.value);

    if (!card) {
      this.scanNote.textContent = t('desk.scan_wrong');
      this.scanNote.classList.add('error-text');
      this.scan.select();
      return;
    }
    this.scanNote.classList.remove('error-text');
    this.scan.value = card.id_number;
    this.who.set('kind', 'citizen');
    this.who.set('id_number', card.id_number);
    if (card.name)
      this.who.set('name', card.name);
    try {
      const known = await this.known(card.id_number);

      if (known) {
        this.who.set('name', card.name ?? known.name);
        this.who.set('phone', known.phone);
        await this.who.field('address').control.set(known.address);
      } else {
        await this.who.field('address').control.set(await placeOf(card.address));
      }
      this.scanNote.textContent = known ? t('desk.scan_known', {name: known.name}) : t('desk.scan_read', {name: card.name ?? card.id_number});
    } catch (error) {
      failed(error);
    }
    this.refill();
    // On to what is still missing.
    const empty = this.who.fields.find((field) => field.shown && !field.control.value());

    (empty ?? this.what.field('procedure')).control.input.focus();
  }

  // Who this was the last time: the filer of a dossier with that number.
  async known(id) {
    const {items} = await get(query('/dossiers', {q: id, limit: 5}), {signal: this.page.signal});

    for (const item of items) {
      const {applicant} = await get(`/dossiers/${encodeURIComponent(item.code)}`, {signal: this.page.signal});

      if (applicant.id_number === id)
        return applicant;
    }
    return null;
  }

  async choose(code) {
    if (code === (this.plan?.code ?? null))
      return;
    this.plan = null;
    this.what.refresh();
    fill(this.rest);
    if (!code)
      return;
    try {
      const plan = await procedure(code);
      const agencies = await competentAgencies(plan, this.page.signal);

      if (this.what.get('procedure') === code)
        this.draw(plan, agencies);
    } catch (error) {
      failed(error);
    }
  }

  draw(plan, agencies) {
    this.plan = plan;
    this.where.setOptions(agencies.map((one) => ({value: one.code, label: one.name, also: one.code})));
    this.where.set(this.desk);
    this.what.refresh();
    const choices = [];

    if (plan.screening)
      choices.push({id: 'screening', label: plan.screening.question, type: 'select', required: true,
        options: ['yes', 'no'].map((one) => ({value: one, label: t(`core.${one}`)}))});
    if (plan.cases.length)
      choices.push({id: 'case', label: t('desk.case'), type: 'select', required: true,
        options: plan.cases.map((one) => ({value: one.id, label: one.name}))});
    if (plan.fees.some((fee) => fee.may_be_waived))
      choices.push({id: 'waiver', label: t('people.waiver'), type: 'select', options: waiverOptions()});
    const context = (path) => ({case: this.choice?.get('case'), channel: 'direct', 'applicant.kind': this.who.get('kind'), 'applicant.waiver': this.choice?.get('waiver')}[path] ?? null);

    this.stop = h('div');
    this.choice = group(choices, {prefix: 'counter-', onChange: () => this.choicesChanged()});
    this.answers = group(fieldsOf(plan.form), {prefix: 'counter-form-', context, onChange: (answers) => {
      for (const field of answers.fields)
        if (field.control.raw() !== '' && field.node.contains(document.activeElement))
          this.touched.add(field.spec.id);
      this.papers.refresh();
    }});
    this.touched = new Set();
    this.papers = paperTicks(plan, {
      chosen: () => this.choice.get('case'),
      look: (path) => (path === 'case' || path.startsWith('applicant') || path === 'channel' ? context(path) : this.answers.look(path)),
    });
    this.delivery = group([
      {id: 'method', label: t('desk.delivery'), type: 'select', required: true, options: [
        'counter', ...(plan.postal?.return ? ['post'] : []), ...(plan.results.some((result) => result.electronic) ? ['electronic'] : []),
      ].map((one) => ({value: one, label: t(`desk.delivery_${one}`)}))},
    ], {prefix: 'counter-', values: {method: 'counter'}});
    this.due = h('p', {class: 'counter-fee'});
    fill(this.rest, choices.length > 0 && this.choice.node, this.stop,
      block('form', 'Alt+3', this.answers.node), block('papers', 'Alt+4', this.papers.node), block('delivery', 'Alt+5', this.delivery.node),
      this.due, h('div', {class: 'buttons'},
        this.accept = h('button', {type: 'submit', class: 'button'}, icon('check'), h('span', null, t('desk.counter_accept')), keyHint('Alt+S')),
        button(t('desk.counter_only_submit'), () => this.send(null), {kind: 'secondary'})));
    this.choicesChanged();
    this.refill();
    (choices.length ? this.choice : this.answers).focus();
  }

  choicesChanged() {
    const {plan} = this;
    const chosen = this.choice.get('case');
    const stopped = plan.screening && this.choice.get('screening') === plan.screening.stop_when;
    const fees = plan.fees.filter((fee) => (!fee.case || fee.case === chosen) && fee.amount.direct > 0);

    fill(this.stop, stopped && notice('warn', plan.screening.tell));
    this.accept.disabled = Boolean(stopped);
    fill(this.due, fees.length > 0 && [icon('info'), ` ${t('desk.counter_fee')}: `, h('strong', null, fees.map((fee) => `${fee.name} ${feeRate(fee, fee.amount.direct, plan.form)}`).join('; '))]);
    this.answers.refresh();
    this.papers.refresh();
  }

  // What the form takes from who stands there, as long as nobody typed something else.
  refill() {
    if (!this.plan)
      return;
    const who = this.who.values();

    for (const field of this.answers.fields) {
      const value = filledFrom(field.spec, who);

      if (value && !this.touched.has(field.spec.id) && field.control.value() !== value)
        this.answers.set(field.spec.id, value);
    }
  }

  body(action) {
    const who = this.who.values();
    const delivery = this.delivery.values();
    const body = {
      procedure: this.plan.code, case: this.choice.get('case'), agency: this.what.get('agency'), received_at_agency: this.desk, channel: 'direct',
      applicant: {kind: who.kind, waiver: this.choice.get('waiver'), name: who.name, id_number: who.id_number, phone: who.phone, email: null, address: who.address},
      on_behalf: {kind: who.behalf},
      owner: who.behalf === 'self' ? null : {kind: who.owner_kind, name: who.owner_name, id_number: who.owner_id_number, address: who.address},
      form: this.answers.values(), documents: this.papers.values(),
      delivery: delivery.method === 'post' ? {method: 'post', name: who.name, phone: who.phone, address: who.address} : delivery,
    };

    if (this.plan.screening)
      body.screening = this.choice.get('screening');
    if (action)
      body.action = action;
    return body;
  }

  async send(action) {
    if (!this.plan) {
      this.what.check();
      return;
    }
    const faults = [this.who, this.what, this.choice, this.answers, this.papers, this.delivery].flatMap((one) => one.faults());

    errorSummary(this.problem, faults);
    if (faults.length)
      return;
    await busy(this.accept, async () => {
      try {
        const {data} = await request('POST', '/dossiers', {body: this.body(action), key: this.key});

        announce(t('desk.counter_taken', {code: data.code}));
        await this.taken(data);
      } catch (error) {
        if (error.status !== 422) {
          failed(error);
          return;
        }
        this.key = newKey();
        this.refused(error);
      }
    });
  }

  refused(error) {
    const parts = [[this.who, '/applicant/'], [this.answers, '/form/'], [this.choice, '/'], [this.delivery, '/delivery/'], [this.what, '/']];
    const shown = parts.flatMap(([part, base]) => part.show(error.errors, base));
    const rest = error.errors.filter((one) => !shown.some((other) => other.error === one)).map((one) => ({message: `${one.message} (${one.pointer})`}));

    errorSummary(this.problem, [...shown, ...rest, ...(error.errors.length ? [] : [{message: error.detail}])]);
  }

  async taken(dossier) {
    const spent = Math.round((performance.now() - this.started) / 1000);
    const view = await get(`/dossiers/${encodeURIComponent(dossier.code)}`);

    fill(this.node, doneView({dossier, view, spent, again: () => this.page.again(), pay: (body, key) => post(`/dossiers/${encodeURIComponent(dossier.code)}/actions`, body, key)}));
    window.scrollTo(0, 0);
    this.node.querySelector('[data-focus]').focus();
  }

  // The next field that must be filled and is not; the button when nothing is missing.
  nextMissing() {
    const parts = [this.who, this.what, ...(this.plan ? [this.choice, this.answers, this.delivery] : [])];
    const fields = parts.flatMap((part) => part.fields);
    const here = fields.findIndex((field) => field.node.contains(document.activeElement));
    const missing = (field) => field.shown && !field.star.hidden && field.control.raw() === '';
    const next = [...fields.slice(here + 1), ...fields.slice(0, here + 1)].find(missing);

    (next ? next.control.input : this.accept ?? this.scan).focus();
    next?.node.scrollIntoView({block: 'nearest'});
  }

  keys() {
    const at = (part) => () => part()?.focus();

    shortcuts({
      'Alt+0': () => this.scan.focus(),
      'Alt+1': at(() => this.who),
      'Alt+2': at(() => this.what),
      'Alt+3': at(() => this.answers),
      'Alt+4': at(() => this.papers),
      'Alt+5': at(() => this.delivery),
      'Alt+M': () => this.nextMissing(),
      'Alt+S': () => (this.plan && this.form.isConnected ? this.form.requestSubmit() : false),
      'Alt+N': () => this.page.again(),
      'Alt+P': () => this.node.querySelector('[data-print]')?.click() ?? true,
    }, this.page.signal);
  }
}

export default async function counterPage(page) {
  const [names] = await Promise.all([agencyNames(), deskStyle()]);
  const counter = new Counter(page, placesOf('receiver'), names);

  counter.keys();
  counter.node.append(shortcutHelp([['Alt+0', t('desk.counter_scan')], ['Alt+1', t('desk.counter_who')], ['Alt+2', t('desk.counter_what')],
    ['Alt+3', t('desk.counter_form')], ['Alt+4', t('desk.counter_papers')], ['Alt+5', t('desk.counter_delivery')], ['Alt+M', t('desk.key_missing')], ['Alt+S', t('desk.counter_accept')],
    ['Alt+P', t('desk.print_receipt')], ['Alt+N', t('desk.counter_next')]]));
  return counter.node;
}
