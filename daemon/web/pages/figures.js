// figures.js - the on-time figures in the columns of report II.06a: open to anyone by agency; whoever
// may see the dossiers gets them behind each figure.

import {query} from '../app/api.js';
import {button, fill, h, icon, newId} from '../app/dom.js';
import {combobox, dateInput} from '../app/controls.js';
import {date, dateTime, number, today} from '../app/format.js';
import {count, t} from '../app/i18n.js';
import {announce, failed, notice, words} from '../app/notify.js';
import {procedureBox, procedureFields} from '../app/procedures.js';
import {agencyNames} from '../desk/base.js';
import {backStyle, csv, later, save} from '../back/base.js';
import {bars, legend, line} from '../back/chart.js';
import {CLASSES, RATES, adds, dossiersAddress, onTime, seesDossiers} from '../back/figures.js';
import {KINDS, kindOf, monthsOf, period} from '../back/period.js';

export const texts = ['figures'];

const BARS_MOST = 15;
const percent = (rate) => (rate.value === null ? '–' : `${number(Math.round(rate.value * 1000) / 10)}%`);

function choice(name, label, options, value, onChange) {
  return h('label', {class: 'filter'}, h('span', null, label), h('select', {name, on: {change: (event) => onChange(event.target.value)}},
    options.map(([key, text]) => h('option', {value: key, selected: String(key) === String(value)}, text))));
}

class Figures {
  constructor(page, names, fields) {
    const day = today();
    const text = (name, other = '') => page.query.get(name) ?? other;

    this.page = page;
    this.names = names;
    this.fields = fields;
    this.detailed = seesDossiers();
    this.asked = {from: text('from', `${day.slice(0, 4)}-01-01`), to: text('to', `${day.slice(0, 4)}-12-31`), agency: text('agency'), procedure: text('procedure'), field: text('field'),
      channel: text('channel'), verdict: text('verdict', 'legal'), group_by: text('group_by', this.detailed ? 'field' : 'agency')};
    this.when = kindOf(this.asked.from, this.asked.to);
    this.body = h('div');
    this.filters = h('div');
    this.node = h('div', {class: 'wrap desk figures-page'}, h('h1', null, t('figures.title')), h('p', {class: 'no-print'}, t(this.detailed ? 'figures.lead_staff' : 'figures.lead')),
      this.filters, this.body);
    this.drawFilters();
  }

  // The page stays, so that who chooses by keyboard stays at the choice.
  set(values) {
    // What was typed last may come after the page was left.
    if (this.page.signal.aborted)
      return;
    Object.assign(this.asked, values);
    this.when = {...kindOf(this.asked.from, this.asked.to)};
    history.replaceState(null, '', query('#/figures', {...this.asked, verdict: this.asked.verdict === 'legal' ? null : this.asked.verdict}));
    this.drawFilters();
    this.load().catch(failed);
  }

  setPeriod(values) {
    Object.assign(this.when, values);
    if (this.when.kind === 'free')
      this.drawFilters();
    else
      this.set(period(this.when.kind, this.when.year, this.when.part, this.when.closes));
  }

  periodFilters() {
    const {when} = this;
    const years = Array.from({length: 6}, (_, place) => Number(today().slice(0, 4)) - place);
    const parts = when.kind === 'month' ? Array.from({length: 12}, (_, place) => [place + 1, t('figures.month_n', {n: place + 1})])
      : Array.from({length: 4}, (_, place) => [place + 1, t('figures.quarter_n', {n: place + 1})]);
    const closesId = newId('closes');
    const free = when.kind === 'free';

    return [
      choice('period', t('figures.period'), KINDS.map((kind) => [kind, t(`figures.period_${kind}`)]), when.kind, (kind) => this.setPeriod({kind, part: kind === 'quarter' ? Math.min(when.part, 4) : when.part})),
      ['month', 'quarter'].includes(when.kind) && choice('part', t(`figures.period_${when.kind}`), parts, when.part, (part) => this.setPeriod({part: Number(part)})),
      !free && choice('year', t('figures.period_year'), years.map((year) => [year, year]), when.year, (year) => this.setPeriod({year: Number(year)})),
      !free && h('div', {class: 'choice filter'}, h('input', {type: 'checkbox', name: 'closes', id: closesId, checked: when.closes, on: {change: (event) => this.setPeriod({closes: event.target.checked})}}),
        h('label', {for: closesId}, t('figures.closes'))),
      free && this.freeDays(),
    ];
  }

  freeDays() {
    const ends = ['from', 'to'].map((id) => dateInput({id}));
    const wrong = h('span', {class: 'error-text', role: 'alert'});

    ends.forEach((end, place) => end.set(this.asked[['from', 'to'][place]]));
    return [ends.map((end, place) => h('label', {class: 'filter'}, h('span', null, t(place === 0 ? 'figures.from' : 'figures.to')), end.node)),
      button(t('figures.show'), () => {
        const [from, to] = ends.map((end) => end.value());

        if (!from || !to || from > to)
          fill(wrong, icon('error'), t('figures.days_wrong'));
        else
          this.set({from, to});
      }, {kind: 'secondary', name: 'show'}), wrong];
  }

  // One of a long list; emptied means all.
  picker(name, label, box) {
    box.set(this.asked[name]);
    box.input.id = newId(name);
    box.node.addEventListener('change', () => this.set({[name]: box.value() ?? ''}));
    box.input.addEventListener('blur', () => {
      // Once the focus is where it goes.
      if (this.asked[name] && box.raw() === '')
        setTimeout(() => this.set({[name]: ''}), 0);
    });
    return h('div', {class: 'filter wide'}, h('label', {for: box.input.id, class: 'quiet small'}, label), box.node);
  }

  drawFilters() {
    const at = this.filters.contains(document.activeElement) ? document.activeElement.name : null;
    const groups = this.detailed ? ['field', 'procedure', 'agency', 'channel', ''] : ['agency', ''];
    const agency = this.picker('agency', t('figures.agency_filter'), combobox({id: 'agency', label: t('figures.agency'), options: [...this.names].map(([value, label]) => ({value, label, also: value}))}));
    const procedure = this.detailed && this.picker('procedure', t('figures.by_procedure'), procedureBox({id: 'procedure', label: t('figures.by_procedure')}));

    fill(this.filters, h('form', {class: 'filters no-print', role: 'search', 'aria-label': t('figures.filters'), on: {submit: (event) => event.preventDefault()}}, this.periodFilters(),
      choice('group_by', t('figures.group_by'), groups.map((name) => [name, t(`figures.by_${name || 'none'}`)]), this.asked.group_by, (group_by) => this.set({group_by})),
      choice('verdict', t('figures.verdict'), ['legal', 'strict'].map((one) => [one, t(`figures.verdict_${one}`)]), this.asked.verdict, (verdict) => this.set({verdict})),
      agency,
      this.detailed && [choice('field', t('figures.by_field'), [['', t('figures.all')], ...this.fields.map((one) => [one.name, one.name])], this.asked.field, (field) => this.set({field})),
        procedure,
        choice('channel', t('figures.by_channel'), [['', t('figures.all')], ...['online', 'direct', 'post'].map((one) => [one, t(`core.channel_${one}`)])], this.asked.channel, (channel) => this.set({channel}))]));
    if (at)
      this.filters.querySelector(`[name="${CSS.escape(at)}"]`)?.focus();
  }

  nameOf({key, procedure_name}) {
    if (key.agency)
      return this.names.get(key.agency) ?? key.agency;
    if (key.procedure)
      return `${key.procedure} ${procedure_name ?? ''}`.trim();
    if (key.channel)
      return t(`core.channel_${key.channel}`);
    return key.field ?? t('figures.total');
  }

  figure(group, value, ...classes) {
    if (!this.detailed)
      return number(value);
    return h('a', {href: dossiersAddress(this.asked, group.key, classes.join(','), value), 'aria-label': `${number(value)}: ${this.nameOf(group)}, ${classes.map((one) => t(`figures.class_${one.replace('.', '_')}`)).join(', ')}`}, number(value));
  }

  // Columns 3 to 13 of II.06a.
  cells(group) {
    const {received, resolved, open} = group;

    return [[received.total, 'received.total'], [received.online, 'received.online'], [received.direct + received.post, 'received.direct', 'received.post'], [received.carried_over, 'received.carried_over'],
      [resolved.total, 'resolved.total'], [resolved.early, 'resolved.early'], [resolved.on_time, 'resolved.on_time'], [resolved.late, 'resolved.late'],
      [open.total, 'open.total'], [open.in_time, 'open.in_time'], [open.late, 'open.late']];
  }

  report(answer) {
    const head = h('thead', null,
      h('tr', null, h('th', {rowspan: 3, scope: 'col'}, t('figures.col_no')), h('th', {rowspan: 3, scope: 'col'}, t(`figures.by_${this.asked.group_by || 'none'}`)),
        h('th', {colspan: 4, scope: 'colgroup'}, t('figures.received')), h('th', {colspan: 4, scope: 'colgroup'}, t('figures.resolved')), h('th', {colspan: 3, scope: 'colgroup'}, t('figures.open'))),
      h('tr', null, h('th', {rowspan: 2, scope: 'col'}, t('figures.sum')), h('th', {colspan: 2, scope: 'colgroup'}, t('figures.in_period')), h('th', {rowspan: 2, scope: 'col'}, t('figures.carried')),
        ['sum', 'early', 'on_time', 'late', 'sum', 'in_time', 'late'].map((name) => h('th', {rowspan: 2, scope: 'col'}, t(`figures.${name}`)))),
      h('tr', null, h('th', {scope: 'col'}, t('figures.online')), h('th', {scope: 'col'}, t('figures.direct_post'))),
      h('tr', {class: 'numbers'}, Array.from({length: 13}, (_, place) => h('td', null, `(${place + 1})`))));
    const row = (group, place) => h('tr', null, h('td', null, place), h('th', {scope: 'row'}, this.nameOf(group)), this.cells(group).map(([value, ...classes]) => h('td', null, this.figure(group, value, ...classes))));

    return h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('figures.report')}, h('table', {class: 'report'}, h('caption', {class: 'hidden'}, t('figures.report')), head,
      h('tbody', null, answer.groups.map((group, place) => row(group, String(place + 1)))),
      answer.groups.length > 1 && h('tfoot', null, h('tr', null, h('td', null), h('th', {scope: 'row'}, t('figures.total')), this.cells(answer.total).map(([value, ...classes]) => h('td', null, this.figure(answer.total, value, ...classes)))))));
  }

  rates(answer) {
    return [h('ul', {class: 'rates'}, RATES.map((name) => h('li', null, h('span', null, t(`figures.rate_${name}`)), h('strong', null, percent(answer.total.rates[name])),
      h('span', {class: 'small quiet'}, t('figures.rate_of', {numerator: number(answer.total.rates[name].numerator), denominator: number(answer.total.rates[name].denominator)})),
      h('p', {class: 'small quiet'}, t(`figures.rate_${name}_text`))))),
    answer.groups.length > 1 && h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('figures.rates_by')}, h('table', {class: 'report'}, h('caption', {class: 'hidden'}, t('figures.rates_by')),
      h('thead', null, h('tr', null, h('th', {scope: 'col'}, t(`figures.by_${this.asked.group_by || 'none'}`)), RATES.map((name) => h('th', {scope: 'col'}, t(`figures.rate_${name}`))))),
      h('tbody', null, answer.groups.map((group) => h('tr', null, h('th', {scope: 'row'}, this.nameOf(group)),
        RATES.map((name) => h('td', null, h('span', {class: 'rate'}, percent(group.rates[name])), h('div', {class: 'small quiet'}, `${number(group.rates[name].numerator)}/${number(group.rates[name].denominator)}`))))))))];
  }

  apart(answer) {
    return h('ul', {class: 'apart'}, CLASSES.apart.map((name) => h('li', null, `${t(`figures.class_apart_${name}`)}: `, h('strong', null, this.figure(answer.total, answer.total.apart[name], `apart.${name}`)))));
  }

  charts(answer) {
    const rows = answer.groups.filter((group) => group.resolved.total > 0).sort((a, b) => b.resolved.total - a.resolved.total).slice(0, BARS_MOST)
      .map((group) => ({name: this.nameOf(group), ...group.resolved}));
    const months = monthsOf(this.asked.from, this.asked.to).filter((month) => month.from <= today());

    return h('div', {class: 'no-print'}, h('h2', null, t('figures.charts')),
      rows.length > 0 ? [h('h3', null, t('figures.chart_resolved')), legend({early: t('figures.early'), on_time: t('figures.on_time'), late: t('figures.late')}),
        bars(rows, t('figures.chart_resolved_text', {n: rows.length}), this.page.signal)] : h('p', {class: 'quiet'}, t('figures.nothing_resolved')),
      months.length > 1 && months.length <= 12 && later(this.trend(months)));
  }

  async trend(months) {
    const asked = {...this.asked, group_by: ''};
    const points = await Promise.all(months.map(async (month) => {
      const {total} = await onTime({...asked, from: month.from, to: month.to}, this.page.signal);

      return {name: `${month.month}/${String(month.year).slice(2)}`, value: total?.rates.on_time_of_resolved.value ?? null, rate: total?.rates.on_time_of_resolved};
    }));

    if (points.every((point) => point.value === null))
      return h('div');
    return h('div', null, h('h3', null, t('figures.chart_trend')), line(points, t('figures.chart_trend_text'), this.page.signal),
      h('details', null, h('summary', null, t('figures.chart_numbers')), h('ul', null, points.map((point) => h('li', null, `${point.name}: `, point.rate ? `${percent(point.rate)} (${point.rate.numerator}/${point.rate.denominator})` : '–')))));
  }

  download(answer) {
    const head = [t('figures.col_no'), t(`figures.by_${this.asked.group_by || 'none'}`), t('figures.class_received_total'), t('figures.class_received_online'), `${t('figures.class_received_direct')}, ${t('figures.class_received_post')}`,
      ...['received_carried_over', 'resolved_total', 'resolved_early', 'resolved_on_time', 'resolved_late', 'open_total', 'open_in_time', 'open_late'].map((name) => t(`figures.class_${name}`)),
      ...CLASSES.apart.map((name) => t(`figures.class_apart_${name}`)), ...RATES.flatMap((name) => [`${t(`figures.rate_${name}`)} (${t('figures.numerator')})`, `${t(`figures.rate_${name}`)} (${t('figures.denominator')})`])];
    const row = (group, place) => [place, this.nameOf(group), ...this.cells(group).map(([value]) => value), ...CLASSES.apart.map((name) => group.apart[name]),
      ...RATES.flatMap((name) => [group.rates[name].numerator, group.rates[name].denominator])];
    const rows = [[t('figures.title')], [t('figures.from_to', {from: date(this.asked.from), to: date(this.asked.to)}), t(`figures.verdict_${this.asked.verdict}`), t('figures.as_of', {at: dateTime(answer.as_of)}), answer.definition], [], head,
      ...answer.groups.map((group, place) => row(group, place + 1)), ...(answer.groups.length > 1 ? [row(answer.total, '')] : [])];

    save(`II06a-${this.asked.from}-${this.asked.to}.csv`, 'text/csv;charset=utf-8', csv(rows));
  }

  async load() {
    const turn = this.turn = (this.turn ?? 0) + 1;

    this.body.setAttribute('aria-busy', 'true');
    try {
      await this.draw(turn);
    } catch (error) {
      if (error.name === 'AbortError' || turn !== this.turn)
        return;
      if (!error.status || error.status === 401)
        throw error;
      fill(this.body, notice('error', words(error), error.errors?.length > 0 && h('ul', null, error.errors.map((one) => h('li', null, one.message)))));
    } finally {
      if (turn === this.turn)
        this.body.removeAttribute('aria-busy');
    }
  }

  async draw(turn) {
    const answer = await onTime(this.asked, this.page.signal);

    if (turn !== this.turn)
      return;
    const facts = [t('figures.from_to', {from: date(answer.from), to: date(answer.to)}), t(`figures.verdict_${answer.verdict}`), this.asked.agency && this.names.get(this.asked.agency), t('figures.as_of', {at: dateTime(answer.as_of)}),
      answer.scope?.agencies && count('figures.of_agencies', answer.scope.agencies)];

    if (turn > 1)
      announce(facts.filter(Boolean).join(', '));

    if (!answer.total) {
      fill(this.body, h('p', {class: 'quiet'}, facts.filter(Boolean).join(' · ')), h('p', {class: 'empty'}, t('figures.none')));
      return;
    }
    fill(this.body, h('p', {class: 'print-only'}, t('figures.form_name')), h('p', {class: 'quiet'}, facts.filter(Boolean).join(' · ')),
      answer.recomputing > 0 && notice('info', count('figures.recomputing', answer.recomputing)),
      ![...answer.groups, answer.total].every(adds) && notice('warn', t('figures.does_not_add')),
      h('div', {class: 'buttons tight no-print'}, button(t('figures.csv'), () => this.download(answer), {kind: 'secondary', sign: 'download'}), button(t('core.print'), () => window.print(), {kind: 'secondary', sign: 'print'})),
      h('h2', null, t('figures.report')), this.report(answer), this.detailed && h('p', {class: 'small quiet no-print'}, t('figures.click')),
      h('h2', null, t('figures.rates')), this.rates(answer), h('h2', null, t('figures.apart')), h('p', {class: 'small quiet'}, t('figures.apart_text')), this.apart(answer), this.charts(answer));
  }
}

export default async function figuresPage(page) {
  const [names, fields] = await Promise.all([agencyNames(), procedureFields(page.signal), backStyle()]);
  const figures = new Figures(page, names, fields);

  await figures.load();
  return figures.node;
}
