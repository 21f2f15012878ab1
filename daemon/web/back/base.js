// base.js - what the postal desk, the figures and the administration share: style, tabs, a moment of
// a day, a file made in the browser.

import {fill, h, icon, link} from '../app/dom.js';
import {get, query} from '../app/api.js';
import {t} from '../app/i18n.js';
import {notice, words} from '../app/notify.js';
import {deskStyle} from '../desk/base.js';

let styled = null;

export async function backStyle() {
  await deskStyle();
  styled ??= new Promise((resolve) => {
    document.head.append(h('link', {rel: 'stylesheet', href: '/style/back.css', on: {load: resolve, error: resolve}}));
  });
  return styled;
}

// Views of one page beside each other: [{id, label, sign, href}].
export function tabs(label, items, current) {
  return h('nav', {'aria-label': label, class: 'no-print'}, h('ul', {class: 'tabs'}, items.map((item) => h('li', null,
    h('a', {href: item.href, 'aria-current': item.id === current ? 'page' : null}, item.sign && icon(item.sign), h('span', null, item.label))))));
}

// The first or last moment of a day here, for the API.
export function startOf(day) {
  return day ? `${day}T00:00:00+07:00` : null;
}

export function endOf(day) {
  return day ? `${day}T23:59:59+07:00` : null;
}

// All rows of a list, to a limit: what is beyond it is told by `more`.
export async function allRows(path, parameters, {signal, most = 1000} = {}) {
  const items = [];
  let next = null;

  do {
    const page = await get(query(path, {...parameters, limit: 200, page: next}), {signal});

    items.push(...page.items);
    next = page.next;
  } while (next && items.length < most);
  return {items, more: Boolean(next)};
}

// Rows of several lists one after the other, so many at a time. `fits`: which of them count.
export function listOfLists(paths, {signal, fits = () => true}) {
  let place = 0, next = null;

  return {
    get more() {
      return place < paths.length;
    },
    async take(wanted) {
      const items = [];

      while (items.length < wanted && place < paths.length) {
        const [path, parameters] = paths[place];
        const page = await get(query(path, {...parameters, limit: 200, page: next}), {signal});

        items.push(...page.items.filter(fits));
        next = page.next;
        if (!next)
          place += 1;
      }
      return items;
    },
  };
}

export function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], {type}));
  const anchor = h('a', {href: url, download: name});

  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// Rows of cells as RFC 4180 with a mark of UTF-8, as spreadsheets want it. A text that a spreadsheet
// would take for a formula gets an apostrophe.
export function csv(rows) {
  const cell = (value) => {
    let text = value === null || value === undefined ? '' : String(value);

    if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text))
      text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

export function backTo(label, href) {
  return link(label, href, {class: 'back no-print', sign: 'back'});
}

// A place whose content comes a moment later, or why it does not.
export function later(work, into = h('div')) {
  fill(into, h('p', {class: 'quiet'}, t('core.loading')));
  work.then((node) => fill(into, node), (error) => fill(into, error?.name !== 'AbortError' && notice('error', words(error))));
  return into;
}
