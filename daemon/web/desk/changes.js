// changes.js - what is different between two views of a dossier, in words for whoever was slower.

import {stateName} from '../app/badge.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';

export function changesOf(before, after, names) {
  const lines = [];
  const stepsOf = (view) => view.tasks.map((task) => task.name);
  const gone = stepsOf(before).filter((name) => !stepsOf(after).includes(name));
  const come = stepsOf(after).filter((name) => !stepsOf(before).includes(name));

  if (before.state !== after.state)
    lines.push(t('desk.change_state', {from: stateName(before.state, before.state_name), to: stateName(after.state, after.state_name)}));
  if (gone.length)
    lines.push(t('desk.change_done', {steps: gone.join(', ')}));
  if (come.length)
    lines.push(t('desk.change_opened', {steps: come.join(', ')}));
  for (const task of after.tasks) {
    const old = before.tasks.find((one) => one.id === task.id);

    if (old && old.assignee !== task.assignee)
      lines.push(t('desk.change_assignee', {step: task.name, name: task.assignee_name ?? t(task.assignee ? 'desk.assigned_other' : 'desk.assigned_none')}));
  }
  if (before.due_current !== after.due_current)
    lines.push(t('desk.change_due', {due: dateTime(after.due_current)}));
  if (after.documents.length > before.documents.length)
    lines.push(t('desk.change_papers', {n: after.documents.length - before.documents.length}));
  if (after.results.length > before.results.length)
    lines.push(t('desk.change_results', {n: after.results.length - before.results.length}));
  if (before.agencies.competent !== after.agencies.competent)
    lines.push(t('desk.change_agency', {name: names.get(after.agencies.competent) ?? after.agencies.competent}));
  if (lines.length === 0)
    lines.push(t('desk.change_other'));
  return lines;
}
