// flow.js - a workflow as a picture: steps below each other as a list that reads by itself, the expected
// way as a thick line on the left, other ways as lines on the right. Words and numbers say all that the
// lines say; loaded when somebody opens the picture.

import {count, has, language, needTexts, t} from './i18n.js';
import {h, icon} from './dom.js';
import {limit} from './format.js';

const SVG = 'http://www.w3.org/2000/svg';
const LANE = 8;
const ARROW = 10;
const SPINE = 18;
const SIGNS = {work: 'user', wait: 'clock', automatic: 'gear', end: 'stop'};

let ready = null;

// Style and words; a picture waits for both.
function prepare() {
  ready ??= new Promise((resolve) => {
    document.head.append(h('link', {rel: 'stylesheet', href: '/style/flow.css', on: {load: resolve, error: resolve}}));
  });
  return Promise.all([ready, needTexts(['flow'])]);
}

// ---- what is shown ----

// Actions that open several steps at once are one way with several ends.
function waysOf(node, graph) {
  const ways = new Map();

  for (const edge of graph.edges.filter((one) => one.from === node.id)) {
    const key = `${edge.kind}/${edge.action}`;

    if (!ways.has(key))
      ways.set(key, {...edge, targets: []});
    ways.get(key).targets.push(edge);
    ways.get(key).main ||= edge.main;
  }
  return [...ways.values()];
}

// What an applicant wants to know of the steps on the usual way: what may be asked of them, and how it
// may end; not how often the office sends a draft back, nor two ways to the same step.
function simpleWays(node, ways) {
  const next = ways.find((way) => way.main)?.to;

  return node.main ? ways.filter((way) => !way.main && !way.back && way.to !== next) : ways;
}

function roleName(node, simple) {
  const key = `flow.${simple ? 'simple' : node.kind === 'wait' ? 'wait' : 'role'}_${node.role}`;

  if (has(key))
    return t(key);
  return has(`core.role_${node.role}`) ? t(`core.role_${node.role}`) : node.role_name;
}

// Of one channel, else of all: the server's words are Vietnamese, and name channels only where the limits differ.
function limitText(node, channel) {
  if (channel)
    return node.limits?.[channel] && limit(node.limits[channel]);
  const channels = Object.keys(node.limits ?? {});
  const words = [...new Set(channels.map((one) => limit(node.limits[one])))];

  if (language() === 'vi' || words.length === 0)
    return node.limit_text;
  if (!node.limit_text.includes(':'))
    return words[0];
  return words.map((word) => `${channels.filter((one) => limit(node.limits[one]) === word).map((one) => t(`core.channel_${one}`)).join(', ')}: ${word}`).join('; ');
}

function place(node) {
  if (node.here)
    return h('p', {class: 'flow-mark here'}, icon('next'), h('strong', null, t('flow.here')));
  return node.visits > 0 && h('p', {class: 'flow-mark'}, icon('check'), node.visits > 1 ? count('flow.been_often', node.visits) : t('flow.been'));
}

function box(node, simple, channel) {
  const who = node.kind !== 'end' && roleName(node, simple);
  const details = [who, node.agency && node.agency !== 'receiving' && t('flow.elsewhere'), !simple && node.kind === 'automatic' && t('flow.automatic'), limitText(node, channel)];

  return h('div', {class: 'flow-box'},
    h('p', {class: 'flow-name'}, icon(SIGNS[node.kind]), h('span', null, node.number ? `${node.number}.\u00a0` : `${t('flow.end')}: `, node.name)),
    place(node),
    node.join && !simple && h('p', {class: 'flow-note'}, t(`flow.join_${node.join}`)),
    details.some(Boolean) && h('p', {class: 'flow-note'}, details.filter(Boolean).join(' · ')));
}

function notes(way, node, simple) {
  if (simple)
    return null;
  return [
    way.kind === 'action' && way.by !== node.role && roleName({role: way.by, role_name: way.by_name, kind: 'work'}, false),
    way.automatic && node.kind !== 'automatic' && t('flow.by_itself'), way.when && t('flow.when', {when: way.when}), way.targets.length > 1 && t('flow.parallel'),
    way.previous && t('flow.previous'),
    ...way.targets.flatMap((edge) => edge.opens).map((one) => t('flow.opens', {code: one.procedure})),
  ].filter(Boolean).join(' · ');
}

function wayName(way) {
  if (way.kind !== 'timeout')
    return way.name;
  const after = limit(way.after);

  return way.consent ? t('flow.consent', {after}) : way.action ? t('flow.late_action', {after, name: way.name}) : t('flow.late', {after});
}

function wayItem(way, node, byId, simple) {
  const goals = way.targets.map((edge) => byId.get(edge.to));
  const said = notes(way, node, simple);

  return h('li', {class: `flow-way ${way.kind}`},
    h('span', {class: 'flow-action'}, wayName(way)), ' ',
    h('span', {class: 'flow-goal'}, icon('next'), h('span', {class: 'hidden'}, t('flow.to')), ' ',
      goals.map((goal) => (goal.number ? `${goal.number}.\u00a0${goal.name}` : `${t('flow.end')}: ${goal.name}`)).join('; ')),
    said && h('span', {class: 'flow-note'}, said));
}

// ---- lines ----

function path(d, className) {
  const node = document.createElementNS(SVG, 'path');

  node.setAttribute('d', d);
  node.setAttribute('class', className);
  return node;
}

const arrowLeft = (x, y) => path(`M${x} ${y}l7 -4v8z`, 'flow-head');
const arrowDown = (x, y) => path(`M${x} ${y}l-5 -9h10z`, 'flow-head main');

// Each goal has one lane for all ways to it; lanes that do not overlap share a place, short ones stand
// next to the boxes.
function lanesOf(lines) {
  const lanes = new Map();

  for (const line of lines) {
    const lane = lanes.get(line.to) ?? {to: line.to, lines: []};

    lane.lines.push(line);
    lanes.set(line.to, lane);
  }
  return [...lanes.values()];
}

function placeLanes(lanes, rows) {
  const spans = lanes.map((lane) => {
    const at = [rows.get(lane.to).order, ...lane.lines.map((line) => line.order)];

    return Object.assign(lane, {first: Math.min(...at), last: Math.max(...at)});
  }).sort((a, b) => a.last - a.first - (b.last - b.first) || a.first - b.first);
  const taken = [];

  for (const lane of spans) {
    lane.lane = taken.findIndex((others) => others.every((other) => other.last < lane.first || other.first > lane.last));
    if (lane.lane < 0)
      lane.lane = taken.push([]) - 1;
    taken[lane.lane].push(lane);
  }
  return taken.length;
}

// Draws what the list's layout asks for; called again whenever that changes.
function drawLines(picture) {
  const {node, svg, rows, lanes, spine} = picture;
  const ground = node.getBoundingClientRect();
  const edge = picture.list.getBoundingClientRect().right - ground.left;
  const of = (element) => {
    const rect = element.getBoundingClientRect();

    return {top: rect.top - ground.top, bottom: rect.bottom - ground.top, left: rect.left - ground.left, right: rect.right - ground.left};
  };
  const parts = [];

  if (ground.width === 0)
    return;
  svg.setAttribute('width', ground.width);
  svg.setAttribute('height', ground.height);
  for (const [from, to] of spine) {
    const a = of(rows.get(from).box), b = of(rows.get(to).box);

    parts.push(path(`M${SPINE} ${a.bottom}V${b.top - 8}`, 'flow-line main'), arrowDown(SPINE, b.top - 1));
  }
  for (const lane of lanes) {
    const goal = of(rows.get(lane.to).box);
    const x = edge + ARROW + lane.lane * LANE;
    const y = Math.min(goal.top + 16, goal.bottom - 6);

    for (const line of lane.lines) {
      const start = of(line.item).bottom - 1;

      parts.push(path(`M${edge} ${start}H${x - 3}Q${x} ${start} ${x} ${start + (y > start ? 3 : -3)}V${y + (y > start ? -3 : 3)}Q${x} ${y} ${x - 3} ${y}H${goal.right + 6}`,
        `flow-line ${line.kind}`));
    }
    parts.push(arrowLeft(goal.right + 1, y));
  }
  svg.replaceChildren(...parts);
}

// ---- the picture ----

// Steps in the order of the picture, numbered; ends after them.
function arranged(graph) {
  const steps = graph.nodes.filter((node) => node.kind !== 'end');
  const ends = graph.nodes.filter((node) => node.kind === 'end');

  return [...steps.map((node, at) => ({...node, number: at + 1})), ...ends.map((node) => ({...node, number: null}))];
}

function summary(graph, nodes) {
  const here = nodes.filter((node) => node.here);

  if (!graph.dossier)
    return null;
  return h('p', null, here.length > 0 ? t('flow.now', {steps: here.map((node) => node.name).join('; ')}) : t('flow.state', {state: graph.state_name}));
}

// graph: an answer of .../workflow. simple: for an applicant. channel: limits of this one only.
export async function flowPicture(graph, {simple = false, channel = null} = {}) {
  await prepare();
  const nodes = arranged(graph);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const rows = new Map(), lines = [], spine = [];
  let order = 0;

  const list = h('ol', {class: 'flow-steps'}, nodes.map((node) => {
    const all = waysOf(node, graph);
    const ways = (simple ? simpleWays(node, all) : all).map((way) => ({way, item: wayItem(way, node, byId, simple)}));
    const row = {order: order++, box: box(node, simple, channel)};

    rows.set(node.id, row);
    for (const {way, item} of ways) {
      order += 1;
      for (const edge of way.targets) {
        if (!edge.main && byId.get(edge.to).kind !== 'end')
          lines.push({to: edge.to, item, kind: edge.kind, order});
      }
    }
    spine.push(...graph.edges.filter((edge) => edge.from === node.id && edge.main).map((edge) => [node.id, edge.to]));
    return h('li', {class: `flow-step ${node.kind} ${node.main ? 'main' : 'side'} ${node.here ? 'here' : node.visits > 0 ? 'been' : ''}`, 'aria-current': node.here ? 'step' : null},
      row.box, ways.length > 0 && h('ul', {class: 'flow-ways'}, ways.map(({item}) => item)));
  }));
  const svg = document.createElementNS(SVG, 'svg');
  const lanes = lanesOf(lines);
  const places = placeLanes(lanes, rows);

  svg.setAttribute('class', 'flow-lines');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  list.style.marginRight = `${places > 0 ? ARROW + places * LANE : 0}px`;
  const node = h('div', {class: 'flow'}, svg, list);
  const picture = {node, svg, list, rows, lanes, spine};

  new ResizeObserver(() => drawLines(picture)).observe(list);
  return h('div', null, summary(graph, nodes), h('p', {class: 'quiet small'}, t(simple ? 'flow.how_simple' : 'flow.how'), !simple && ` ${t('flow.version', {version: graph.version})}`), node);
}
