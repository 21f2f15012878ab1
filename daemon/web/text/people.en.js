export default {
  kind: 'Kind', kind_citizen: 'Citizen', kind_business: 'Business', kind_state_agency: 'State agency', kind_organisation: 'Other organisation',
  name: 'Full name (or name of the body)', id_number: 'Personal ID number (or tax code)', id_hint: 'Citizens: the 12 digits on the identity card. Businesses: the tax code.',
  not_for: 'This procedure is not for that kind. Name the owner apart.',
  person_name: 'Full name', person_id: 'Personal ID number', person_id_hint: 'The 12 digits on the identity card.',
  phone: 'Phone', email: 'E-mail', address: 'Address', waiver: 'Entitled to a fee waiver as', waiver_hint: 'If so; the proof will be checked.',
  waiver_none: 'None of these', waiver_poor: 'Poor household', waiver_merit: 'Person with merit to the revolution', waiver_disabled: 'Person with a disability',
  applicant: 'Applicant', owner: 'Dossier owner', same: 'The applicant is also the owner', behalf: 'The applicant acts for the owner as', behalf_parent: 'Parent or guardian', behalf_authorised: 'Authorised representative',
};
