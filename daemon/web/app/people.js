// people.js - the fields of a person or body that files or owns a dossier.

import {group} from './fields.js';
import {t} from './i18n.js';
import {citizenId, taxCode} from './rules.js';

export const KINDS = ['citizen', 'business', 'state_agency', 'organisation'];
const WAIVERS = ['none', 'poor', 'merit', 'disabled'];

// What is wrong with the number of a citizen or business; the other kinds' have no rule of ours.
export function idNumberFault(kind, value, name = t('people.id_number')) {
  if (kind === 'citizen' && value && !citizenId(value))
    return t('core.rule_citizen_id', {name});
  if (kind === 'business' && value && !taxCode(value))
    return t('core.rule_tax_code', {name});
  return null;
}

// What a form's field takes over from the applicant (`fill: applicant.name`); a number of another kind
// than the field asks for is none.
export function filledFrom(field, applicant) {
  const asked = {citizen_id: 'citizen', tax_code: 'business'}[field.type];

  if (!field.fill || (asked && applicant?.kind && applicant.kind !== asked))
    return undefined;
  return field.fill.split('.').slice(1).reduce((at, part) => at?.[part], applicant);
}

export const waiverOptions = () => WAIVERS.map((one) => ({value: one, label: t(`people.waiver_${one}`)}));
export const kindOptions = (kinds = KINDS) => kinds.map((kind) => ({value: kind, label: t(`people.kind_${kind}`)}));

// What name and number of such a party are called; without a kind, of any.
export const partyNames = (kind) => (kind === 'citizen' ? {name: t('people.person_name'), id: t('people.person_id'), hint: t('people.person_id_hint')}
  : {name: t('people.name'), id: t('people.id_number'), hint: t('people.id_hint')});

// `subjects` of the procedure: which kinds an owner may be. options: waiver, addressRequired, values,
// kinds, kindFault(kind), onChange, prefix.
export function partyFields({prefix, values = {}, kinds = KINDS, waiver = false, addressRequired = true, phoneRequired = false, kindFault, onChange}) {
  const kindOf = (look) => (kinds.length > 1 ? look('form.kind') : kinds[0]) ?? 'citizen';
  const called = partyNames(kinds.length === 1 ? kinds[0] : null);
  const specs = [
    kinds.length > 1 && {id: 'kind', label: t('people.kind'), type: 'radio', required: true,
      options: kindOptions(kinds), check: kindFault},
    {id: 'name', label: called.name, type: 'text', required: true, maxLength: 200, autocomplete: 'name'},
    {id: 'id_number', label: called.id, type: kinds.length === 1 && kinds[0] === 'citizen' ? 'citizen_id' : 'text', required: true, maxLength: 20, hint: called.hint,
      check: (value, look) => idNumberFault(kindOf(look), value)},
    {id: 'phone', label: t('people.phone'), type: 'phone', autocomplete: 'tel', required: phoneRequired},
    {id: 'email', label: t('people.email'), type: 'email', autocomplete: 'email'},
    {id: 'address', label: t('people.address'), type: 'address', required: addressRequired},
    waiver && {id: 'waiver', label: t('people.waiver'), type: 'select', hint: t('people.waiver_hint'),
      options: waiverOptions()},
  ].filter(Boolean);

  return group(specs, {prefix, values: {kind: 'citizen', ...values}, onChange});
}

// Kinds an owner or applicant may have for this procedure.
export function kindsOf(plan) {
  const subjects = plan.subjects ?? ['citizen'];

  return KINDS.filter((kind) => (kind === 'state_agency' ? subjects.includes('organisation') : subjects.includes(kind)));
}
