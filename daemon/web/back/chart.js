// chart.js - small drawings of the figures as SVG. Parts differ by pattern as well as by colour, and
// each drawing has its numbers in the table of the page.

import {h, languageOf} from '../app/dom.js';
import {number} from '../app/format.js';

const SVG = 'http://www.w3.org/2000/svg';
const NARROW = matchMedia('(max-width: 47.99rem)');

function s(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);

  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined)
      node.setAttribute(name, value);
  }
  const there = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);

  if (there.some((child) => typeof child === 'string' && languageOf(child)))
    node.setAttribute('lang', 'vi');
  node.append(...there);
  return node;
}

// Lines over the colour: none, falling, crossing.
const MARKS = {early: null, on_time: 'M0 8 8 0', late: 'M0 0 8 8M0 8 8 0'};
const PARTS = ['early', 'on_time', 'late'];

function patterns(prefix) {
  return s('defs', null, PARTS.map((part) => s('pattern', {id: `${prefix}-${part}`, width: 8, height: 8, patternUnits: 'userSpaceOnUse'},
    s('rect', {width: 8, height: 8, class: part}), MARKS[part] && s('path', {d: MARKS[part], class: 'stripes', fill: 'none'}))));
}

let last = 0;

function frame(width, height, label, ...children) {
  return s('svg', {viewBox: `0 0 ${width} ${height}`, class: 'chart', role: 'img', 'aria-label': label}, children);
}

function fit(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function drawBars(rows, label) {
  const narrow = NARROW.matches;
  const width = narrow ? 328 : 900, left = narrow ? 0 : 300, right = narrow ? 328 : 780;
  const step = narrow ? 50 : 34, top = 6;
  const most = Math.max(1, ...rows.map((row) => PARTS.reduce((sum, part) => sum + row[part], 0)));
  const prefix = `bars-${++last}`;

  return frame(width, top + rows.length * step + 4, label, patterns(prefix), rows.map((row, place) => {
    const y = top + place * step;
    let x = left;
    const bar = narrow ? y + 20 : y + 4;

    return s('g', null, s('text', {x: narrow ? 0 : left - 10, y: narrow ? y + 14 : y + 20, 'text-anchor': narrow ? 'start' : 'end'}, fit(row.name, narrow ? 44 : 40)),
      PARTS.map((part) => {
        const wide = row[part] / most * ((narrow ? 250 : right) - left);
        const node = wide > 0 && s('g', null, s('rect', {x, y: bar, width: wide, height: 22, fill: `url(#${prefix}-${part})`}), s('rect', {x, y: bar, width: wide, height: 22, class: 'outline'}));

        x += wide;
        return node;
      }),
      s('text', {x: x + 6, y: bar + 16}, PARTS.map((part) => number(row[part])).join(' · ')));
  }));
}

function drawLine(points, label) {
  const narrow = NARROW.matches;
  const width = narrow ? 328 : 900, height = narrow ? 200 : 260, left = 46, bottom = height - 28, top = 14;
  const at = (place) => left + (points.length === 1 ? 0 : place * (width - left - 24) / (points.length - 1));
  const y = (value) => bottom - value * (bottom - top);
  const known = points.map((point, place) => ({...point, place})).filter((point) => point.value !== null);

  return frame(width, height, label,
    [0, 0.5, 1].map((value) => s('g', null, s('line', {x1: left, x2: width - 8, y1: y(value), y2: y(value), class: value === 0 ? 'axis' : 'grid'}),
      s('text', {x: left - 6, y: y(value) + 4, 'text-anchor': 'end'}, `${value * 100}%`))),
    s('polyline', {points: known.map((point) => `${at(point.place)},${y(point.value)}`).join(' '), class: 'value-line'}),
    known.map((point) => s('circle', {cx: at(point.place), cy: y(point.value), r: 4, class: 'value-dot'})),
    points.map((point, place) => (narrow && points.length > 6 && place % 2 === 1 ? null : s('text', {x: at(place), y: height - 8, 'text-anchor': 'middle'}, point.name))));
}

// Drawn anew when the window gets narrow or wide.
function live(draw, signal) {
  const node = h('div');
  const redraw = () => node.replaceChildren(draw());

  redraw();
  NARROW.addEventListener('change', redraw, {signal});
  return node;
}

export function bars(rows, label, signal) {
  return live(() => drawBars(rows, label), signal);
}

export function line(points, label, signal) {
  return live(() => drawLine(points, label), signal);
}

export function legend(names) {
  const prefix = `legend-${++last}`;

  return h('ul', {class: 'legend'}, PARTS.map((part) => h('li', null, s('svg', {viewBox: '0 0 20 20', 'aria-hidden': 'true'}, patterns(`${prefix}-${part}`),
    s('rect', {x: 1, y: 1, width: 18, height: 18, fill: `url(#${prefix}-${part}-${part})`}), s('rect', {x: 1, y: 1, width: 18, height: 18, class: 'outline'})), names[part])));
}
