// sw.js - keeps the client usable without a connection. Our own files are asked of the server first,
// so that a new version comes at once; what was kept answers when the network does not. Of the API
// only what is public and needed to fill a form in is kept: nothing of an account's.

const SHELL = 'dvcd-shell-1';
const DATA = 'dvcd-data-1';
const SLOW_MS = 4000;

// What filing needs when the connection goes after the first visit.
const FILES = ['/', '/manifest.webmanifest', '/icon.svg', '/style/base.css', '/style/parts.css', '/style/print.css',
  ...['address', 'api', 'background', 'badge', 'controls', 'declared', 'dialog', 'dom', 'expr', 'fee', 'fields', 'form', 'format', 'i18n', 'images', 'layout',
    'main', 'notify', 'outbox', 'papers', 'people', 'plan', 'procedures', 'routes', 'rules', 'session', 'store', 'table', 'upload'].map((name) => `/app/${name}.js`),
  ...['home', 'lookup', 'procedures', 'procedure', 'apply', 'apply-steps', 'sent', 'dossiers', 'dossier', 'supplement', 'signin'].map((name) => `/pages/${name}.js`),
  ...['core', 'public', 'post', 'account', 'apply', 'people', 'papers', 'dossier'].map((name) => `/text/${name}.vi.js`),
  '/lib/qrcode.js'];
const PUBLIC = /^\/api\/v1\/(procedures(\/[^/]+)?|fields|agencies|provinces(\/\d+\/communes)?)$/;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL)
    .then((cache) => Promise.all(FILES.map((file) => cache.add(new Request(file, {cache: 'no-cache'})).catch(() => {}))))
    .then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith('dvcd-') && name !== SHELL && name !== DATA).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

async function networkFirst(request, name) {
  const cache = await caches.open(name);
  const kept = cache.match(request, {ignoreVary: true});
  const asked = fetch(request).then(async (response) => {
    if (response.ok)
      await cache.put(request, response.clone());
    return response;
  });
  const slow = new Promise((resolve) => setTimeout(resolve, SLOW_MS)).then(() => kept).then((response) => response ?? asked);

  try {
    return await Promise.race([asked, slow]);
  } catch (error) {
    const response = await kept;

    if (response)
      return response;
    throw error;
  }
}

self.addEventListener('fetch', (event) => {
  const {request} = event;
  const url = new URL(request.url);

  if (request.method !== 'GET' || url.origin !== self.location.origin)
    return;
  if (url.pathname.startsWith('/api/')) {
    if (PUBLIC.test(url.pathname))
      event.respondWith(networkFirst(request, DATA));
  } else if (!['/healthz', '/readyz', '/metrics'].includes(url.pathname)) {
    event.respondWith(networkFirst(request, SHELL));
  }
});
