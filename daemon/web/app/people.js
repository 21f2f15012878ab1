// people.js - the fields of a person or body that files or owns a dossier.

import {group} from './fields.js';
import {t} from './i18n.js';
import {citizenId, taxCode} from './rules.js';

const KINDS = ['citizen', 'business', 'state_agency', 'organisation'];
const WAIVERS = ['none', 'poor', 'merit', 'disabled'];

// `subjects` of the procedure: which kinds an owner may be. options: waiver, addressRequired, values,
// kinds, onChange, prefix.
export function partyFields({prefix, values = {}, kinds = KINDS, waiver = false, addressRequired = true, phoneRequired = false, onChange}) {
  const kindOf = (look) => (kinds.length > 1 ? look('form.kind') : kinds[0]) ?? 'citizen';
  const specs = [
    kinds.length > 1 && {id: 'kind', label: t('people.kind'), type: 'radio', required: true,
      options: kinds.map((kind) => ({value: kind, label: t(`people.kind_${kind}`)}))},
    {id: 'name', label: t('people.name'), type: 'text', required: true, maxLength: 200, autocomplete: 'name'},
    {id: 'id_number', label: t('people.id_number'), type: 'text', required: true, maxLength: 20, hint: t('people.id_hint'),
      make: undefined, check: (value, look) => {
        const kind = kindOf(look);

        if (kind === 'citizen' && value && !citizenId(value))
          return t('core.rule_citizen_id', {name: t('people.id_number')});
        if (kind === 'business' && value && !taxCode(value))
          return t('core.rule_tax_code', {name: t('people.id_number')});
        return null;
      }},
    {id: 'phone', label: t('people.phone'), type: 'phone', autocomplete: 'tel', required: phoneRequired},
    {id: 'email', label: t('people.email'), type: 'email', autocomplete: 'email'},
    {id: 'address', label: t('people.address'), type: 'address', required: addressRequired},
    waiver && {id: 'waiver', label: t('people.waiver'), type: 'select', hint: t('people.waiver_hint'),
      options: WAIVERS.map((one) => ({value: one, label: t(`people.waiver_${one}`)}))},
  ].filter(Boolean);

  return group(specs, {prefix, values: {kind: 'citizen', ...values}, onChange});
}

// Kinds an owner or applicant may have for this procedure.
export function kindsOf(plan) {
  const subjects = plan.subjects ?? ['citizen'];

  return KINDS.filter((kind) => (kind === 'state_agency' ? subjects.includes('organisation') : subjects.includes(kind)));
}
