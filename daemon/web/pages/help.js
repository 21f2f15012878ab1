// help.js - the way of a dossier in plain words.

import {h, link} from '../app/dom.js';
import {t} from '../app/i18n.js';

export const texts = ['help'];

export default function helpPage() {
  return h('div', {class: 'wrap narrow'}, h('h1', null, t('core.help')),
    ['file', 'papers', 'wait', 'supplement', 'result', 'post', 'private', 'wrong'].map((part) => h('section', null, h('h2', null, t(`help.${part}`)), h('p', null, t(`help.${part}_text`)))),
    h('p', null, link(t('core.menu_procedures'), '#/procedures')));
}
