// Words of dossiers that hang together.
export default {
  title: 'Linked dossiers', text: 'These dossiers are handled together; each has an agency and a time limit of its own.', code: 'Code', relation: 'Relation', lead: 'the lead dossier', part: 'opened by this dossier',
  agency: 'Agency', due: 'Due', opening: 'Being opened, no code yet', not_opened: 'Could not be opened',
};
