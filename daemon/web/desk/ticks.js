// ticks.js - papers as they lie on the counter: each ticked, with how many originals, certified copies
// and photocopies of it; the numbers stand at what the procedure asks for until somebody counts.

import {condition} from '../app/expr.js';
import {fill, h} from '../app/dom.js';
import {t} from '../app/i18n.js';

// Kind by kind: of the procedure's paper, and as the dossier keeps it.
const KINDS = [['original', 'originals'], ['certified', 'certified'], ['photo', 'copies']];
const EACH_MAX = 50;

function number(name, value, label, onInput) {
  return h('input', {type: 'text', inputmode: 'numeric', class: 'sheets', name, value: String(value), maxlength: 2, autocomplete: 'off', 'aria-label': label,
    on: {input: onInput, focus: (event) => event.target.select()}});
}

// An empty field counts none; null where there is no number.
function count(input) {
  const text = input.value.trim();

  return text === '' ? 0 : /^\d{1,2}$/.test(text) && Number(text) <= EACH_MAX ? Number(text) : null;
}

// Of a dossier's paper: its kinds where they were told apart, else how many.
export function sheetsText(paper) {
  if (paper.originals == null && paper.certified == null)
    return t('desk.copies', {n: paper.copies});
  return KINDS.filter(([, kept]) => paper[kept] > 0).map(([kind, kept]) => t(`desk.sheets_${kind}`, {n: paper[kept]})).join(', ');
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
    const counted = () => {
      row.tick.checked = row.touched = true;
    };
    const asked = KINDS.some(([kind]) => paper[kind] > 0);

    row.counts = KINDS.map(([kind, kept]) => ({kept, kind,
      input: number(kept, paper[kind] || (!asked && kind === 'photo' ? 1 : 0), `${t(`desk.kind_${kind}`)}: ${paper.name}`, counted)}));
    // A digit on the tick itself goes to the kind that the procedure asks for.
    row.tick.addEventListener('keydown', (event) => {
      if (!/^\d$/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey)
        return;
      const {input} = row.counts.find(({kind}) => paper[kind] > 0) ?? row.counts.at(-1);

      event.preventDefault();
      counted();
      row.draw();
      input.value = event.key;
      input.focus();
      input.setSelectionRange(1, 1);
    });
    row.error = h('p', {class: 'error-text', hidden: true});
    row.star = h('span', {class: 'star', hidden: true}, ` ${t('desk.paper_required')}`);
    row.numbers = h('div', {class: 'tick-counts'}, row.counts.map(({kind, input}) => h('label', null, input, h('span', null, t(`desk.kind_${kind}`)))));
    row.node = h('li', {class: 'tick'}, row.error, h('div', {class: 'choice'}, row.tick, h('label', {for: id}, paper.name, row.star)), row.numbers);
    row.draw = () => {
      row.numbers.hidden = !row.tick.checked;
    };
    return row;
  });
  const list = h('ul', {class: 'bare ticks'});
  const none = h('p', {class: 'quiet'}, t('desk.no_papers'));
  const shown = () => rows.filter((row) => !row.paper.cases.length || row.paper.cases.includes(chosen()));
  const needed = (row) => row.paper.required || Boolean(row.paper.required_if && condition(row.paper.required_if)(look));
  const fits = ({counts}) => counts.every(({input}) => count(input) !== null) && counts.some(({input}) => count(input) > 0);
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
          : row.tick.checked && !fits(row) ? t('desk.paper_count', {name: row.paper.name, max: EACH_MAX}) : null;

        row.error.hidden = !message;
        row.error.textContent = message ?? '';
        return message ? [{input: row.tick, message}] : [];
      });
    },
    values: () => shown().filter((row) => row.tick.checked).map((row) => ({id: row.paper.id, upload: null,
      ...Object.fromEntries(row.counts.map(({kept, input}) => [kept, count(input)]))})),
    focus: () => (shown()[0]?.tick ?? made.node).focus(),
  };

  made.refresh();
  return made;
}
