// apply-steps.js - each step of filing: draws itself from the draft, checks, and goes on.

import {addressText, isWhole} from '../app/address.js';
import {answerFacts, partyFacts} from '../app/declared.js';
import {busy, h, link, newId} from '../app/dom.js';
import {errorSummary, group} from '../app/fields.js';
import {feeRate} from '../app/fee.js';
import {bytes, limit} from '../app/format.js';
import {count, t} from '../app/i18n.js';
import {notice} from '../app/notify.js';
import {paperBlock} from '../app/papers.js';
import {filledFrom, kindsOf, partyFields} from '../app/people.js';
import {bodyOf, contextOf, feesOf, finalForm, papersOf, stepOfPointer} from '../app/plan.js';
import {competentAgencies} from '../app/procedures.js';
import {facts} from '../app/table.js';

// Faults of the server that belong on this step.
function serverFaults(frame) {
  return (frame.draft.problem?.errors ?? []).filter((error) => stepOfPointer(frame.plan, error.pointer) === frame.step.id);
}

// Heading, content and the button on; check() gives faults, keep() puts the answers into the draft.
function stepForm(frame, title, content, {check = () => [], keep = () => {}, lead, label = t('core.next'), after} = {}) {
  const place = h('div');
  const submit = h('button', {type: 'submit', class: 'button'}, label);
  const form = h('form', {novalidate: true, on: {submit: (event) => {
    event.preventDefault();
    const faults = check();

    errorSummary(place, faults);
    if (faults.length > 0)
      return;
    keep();
    if (frame.draft.problem)
      frame.draft.problem.errors = frame.draft.problem.errors.filter((error) => stepOfPointer(frame.plan, error.pointer) !== frame.step.id);
    busy(submit, after ?? frame.next);
  }}}, content, h('div', {class: 'buttons'}, submit));

  return {node: h('div', null, h('h1', null, title), lead && h('p', {class: 'lead'}, lead), place, form), place};
}

function groupStep(frame, title, fields, options) {
  const made = stepForm(frame, title, fields.node, {check: () => fields.faults(), ...options});
  const found = serverFaults(frame);

  if (found.length > 0)
    queueMicrotask(() => errorSummary(made.place, [...fields.show(found, options.base ?? '/')].concat(
      found.filter((error) => !fields.show([error], options.base ?? '/').length).map((error) => ({message: error.message})))));
  return made.node;
}

function screening(frame) {
  const {plan, draft} = frame;
  const fields = group([{id: 'screening', label: plan.screening.question, short: plan.screening.question, type: 'radio', required: true,
    options: [{value: 'yes', label: t('core.yes')}, {value: 'no', label: t('core.no')}]}], {values: draft.values});
  const stop = h('div', {'aria-live': 'polite'});

  fields.node.addEventListener('change', () => stop.replaceChildren());
  return groupStep(frame, t('apply.screening_title'), Object.assign(fields, {node: h('div', null, fields.node, stop)}), {
    keep: () => Object.assign(draft.values, fields.values()),
    after: async () => {
      if (fields.get('screening') !== plan.screening.stop_when) {
        await frame.next();
        return;
      }
      await frame.save();
      stop.replaceChildren(notice('warn', t('apply.stop_title'), h('p', null, plan.screening.tell), link(t('core.to_start'), '#/')));
      stop.querySelector('.notice').setAttribute('tabindex', '-1');
      stop.querySelector('.notice').focus();
    },
  });
}

function caseStep(frame) {
  const {plan, draft} = frame;
  const fields = group([{id: 'case', label: t('apply.case_label'), type: 'radio', required: true,
    options: plan.cases.map((one) => ({value: one.id, label: one.name, hint: one.channels?.online && limit(one.channels.online.limit)}))}], {values: draft.values});

  return groupStep(frame, t('apply.case_title'), fields, {keep: () => Object.assign(draft.values, fields.values())});
}

async function agencyStep(frame) {
  const {plan, draft, page} = frame;
  const agencies = await competentAgencies(plan, page.signal);
  const fields = group([{id: 'agency', label: t(`apply.agency_${plan.competent ? 'other' : plan.authority}`), type: 'combo', required: true, hint: t('apply.agency_hint'),
    options: agencies.map((agency) => ({value: agency.code, label: agency.name}))}], {values: draft.values});

  return groupStep(frame, t('apply.agency_title'), fields, {keep: () => {
    const code = fields.get('agency');

    draft.values.agency = code;
    draft.values.agencyName = agencies.find((agency) => agency.code === code)?.name;
  }});
}

function people(frame) {
  const {plan, draft} = frame;
  const values = draft.values;
  const kinds = kindsOf(plan);
  // A person may carry the papers of those whom the procedure is for.
  const carriers = kinds.includes('citizen') ? kinds : ['citizen', ...kinds];
  const store = () => {
    values.applicant = {kind: carriers[0], ...applicant.typed()};
    values.same = same.get('same') === true;
    if (!values.same) {
      values.owner = {kind: kinds[0], ...owner.typed()};
      values.behalf = same.get('behalf') ?? values.behalf;
    }
  };
  const onChange = () => {
    ownerBlock.hidden = same.get('same') === true;
    store();
    frame.changed();
  };
  const waiver = plan.fees.some((fee) => fee.may_be_waived);
  const applicant = partyFields({prefix: 'applicant-', values: values.applicant, kinds: carriers, waiver, onChange,
    kindFault: (kind) => (same.get('same') === true && !kinds.includes(kind) ? t('people.not_for') : null)});
  const same = group([
    {id: 'same', label: t('people.same'), type: 'boolean'},
    {id: 'behalf', label: t('people.behalf'), type: 'radio', required: true, showIf: (look) => look('form.same') !== true,
      options: ['parent', ...(plan.authorisation_allowed ? ['authorised'] : [])].map((kind) => ({value: kind, label: t(`people.behalf_${kind}`)}))},
  ], {values: {same: values.same !== false, behalf: values.behalf}, onChange: () => onChange()});
  const owner = partyFields({prefix: 'owner-', values: values.owner, kinds, addressRequired: false, onChange});
  const ownerBlock = h('fieldset', {class: 'block'}, h('legend', null, t('people.owner')), owner.node);
  const content = h('div', null,
    h('fieldset', {class: 'block'}, h('legend', null, t('people.applicant')), applicant.node), same.node, ownerBlock);
  const made = stepForm(frame, t('apply.people_title'), content, {
    lead: t('core.required_note'),
    check: () => [...applicant.faults(), ...same.faults(), ...(same.get('same') === true ? [] : owner.faults())],
    keep: store,
  });
  const found = serverFaults(frame);

  ownerBlock.hidden = same.get('same') === true;
  if (found.length > 0)
    queueMicrotask(() => errorSummary(made.place, [...applicant.show(found, '/applicant/'), ...owner.show(found, '/owner/'), ...same.show(found, '/on_behalf/')]));
  return made.node;
}

function formStep(frame) {
  const {plan, draft, step} = frame;
  const values = draft.values;

  values.form ??= {};
  for (const field of step.fields) {
    const known = filledFrom(field, values.applicant);

    if (known && values.form[field.id] === undefined && !(draft.filled ?? []).includes(field.id)) {
      values.form[field.id] = known;
      draft.filled = [...(draft.filled ?? []), field.id];
    }
  }
  const store = () => {
    for (const field of step.fields)
      delete values.form[field.id];
    Object.assign(values.form, fields.typed());
  };
  const fields = group(step.fields, {prefix: 'form-', values: values.form, context: contextOf(plan, values, draft.papers), onChange: () => {
    store();
    frame.changed();
  }});

  return groupStep(frame, step.of > 1 ? t('apply.form_title_of', {n: step.number, of: step.of}) : t('apply.form_title'), fields,
    {base: '/form/', keep: store, lead: t('core.required_note')});
}

export function needsText(paper) {
  return [['original', paper.original], ['certified', paper.certified], ['photocopy', paper.photo]]
    .filter(([, number]) => number > 0).map(([kind, number]) => count(`papers.${kind}`, number)).join(', ');
}

function papersStep(frame) {
  const {plan, draft} = frame;
  const blocks = papersOf(plan, draft.values, draft.papers).map(({paper, required}) => {
    const pages = draft.papers[paper.id] ??= [];

    return {paper, required, pages, ...paperBlock({paper, required, pages, needs: needsText(paper), onChange: frame.save})};
  });
  // A paper whose condition does not hold is seldom given: out of the way, but not out of reach.
  const other = blocks.filter((block) => block.paper.conditional && !block.required && block.pages.length === 0);
  const made = stepForm(frame, t('apply.papers_title'), [
    blocks.filter((block) => block.required).map((block) => block.node),
    blocks.filter((block) => !block.required && !other.includes(block)).map((block) => block.node),
    other.length > 0 && h('details', null, h('summary', null, t('apply.papers_other')), other.map((block) => block.node)),
  ], {
    lead: t('apply.papers_lead'),
    check: () => blocks.flatMap((block) => {
      const size = block.pages.reduce((sum, page) => sum + page.size, 0);
      const message = block.required && block.pages.length === 0 ? t('papers.missing', {name: block.paper.name})
        : size > block.paper.max_mb * 1024 * 1024 ? t('papers.fault_size', {name: block.paper.name, mb: block.paper.max_mb}) : null;

      block.wrong(message);
      return message ? [{input: block.input, message}] : [];
    }),
  });
  const found = serverFaults(frame);

  for (const block of blocks)
    block.input.id ||= newId('file');
  if (found.length > 0)
    queueMicrotask(() => errorSummary(made.place, found.map((error) => ({message: error.message}))));
  return made.node;
}

function delivery(frame) {
  const {plan, draft} = frame;
  const values = draft.values;
  const applicant = values.applicant ?? {};
  const electronic = plan.results[0]?.electronic;
  const methods = [electronic && 'electronic', plan.postal.return && 'post', 'counter'].filter(Boolean);
  const byPost = (look) => look('form.method') === 'post';
  const fields = group([
    {id: 'method', label: t('apply.delivery_label'), type: 'radio', required: true,
      options: methods.map((method) => ({value: method, label: t(`apply.delivery_${method}`), hint: t(`apply.delivery_${method}_hint`)}))},
    {id: 'name', label: t('apply.receiver'), type: 'text', required: true, maxLength: 200, showIf: byPost, autocomplete: 'name'},
    {id: 'phone', label: t('people.phone'), type: 'phone', required: true, showIf: byPost, autocomplete: 'tel'},
    {id: 'address', label: t('apply.delivery_address'), type: 'address', required: true, showIf: byPost},
  ], {prefix: 'delivery-', values: {name: applicant.name, phone: applicant.phone, address: applicant.address, ...values.delivery}, onChange: () => {
    values.delivery = fields.typed();
    frame.changed();
  }});

  return groupStep(frame, t('apply.delivery_title'), fields, {base: '/delivery/', keep: () => {
    values.delivery = fields.values();
  }});
}

function section(frame, title, step, content) {
  return h('section', {class: 'card'}, h('h2', null, title), content,
    h('p', null, h('a', {href: frame.address(step)}, t('core.change'), h('span', {class: 'hidden'}, `: ${title}`))));
}

// Steps that were left with something missing; a link may lead past them.
function missing(frame) {
  const {plan, draft, steps} = frame;
  const values = draft.values;
  const form = finalForm(plan, values, draft.papers);
  const look = contextOf(plan, {...values, form}, draft.papers);
  const lacks = (field) => (field.required || field.requiredIf?.(look)) && (!field.showIf || field.showIf(look)) && form[field.id] === undefined;
  const open = {
    screening: () => !values.screening || values.screening === plan.screening.stop_when,
    case: () => !values.case,
    agency: () => !values.agency,
    people: () => !values.applicant?.name || !values.applicant?.id_number || !isWhole(values.applicant.address) || (values.same === false && !values.owner?.name),
    papers: () => papersOf(plan, values, draft.papers).some(({paper, required}) => required && !(draft.papers[paper.id]?.length > 0)),
    delivery: () => !values.delivery?.method || (values.delivery.method === 'post' && !isWhole(values.delivery.address)),
  };

  return steps.filter((step) => (step.kind === 'form' ? step.fields.some(lacks) : open[step.kind]?.()));
}

const stepName = (step) => (step.kind === 'form' && step.of > 1 ? t('apply.form_title_of', {n: step.number, of: step.of}) : t(`apply.${step.kind}_title`));

async function review(frame) {
  const {plan, draft, page} = frame;
  const values = draft.values;
  const open = missing(frame);

  if (open.length > 0)
    return h('div', null, h('h1', null, t('apply.review_title')), notice('warn', t('apply.review_missing'),
      h('ul', null, open.map((step) => h('li', null, link(stepName(step), frame.address(step.id)))))));
  const papers = papersOf(plan, values, draft.papers).filter(({paper}) => draft.papers[paper.id]?.length > 0);
  const fees = feesOf(plan, values);
  const pledge = group([{id: 'pledge', label: t('apply.pledge'), short: t('apply.pledge_short'), type: 'boolean', required: true}]);
  const deliver = values.delivery;
  const form = finalForm(plan, values, draft.papers);
  const forms = await Promise.all(frame.steps.filter((step) => step.kind === 'form').map(async (step) => {
    const answers = await answerFacts(step.fields, form);

    return section(frame, stepName(step), step.id, answers.childElementCount > 0 ? answers : h('p', {class: 'quiet'}, t('core.none')));
  }));

  return stepForm(frame, t('apply.review_title'), h('div', null,
    section(frame, t('apply.agency_title'), 'agency', h('p', null, values.agencyName)),
    plan.cases.length > 0 && section(frame, t('apply.case_title'), 'case', h('p', null, plan.cases.find((one) => one.id === values.case)?.name)),
    section(frame, t('people.applicant'), 'people', await partyFacts(values.applicant)),
    section(frame, t('people.owner'), 'people', values.same !== false ? h('p', null, t('people.same')) : await partyFacts(values.owner)),
    forms,
    plan.documents.length > 0 && section(frame, t('apply.papers_title'), 'papers', papers.length === 0 ? h('p', null, t('core.none'))
      : h('ul', null, papers.map(({paper}) => h('li', null, paper.name, h('span', {class: 'quiet'}, ` (${count('papers.have', draft.papers[paper.id].length)}, ${bytes(draft.papers[paper.id].reduce((sum, one) => sum + one.size, 0))})`))))),
    section(frame, t('apply.delivery_title'), 'delivery', facts([[t('apply.delivery_label'), t(`apply.delivery_${deliver.method}`)],
      deliver.method === 'post' && [t('apply.receiver'), `${deliver.name}, ${deliver.phone}`], deliver.method === 'post' && [t('apply.delivery_address'), await addressText(deliver.address)]])),
    h('section', {class: 'card'}, h('h2', null, t('public.fees')), fees.length === 0 ? h('p', null, t('public.fee_none'))
      : h('ul', null, fees.map((fee) => h('li', null, `${fee.name}: ${feeRate(fee, fee.amount, plan.form)}`))), h('p', null, `${t('public.limits')}: ${limit(plan.channels.online?.limit)}`)),
    pledge.node), {
    label: t('apply.submit'),
    check: () => pledge.faults(),
    after: async () => {
      draft.body = bodyOf(plan, values, draft.papers);
      draft.state = 'queued';
      draft.problem = null;
      if (await frame.save())
        page.go(`#/sent/${draft.id}`);
    },
  }).node;
}

const STEPS = {screening, case: caseStep, agency: agencyStep, people, form: formStep, papers: papersStep, delivery, review};

export function drawStep(frame) {
  return STEPS[frame.step.kind](frame);
}
