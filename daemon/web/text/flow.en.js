// Words of the picture of a workflow.
export default {
  title: 'Picture of the workflow', here: 'It is here', been: 'passed', been_often: 'passed {n} times', end: 'End', to: 'to step', now: 'The dossier is at: {steps}.', state: 'State of the dossier: {state}.',
  how: 'The thick line is the usual way; below each step stands what may be done next. Every dossier can also be withdrawn, suspended, or given a new date with an apology.', how_simple: 'The thick line is the usual way of a dossier. Below each step stand the other cases.', version: 'Version {version} of the procedure.',
  join_all: 'waits for all branches', join_first: 'goes on with the first branch', elsewhere: 'another agency', automatic: 'automatic', by_itself: 'by itself', when: 'when {when}', parallel: 'at once', previous: 'back to the step before', opens: 'opens linked dossier {code}',
  late: 'After {after}', late_action: 'After {after}: {name}', consent: 'Silence for {after} means consent',
  wait_applicant: 'waits for the applicant', wait_post: 'waits for the post', wait_payment: 'waits for payment', wait_linked: 'waits for linked dossiers',
  role_applicant: 'applicant', role_post: 'post', role_payment: 'payment system', role_linked: 'linked dossier', role_portal: 'National Portal',
  simple_receiver: 'one-stop desk', simple_officer: 'the officer in charge', simple_unit_head: 'the head of unit looks at it', simple_leader: 'the head of the agency signs', simple_clerk: 'the clerk seals it', simple_cashier: 'the cashier', simple_postal: 'post',
  simple_applicant: 'waits for you', simple_post: 'the post carries it', simple_payment: 'waits for your payment', simple_linked: 'waits for another agency',
};
