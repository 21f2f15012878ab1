// parcels.js - the post's and the agency's lists of parcels, by post office: found by scanning, ticked,
// and put on a hand-over record.

import {get, newKey, post, query} from '../app/api.js';
import {ask} from '../app/dialog.js';
import {busy, button, fill, h, icon} from '../app/dom.js';
import {group} from '../app/fields.js';
import {count, t} from '../app/i18n.js';
import {announce, notice, toast, words} from '../app/notify.js';
import {table} from '../app/table.js';
import {allRows, backStyle, tabs} from '../back/base.js';
import {VIEWS, atPost, call, numbers, parcelBadge, parcelState, place, readyToHandOver} from '../back/parcels.js';

export const texts = ['postal', 'post'];

const ORDER = ['collect', 'bring', 'fetch', 'deliver', 'done'];
const SIGNS = {collect: 'home', bring: 'truck', fetch: 'file', deliver: 'post', done: 'check'};

function viewOf(parcel) {
  return Object.keys(VIEWS).find((name) => VIEWS[name].direction === parcel.direction && VIEWS[name].states.includes(parcel.state)) ?? 'done';
}

class Parcels {
  constructor(page) {
    this.page = page;
    this.view = ORDER.includes(page.query.get('view')) ? page.query.get('view') : atPost() ? 'deliver' : 'fetch';
    this.rows = [];
    this.chosen = new Set(page.query.get('tick') ? [page.query.get('tick')] : []);
    this.body = h('div');
    this.bar = h('div', {class: 'bulk', role: 'region', 'aria-label': t('postal.chosen_bar'), hidden: true});
    this.said = h('p', {class: 'said', role: 'status'});
    this.code = h('input', {type: 'text', id: 'scan', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', enterkeyhint: 'search', 'data-focus': matchMedia('(hover: hover)').matches});
    this.node = h('div', {class: 'wrap desk postal'}, h('h1', null, t('core.menu_parcels')),
      tabs(t('postal.views'), ORDER.map((name) => ({id: name, label: t(`postal.${atPost() ? 'view' : 'desk'}_${name}`), sign: SIGNS[name], href: query('#/parcels', {view: name})})), this.view),
      h('form', {class: 'scan', role: 'search', on: {submit: (event) => {
        event.preventDefault();
        this.scan(this.code.value.trim());
      }}}, h('label', {for: 'scan'}, t('postal.scan')), this.code, this.said),
      this.bar, this.body);
  }

  async load() {
    const {signal} = this.page;
    const view = VIEWS[this.view];

    if (view) {
      const parts = await Promise.all(view.states.map((state) => allRows('/parcels', {direction: view.direction, state}, {signal})));

      this.rows = parts.flatMap((part) => part.items).sort((a, b) => a.state_at.localeCompare(b.state_at));
      this.cut = parts.some((part) => part.more);
    } else {
      const ended = [['return', 'delivered'], ['return', 'returned_to_agency'], ['collect', 'handed_over'], ['collect', 'collection_failed'], ['return', 'cancelled'], ['collect', 'cancelled']];
      const parts = await Promise.all(ended.map(([direction, state]) => get(query('/parcels', {direction, state, limit: 50}), {signal})));

      this.rows = parts.flatMap((part) => part.items).sort((a, b) => b.state_at.localeCompare(a.state_at)).slice(0, 100);
      this.cut = parts.some((part) => part.next);
    }
    this.draw();
  }

  row(parcel) {
    const to = `#/parcels/${encodeURIComponent(parcel.order_number ?? '')}`;
    const who = parcel.receiver?.name ?? parcel.dossier;
    const name = parcel.order_number ? h('a', {href: to}, who) : who;

    return h('li', {class: this.chosen.has(parcel.order_number) ? 'parcel chosen' : 'parcel', dataset: {order: parcel.order_number ?? ''}},
      readyToHandOver(parcel) && h('input', {type: 'checkbox', checked: this.chosen.has(parcel.order_number), 'aria-label': t('postal.tick', {who, number: parcel.order_number}),
        on: {change: (event) => this.choose(parcel.order_number, event.target.checked)}}),
      h('div', null, h('h3', null, name), h('p', null, place(parcel.receiver?.address)), parcel.receiver?.phone && h('p', null, call(parcel.receiver.phone, who)),
        h('p', {class: 'quiet small'}, parcel.procedure_name), h('p', {class: 'quiet small code'}, numbers(parcel).join(' · ')),
        h('div', null, parcelBadge(parcel)),
        parcel.handover && h('p', null, h('a', {href: `#/handovers/${parcel.handover}`, class: 'call'}, icon('file'), t('postal.on_record')))));
  }

  draw() {
    const groups = new Map();

    for (const parcel of this.rows) {
      const key = atPost() ? parcel.office : `${parcel.office}\n${parcel.agency}`;

      if (!groups.has(key))
        groups.set(key, []);
      groups.get(key).push(parcel);
    }
    fill(this.body, this.cut && notice('info', t('postal.cut')),
      groups.size === 0 && h('p', {class: 'empty'}, icon('check'), ` ${t('postal.none')}`),
      [...groups.values()].map((parcels) => {
        const ready = parcels.filter(readyToHandOver);
        const [first] = parcels;

        return h('section', {class: 'office'}, h('h2', null, first.office_name ?? first.office ?? t('postal.no_office'), ' ',
          h('span', {class: 'quiet'}, count('postal.parcels_n', parcels.length), !atPost() && ` – ${first.agency_name}`)),
        ready.length > 1 && button(t('postal.tick_all', {n: ready.length}), () => this.chooseAll(ready), {kind: 'plain', sign: 'check'}),
        h('ul', {class: 'parcels'}, parcels.map((parcel) => this.row(parcel))));
      }));
    this.drawBar();
  }

  chooseAll(parcels) {
    const all = parcels.every((parcel) => this.chosen.has(parcel.order_number));

    for (const parcel of parcels) {
      if (all)
        this.chosen.delete(parcel.order_number);
      else
        this.chosen.add(parcel.order_number);
    }
    this.draw();
  }

  choose(order, on) {
    if (on)
      this.chosen.add(order);
    else
      this.chosen.delete(order);
    this.body.querySelector(`[data-order="${CSS.escape(order)}"]`)?.classList.toggle('chosen', on);
    this.drawBar();
  }

  drawBar() {
    const parcels = this.rows.filter((row) => this.chosen.has(row.order_number));
    const [first] = parcels;
    const same = parcels.every((row) => row.office === first.office && row.agency === first.agency && row.direction === first.direction);

    this.bar.hidden = parcels.length === 0;
    fill(this.bar, parcels.length > 0 && [h('strong', {role: 'status'}, count('postal.chosen', parcels.length)),
      same ? button(t('postal.make'), (event) => this.make(parcels, event.currentTarget), {sign: 'pen'}) : h('span', null, t('postal.not_same')),
      button(t('postal.unchoose'), () => {
        this.chosen.clear();
        this.draw();
      }, {kind: 'plain'})]);
  }

  tell(text, good) {
    fill(this.said, icon(good ? 'check' : 'warn'), ` ${text}`);
  }

  // A scanner types the number of the waybill or of the order and Enter.
  async scan(text) {
    if (!text)
      return;
    const wanted = text.toUpperCase();
    const fits = (row) => numbers(row).some((one) => one.toUpperCase() === wanted);
    let found = this.rows.find(fits);

    this.code.value = '';
    this.code.focus();
    try {
      found ??= (await get(query('/parcels', {q: text, limit: 1}), {signal: this.page.signal})).items[0];
    } catch (error) {
      this.tell(words(error), false);
      return;
    }
    if (!found) {
      this.tell(t('postal.scan_none', {code: text}), false);
      return;
    }
    if (!this.rows.includes(found) && viewOf(found) !== this.view) {
      // Another list would drop what is ticked on this one.
      if (this.chosen.size > 0)
        this.tell(t('postal.scan_elsewhere', {number: text, state: parcelState(found.state, found.state_name, found.direction)}), false);
      else
        this.page.go(query('#/parcels', {view: viewOf(found), tick: found.order_number}));
      return;
    }
    // Of a long list not all is shown.
    if (!this.rows.includes(found)) {
      this.rows.unshift(found);
      this.draw();
    }
    this.mark(found);
  }

  mark(parcel) {
    const who = parcel.receiver?.name ?? parcel.dossier;

    if (readyToHandOver(parcel)) {
      this.chosen.add(parcel.order_number);
      this.draw();
    }
    const node = this.body.querySelector(`[data-order="${CSS.escape(parcel.order_number)}"]`);

    node?.classList.add('chosen');
    node?.scrollIntoView({block: 'center'});
    this.tell(t(readyToHandOver(parcel) ? 'postal.scan_ticked' : 'postal.scan_found', {who, number: numbers(parcel)[0]}), true);
  }

  // What the papers' list says is shown beside what was counted, never put in for it.
  async make(parcels, control) {
    const [first] = parcels;
    const papers = parcels.flatMap((parcel) => parcel.papers ?? []);
    const key = newKey();
    const fields = group([
      {id: 'originals', label: t('postal.originals'), type: 'integer', required: true, min: 0, max: 100000},
      {id: 'copies', label: t('postal.copies'), type: 'integer', required: true, min: 0, max: 100000},
      {id: 'note', label: t('postal.note'), type: 'textarea', rows: 2, maxLength: 1000},
    ], {prefix: 'handover-'});
    const listed = papers.length > 0 && h('details', {open: true}, h('summary', null, t('postal.listed')), table([
      {name: t('postal.paper'), cell: (row) => row.name}, {name: t('postal.originals'), class: 'number', cell: (row) => String(row.originals)},
      {name: t('postal.copies'), class: 'number', cell: (row) => String(row.copies)}], papers, {caption: t('postal.listed')}));
    const answer = await ask(t('postal.make_title', {n: parcels.length}), {...fields, node: h('div', null, h('p', null, first.direction === 'collect'
      ? t('postal.from_post', {office: first.office_name, agency: first.agency_name}) : t('postal.from_agency', {office: first.office_name, agency: first.agency_name})), listed, fields.node)},
    {ok: t('postal.make_ok')});

    if (!answer)
      return;
    await busy(control, async () => {
      try {
        const made = await post('/handovers', {agency: first.agency, office: first.office, direction: first.direction,
          parcels: parcels.map((parcel) => parcel.order_number), originals: answer.originals, copies: answer.copies, note: answer.note ?? null}, key);

        toast('ok', t('postal.made', {number: made.number}));
        this.page.go(`#/handovers/${made.id}`);
      } catch (error) {
        fill(this.body, notice('error', words(error), error.errors?.length > 0 && h('ul', null, error.errors.map((one) =>
          h('li', null, parcels[Number(one.pointer?.split('/')[2])]?.order_number, ' ', one.message))), button(t('core.retry'), () => this.load(), {kind: 'secondary', sign: 'refresh'})));
        announce(words(error), true);
      }
    });
  }
}

export default async function parcelsPage(page) {
  const list = new Parcels(page);

  await backStyle();
  await list.load();
  const ticked = list.rows.find((row) => row.order_number === page.query.get('tick'));

  if (ticked)
    requestAnimationFrame(() => list.mark(ticked));
  return list.node;
}
