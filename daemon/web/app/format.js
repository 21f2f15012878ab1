// format.js - dates, money and sizes as people here read them. Legal time is Asia/Ho_Chi_Minh,
// which has been UTC+7 without summer time since 1975, whatever zone the visitor's device is in.

import {count, language, t} from './i18n.js';

const ZONE_MS = 7 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

const two = (number) => String(number).padStart(2, '0');

function local(at) {
  return new Date(new Date(at).getTime() + ZONE_MS);
}

// '2026-11-22' or a moment to 22/11/2026; null to a dash.
export function date(value) {
  if (!value)
    return '–';
  if (/^\d{4}-\d\d-\d\d$/.test(value)) {
    const [year, month, day] = value.split('-');

    return `${day}/${month}/${year}`;
  }
  const at = local(value);

  return `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
}

export function time(value) {
  const at = local(value);

  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

export function dateTime(value) {
  return value ? `${date(value)} ${time(value)}` : '–';
}

// 'Thứ Hai, 23/11/2026', where a line begins
export function weekday(value) {
  const at = new Date(`${dayOf(value)}T00:00:00Z`);

  return `${t(`core.weekday_${at.getUTCDay()}`)}, ${date(value)}`;
}

// The legal day of a moment, as YYYY-MM-DD.
export function dayOf(value) {
  if (/^\d{4}-\d\d-\d\d$/.test(value))
    return value;
  return local(value).toISOString().slice(0, 10);
}

export function today() {
  return dayOf(new Date().toISOString());
}

// Whole days from today to that day, negative when it is past.
export function daysTo(value) {
  return Math.round((Date.parse(`${dayOf(value)}T00:00:00Z`) - Date.parse(`${today()}T00:00:00Z`)) / DAY_MS);
}

export function number(value) {
  return new Intl.NumberFormat(language() === 'vi' ? 'vi-VN' : 'en-GB').format(value);
}

export function money(amount) {
  return language() === 'vi' ? `${number(amount)} đồng` : `${number(amount)} VND`;
}

export function bytes(size) {
  if (size < 1024)
    return `${size} B`;
  if (size < 1024 * 1024)
    return `${number(Math.round(size / 1024))} KB`;
  return `${number(Math.round(size / 1024 / 102.4) / 10)} MB`;
}

// '3 working_days' of the API in words.
export function limit(text) {
  const [amount, unit] = (text ?? 'none').split(' ');

  if (['none', 'same_day', 'transfer'].includes(amount))
    return t(`core.limit_${amount}`);
  return count(`core.limit_${unit}`, Number(amount));
}

// The 22/11/2026 that people type to 2026-11-22; null when it is no day of the calendar.
export function parseDate(text) {
  const found = /^\s*(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4})\s*$/.exec(text) ??
    /^\s*(\d\d)(\d\d)(\d{4})\s*$/.exec(text);

  if (!found)
    return null;
  const [, day, month, year] = found.map(Number);
  const at = new Date(Date.UTC(year, month - 1, day));

  if (at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day)
    return null;
  return `${year}-${two(month)}-${two(day)}`;
}

// Marks and case away, as the server's search does: đ is d.
export function fold(text) {
  return text.normalize('NFD').replace(/\p{Mn}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();
}
