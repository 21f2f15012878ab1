export default {
  file: 'Filing', file_text: 'Find the procedure, read which papers and how long, then go step by step. What you enter stays on your device; you can go on after a lost connection or a closed browser.',
  papers: 'Photographing papers', papers_text: 'On a dark ground, in good light, with all four corners. Several pages of one paper are joined to one PDF.',
  wait: 'Time limits', wait_text: 'They run from acceptance, in working or calendar days as the procedure says. The page of a dossier explains each day that counts and does not.',
  supplement: 'More papers', supplement_text: 'When the agency needs more you get a notice; the time limit is paused until the papers are complete.',
  result: 'The result', result_text: 'At the counter, by post or electronically, as you chose.',
  post: 'Post', post_text: 'Item number and every stage are shown on the page of the dossier. The postman checks identity papers.',
  private: 'Your data', private_text: 'Without signing in one sees only code and completion. Each time somebody reads your papers it is recorded.',
  wrong: 'Something wrong?', wrong_text: 'Call or visit the one-stop unit that took your dossier, with its code. You have the right to give feedback and to complain.',
};
