// papers.js - papers of a dossier shown beside its form: pictures as they are, PDF drawn page by page
// on canvas (a sandboxed answer is shown by no browser's own viewer, and phones have none).

import {address} from '../app/api.js';
import {button, fill, h, icon, library, link} from '../app/dom.js';
import {bytes} from '../app/format.js';
import {notice} from '../app/notify.js';
import {t} from '../app/i18n.js';

const SCALES = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];

function pathOf(code, item) {
  const kind = item.result ? 'results' : 'documents';

  return `/dossiers/${encodeURIComponent(code)}/${kind}/${encodeURIComponent(item.id)}`;
}

// Everything of the view that has a file: {id, name, file, result}.
export function filesOf(view) {
  return [
    ...view.documents.filter((paper) => paper.file).map((paper) => ({id: paper.no ?? paper.id, name: paper.name ?? paper.id, file: paper.file, copies: paper.copies})),
    ...view.results.filter((result) => result.file).map((result) => ({id: result.id, name: result.number || result.signed_by ? result.name ?? result.code : t('desk.result_draft', {name: result.name ?? result.code}), file: result.file, result: true})),
  ];
}

let pdfReady = null;

function pdfLibrary() {
  pdfReady ??= library('/lib/pdf.js').then(() => {
    window.pdfjsLib.GlobalWorkerOptions.workerSrc = '/lib/pdf.worker.js';
    return window.pdfjsLib;
  }).catch((error) => {
    pdfReady = null;
    throw error;
  });
  return pdfReady;
}

async function bytesOf(url, signal) {
  const answer = await fetch(url, {credentials: 'same-origin', signal});

  if (!answer.ok)
    throw new Error(`HTTP ${answer.status}`);
  return {type: answer.headers.get('Content-Type') ?? '', data: await answer.arrayBuffer()};
}

async function drawPdf(place, data, scale, signal) {
  const lib = await pdfLibrary();
  // The library takes the bytes away; they are drawn again when the place becomes wider.
  const task = lib.getDocument({data: data.slice(0), isEvalSupported: false, enableXfa: false,
    cMapUrl: '/lib/cmaps/', cMapPacked: true, standardFontDataUrl: '/lib/standard_fonts/'});
  const file = await task.promise;

  signal.addEventListener('abort', () => task.destroy());
  place.replaceChildren();
  for (let number = 1; number <= file.numPages && !signal.aborted; number++) {
    const page = await file.getPage(number);
    const wide = page.getViewport({scale: 1}).width;
    const viewport = page.getViewport({scale: Math.max(place.clientWidth - 2, 200) / wide * scale});
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const canvas = h('canvas', {role: 'img', 'aria-label': t('desk.page_of', {page: number, pages: file.numPages})});

    place.drawnAt = place.clientWidth;
    canvas.width = Math.floor(viewport.width * ratio);
    canvas.height = Math.floor(viewport.height * ratio);
    canvas.style.width = `${scale * 100}%`;
    place.append(canvas);
    await page.render({canvasContext: canvas.getContext('2d'), viewport, transform: ratio === 1 ? null : [ratio, 0, 0, ratio, 0, 0]}).promise;
  }
}

// A viewer with the list of papers above it; the first is shown at once.
export function paperViewer(view) {
  const files = filesOf(view);
  const sheet = h('div', {class: 'sheet-view', tabindex: 0, role: 'region', 'aria-label': t('desk.paper_shown')});
  const list = h('ul', {class: 'bare paper-list'});
  let shown = -1, scale = 2, work = null;

  if (files.length === 0)
    return h('p', {class: 'quiet'}, t('desk.no_files'));

  const show = async (at) => {
    const item = files[at];
    const path = pathOf(view.code, item);
    const inline = address(`${path}?inline=1`);

    work?.abort();
    work = new AbortController();
    shown = at;
    [...list.children].forEach((row, place) => row.firstChild.setAttribute('aria-pressed', String(place === at)));
    sheet.setAttribute('aria-label', `${t('desk.paper_shown')}: ${item.name}`);
    open.href = address(path);
    const {signal} = work;

    fill(sheet, h('p', {class: 'quiet'}, t('core.loading')));
    try {
      // Of a result it is not known beforehand what it is. Each look at the server is written down,
      // so that what came once is kept.
      if (!item.file.type?.startsWith('image/'))
        item.came ??= await bytesOf(inline, signal);
      const type = item.came?.type ?? item.file.type;

      if (type.startsWith('image/')) {
        const picture = h('img', {src: inline, alt: item.name, on: {error: () => fill(sheet, notice('warn', t('desk.paper_failed')))}});

        picture.style.width = `${SCALES[scale] * 100}%`;
        fill(sheet, picture);
      } else if (type.startsWith('application/pdf')) {
        await drawPdf(sheet, item.came.data, SCALES[scale], signal);
      } else {
        fill(sheet, notice('info', t('desk.paper_other')));
      }
    } catch (error) {
      if (!signal.aborted) {
        console.warn(error);
        fill(sheet, notice('warn', t('desk.paper_failed')));
      }
    }
  };
  const zoom = (by) => {
    const next = Math.min(Math.max(scale + by, 0), SCALES.length - 1);

    if (next !== scale) {
      scale = next;
      show(shown);
    }
  };
  const open = link(t('core.download'), '#', {sign: 'download', class: 'button plain', download: ''});

  fill(list, files.map((item, at) => h('li', null, h('button', {type: 'button', class: 'paper-button', 'aria-pressed': 'false', on: {click: () => show(at)}},
    icon(item.result ? 'check' : 'file'), h('span', null, item.name, item.file.size > 0 && h('span', {class: 'quiet small'}, ` ${bytes(item.file.size)}`))))));
  const node = h('div', {class: 'viewer'}, list,
    h('div', {class: 'viewer-tools no-print'},
      button(t('desk.smaller'), () => zoom(-1), {kind: 'plain'}), button(t('desk.larger'), () => zoom(1), {kind: 'plain'}), open),
    sheet);

  // A page drawn for a phone is no page for a desk.
  let waiting;
  const watch = new ResizeObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (shown >= 0 && sheet.querySelector('canvas') && sheet.clientWidth > sheet.drawnAt * 1.2)
        show(shown);
    }, 200);
  });

  watch.observe(sheet);
  node.start = () => shown < 0 && show(0);
  node.stop = () => {
    watch.disconnect();
    clearTimeout(waiting);
    work?.abort();
  };
  node.turn = (by) => show((Math.max(shown, 0) + by + files.length) % files.length);
  return node;
}
