// background.js - what goes on beside the page: unread notices for the bell and, for a citizen,
// dossiers that wait to be sent.

import {get} from './api.js';
import {bellCount} from './layout.js';
import {account, onAccount, session} from './session.js';

const EVERY_MS = 60000;
let unread = 0;
let redraw = () => {};

async function ask() {
  if (!session() || session().offline || document.hidden || !navigator.onLine)
    return;
  try {
    const answer = await get('/notices?limit=1', {quiet: true, retry: false});

    setUnread(answer.unread ?? 0);
  } catch {
    // the next round asks again
  }
}

export function setUnread(count) {
  if (count === unread)
    return;
  unread = count;
  redraw();
}

async function sendWaiting() {
  if (account()?.kind !== 'citizen')
    return;
  const outbox = await import('./outbox.js');

  await outbox.sendAll();
}

export function start({redraw: draw}) {
  redraw = draw;
  bellCount(() => (session() ? unread : 0));
  onAccount((me) => {
    if (!me)
      unread = 0;
    ask();
    sendWaiting().catch(console.warn);
  });
  window.addEventListener('online', () => {
    ask();
    sendWaiting().catch(console.warn);
  });
  document.addEventListener('visibilitychange', ask);
  setInterval(() => {
    ask();
    sendWaiting().catch(console.warn);
  }, EVERY_MS);
  ask();
  sendWaiting().catch(console.warn);
}
