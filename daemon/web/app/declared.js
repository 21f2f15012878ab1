// declared.js - what an applicant declared, as it stands with the office: the two parties and the
// answers of the form with the procedure's own labels.

import {get} from './api.js';
import {addressText, communeName} from './address.js';
import {h} from './dom.js';
import {answerText, fieldsOf} from './form.js';
import {date, money} from './format.js';
import {needTexts, t} from './i18n.js';
import {partyNames} from './people.js';
import {facts} from './table.js';

export async function partyFacts(party) {
  const {name, id} = partyNames(party.kind);

  return facts([[name, party.name], [id, party.id_number], [t('people.phone'), party.phone],
    [t('people.email'), party.email], [t('people.address'), party.address && await addressText(party.address)],
    party.waiver && party.waiver !== 'none' && [t('people.waiver'), t(`people.waiver_${party.waiver}`)]]);
}

/** Answers of `fields` in their order; what is not answered is left out. */
export async function answerFacts(fields, form) {
  const rows = [];
  const words = {yes: t('core.yes'), no: t('core.no'), date, money, commune: (code) => code};

  for (const field of fields) {
    const value = form[field.id];
    const text = field.type === 'commune' && value ? await communeName(value) : answerText(field, value, words);

    if (text)
      rows.push([field.label, text]);
  }
  return facts(rows);
}

export async function declared(dossier, signal) {
  const plan = await get(`/procedures/${dossier.procedure.code}`, {signal});

  await needTexts(['people', 'apply']);
  return [
    dossier.applicant && [h('h3', null, t('people.applicant')), await partyFacts(dossier.applicant)],
    dossier.applicant && [h('h3', null, t('people.owner')), dossier.owner ? await partyFacts(dossier.owner) : h('p', null, t('people.same'))],
    dossier.form && Object.keys(dossier.form).length > 0 && [h('h3', null, t('apply.form_title')), await answerFacts(fieldsOf(plan.form), dossier.form)],
  ];
}
