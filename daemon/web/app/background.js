// background.js - what goes on beside the page: unread notices for the bell.

import {get} from './api.js';
import {bellCount} from './layout.js';
import {onAccount, session} from './session.js';

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

export function start({redraw: draw}) {
  redraw = draw;
  bellCount(() => (session() ? unread : 0));
  onAccount((me) => {
    if (!me)
      unread = 0;
    ask();
  });
  window.addEventListener('online', ask);
  document.addEventListener('visibilitychange', ask);
  setInterval(ask, EVERY_MS);
  ask();
}
