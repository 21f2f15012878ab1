// ticks.js - papers as they lie on the counter: each ticked, with how many sheets of it; what the
// procedure asks for (originals, certified, photocopies) stands beside the number.

import {condition} from '../app/expr.js';
import {fill, h} from '../app/dom.js';
import {t} from '../app/i18n.js';

function number(name, value, label, onInput) {
  return h('input', {type: 'text', inputmode: 'numeric', class: 'sheets', name, value: String(value), maxlength: 2, 'aria-label': label,
    on: {input: onInput, focus: (event) => event.target.select()}});
}

function wantedCounts(paper) {
  return ['original', 'certified', 'photo'].filter((kind) => paper[kind] > 0).map((kind) => t(`desk.sheets_${kind}`, {n: paper[kind]})).join(', ');
}

// `chosen()` gives the case, `look(path)` what a condition asks for.
export function paperTicks(plan, {chosen, look}) {
  const rows = plan.documents.map((paper) => {
    const id = `tick-${paper.id}`;
    const row = {paper, wanted: false, touched: false};

    row.tick = h('input', {type: 'checkbox', id, on: {change: () => {
      row.touched = true;
      row.draw();
    }}});
    row.copies = number('copies', Math.max(1, paper.original + paper.certified + paper.photo), `${t('desk.copies_count')}: ${paper.name}`, () => {
      row.tick.checked = row.touched = true;
    });
    row.error = h('p', {class: 'error-text', hidden: true});
    row.star = h('span', {class: 'star', hidden: true}, ` ${t('desk.paper_required')}`);
    row.counts = h('div', {class: 'tick-counts'}, h('span', {'aria-hidden': 'true'}, t('desk.copies_count')), row.copies,
      h('span', {class: 'quiet'}, wantedCounts(paper)));
    row.node = h('li', {class: 'tick'}, row.error, h('div', {class: 'choice'}, row.tick, h('label', {for: id}, paper.name, row.star)), row.counts);
    row.draw = () => {
      row.counts.hidden = !row.tick.checked;
    };
    return row;
  });
  const list = h('ul', {class: 'bare ticks'});
  const none = h('p', {class: 'quiet'}, t('desk.no_papers'));
  const shown = () => rows.filter((row) => !row.paper.cases.length || row.paper.cases.includes(chosen()));
  const needed = (row) => row.paper.required || Boolean(row.paper.required_if && condition(row.paper.required_if)(look));
  const count = (input) => (/^\d{1,2}$/.test(input.value.trim()) ? Number(input.value) : null);
  const made = {
    node: h('div', null, list, none),
    refresh() {
      const now = shown();

      for (const row of now) {
        const wanted = needed(row);

        row.star.hidden = !wanted;
        // What must be there is ticked beforehand: the receiver looks and takes the tick away.
        if (wanted && !row.touched)
          row.tick.checked = true;
        row.draw();
      }
      if (now.some((row, place) => list.children[place] !== row.node) || list.children.length !== now.length)
        fill(list, now.map((row) => row.node));
      none.hidden = now.length > 0;
    },
    faults() {
      return shown().flatMap((row) => {
        const message = needed(row) && !row.tick.checked ? t('desk.paper_missing', {name: row.paper.name})
          : row.tick.checked && !count(row.copies) ? t('desk.paper_count', {name: row.paper.name}) : null;

        row.error.hidden = !message;
        row.error.textContent = message ?? '';
        return message ? [{input: row.tick, message}] : [];
      });
    },
    values: () => shown().filter((row) => row.tick.checked).map((row) => ({id: row.paper.id, upload: null, copies: count(row.copies)})),
    focus: () => (shown()[0]?.tick ?? made.node).focus(),
  };

  made.refresh();
  return made;
}
