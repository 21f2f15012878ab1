// Words of the pauses and moved dates of a time limit.
export default {
  moved: 'Pauses and moved dates', hold_ended: 'Paused from {from} to {to}', hold_open: 'Paused since {from}', because: '{what}: {why}', due_moved: 'Due date moved from {old} to {new}',
  restart: 'The time limit was counted anew from {from}', appointment: 'Apology and a new date, told on {from}', calendar: 'The working calendar changed; counted again on {from}',
  reason_supplement: 'waiting for papers', reason_payment: 'waiting for payment', reason_consultation: 'another agency is asked', reason_confirmation: 'waiting for the applicant to confirm the draft',
  reason_linked: 'waiting for a linked dossier', reason_post: 'waiting for the post', reason_suspended: 'suspended', reason_office: 'waiting for the agency',
};
