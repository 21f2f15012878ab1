// papers.js - one paper of a dossier and the photos or files that a person gives for it.

import {busy, button, fill, h, icon, newId} from './dom.js';
import {bytes} from './format.js';
import {shrink} from './images.js';
import {count, t} from './i18n.js';
import {announce} from './notify.js';
import {dropBlob, getBlob, keep, putBlob} from './store.js';

const TYPES = {pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png'};
const isPicture = (type) => type.startsWith('image/');

function acceptOf(paper) {
  const formats = paper.formats.length > 0 ? paper.formats : ['pdf', 'jpg', 'png'];
  // A paper that must be a PDF may be photographed all the same: photos are joined to one.
  const all = new Set(formats.flatMap((format) => [TYPES[format], `.${format}`].filter(Boolean)));

  if (formats.includes('pdf'))
    all.add('image/*');
  return [...all].join(',');
}

// A file chosen: a page to keep, or why it cannot be taken.
async function take(paper, file) {
  const ending = file.name.split('.').pop().toLowerCase();
  const formats = paper.formats.length > 0 ? paper.formats : ['pdf', 'jpg', 'jpeg', 'png'];

  if (file.type.startsWith('image/') || ['heic', 'heif'].includes(ending)) {
    const small = await shrink(file);

    if (!small)
      return {fault: t('papers.fault_picture', {name: file.name})};
    return {page: {id: newId('page'), name: file.name.replace(/\.\w+$/, '.jpg'), type: 'image/jpeg', size: small.blob.size,
      blob: await putBlob(small.blob), thumb: await putBlob(small.thumb), at: Date.now()}};
  }
  if (!formats.includes(ending))
    return {fault: t('papers.fault_type', {name: file.name, formats: formats.join(', ')})};
  if (file.size > paper.max_mb * 1024 * 1024)
    return {fault: t('papers.fault_size', {name: file.name, mb: paper.max_mb})};
  if (file.size === 0)
    return {fault: t('papers.fault_empty', {name: file.name})};
  return {page: {id: newId('page'), name: file.name, type: file.type || TYPES[ending] || 'application/octet-stream',
    size: file.size, blob: await putBlob(file), thumb: null, at: Date.now()}};
}

// A block for `paper`. `pages` is the list of the draft, changed in place; onChange() is called after.
// needs: text beside the name (how many originals). Returns {node, input, wrong(message)}.
export function paperBlock({paper, required, pages, needs, onChange}) {
  const title = newId('paper'), errorId = newId('error'), hintId = newId('hint');
  const list = h('ul', {class: 'pages'});
  const error = h('p', {class: 'error-text', id: errorId, hidden: true});
  const input = chooser(false), camera = chooser(true);
  const urls = [];

  function chooser(capture) {
    return h('input', {type: 'file', accept: capture ? 'image/*' : acceptOf(paper), multiple: true, capture: capture ? 'environment' : null,
      'aria-label': `${capture ? t('papers.photo') : t('papers.choose')}: ${paper.name}`, 'aria-describedby': `${hintId} ${errorId}`,
      on: {change: (event) => chosen([...event.target.files], event.target)}});
  }

  const wrong = (message) => {
    error.hidden = !message;
    fill(error, message && [icon('error'), h('span', null, message)]);
    node.classList.toggle('wrong', Boolean(message));
  };

  async function chosen(files, from) {
    const before = pages.length;

    wrong(null);
    keep();
    node.setAttribute('aria-busy', 'true');
    try {
      for (const file of files) {
        const taken = await take(paper, file);

        if (taken.fault) {
          wrong(taken.fault);
          announce(taken.fault, true);
          continue;
        }
        // A PDF or a drawing stands alone; photos are pages of one paper.
        if (!isPicture(taken.page.type) || pages.some((page) => !isPicture(page.type)))
          await clear();
        pages.push(taken.page);
      }
    } catch (failure) {
      wrong(failure.name === 'QuotaExceededError' ? t('papers.fault_room') : t('core.error_unknown'));
    } finally {
      node.removeAttribute('aria-busy');
      from.value = '';
    }
    if (pages.length > before)
      announce(count('papers.have', pages.length));
    await onChange();
    draw();
  }

  async function clear() {
    for (const page of pages.splice(0)) {
      await dropBlob(page.blob);
      if (page.thumb)
        await dropBlob(page.thumb);
    }
  }

  async function removePage(page) {
    pages.splice(pages.indexOf(page), 1);
    await dropBlob(page.blob);
    if (page.thumb)
      await dropBlob(page.thumb);
    announce(t('papers.removed'));
    await onChange();
    draw();
    input.focus();
  }

  async function turn(page) {
    const old = await getBlob(page.blob);
    const small = old && await shrink(old, 1);

    if (!small)
      return;
    await dropBlob(page.blob);
    await dropBlob(page.thumb);
    page.blob = await putBlob(small.blob);
    page.thumb = await putBlob(small.thumb);
    page.size = small.blob.size;
    await onChange();
    draw();
  }

  function draw() {
    urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
    fill(list, pages.map((page, place) => {
      const picture = h('div', {class: 'sheet'}, icon('file'));
      const label = pages.length > 1 ? t('papers.page', {n: place + 1}) : page.name;
      const turner = page.thumb && button(`${t('papers.turn')}: ${label}`, () => busy(turner, () => turn(page)), {kind: 'plain', sign: 'refresh', class: 'button plain only-sign'});
      const remover = button(`${t('core.remove')}: ${label}`, () => busy(remover, () => removePage(page)), {kind: 'plain', sign: 'bin', class: 'button plain only-sign'});

      if (page.thumb) {
        getBlob(page.thumb).then((blob) => {
          if (!blob)
            return;
          const url = URL.createObjectURL(blob);

          urls.push(url);
          picture.replaceWith(h('img', {src: url, alt: t('papers.picture_of', {name: label})}));
        });
      }
      return h('li', null, h('figure', null, picture, h('figcaption', null, label, h('br'), h('span', {class: 'quiet'}, bytes(page.size))),
        h('div', {class: 'page-tools'}, turner, remover)));
    }));
    list.hidden = pages.length === 0;
    chooseLabel.textContent = pages.length > 0 && pages.every((page) => isPicture(page.type)) ? t('papers.add_page') : pages.length > 0 ? t('papers.replace') : t('papers.choose');
  }

  const chooseLabel = h('span', null, t('papers.choose'));
  const pictures = paper.formats.length === 0 || paper.formats.some((format) => ['jpg', 'jpeg', 'png', 'pdf'].includes(format));
  const node = h('section', {class: 'paper', 'aria-labelledby': title},
    h('h2', {id: title}, paper.name, required && h('span', {class: 'star', 'aria-hidden': 'true'}, '\u00a0*')),
    h('p', {class: 'hint', id: hintId}, [required ? t('papers.required') : t('papers.optional'), needs, t('papers.files', {formats: paper.formats.join(', '), mb: paper.max_mb})].filter(Boolean).join('. ')),
    error, list,
    h('div', {class: 'buttons tight'},
      pictures && h('span', {class: 'pick'}, h('span', {class: 'button secondary', 'aria-hidden': 'true'}, icon('camera'), h('span', null, t('papers.photo'))), camera),
      h('span', {class: 'pick'}, h('span', {class: 'button secondary', 'aria-hidden': 'true'}, icon('upload'), chooseLabel), input)));

  draw();
  return {node, input, wrong};
}
