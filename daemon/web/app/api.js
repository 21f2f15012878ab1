// api.js - the one way to the server. Answers are JSON, faults are Problem (what the server said) or
// Offline (nothing came back). A POST carries an Idempotency-Key: make it with newKey() when the
// person decides, and give the same one to each retry, also after a reload.

const BASE = '/api/v1';
const RETRIES = 3;
let csrf = null;

export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(body?.detail ?? body?.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = body?.code ?? null;
    this.detail = body?.detail ?? body?.title ?? null;
    this.errors = body?.errors ?? []; // {pointer, code, message}
    this.retryAfter = retryAfter; // seconds or null
  }
}

export class Offline extends Error {}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));

  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// session.js keeps these two up to date.
export function setCsrf(token) {
  csrf = token;
}
let onSignedOut = () => {};
let renewCsrf = async () => {};
export function onSession({signedOut, renew}) {
  onSignedOut = signedOut;
  renewCsrf = renew;
}

export function url(path) {
  return path.startsWith('/api/') ? path : BASE + path;
}

function headersOf(method, {key, etag, headers, body}) {
  const all = new Headers(headers);

  if (method !== 'GET' && csrf)
    all.set('X-CSRF-Token', csrf);
  if (key)
    all.set('Idempotency-Key', key);
  if (etag)
    all.set('If-Match', etag);
  if (body !== undefined && !all.has('Content-Type'))
    all.set('Content-Type', 'application/json');
  return all;
}

function isRaw(body) {
  return body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body);
}

// An answer that broke off on its way is none; of a refusal the status says enough.
async function bodyOf(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === 'AbortError')
      throw error;
    if (response.ok)
      throw new Offline(error.message);
    return null;
  }
}

async function once(method, path, options) {
  const {body, signal} = options;
  let response;

  try {
    response = await fetch(url(path), {
      method,
      headers: headersOf(method, options),
      body: body === undefined || isRaw(body) ? body : JSON.stringify(body),
      signal,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (error.name === 'AbortError')
      throw error;
    throw new Offline(error.message);
  }
  const type = response.headers.get('Content-Type') ?? '';
  const data = type.includes('json') ? await bodyOf(response) : null;

  if (!response.ok) {
    const after = Number(response.headers.get('Retry-After'));

    throw new Problem(response.status, data, Number.isFinite(after) && after > 0 ? after : null);
  }
  return {status: response.status, data, etag: response.headers.get('ETag'), headers: response.headers, response};
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// {status, data, etag, headers, response}. Options: body (object, Blob or bytes), key, etag, headers,
// signal, quiet (a 401 is the caller's matter), retry (default: reads and what has a key).
export async function request(method, path, options = {}) {
  const again = options.retry ?? (method === 'GET' || Boolean(options.key));
  let renewed = false;

  for (let tries = 0; ; tries++) {
    try {
      return await once(method, path, options);
    } catch (error) {
      if (error.name === 'AbortError')
        throw error;
      if (error.status === 403 && error.code === 'csrf' && !renewed) {
        renewed = true;
        await renewCsrf();
        continue;
      }
      if (error.status === 401 && !options.quiet) {
        error.signedOut = true;
        onSignedOut();
      }
      const passing = error instanceof Offline ? navigator.onLine !== false : error.status === 503;

      if (!again || !passing || tries + 1 >= RETRIES)
        throw error;
      await wait(Math.min(error.retryAfter ?? 1, 5) * 1000 * (tries + 1));
    }
  }
}

export async function get(path, options) {
  return (await request('GET', path, options)).data;
}

export async function post(path, body, key, options = {}) {
  return (await request('POST', path, {...options, body: body ?? {}, key: key ?? newKey()})).data;
}

export async function put(path, body, options = {}) {
  return (await request('PUT', path, {...options, body})).data;
}

export async function patch(path, body, options = {}) {
  return (await request('PATCH', path, {...options, body})).data;
}

export async function remove(path, body, options = {}) {
  return (await request('DELETE', path, {...options, body})).data;
}

// '/tasks?role=…' from {role: …}; null and empty values are left out.
export function query(path, values) {
  const params = new URLSearchParams();

  for (const [name, value] of Object.entries(values ?? {})) {
    if (value !== null && value !== undefined && value !== '')
      params.set(name, value);
  }
  const text = params.toString();

  return text ? `${path}?${text}` : path;
}

// An address below /api/v1 for a link or an image.
export function address(path) {
  return url(path);
}
