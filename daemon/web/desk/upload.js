// upload.js - one file chosen at a desk: sent when the act is sent, its id kept so that a second try
// does not send it again.

import {newKey, request} from '../app/api.js';
import {h} from '../app/dom.js';
import {bytes} from '../app/format.js';
import {t} from '../app/i18n.js';

export const MAX_BYTES = 20 * 1024 * 1024;
const TYPES = {pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png'};

function typeOf(file) {
  return file.type || TYPES[file.name.split('.').pop().toLowerCase()] || 'application/octet-stream';
}

// A control for fields.js; value() is the File. send() gives the upload's id.
export function fileInput(spec) {
  const input = h('input', {type: 'file', name: spec.id, accept: spec.accept ?? '.pdf,.jpg,.jpeg,.png'});
  let sent = null, key = null;

  input.addEventListener('change', () => {
    sent = null;
    key = null;
  });
  const value = () => input.files[0] ?? null;

  return {
    node: input,
    input,
    raw: () => (value() ? 'x' : ''),
    value,
    set: () => {},
    async send() {
      const file = value();

      if (!file)
        return null;
      key ??= newKey();
      sent ??= (await request('POST', '/uploads', {body: file, key,
        headers: {'Content-Type': typeOf(file), 'X-Filename': encodeURIComponent(file.name)}})).data.id;
      return sent;
    },
  };
}

export function fileField(id, label, more = {}) {
  return {
    id,
    label,
    type: 'file',
    make: fileInput,
    hint: t('desk.file_hint', {size: bytes(MAX_BYTES)}),
    check: (file) => (file && file.size > MAX_BYTES ? t('desk.file_large', {size: bytes(MAX_BYTES)}) : null),
    ...more,
  };
}
