// plan.js - how one procedure is filled in: its steps in order, what its conditions know, and what
// is posted in the end. No page in here.

import {condition} from './expr.js';
import {fieldsOf, partsOf} from './form.js';

// What conditions ask for beside the answers of the form shown (core/submission: known_paths).
export function contextOf(plan, values, papers) {
  return (path) => {
    if (path.startsWith('form.'))
      return values.form?.[path.slice(5)] ?? null;
    if (path.startsWith('documents.'))
      return (papers?.[path.split('.')[1]]?.length ?? 0) > 0 ? true : null;
    return {
      case: values.case,
      channel: values.channel ?? 'online',
      'applicant.kind': values.applicant?.kind ?? 'citizen',
      'applicant.waiver': values.applicant?.waiver,
      'dossier.delivery.method': values.delivery?.method,
    }[path] ?? null;
  };
}

// The answers that count: those of hidden fields are dropped, also where one hides another.
export function finalForm(plan, values, papers) {
  const fields = fieldsOf(plan.form);
  let kept = {...values.form};

  for (let round = 0; round < 4; round++) {
    const look = contextOf(plan, {...values, form: kept}, papers);
    const shown = new Set(fields.filter((field) => !field.showIf || field.showIf(look)).map((field) => field.id));
    const next = Object.fromEntries(Object.entries(kept).filter(([id]) => shown.has(id)));

    if (Object.keys(next).length === Object.keys(kept).length)
      break;
    kept = next;
  }
  return kept;
}

// Papers of this case: [{paper, required}].
export function papersOf(plan, values, papers) {
  const look = contextOf(plan, {...values, form: finalForm(plan, values, papers)}, papers);

  return plan.documents.filter((paper) => paper.cases.length === 0 || paper.cases.includes(values.case))
    .map((paper) => ({paper, required: paper.required || Boolean(paper.required_if && condition(paper.required_if)(look))}));
}

export function feesOf(plan, values, channel = 'online') {
  const look = contextOf(plan, values);

  return (plan.fees ?? []).filter((fee) => (!fee.case || fee.case === values.case) && (!fee.when || condition(fee.when)(look)))
    .map((fee) => ({...fee, amount: fee.amount[channel] ?? Object.values(fee.amount)[0] ?? 0}));
}

// [{id, kind, fields?, number?, of?}]
export function stepsOf(plan) {
  const steps = [];
  const parts = partsOf(fieldsOf(plan.form));

  if (plan.screening)
    steps.push({id: 'screening', kind: 'screening'});
  if (plan.cases.length > 0)
    steps.push({id: 'case', kind: 'case'});
  steps.push({id: 'agency', kind: 'agency'}, {id: 'people', kind: 'people'});
  parts.forEach((fields, place) => steps.push({id: `form-${place + 1}`, kind: 'form', fields, number: place + 1, of: parts.length}));
  if (plan.documents.length > 0)
    steps.push({id: 'papers', kind: 'papers'});
  steps.push({id: 'delivery', kind: 'delivery'}, {id: 'review', kind: 'review'});
  return steps;
}

// Of these the ones that ask for something, as far as it is answered: a part of the form whose every
// question hangs on another answer is no step. The others are numbered anew.
export function shownSteps(plan, values, papers) {
  const look = contextOf(plan, {...values, form: finalForm(plan, values, papers)}, papers);
  const steps = stepsOf(plan).filter((step) => step.kind !== 'form' || step.fields.some((field) => !field.showIf || field.showIf(look)));
  const of = steps.filter((step) => step.kind === 'form').length;
  let number = 0;

  return steps.map((step) => (step.kind === 'form' ? {...step, number: ++number, of} : step));
}

// The step where a fault of the server is mended.
export function stepOfPointer(plan, pointer) {
  const [, first, second] = pointer.split('/');

  if (first === 'form') {
    const part = stepsOf(plan).find((step) => step.kind === 'form' && step.fields.some((field) => field.id === second));

    return part?.id ?? 'form-1';
  }
  return {applicant: 'people', owner: 'people', on_behalf: 'people', documents: 'papers', delivery: 'delivery',
    agency: 'agency', case: 'case', screening: 'screening'}[first] ?? 'review';
}

function party(typed) {
  return {
    kind: typed.kind ?? 'citizen', name: typed.name ?? null, id_number: typed.id_number ?? null,
    phone: typed.phone ?? null, email: typed.email ?? null, address: typed.address ?? null,
    ...(typed.waiver && typed.waiver !== 'none' ? {waiver: typed.waiver} : {}),
  };
}

// The body of POST /dossiers without its papers' files.
export function bodyOf(plan, values, papers) {
  const delivery = values.delivery ?? {method: 'counter'};

  return {
    procedure: plan.code,
    case: values.case ?? null,
    agency: values.agency,
    ...(plan.screening ? {screening: values.screening} : {}),
    applicant: party(values.applicant),
    on_behalf: {kind: values.same === false ? values.behalf ?? 'authorised' : 'self'},
    owner: values.same === false ? party(values.owner ?? {}) : null,
    form: finalForm(plan, values, papers),
    delivery: delivery.method === 'post'
      ? {method: 'post', name: delivery.name, phone: delivery.phone, address: delivery.address} : {method: delivery.method},
  };
}
