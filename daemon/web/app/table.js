// table.js - rows of data: a table on wide screens, a list of cards under 600 pixels (by style; the
// roles stay those of a table). And a list that is fetched page by page.

import {button, fill, h} from './dom.js';
import {get, Offline, query} from './api.js';
import {announce, failed, notice, words} from './notify.js';
import {count, t} from './i18n.js';

// columns: [{name, cell(row) -> node or text, class}]. The first column heads the row.
// options: caption (shown to screen readers), rowClass(row), rowAttributes(row).
export function table(columns, rows, {caption, rowClass, rowAttributes} = {}) {
  const body = h('tbody', {role: 'rowgroup'});
  const node = h('table', {class: 'table', role: 'table'},
    caption && h('caption', {class: 'hidden'}, caption),
    h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'},
      columns.map((column) => h('th', {scope: 'col', role: 'columnheader', class: column.class}, column.name)))),
    body);

  node.rowOf = (row) => h('tr', {role: 'row', class: rowClass?.(row), ...rowAttributes?.(row)},
    columns.map((column, place) => h(place === 0 ? 'th' : 'td', {
      scope: place === 0 ? 'row' : null,
      role: place === 0 ? 'rowheader' : 'cell',
      class: column.class,
      'data-label': column.name,
    }, h('div', {class: 'cell'}, column.cell(row)))));
  node.addRows = (more) => body.append(...more.map(node.rowOf));
  node.addRows(rows);
  return node;
}

// Fetches `path` with {items, next}; draw(items, into) adds what came. Its reload() starts anew,
// also with other parameters.
export function pagedList(path, parameters, {draw, empty, limit = 20, signal}) {
  const into = h('div', {class: 'list-items'});
  const more = button(t('core.more'), () => load(), {kind: 'secondary', sign: 'down'});
  const node = h('div', {class: 'list'}, into, more);
  let next = null, asked = parameters, shown = 0;

  async function load() {
    more.hidden = true;
    try {
      const page = await get(query(path, {...asked, limit, page: next}), {signal});

      next = page.next;
      if (shown === 0)
        fill(into);
      if (shown === 0 && page.items.length === 0)
        fill(into, typeof empty === 'string' ? h('p', {class: 'quiet'}, empty) : empty?.());
      else
        draw(page.items, into, page);
      if (shown > 0)
        announce(count('core.more_came', page.items.length));
      shown += page.items.length;
      more.hidden = !next;
      return page;
    } catch (error) {
      const first = shown === 0 && error?.name !== 'AbortError';
      const again = () => button(t('core.retry'), () => load(), {kind: 'secondary', sign: 'refresh'});

      if (first && error instanceof Offline)
        fill(into, notice('warn', t('core.offline_title'), h('p', null, t('core.offline_text')), again()));
      else if (first)
        fill(into, notice('error', words(error), again()));
      else
        failed(error);
      if (first)
        announce(words(error), true);
      more.hidden = first || error?.name === 'AbortError';
      return null;
    }
  }

  node.reload = (other = asked) => {
    asked = other;
    next = null;
    shown = 0;
    into.replaceChildren();
    return load();
  };
  node.ready = node.reload();
  return node;
}

// Label and value pairs: [[name, node or text], ...]; null values are left out.
export function facts(pairs, className = '') {
  return h('dl', {class: `facts ${className}`}, pairs.filter((pair) => pair && pair[1] !== null && pair[1] !== undefined && pair[1] !== '')
    .map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}
