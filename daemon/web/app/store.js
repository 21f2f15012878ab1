// store.js - what stays on this device: drafts with their photos, and dossiers that wait to be sent
// (IndexedDB). Each belongs to one account; nobody else who signs in here sees it.
//
// draft: {id, owner, procedure, name, values: {...}, papers: {<paper>: [page]}, state, key, ...}
//   state: editing, queued (to be sent), sent, refused; key: Idempotency-Key of its submission
// page (of a paper): {id, name, type, size, blob: <id in blobs>, thumb: <id in blobs or null>}

import {newKey} from './api.js';

let opened = null;
// Other tabs of this browser hear which draft was written.
const tabs = window.BroadcastChannel ? new BroadcastChannel('dvcd-drafts') : null;

/** What this tab holds is older than what another one wrote. */
export class Outdated extends Error {}

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('dvcd', 1);

    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('drafts', {keyPath: 'id'}).createIndex('owner', 'owner');
      asked.result.createObjectStore('blobs');
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => {
      opened = null;
      reject(asked.error);
    };
  });
  return opened;
}

async function run(store, mode, work) {
  const database = await open();

  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode);
    const asked = work(transaction.objectStore(store));

    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export async function draftsOf(owner) {
  const found = await run('drafts', 'readonly', (store) => store.index('owner').getAll(owner));

  return found.sort((a, b) => b.changed - a.changed);
}

export async function loadDraft(id, owner) {
  const found = await run('drafts', 'readonly', (store) => store.get(id));

  return found?.owner === owner ? found : null;
}

export function newDraft(owner, procedure, name) {
  return {id: newKey().slice(0, 12), owner, procedure, name, state: 'editing', key: newKey(), values: {}, papers: {}, changed: Date.now()};
}

function told(id) {
  window.dispatchEvent(new CustomEvent('dvcd-drafts'));
  tabs?.postMessage(id);
}

/** Calls fn when another tab wrote or dropped the draft `id`. */
export function onOtherTab(id, fn, signal) {
  tabs?.addEventListener('message', (event) => event.data === id && fn(), {signal});
}

// check: throws Outdated, and writes nothing, where another tab wrote it since it was read here.
// quiet: for what is of no interest to other tabs.
export async function saveDraft(draft, {check = false, quiet = false} = {}) {
  const before = draft.changed;
  const now = quiet ? before : Math.max(Date.now(), before + 1);
  let outdated = false;

  draft.changed = now;
  try {
    await run('drafts', 'readwrite', (store) => {
      const asked = store.get(draft.id);

      asked.onsuccess = () => {
        outdated = check && asked.result && asked.result.changed !== before;
        // As of this saving: the next may have begun, and would not know what it finds as its own.
        if (!outdated)
          store.put({...draft, changed: now});
      };
      return asked;
    });
  } catch (error) {
    if (draft.changed === now)
      draft.changed = before;
    throw error;
  }
  if (outdated)
    throw new Outdated();
  if (!quiet)
    told(draft.id);
}

export async function dropDraft(draft) {
  for (const page of Object.values(draft.papers ?? {}).flat()) {
    await dropBlob(page.blob);
    if (page.thumb)
      await dropBlob(page.thumb);
  }
  await run('drafts', 'readwrite', (store) => store.delete(draft.id));
  told(draft.id);
}

// Files are kept as bytes: a Blob of a file on a phone may be gone when the browser comes back.
export async function putBlob(blob) {
  const id = newKey();
  const bytes = await blob.arrayBuffer();

  await run('blobs', 'readwrite', (store) => store.put({type: blob.type, bytes}, id));
  return id;
}

export async function getBlob(id) {
  const found = await run('blobs', 'readonly', (store) => store.get(id));

  return found ? new Blob([found.bytes], {type: found.type}) : null;
}

export function dropBlob(id) {
  return run('blobs', 'readwrite', (store) => store.delete(id));
}

// Asks the browser not to throw drafts away when space gets short; it may say no.
export function keep() {
  navigator.storage?.persist?.().catch(() => {});
}
