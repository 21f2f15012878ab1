// procedure.js - what a person must know before filing: who, papers, fees, limits, post, steps.

import {get} from '../app/api.js';
import {h, link} from '../app/dom.js';
import {feeRate} from '../app/fee.js';
import {date, limit} from '../app/format.js';
import {count, t} from '../app/i18n.js';
import {facts, table} from '../app/table.js';

export const texts = ['public'];

const CHANNELS = ['online', 'direct', 'post'];

function limits(channels) {
  const open = CHANNELS.filter((channel) => channels[channel]);
  const words = open.map((channel) => limit(channels[channel].limit));

  if (new Set(words).size === 1)
    return words[0];
  return h('ul', {class: 'bare'}, open.map((channel, place) => h('li', null, `${t(`public.by_${channel}`)}: ${words[place]}`)));
}

// 'bản chính', 'bản sao chứng thực', 'bản chụp' with their numbers.
export function copiesText(paper) {
  return [['original', paper.original], ['certified', paper.certified], ['photo', paper.photo]]
    .filter(([, number]) => number > 0).map(([kind, number]) => count(`public.${kind}`, number)).join(', ');
}

function papers(procedure) {
  const caseName = (id) => procedure.cases.find((one) => one.id === id)?.name ?? id;

  return table([
    {name: t('public.paper'), cell: (paper) => [paper.name, paper.cases.length > 0 && h('div', {class: 'quiet small'}, t('public.paper_cases', {cases: paper.cases.map(caseName).join('; ')}))]},
    {name: t('public.paper_needs'), cell: (paper) => copiesText(paper) || '–'},
    {name: t('public.paper_when'), cell: (paper) => (paper.required ? t('public.paper_required') : paper.conditional ? t('public.paper_conditional') : t('public.paper_optional'))},
  ], procedure.documents, {caption: t('public.papers')});
}

function fees(procedure) {
  if (procedure.fees.length === 0)
    return h('p', null, t('public.fee_none'));
  return h('ul', null, procedure.fees.map((fee) => {
    const amounts = [...new Set(Object.values(fee.amount))];

    return h('li', null, `${fee.name}: ${amounts.map((amount) => (amount === 0 ? t('public.fee_free') : feeRate(fee, amount, procedure.form))).join(' / ')}`,
      fee.may_be_waived && h('span', {class: 'quiet'}, ` (${t('public.fee_waived')})`));
  }));
}

function start(procedure) {
  if (procedure.level === 'info')
    return h('p', {class: 'lead'}, t('public.start_info'));
  if (!procedure.channels.online)
    return h('p', {class: 'lead'}, t('public.start_not_online'));
  return h('p', {class: 'buttons'}, link(t('public.start'), `#/apply/${procedure.code}`, {kind: 'primary', sign: 'next'}));
}

export default async function procedurePage(page) {
  const procedure = await get(`/procedures/${encodeURIComponent(page.params.code)}`, {signal: page.signal});

  return h('div', {class: 'wrap narrow'},
    link(t('public.procedures_title'), '#/procedures', {class: 'back', sign: 'back'}),
    h('h1', null, procedure.name),
    start(procedure),
    facts([
      [t('public.limits'), limits(procedure.channels)],
      [t('public.who'), (procedure.subjects ?? []).map((kind) => t(`public.subject_${kind}`)).join(', ')],
      [t('public.authority'), t(`public.authority_${procedure.authority}`)],
      [t('public.presence'), [procedure.presence_required ? t('public.presence_yes') : t('public.presence_no'),
        procedure.authorisation_allowed ? t('public.authorised_yes') : t('public.authorised_no')].join('. ')],
      [t('public.postal'), [procedure.postal.collect ? t('public.postal_collect') : t('public.postal_no_collect'),
        procedure.postal.return ? t('public.postal_return') : t('public.postal_no_return')].join('. ')],
      [t('public.results'), procedure.results.map((result) => result.name + (result.electronic ? ` (${t('public.electronic')})` : '')).join('; ')],
      procedure.cases.length > 0 && [t('public.cases'), h('ul', {class: 'bare'}, procedure.cases.map((one) => h('li', null, one.name)))],
    ]),
    h('h2', null, t('public.papers')), papers(procedure),
    h('h2', null, t('public.fees')), fees(procedure),
    h('h2', null, t('public.steps')), h('ol', null, procedure.steps.map((step) => h('li', null, step.name))),
    h('details', null, h('summary', null, t('public.basis')),
      h('ul', null, procedure.legal_basis.map((law) => h('li', null, law))),
      facts([[t('public.decision'), procedure.decision], [t('public.code_of'), procedure.code], [t('public.level'), t(`core.level_${procedure.level}`)],
        [t('public.field'), procedure.field], procedure.effective_from && [t('public.from'), date(procedure.effective_from)]])));
}
