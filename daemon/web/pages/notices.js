// notices.js - what the office told this account.

import {post} from '../app/api.js';
import {setUnread} from '../app/background.js';
import {button, h, link} from '../app/dom.js';
import {dateTime} from '../app/format.js';
import {t} from '../app/i18n.js';
import {failed} from '../app/notify.js';
import {isStaff} from '../app/session.js';
import {pagedList} from '../app/table.js';

export const texts = ['account'];

function row(item) {
  const to = item.dossier && (isStaff() ? `#/desk/${encodeURIComponent(item.dossier)}` : `#/dossiers/${encodeURIComponent(item.dossier)}`);

  return h('li', {class: item.read ? 'card' : 'card accent'},
    h('p', null, !item.read && h('strong', null, `${t('account.new')}: `), to ? link(item.title ?? item.text, to, {class: 'card-link'}) : h('strong', null, item.title ?? item.text)),
    item.title && item.text && h('p', null, item.text), h('p', {class: 'quiet small'}, [dateTime(item.at), item.dossier].filter(Boolean).join(' · ')));
}

export default async function noticesPage(page) {
  let newest = null;
  const read = button(t('account.read_all'), async () => {
    try {
      await post('/notices/read', {up_to: newest});
      setUnread(0);
      page.again();
    } catch (error) {
      failed(error);
    }
  }, {kind: 'secondary', sign: 'check'});
  const list = pagedList('/notices', {}, {
    signal: page.signal,
    empty: t('account.no_notices'),
    draw: (items, into, answer) => {
      if (!into.querySelector('ul'))
        into.append(h('ul', {class: 'cards'}));
      into.querySelector('ul').append(...items.map(row));
      newest ??= items[0]?.id ?? null;
      read.hidden = !answer.unread;
      setUnread(answer.unread ?? 0);
    },
  });

  read.hidden = true;
  await list.ready;
  return h('div', {class: 'wrap narrow'}, h('h1', null, t('core.menu_notices')), h('div', {class: 'buttons tight'}, read), list);
}
