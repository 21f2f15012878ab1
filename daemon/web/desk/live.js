// live.js - tells when a queue changed. Of all tabs of this browser one holds the stream of the
// server and tells the others; where the stream is not to be had, the queue is looked at again
// every 20 seconds.

import {address} from '../app/api.js';

const POLL_MS = 20_000;
const TRY_STREAM_MS = 120_000;
const LOCK = 'dvcd.queue-stream';

const channel = 'BroadcastChannel' in window ? new BroadcastChannel('dvcd.queue') : null;
const listeners = new Set();
let source = null, timer = null, state = 'off';
let letGo = null;

function tell(change) {
  for (const listener of listeners)
    listener(change);
}

function tellAll(change) {
  channel?.postMessage(change);
  tell(change);
}

channel?.addEventListener('message', (event) => tell(event.data));

function become(next) {
  state = next;
  tellAll({live: next});
}

function poll() {
  clearInterval(timer);
  const started = Date.now();

  timer = setInterval(() => {
    tellAll({queue: null});
    if (Date.now() - started > TRY_STREAM_MS)
      listen();
  }, POLL_MS);
  become('poll');
}

function listen() {
  clearInterval(timer);
  source?.close();
  source = new EventSource(address('/tasks/stream'));
  let opened = false;

  source.addEventListener('open', () => {
    // What happened while the line was down was not told.
    if (opened)
      tellAll({queue: null});
    opened = true;
    become('stream');
  });
  source.addEventListener('queue', (event) => {
    try {
      tellAll(JSON.parse(event.data));
    } catch {
      tellAll({queue: null});
    }
  });
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED)
      poll();
    else
      become('waiting');
  });
}

function hold() {
  listen();
  return new Promise((resolve) => {
    letGo = () => {
      source?.close();
      source = null;
      clearInterval(timer);
      letGo = null;
      resolve();
    };
  });
}

let asking = null;

function start() {
  if (asking)
    return;
  asking = new AbortController();
  const {signal} = asking;

  // Without locks (a page that is not secure) each tab has a stream of its own.
  if (navigator.locks)
    navigator.locks.request(LOCK, {signal}, () => (signal.aborted ? null : hold())).catch(() => {});
  else
    hold();
}

function stop() {
  asking?.abort();
  asking = null;
  letGo?.();
}

// Calls listener({queue: '<agency>/<role>' or null for any, version}) at each change and
// listener({live: 'stream' | 'poll' | 'waiting'}) when the way it is told changes, until `signal` ends.
export function followQueue(listener, signal) {
  listeners.add(listener);
  start();
  if (state !== 'off')
    listener({live: state});
  signal.addEventListener('abort', () => {
    listeners.delete(listener);
    // Another page of a desk may take over within this turn.
    setTimeout(() => {
      if (listeners.size === 0)
        stop();
    }, 500);
  });
}

window.addEventListener('pagehide', stop);
// A line that is gone says nothing by itself for a while; until then the page would promise news.
window.addEventListener('offline', () => source && become('waiting'));
window.addEventListener('online', () => {
  if (source) {
    listen();
    tellAll({queue: null});
  }
});
