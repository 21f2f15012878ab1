// tasks.js - the queue: what waits at this account's desks, what is due first on top, moving by itself
// as others work; many can be signed, returned or assigned at once.

import {Offline, get, query} from '../app/api.js';
import {dueBadge, stateName} from '../app/badge.js';
import {button, fill, h, icon} from '../app/dom.js';
import {dateTime, number} from '../app/format.js';
import {count, t} from '../app/i18n.js';
import {announce, failed} from '../app/notify.js';
import {account, rolesHeld} from '../app/session.js';
import {table} from '../app/table.js';
import {actTogether, sharedActions} from '../desk/batch.js';
import {DESK_ROLES, deskStyle} from '../desk/base.js';
import {shortcutHelp, shortcuts} from '../desk/keys.js';
import {followQueue} from '../desk/live.js';
import {released} from '../desk/press.js';

export const texts = ['desk'];

const PAGE = 50;
const PAGE_MOST = 200; // of one answer
const keyOf = (row) => `${row.code}/${row.id}`;
// What a row shows: its data, and how long there is as it is put in words.
const signOf = (row) => JSON.stringify([{...row, minutes_left: null}, row.due && dueBadge(row.due).textContent]);

function summaryLine(item) {
  const figure = (kind, sign, n) => n > 0 && h('li', {class: `figure ${kind}`}, icon(sign), h('span', null, t(`desk.sum_${kind}`, {n: number(n)})));

  return h('li', {class: 'queue-sum'}, h('strong', null, t(`core.role_${item.role}`)), h('span', {class: 'quiet'}, ` ${item.agency_name ?? item.agency}`),
    h('ul', {class: 'figures'}, h('li', {class: 'figure'}, t('desk.sum_open', {n: number(item.open)})),
      figure('past', 'warn', item.past_due), figure('today', 'clock', item.due_today), figure('unassigned', 'user', item.unassigned), figure('mine', 'check', item.mine)));
}

// Whether a part shows something else than before: what is the same is left alone, as it may be in use.
function isNew(node, shown) {
  const sign = JSON.stringify(shown);
  const other = node.sign !== sign;

  node.sign = sign;
  return other;
}

class Queue {
  constructor(page) {
    this.page = page;
    this.asked = {
      role: page.query.get('role') ?? '', assignee: page.query.get('assignee') ?? '', step: page.query.get('step') ?? '', q: page.query.get('q') ?? '',
    };
    this.rows = [];
    this.wanted = PAGE; // how far one had gone
    this.waiting = []; // [{step, name}] of the whole queue
    this.names = new Map(); // step -> every name it goes by
    this.chosen = new Set();
    this.next = null;
    this.sum = h('ul', {class: 'bare queue-sums'});
    this.live = h('p', {class: 'live small quiet', role: 'status'});
    this.body = h('div', {class: 'queue', role: 'region', 'aria-label': t('desk.queue')});
    this.bar = h('div', {class: 'bulk', role: 'region', 'aria-label': t('desk.bulk'), hidden: true});
    this.outcomes = h('div');
    this.more = button(t('core.more'), () => this.load(true), {kind: 'secondary', sign: 'down', hidden: true});
    this.filters = this.makeFilters();
    this.node = h('div', {class: 'wrap desk'}, h('div', {class: 'desk-title'}, h('h1', null, t('desk.queue')), this.live), this.sum, this.filters, this.outcomes, this.bar, this.body, this.more,
      shortcutHelp([['J K', t('desk.key_move')], ['Enter', t('desk.key_open')], ['X', t('desk.key_select')], ['A', t('desk.key_all')],
        ['/', t('desk.key_search')], ['R', t('desk.key_reload')]]));
  }

  makeFilters() {
    const roles = rolesHeld().filter((role) => DESK_ROLES.includes(role));
    const set = (name, value) => {
      // What was typed last may come after the page was left.
      if (this.page.signal.aborted)
        return;
      this.asked[name] = value;
      this.chosen.clear();
      this.wanted = PAGE;
      history.replaceState(null, '', `#${query('/tasks', this.asked)}`);
      this.load();
    };
    const select = (name, label, options) => h('label', {class: 'filter'}, h('span', null, label),
      h('select', {name, on: {change: (event) => set(name, event.target.value)}},
        options.map(([value, text]) => h('option', {value, selected: this.asked[name] === value}, text))));
    let waiting;

    this.search = h('input', {type: 'search', name: 'q', value: this.asked.q, autocomplete: 'off', on: {input: (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => set('q', event.target.value.trim()), 250);
    }}});
    this.steps = select('step', t('desk.filter_step'), [['', t('desk.all')]]);
    return h('form', {class: 'filters no-print', role: 'search', on: {submit: (event) => event.preventDefault()}},
      h('label', {class: 'filter wide'}, h('span', null, t('desk.filter_q')), this.search),
      select('assignee', t('desk.filter_who'), [['', t('desk.all')], ['me', t('desk.filter_mine')], ['none', t('desk.filter_none')]]),
      roles.length > 1 && select('role', t('desk.filter_role'), [['', t('desk.all')], ...roles.map((role) => [role, t(`core.role_${role}`)])]),
      this.steps);
  }

  // Steps at which something waits at these desks, also further down than what is shown, by every name
  // that procedures give them; the choice stays though its step be empty for a while.
  drawSteps() {
    const box = this.steps.querySelector('select');
    const names = this.names;

    for (const {step, name} of [...this.waiting, ...this.rows])
      names.set(step, (names.get(step) ?? new Set()).add(name));
    if (this.asked.step && !names.has(this.asked.step))
      names.set(this.asked.step, new Set([this.asked.step]));
    const seen = [...names].map(([step, all]) => [step, [...all].sort((a, b) => a.localeCompare(b, 'vi')).join(' / ')]);

    if (!isNew(box, [seen, this.asked.step]))
      return;
    fill(box, h('option', {value: ''}, t('desk.all')), seen.sort((a, b) => a[1].localeCompare(b[1], 'vi'))
      .map(([value, text]) => h('option', {value, selected: value === this.asked.step}, text)));
  }

  // None when they do not come: the rows matter more.
  async summary() {
    try {
      return (await get('/tasks/summary', {signal: this.page.signal})).items;
    } catch (error) {
      if (error.name === 'AbortError')
        throw error;
      return [];
    }
  }

  drawSummary(items) {
    this.waiting = items.flatMap((item) => item.steps);
    if (isNew(this.sum, items))
      fill(this.sum, items.filter((item) => item.open > 0 || items.length === 1).map(summaryLine));
  }

  // So many rows from `page` on, as many requests as that takes.
  async fetch(wanted, page) {
    const items = [];
    let next = page;

    do {
      const answer = await get(query('/tasks', {...this.asked, sort: 'due', limit: Math.min(wanted - items.length, PAGE_MOST), page: next}), {signal: this.page.signal});

      items.push(...answer.items);
      next = answer.next;
    } while (next && items.length < wanted);
    return {items, next};
  }

  // Anew, or one page more. What is chosen, how far one had gone and where the focus was stays. Rows come
  // together with the figures above them, which would push them down. `quiet`: nobody asked for it, and
  // that there is no line is told elsewhere.
  async load(more = false, quiet = false) {
    const turn = this.turn = (this.turn ?? 0) + 1;

    if (more)
      this.wanted = this.rows.length + PAGE;
    this.body.setAttribute('aria-busy', 'true');
    try {
      const [answer, items] = await Promise.all(more ? [this.fetch(PAGE, this.next)] : [this.fetch(this.wanted, null), this.summary()]);

      await released();
      if (turn !== this.turn || this.page.signal.aborted)
        return;
      if (items)
        this.drawSummary(items);
      this.rows = more ? [...this.rows, ...answer.items] : answer.items;
      this.next = answer.next;
      this.more.hidden = !this.next;
      this.draw();
      if (more)
        announce(count('core.more_came', answer.items.length));
    } catch (error) {
      if (error.name !== 'AbortError' && !(quiet && error instanceof Offline))
        failed(error);
    } finally {
      if (turn === this.turn)
        this.body.removeAttribute('aria-busy');
    }
  }

  rowNode(row) {
    const key = keyOf(row);
    const name = row.owner_name ?? row.code;

    return h('div', {class: 'row-head'},
      h('input', {type: 'checkbox', class: 'row-check', checked: this.chosen.has(key), 'aria-label': t('desk.select_row', {name, code: row.code}),
        on: {change: (event) => this.choose(row, event.target.checked)}}),
      h('div', null, h('a', {class: 'row-link', href: `#/desk/${encodeURIComponent(row.code)}`, dataset: {key}}, name),
        h('div', {class: 'row-sub'}, row.procedure_name ?? row.procedure), h('div', {class: 'row-sub code'}, row.code)));
  }

  draw() {
    const at = document.activeElement?.closest?.('tr')?.dataset.key;
    const part = document.activeElement?.matches?.('input') ? 'input' : 'a';
    const here = new Set(this.rows.map(keyOf));

    this.chosen = new Set([...this.chosen].filter((key) => here.has(key)));
    this.drawSteps();
    if (this.rows.length === 0) {
      this.table = null;
      fill(this.body, h('p', {class: 'empty'}, icon('check'), ` ${t(this.asked.q || this.asked.step || this.asked.assignee ? 'desk.queue_none' : 'desk.queue_empty')}`));
    } else {
      if (!this.table)
        fill(this.body, this.table = this.makeTable());
      this.patch();
    }
    this.drawBar();
    if (at && !this.body.contains(document.activeElement))
      this.body.querySelector(`tr[data-key="${CSS.escape(at)}"] ${part}`)?.focus();
  }

  makeTable() {
    return table([
      {name: t('desk.dossier'), cell: (row) => this.rowNode(row), class: 'cell-head'},
      {name: t('desk.step'), cell: (row) => [row.name, row.state_of_dossier === 'withdrawal_requested' && h('div', {class: 'small strong'}, icon('back'), ` ${stateName('withdrawal_requested', t('desk.state_withdrawal_requested'))}`)]},
      {name: t('desk.step_due'), cell: (row) => (row.due ? [dueBadge(row.due), h('div', {class: 'quiet small'}, dateTime(row.due))] : '–')},
      {name: t('desk.assignee'), cell: (row) => (row.assignee === account().id && row.assignee ? t('desk.assigned_me') : row.assignee_name ?? t(row.assignee ? 'desk.assigned_other' : 'desk.assigned_none'))},
      {name: t('desk.channel'), cell: (row) => [row.channel && t(`core.channel_${row.channel}`), row.received_at && h('div', {class: 'quiet small'}, t('desk.received_on', {at: dateTime(row.received_at)}))]},
    ], [], {caption: t('desk.queue'), rowAttributes: (row) => ({dataset: {key: keyOf(row)}})});
  }

  // Rows that are as they were are left alone: others' work must not take a row from under a finger.
  patch() {
    const body = this.table.tBodies[0];
    const there = new Map([...body.rows].map((tr) => [tr.dataset.key, tr]));
    const wanted = this.rows.map((row) => {
      const sign = signOf(row), old = there.get(keyOf(row));
      const tr = old?.sign === sign ? old : Object.assign(this.table.rowOf(row), {sign});
      const chosen = this.chosen.has(keyOf(row));

      tr.className = chosen ? 'chosen' : row.past_due ? 'past' : '';
      tr.querySelector('.row-check').checked = chosen;
      return tr;
    });
    const stays = new Set(wanted);

    for (const tr of there.values()) {
      if (!stays.has(tr))
        tr.remove();
    }
    let at = body.firstChild;

    for (const tr of wanted) {
      if (tr === at)
        at = at.nextSibling;
      else
        body.insertBefore(tr, at);
    }
  }

  choose(row, on) {
    const key = keyOf(row);

    if (on)
      this.chosen.add(key);
    else
      this.chosen.delete(key);
    this.body.querySelector(`tr[data-key="${CSS.escape(key)}"]`)?.classList.toggle('chosen', on);
    this.drawBar();
  }

  chooseAll(on) {
    this.chosen = new Set(on ? this.rows.map(keyOf) : []);
    this.draw();
  }

  selected() {
    return this.rows.filter((row) => this.chosen.has(keyOf(row)));
  }

  drawBar() {
    const rows = this.selected();
    const actions = sharedActions(rows);
    const at = this.bar.contains(document.activeElement) ? document.activeElement.dataset.action ?? '' : null;

    this.bar.hidden = rows.length === 0;
    if (!isNew(this.bar, [rows.length, actions]))
      return;
    if (rows.length === 0) {
      fill(this.bar);
      return;
    }
    fill(this.bar, h('strong', {role: 'status'}, t('desk.selected', {n: number(rows.length)})),
      actions.map((action) => button(action.name, async (event) => {
        const outcome = await actTogether(action, this.selected(), event.currentTarget);

        if (outcome) {
          this.chosen = new Set(outcome.left.map(keyOf));
          fill(this.outcomes, outcome.node);
          await this.load();
          this.outcomes.querySelector('h2')?.focus();
        }
      }, {kind: action === actions[0] ? 'primary' : 'secondary', 'data-action': action.action})),
      actions.length === 0 && h('span', {class: 'quiet'}, t('desk.nothing_shared')),
      button(t('desk.select_none'), () => this.chooseAll(false), {kind: 'plain', 'data-action': ''}));
    // Others' work must not take the keyboard out of the bar.
    if (at !== null)
      (this.bar.querySelector(`[data-action="${at}"]`) ?? this.bar.querySelector('button')).focus();
  }

  // The row the focus is in, moved by so many; the first when it is elsewhere.
  move(by) {
    const links = [...this.body.querySelectorAll('.row-link')];
    const at = links.findIndex((one) => one.closest('tr').contains(document.activeElement));
    const to = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)];

    to?.focus();
    to?.closest('tr').scrollIntoView({block: 'nearest'});
    return Boolean(to);
  }

  keys() {
    const inRow = () => document.activeElement?.closest?.('tr');
    const arrow = (by) => () => (inRow() ? this.move(by) : false);

    shortcuts({
      j: () => this.move(1),
      k: () => this.move(-1),
      ArrowDown: arrow(1),
      ArrowUp: arrow(-1),
      x: () => inRow()?.querySelector('input')?.click() ?? Boolean(inRow()),
      a: () => this.chooseAll(this.chosen.size < this.rows.length),
      '/': () => this.search.focus(),
      r: () => {
        this.load();
      },
    }, this.page.signal);
  }

  follow() {
    let waiting;

    followQueue((change) => {
      if (change.live) {
        const ways = {stream: ['check', 'desk.live_on'], poll: ['refresh', 'desk.live_poll'], waiting: ['warn', 'desk.live_wait']};
        const [sign, words] = ways[change.live] ?? ways.poll;

        fill(this.live, icon(sign), ` ${t(words)}`);
        return;
      }
      // A long list is looked at less often.
      clearTimeout(waiting);
      waiting = setTimeout(() => this.load(false, true), Math.max(250, 5 * this.rows.length));
    }, this.page.signal);
    this.page.leave(() => clearTimeout(waiting));
  }
}

export default async function tasksPage(page) {
  const queue = new Queue(page);

  await deskStyle();
  await queue.load();
  queue.keys();
  queue.follow();
  return queue.node;
}
