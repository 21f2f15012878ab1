// upload.js - a file to the server: small ones in one POST, larger ones in parts that go on where
// they stopped when the connection comes back (tus 1.0).

import {Offline, Problem, request} from './api.js';

const PART = 512 * 1024;
const TUS = {'Tus-Resumable': '1.0.0'};
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function base64(textValue) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(textValue)));
}

async function whole(blob, name, key, signal) {
  const {data} = await request('POST', '/uploads', {body: blob, key, signal,
    headers: {'Content-Type': blob.type || 'application/octet-stream', 'X-Filename': encodeURIComponent(name)}});

  return data;
}

async function offsetOf(address, signal) {
  const {headers} = await request('HEAD', address, {headers: TUS, signal});

  return Number(headers.get('Upload-Offset') ?? 0);
}

// The answer to the last part names the file. Where it got lost on the way, HEAD says it is whole and
// the id is in the address.
async function inParts(blob, name, key, {onProgress, signal, memory}) {
  let address = memory?.address, offset = 0;

  if (address) {
    try {
      offset = await offsetOf(address, signal);
    } catch (error) {
      if (!(error instanceof Problem))
        throw error;
      address = null; // it is gone: begin anew
      offset = 0;
    }
  }
  if (!address) {
    const {headers} = await request('POST', '/uploads', {key, signal, headers: {...TUS, 'Upload-Length': String(blob.size),
      'Upload-Metadata': `filename ${base64(name)},filetype ${base64(blob.type)}`}});

    address = headers.get('Location');
    await memory?.save?.(address);
  }
  const id = decodeURIComponent(address.split('/').pop());

  for (let failures = 0; offset < blob.size;) {
    try {
      const {data, headers} = await request('PATCH', address, {body: blob.slice(offset, offset + PART), signal, retry: false,
        headers: {...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream'}});

      offset = data?.id ? blob.size : Number(headers.get('Upload-Offset'));
      onProgress?.(offset / blob.size);
      failures = 0;
      if (data?.id)
        return data;
    } catch (error) {
      const passing = error instanceof Offline || error.status === 503 || error.status === 409 || error.status === 423;

      if (!passing || ++failures > 5 || navigator.onLine === false)
        throw error;
      await wait((error.retryAfter ?? failures) * 1000);
      offset = await offsetOf(address, signal);
    }
  }
  return {id, size: blob.size, type: blob.type};
}

// {id, size, type, sha256?}. options: key (Idempotency-Key of this file), onProgress(0..1), signal,
// memory: {address, save(address)} where a broken transfer is found again.
export async function upload(blob, name, key, options = {}) {
  if (blob.size <= PART) {
    const data = await whole(blob, name, key, options.signal);

    options.onProgress?.(1);
    return data;
  }
  return inParts(blob, name, key, options);
}
