// admin-plugin.js - the workflow of one version of a procedure, as a picture.

import {get, query} from '../app/api.js';
import {h, link} from '../app/dom.js';
import {flowPicture} from '../app/flow.js';
import {t} from '../app/i18n.js';
import {backStyle} from '../back/base.js';
import {frame} from '../back/admin.js';

export const texts = ['admin'];

export default async function pluginPage(page) {
  const [graph] = await Promise.all([get(query(`/procedures/${encodeURIComponent(page.params.code)}/workflow`, {version: page.params.version}), {signal: page.signal}), backStyle()]);

  return frame('plugins', link(t('admin.page_plugins'), '#/admin/plugins', {class: 'back', sign: 'back'}),
    h('h1', null, h('span', {class: 'caption'}, `${t('admin.flow')} · ${graph.procedure}`), graph.name), await flowPicture(graph));
}
