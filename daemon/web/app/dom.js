// dom.js - elements built from data. Text goes in as text nodes only: nothing here parses HTML. On a
// page in English what is Vietnamese is marked as such.

const SVG = 'http://www.w3.org/2000/svg';

// h('a', {href: '#/', class: 'x', on: {click: fn}, dataset: {id: 1}}, 'text', node, [more])
// false, null and undefined attributes and children are left out; true is an empty attribute.
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);

  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined)
      continue;
    if (name === 'on') {
      for (const [event, handler] of Object.entries(value))
        node.addEventListener(event, handler);
    } else if (name === 'dataset') {
      Object.assign(node.dataset, value);
    } else if (name === 'value' || name === 'checked' || name === 'selected' || name === 'disabled') {
      node[name] = value;
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  add(node, children);
  return node;
}

export function add(node, ...children) {
  const there = children.flat(Infinity).filter((child) => child !== false && child !== null && child !== undefined && child !== '');

  for (const child of there)
    node.append(child instanceof Node ? child : text(String(child), node, there.length === 1));
  return node;
}

// ---- what is Vietnamese on a page in another language ----

// Names of procedures, steps, agencies and people stay Vietnamese; a screen reader has to be told so.
const MARKS = /[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00fd\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]/;
// Where our own words and such a name meet in one line.
const JOINS = /(: | – | · |, |; |\. | \(|\))/;

// The language of a text that is not the page's own; null when it is.
export function languageOf(words) {
  return document.documentElement.lang !== 'vi' && MARKS.test(words) ? 'vi' : null;
}

// Elements that were marked here as a whole; another text may follow in them.
const told = new WeakSet();

// [before, Vietnamese, after] of a line.
function parted(words) {
  const parts = words.split(JOINS);
  const marked = parts.map((part) => MARKS.test(part));
  const first = marked.indexOf(true), last = marked.lastIndexOf(true);

  return [parts.slice(0, first), parts.slice(first, last + 1), parts.slice(last + 1)].map((some) => some.join(''));
}

function text(words, node, alone) {
  if (!languageOf(words) || node.hasAttribute('lang'))
    return words;
  const [before, own, after] = parted(words);

  if ((alone && !before && !after) || node.matches('option')) {
    node.setAttribute('lang', 'vi');
    told.add(node);
    return words;
  }
  const part = document.createElement('span');
  const whole = document.createDocumentFragment();

  part.lang = 'vi';
  part.textContent = own;
  whole.append(before, part, after);
  return whole;
}

export function fill(node, ...children) {
  node.replaceChildren();
  if (told.delete(node))
    node.removeAttribute('lang');
  return add(node, children);
}

let last = 0;
// An id that no other element of this document has.
export function newId(prefix = 'e') {
  last += 1;
  return `${prefix}-${last}`;
}

const PATHS = {
  home: 'M3 11 12 4l9 7v9h-6v-6H9v6H3z',
  search: 'M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12zm4.5 10.5L20 20',
  menu: 'M4 6h16M4 12h16M4 18h16',
  close: 'M6 6l12 12M18 6 6 18',
  next: 'M9 5l7 7-7 7',
  back: 'M15 5l-7 7 7 7',
  down: 'M5 9l7 7 7-7',
  check: 'M4 12.5l5 5L20 6.5',
  warn: 'M12 4 2.5 20h19zM12 10v4.5M12 17v.5',
  error: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 15.5v.5',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 7.5V8',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
  pause: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM10 8.5v7M14 8.5v7',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  camera: 'M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  upload: 'M12 16V5M7 10l5-5 5 5M4 19h16',
  download: 'M12 4v11M7 10l5 5 5-5M4 19h16',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  post: 'M3 6h18v12H3zM3 7l9 7 9-7',
  truck: 'M2 6h12v10H2zM14 10h4l4 3v3h-8M6.5 16a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM17 16a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c1-4 4-6 8-6s7 2 8 6',
  bell: 'M6 17V11a6 6 0 1 1 12 0v6l1.5 1.5h-15zM10 20.5h4',
  offline: 'M3 3l18 18M5 10c2-2 4-3 7-3m5 1 2.5 2M8.5 14c1-.9 2-1.3 3.5-1.3M12 18v.5',
  edit: 'M4 20v-4L16 4l4 4L8 20zM13 7l4 4',
  bin: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13',
  plus: 'M12 5v14M5 12h14',
  stop: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12h8',
  pen: 'M3 20c4-6 6-8 8-8s0 6 2 6 3-3 4-3 1 2 4 2',
  refresh: 'M19 7v4h-4M5 17v-4h4M18 11a6.5 6.5 0 0 0-11.5-3M6 13a6.5 6.5 0 0 0 11.5 3',
  question: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .9-1 1.7M12 16.5v.5',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  list: 'M9 6h11M9 12h11M9 18h11M4 6h1M4 12h1M4 18h1',
  chart: 'M4 20V4M4 20h16M8 16v-5M12 16V8M16 16v-3',
  phone: 'M6 3h4l1.5 5-2.5 1.5a12 12 0 0 0 5.5 5.5L16 12.5l5 1.5v4c0 1.5-1 2.5-2.5 2.5A15.5 15.5 0 0 1 3.5 5.5C3.5 4 4.5 3 6 3z',
  gear: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1',
};

// A drawing beside a text that says the same: hidden from screen readers.
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');

  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  path.setAttribute('d', PATHS[name] ?? PATHS.info);
  svg.append(path);
  return svg;
}

export function button(label, onClick, {kind = 'primary', sign, ...attributes} = {}) {
  return h('button', {type: 'button', class: `button ${kind}`, on: {click: onClick}, ...attributes},
    sign && icon(sign), h('span', null, label));
}

export function link(label, href, {kind, sign, ...attributes} = {}) {
  return h('a', {href, class: kind ? `button ${kind}` : null, ...attributes},
    sign && icon(sign), sign || kind ? h('span', null, label) : label);
}

// Runs `work` with the button dead and marked busy, so that one intent is one request.
export async function busy(control, work) {
  if (control.getAttribute('aria-disabled') === 'true')
    return undefined;
  control.setAttribute('aria-disabled', 'true');
  control.classList.add('busy');
  try {
    return await work();
  } finally {
    control.removeAttribute('aria-disabled');
    control.classList.remove('busy');
  }
}

// A script of /lib, once. They are classic scripts: each leaves a global.
const scripts = new Map();
export function library(path) {
  if (!scripts.has(path)) {
    scripts.set(path, new Promise((resolve, reject) => {
      const script = h('script', {src: path});

      script.onload = resolve;
      script.onerror = () => {
        scripts.delete(path);
        script.remove();
        reject(new Error(path));
      };
      document.head.append(script);
    }));
  }
  return scripts.get(path);
}
