// chain.js - the whole history of a dossier, oldest first, each event proved in this browser.

import {get} from '../app/api.js';
import {badge, stateBadge} from '../app/badge.js';
import {button, fill, h, icon} from '../app/dom.js';
import {dateTime} from '../app/format.js';
import {count, has, language, t} from '../app/i18n.js';
import {announce, notice} from '../app/notify.js';
import {account} from '../app/session.js';
import {facts} from '../app/table.js';
import {allRows, backStyle} from '../back/base.js';
import {canProve, endsAs, prove} from '../back/chain.js';

export const texts = ['figures', 'desk'];

const MOST = 20_000;

function nameOf(event) {
  if (language() === 'vi')
    return event.action_name ?? event.kind_name ?? event.kind;
  return event.action_name ?? (has(`desk.event_${event.kind}`) ? t(`desk.event_${event.kind}`) : event.kind);
}

function whoOf(event) {
  return [event.actor_name, event.role && (has(`core.role_${event.role}`) ? t(`core.role_${event.role}`) : event.role_name ?? event.role)].filter(Boolean).join(', ') || t('figures.by_system');
}

function proved(result) {
  if (!result)
    return badge('grey', 'question', t('figures.not_proved'));
  return result.fault ? badge('red', 'error', t(`figures.fault_${result.fault}`)) : badge('green', 'check', t('figures.proved'));
}

function eventNode(event, result) {
  return h('li', {class: result?.fault ? 'broken' : result ? 'good' : '', id: `event-${event.seq}`, dataset: {seq: event.seq}},
    h('p', null, h('strong', null, `${event.seq}. ${nameOf(event)}`), event.step_name && ` – ${event.step_name}`, ' ', proved(result)),
    h('p', {class: 'quiet small'}, `${dateTime(event.at)} · ${whoOf(event)}`), event.reason && h('p', {class: 'small'}, event.reason),
    h('details', null, h('summary', null, t('figures.bytes')), h('pre', null, event.body), h('p', {class: 'hash code'}, `${t('figures.previous')}: ${event.previous_hash}`), h('p', {class: 'hash code'}, `${t('figures.hash')}: ${event.hash}`)));
}

function verdict(results, events, cut, state) {
  const broken = results?.filter((result) => result.fault) ?? [];

  if (!results)
    return notice('warn', t('figures.cannot_prove'));
  if (broken.length > 0) {
    const [first] = broken;

    return notice('error', t('figures.broken', {seq: first.seq}), h('p', null, t(`figures.fault_${first.fault}_text`)),
      h('ul', null, broken.slice(0, 20).map((one) => h('li', null, h('a', {href: `#event-${one.seq}`, on: {click: (event) => {
        event.preventDefault();
        const node = document.getElementById(`event-${one.seq}`);

        node.setAttribute('tabindex', '-1');
        node.scrollIntoView({block: 'center'});
        node.focus();
      }}}, t('figures.broken_at', {seq: one.seq, fault: t(`figures.fault_${one.fault}`)}))))), h('p', null, t('figures.broken_next')));
  }
  if (!cut && !endsAs(events, state))
    return notice('error', t('figures.cut_off', {n: events.length}), h('p', null, t('figures.broken_next')));
  return notice(cut ? 'warn' : 'ok', count(cut ? 'figures.whole_part' : 'figures.whole', events.length), h('p', null, t('figures.whole_text')));
}

export default async function chainPage(page) {
  const path = `/dossiers/${encodeURIComponent(page.params.code)}`;
  const [{items: events, more}, view] = await Promise.all([allRows(`${path}/events`, {}, {signal: page.signal, most: MOST}), get(path, {signal: page.signal}), backStyle()]);
  const results = canProve() ? await prove(view.code, events) : null;
  const last = events.at(-1);
  const list = h('ol', {class: 'chain'});
  const reads = events.filter((event) => event.kind === 'read').length;
  const draw = (all) => fill(list, events.map((event, place) => (all || event.kind !== 'read' || results?.[place].fault) && eventNode(event, results?.[place])));
  const whole = verdict(results, events, more, view.state);

  draw(false);
  announce(whole.querySelector('.notice-title').textContent);
  return h('div', {class: 'wrap desk'}, h('h1', null, h('span', {class: 'caption'}, t('figures.chain')), h('span', {class: 'code'}, view.code)),
    h('div', {class: 'badges'}, stateBadge(view.state, view.state_name)), h('div', {id: 'verdict'}, whole),
    facts([[t('figures.by_procedure'), view.procedure.name], [t('figures.received_at'), view.received_at && dateTime(view.received_at)], [t('figures.due_first'), view.due_first && dateTime(view.due_first)],
      [t('figures.due_current'), view.due_current && dateTime(view.due_current)], [t('figures.finished_at'), view.finished_at && dateTime(view.finished_at)],
      [t('figures.last_hash'), last && h('span', {class: 'hash code'}, last.hash)]]),
    h('div', {class: 'buttons tight no-print'}, button(t('core.print'), () => window.print(), {kind: 'secondary', sign: 'print'}),
      account().kind === 'staff' && h('a', {class: 'button secondary', href: `#/desk/${encodeURIComponent(view.code)}`}, icon('file'), h('span', null, t('figures.open_dossier'))),
      reads > 0 && button(count('figures.show_reads', reads), (event) => {
        draw(true);
        event.currentTarget.remove();
      }, {kind: 'plain'})), h('h2', null, t('figures.history')), list);
}
