// outbox.js - sends dossiers that were submitted, now or when the connection is back. Each file and
// each submission keeps its Idempotency-Key, so that whatever was lost on the way happens once.

import {newKey, Offline, post, Problem} from './api.js';
import {joinPages} from './images.js';
import {h} from './dom.js';
import {needTexts, t} from './i18n.js';
import {notice, words} from './notify.js';
import {account} from './session.js';
import {draftsOf, getBlob, loadDraft, saveDraft} from './store.js';
import {upload} from './upload.js';

const FILE_LIFE_MS = 20 * 3600 * 1000; // the server keeps a file of no dossier for a day
let running = null;

// Why a paper cannot be sent as it is chosen; nothing else of what was entered is to blame.
class Refused extends Error {}

// One file for each paper: a single photo or PDF as it is, several photos joined to one PDF.
export async function paperFile(pages) {
  const blobs = await Promise.all(pages.map((page) => getBlob(page.blob)));

  const gone = pages.find((page, place) => !blobs[place]);

  if (gone) {
    await needTexts(['papers']);
    throw new Refused(t('papers.fault_gone', {name: gone.name}));
  }
  if (blobs.length === 1)
    return {blob: blobs[0], name: pages[0].name};
  return {blob: await joinPages(blobs), name: `${pages[0].name.replace(/\.\w+$/, '')}.pdf`};
}

const stamp = (pages) => pages.map((page) => page.blob).join();

// After a fault of the server or of what stands before it nobody knows whether it was taken: the same
// key asks again.
const passes = (error) => error instanceof Offline || error.status === 401 || error.status === 429 || error.status >= 500;

// A refusal tells which file it is about.
async function sendPaper(blob, name, key, options) {
  try {
    return await upload(blob, name, key, options);
  } catch (error) {
    throw error instanceof Problem && !passes(error) ? new Refused(`“${name}”: ${words(error)}`) : error;
  }
}

async function sendPapers(draft, onProgress) {
  const papers = Object.entries(draft.papers).filter(([, pages]) => pages.length > 0);

  draft.files ??= {};
  for (const [place, [paper, pages]] of papers.entries()) {
    let file = draft.files[paper];

    if (!file || file.stamp !== stamp(pages) || Date.now() - file.at > FILE_LIFE_MS) {
      file = {stamp: stamp(pages), key: newKey(), at: Date.now(), id: null, address: null};
      draft.files[paper] = file;
      await saveDraft(draft);
    }
    if (!file.id) {
      const {blob, name} = await paperFile(pages);

      file.id = (await sendPaper(blob, name, file.key, {
        onProgress: (part) => onProgress?.((place + part) / papers.length, paper),
        memory: {address: file.address, save: (address) => {
          file.address = address;
          return saveDraft(draft);
        }},
      })).id;
      await saveDraft(draft);
    }
    onProgress?.((place + 1) / papers.length, paper);
  }
}

// What is posted: made by the wizard without the papers' files, which get their ids here.
function bodyOf(draft) {
  return {...draft.body, documents: Object.entries(draft.papers).filter(([, pages]) => pages.length > 0)
    .map(([paper]) => ({id: paper, upload: draft.files[paper].id, copies: draft.copies?.[paper] ?? 1}))};
}

function problemOf(error) {
  if (error instanceof Refused)
    return {code: 'file', detail: t('core.error_file'), errors: [{pointer: '/documents', code: 'file', message: error.message}]};
  return {status: error.status, code: error.code ?? 'local', detail: words(error), errors: error.errors ?? []};
}

// Sends one queued draft. What ends it: sent (draft.result), refused (draft.problem), or still queued
// when the server was not reached. Any tab may do it; one does at a time.
async function send(draft, onProgress) {
  try {
    await sendPapers(draft, onProgress);
    draft.result = draft.action
      ? await post(`/dossiers/${encodeURIComponent(draft.action.code)}/actions`, {...draft.action.body, documents: bodyOf(draft).documents}, draft.key)
      : await post('/dossiers', bodyOf(draft), draft.key);
    draft.state = 'sent';
    draft.problem = null;
  } catch (error) {
    if (passes(error)) {
      draft.waiting = error.status ?? 0;
    } else {
      draft.state = 'refused';
      draft.problem = problemOf(error);
      draft.key = newKey(); // what is sent after mending is another intent
      if (error.errors?.some((one) => one.code === 'upload'))
        draft.files = {};
    }
  }
  await saveDraft(draft);
  return draft;
}

export async function sendDraft(id, onProgress) {
  const owner = account()?.username;
  const work = async () => {
    const draft = await loadDraft(id, owner);

    return draft?.state === 'queued' ? send(draft, onProgress) : draft;
  };

  return navigator.locks ? navigator.locks.request(`dvcd-send-${id}`, work) : work();
}

/** Why `draft` is not sent yet, and that it goes by itself. */
export function waitingNotice(draft) {
  const why = draft.waiting >= 429 ? 'busy' : 'waiting';

  return notice('warn', t(`apply.${why}_lead`), h('p', null, t(`apply.${why}_text`)));
}

// All that wait, one after the other.
export function sendAll() {
  running ??= (async () => {
    const owner = account()?.username;

    if (!owner || navigator.onLine === false)
      return;
    for (const draft of await draftsOf(owner)) {
      if (draft.state === 'queued')
        await sendDraft(draft.id);
    }
  })().finally(() => {
    running = null;
  });
  return running;
}
