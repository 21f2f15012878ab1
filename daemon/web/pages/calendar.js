// calendar.js - a working calendar year by year: days off, half days and make-up days, each with its
// source. Open to anyone.

import {get, query} from '../app/api.js';
import {badge} from '../app/badge.js';
import {h, icon} from '../app/dom.js';
import {dateTime, today, weekday} from '../app/format.js';
import {holds} from '../app/session.js';
import {t} from '../app/i18n.js';
import {notice} from '../app/notify.js';
import {facts, table} from '../app/table.js';
import {backStyle} from '../back/base.js';
import {adminTabs} from '../back/admin.js';

export const texts = ['admin'];

const LOOKS = {off: ['red', 'stop'], work: ['green', 'check'], half: ['amber', 'clock']};
const WEEK = [1, 2, 3, 4, 5, 6, 0];
const WEEK_NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const two = (n) => String(n).padStart(2, '0');

function month(year, number, days, rests) {
  const first = new Date(Date.UTC(year, number - 1, 1)).getUTCDay();
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const cells = [...Array((first + 6) % 7).fill(null), ...Array.from({length}, (_, place) => place + 1)];
  const weeks = Array.from({length: Math.ceil(cells.length / 7)}, (_, week) => cells.slice(week * 7, week * 7 + 7));
  const cell = (day) => {
    if (day === null)
      return h('td', {'aria-hidden': 'true'});
    const key = `${year}-${two(number)}-${two(day)}`;
    const special = days.get(key);
    const kind = special?.kind ?? (rests.has(new Date(`${key}T00:00:00Z`).getUTCDay()) ? 'rest' : '');

    return h('td', {class: [kind, key === today() && 'today'].filter(Boolean).join(' ') || null, title: special?.note}, String(day), special && [icon(LOOKS[kind][1]), h('span', {class: 'hidden'}, ` ${t(`admin.day_${kind}`)}: ${special.note ?? ''}`)],
      kind === 'rest' && h('span', {class: 'hidden'}, ` ${t('admin.day_rest')}`));
  };

  return h('section', {class: 'month', 'aria-labelledby': `month-${number}`}, h('h2', {id: `month-${number}`}, t('admin.month_n', {n: number})),
    h('table', null, h('caption', {class: 'hidden'}, `${t('admin.month_n', {n: number})} ${year}`), h('thead', null, h('tr', null, WEEK.map((day) => h('th', {scope: 'col'}, h('abbr', {title: t(`core.weekday_${day}`)}, t(`admin.short_${day}`)))))),
      h('tbody', null, weeks.map((week) => h('tr', null, [...week, ...Array(7 - week.length).fill(null)].map(cell))))));
}

function sessions(list) {
  return (list ?? []).map((one) => (typeof one === 'string' ? one : Array.isArray(one) ? one.join(' – ') : `${one.from} – ${one.to}`)).join(', ');
}

export default async function calendarPage(page) {
  const [{items: calendars}] = await Promise.all([get('/calendars', {signal: page.signal}), backStyle()]);
  const chosen = calendars.find((one) => one.name === page.query.get('name')) ?? calendars.find((one) => one.name === 'vn-default') ?? calendars[0];
  const tabs = page.path.startsWith('admin/') && holds('admin') && adminTabs('calendar');
  const path = `#/${page.path}`;

  if (!chosen)
    return h('div', {class: 'wrap desk'}, tabs, h('h1', null, t('admin.page_calendar')), notice('warn', t('admin.calendar_none')));
  const asked = Number(page.query.get('year') ?? today().slice(0, 4));
  const year = Math.min(Math.max(asked || 0, chosen.first_year), chosen.last_year);
  const calendar = await get(query(`/calendars/${encodeURIComponent(chosen.name)}`, {year}), {signal: page.signal});
  const days = new Map(calendar.days.map((day) => [day.date, day]));
  const rests = new Set(WEEK.filter((day) => {
    const of = calendar.week?.[WEEK_NAMES[day]];

    return calendar.week ? !(of?.sessions?.length > 0) : day === 0 || day === 6;
  }));
  const pick = (name, label, options, value) => h('label', {class: name === 'name' ? 'filter wide' : 'filter'}, h('span', null, label), h('select', {name, on: {change: (event) => page.go(query(path, {name: chosen.name, year, [name]: event.target.value}))}},
    options.map(([key, text]) => h('option', {value: key, selected: key === value}, text))));

  return h('div', {class: 'wrap desk'}, tabs, h('h1', null, t('admin.calendar_of', {year})),
    h('form', {class: 'filters no-print', on: {submit: (event) => event.preventDefault()}}, calendars.length > 1 && pick('name', t('admin.page_calendar'), calendars.map((one) => [one.name, one.title ?? one.name]), chosen.name),
      pick('year', t('admin.year'), Array.from({length: chosen.last_year - chosen.first_year + 1}, (_, place) => [chosen.first_year + place, chosen.first_year + place]), year)),
    asked !== year && notice('info', t('admin.calendar_years', {first: chosen.first_year, last: chosen.last_year})),
    facts([[t('admin.calendar_name'), calendar.title ?? calendar.name], [t('admin.version'), calendar.version], [t('admin.published'), dateTime(chosen.published_at)], [t('admin.hours'), sessions(calendar.sessions)]]),
    h('div', {class: 'badges'}, Object.entries(LOOKS).map(([kind, look]) => badge(...look, t(`admin.day_${kind}`))), badge('grey', 'pause', t('admin.day_rest'))),
    h('div', {class: 'months'}, Array.from({length: 12}, (_, place) => month(year, place + 1, days, rests))),
    h('h2', null, t('admin.calendar_days')), calendar.days.length === 0 ? h('p', {class: 'quiet'}, t('admin.calendar_no_days')) : table([
      {name: t('admin.day'), class: 'cell-head nowrap', cell: (day) => weekday(day.date)}, {name: t('admin.kind_of_day'), class: 'nowrap', cell: (day) => badge(...LOOKS[day.kind], t(`admin.day_${day.kind}`))},
      {name: t('admin.note'), cell: (day) => [day.note ?? '–', day.sessions && h('div', {class: 'small quiet'}, sessions(day.sessions))]}, {name: t('admin.source'), cell: (day) => day.source ?? '–'},
    ], calendar.days, {caption: t('admin.calendar_days')}));
}
