// The HTTP contract as a script speaks it: to make dossiers that a page's test starts from.

import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';

export const HERE = 'H24.15.03';
export const ADDRESS = {province: '31', commune: '11359', line: '12 Lạch Tray'};
export const MINH = {
  kind: 'citizen', name: 'Nguyễn Văn Minh', id_number: '031085001234', phone: '0912345678', email: null, address: ADDRESS
}
export const LAN = {
  kind: 'citizen', name: 'Lê Thị Lan', id_number: '031190005678', phone: '0987654321', email: null, address: ADDRESS
}

export class Api {
  constructor(base, token = null) {
    this.base = base;
    this.token = token;
  }

  async call(method, path, body, headers = {}) {
    if (this.token !== null) headers.Authorization = `Bearer ${this.token}`;
    if (method === 'POST') headers['Idempotency-Key'] ??= randomBytes(12).toString('hex');
    if (body !== undefined && !(body instanceof Uint8Array)) {
      headers['Content-Type'] = 'application/json';
      body = JSON.stringify(body);
    }
    const answer = await fetch(`${this.base}/api/v1${path}`, {method, body, headers});
    const text = await answer.text();
    return { status: answer.status, body: /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text };
  }

  async ask(method, path, body, headers) {
    const answer = await this.call(method, path, body, headers);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 400)}`);
    return answer.body;
  }

  get(path) {
    return this.ask('GET', path);
  }

  post(path, body) {
    return this.ask('POST', path, body);
  }

  view(code) {
    return this.get(`/dossiers/${code}`);
  }

  async upload(data, name = 'giay.pdf', type = 'application/pdf') {
    const headers = { 'Content-Type': type, 'X-Filename': encodeURIComponent(name) };
    return (await this.ask('POST', '/uploads', data, headers)).id;
  }

  /** Acts on the open task at `step`, or on the dossier itself when null. */
  async act(code, action, step = null, more = {}) {
    const body = { action, ...more };
    if (step !== null) {
      const task = (await this.view(code)).tasks.find((open) => open.step === step);
      assert.ok(task, `${code} has no open task at ${step}`);
      body.task = task.id;
    }
    return this.post(`/dossiers/${code}/actions`, body);
  }

  submit(body) {
    return this.post('/dossiers', body);
  }
}

function filing(procedure, form, documents, more) {
  return {
    procedure, case: null, agency: HERE, applicant: MINH, on_behalf: {kind: 'self'}, owner: null,
    form, documents, delivery: {method: 'counter'}, ...more,
  }
}

export function birth(upload = null, more = {}) {
  return filing('1.001193', {child_name: 'Nguyễn Thị Bình'}, [{id: 'birth_notice', upload, copies: 1}], more);
}

export function marital(more = {}) {
  return filing('1.004873', {
    subject_name: 'Nguyễn Văn Minh', marital_status: 'single', purpose: 'other', purpose_detail: 'Bổ sung hồ sơ xin việc'
  }, [], {case: 'first', ...more});
}

export function building(floors = 7, uploads = [null, null], more = {}) {
  return filing('1.013225', {
    owner_name: 'Nguyễn Văn Minh', owner_id: '031085001234', site_commune: '10532', site_address: 'Lô 12 khu đô thị',
    land_area: 120.5, floors, commitment: true
  }, [{id: 'land_right', upload: uploads[0], copies: 1}, {id: 'drawings', upload: uploads[1], copies: 2}],
  {case: 'house', ...more});
}
