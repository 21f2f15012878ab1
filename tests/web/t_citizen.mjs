// A citizen with a phone: finds a procedure, files a birth while the connection comes and goes and the
// browser is closed in between, and gets code, QR and PIN. Nothing is sent twice, nothing is lost.

import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PATIENCE_S, PHONE, test, until} from './harness.mjs';
import {pdf} from './files.mjs';
import {choose, heading, next} from './steps.mjs';

const env = process.env;
const {chromium} = createRequire(join(env.DVC_WEB_MODULES, 'modules.js'))('playwright-core');

// A phone whose browser keeps its folder: opened and closed again and again.
class Phone {
  constructor(here, folder) {
    this.here = here;
    this.folder = folder;
  }

  static async make(here) {
    return new Phone(here, await mkdtemp(join(tmpdir(), 'dvc-phone-')));
  }

  async open({offline = false} = {}) {
    this.context = await chromium.launchPersistentContext(this.folder, {
      executablePath: env.DVC_WEB_CHROMIUM ?? '/usr/bin/chromium',
      args: process.getuid() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'],
      viewport: PHONE, isMobile: true, hasTouch: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', reducedMotion: 'reduce', baseURL: this.here.base
    });
    this.context.setDefaultTimeout(PATIENCE_S * 1000);
    const page = this.context.pages()[0] ?? await this.context.newPage();

    await this.context.setOffline(offline);
    await this.here.watch(page);
    return page;
  }

  async close() {
    await this.context?.close();
    this.context = null;
  }

  async forget() {
    await this.close();
    await rm(this.folder, {recursive: true, force: true});
  }
}

// A photo that shrinks to more than one part of an upload: noise does not pack.
async function photo(page) {
  const text = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');

    canvas.width = 1700;
    canvas.height = 2200;
    const context = canvas.getContext('2d');
    const data = context.createImageData(1700, 2200);

    for (let at = 0; at < data.data.length; at += 65536)
      crypto.getRandomValues(data.data.subarray(at, at + 65536));
    context.putImageData(data, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
  });

  return {name: 'giấy chứng sinh.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(text, 'base64')};
}

async function signIn(here, page) {
  await page.goto('/#/sign-in?to=%23%2Fprocedures');
  await page.getByLabel('Tên đăng nhập').fill('citizen');
  await page.getByLabel('Mật khẩu').fill(here.password);
  await page.locator('main').getByRole('button', {name: 'Đăng nhập'}).click();
  await heading(page, 'Thủ tục hành chính');
}

async function people(here, page) {
  await heading(page, 'Người nộp và chủ hồ sơ');
  const applicant = page.getByRole('group', {name: 'Người nộp hồ sơ'});

  assert.equal(await applicant.getByLabel('Họ, chữ đệm, tên').inputValue(), 'Nguyễn Văn Minh');
  await applicant.getByLabel('Số định danh cá nhân').fill('031 085 001234');
  await applicant.getByLabel('Số điện thoại').fill('0912345678');
  await choose(page, applicant.getByRole('combobox', {name: 'Xã, phường, đặc khu'}), 'gia vien');
  await applicant.getByLabel('Số nhà, đường').fill('12 Lạch Tray');
  await page.getByLabel('Chủ hồ sơ cũng là người nộp hồ sơ').uncheck();
  await page.getByRole('group', {name: 'Chủ hồ sơ'}).last().waitFor();
  await here.look(page, 'citizen-owner', [PHONE]);
  await page.getByLabel('Chủ hồ sơ cũng là người nộp hồ sơ').check();
  await next(page);
}

test('the start page is light', async (here) => {
  const page = await here.open(null, 'about:blank', {size: PHONE, serviceWorkers: 'block'});
  const session = await page.context().newCDPSession(page);
  let bytes = 0;

  await session.send('Network.enable');
  session.on('Network.loadingFinished', (event) => {
    bytes += event.encodedDataLength;
  });
  await page.goto('/');
  await heading(page, 'Nộp và theo dõi hồ sơ');
  await page.waitForLoadState('networkidle');
  assert.ok(bytes > 5_000 && bytes < 80_000, `${bytes} bytes`);
  await here.look(page, 'citizen-start');
});

test('a procedure is found without marks and tells what it takes', async (here) => {
  const page = await here.open(null, '/', {size: PHONE});

  await page.getByRole('searchbox').fill('khai sinh');
  await page.keyboard.press('Enter');
  await page.getByRole('link', {name: 'Đăng ký khai sinh', exact: true}).waitFor();
  await page.getByRole('searchbox').fill('GIAY PHEP XAY DUNG moi');
  await page.getByRole('button', {name: 'Tìm'}).click();
  await page.getByRole('link', {name: /^Cấp giấy phép xây dựng mới/}).waitFor();
  assert.equal(await page.locator('.card-link').count(), 1);
  await here.look(page, 'citizen-found');
  await page.getByRole('link', {name: /^Cấp giấy phép xây dựng mới/}).click();
  await heading(page, /^Cấp giấy phép xây dựng mới/);
  await page.getByText('Nộp trực tuyến: 20 ngày').waitFor();
  await page.getByText('Nộp trực tiếp: 15 ngày').waitFor();
  await here.look(page, 'citizen-procedure');
  await page.goto('/#/procedures?q=zzzz');
  await page.getByText('Không có thủ tục nào khớp với “zzzz”.').waitFor();
  await page.getByRole('link', {name: 'Đăng nhập'}).waitFor();
  await page.goto('/#/apply/1.001193');
  await heading(page, 'Đăng nhập');
});

test('the screening question stops who need not file', async (here) => {
  const page = await here.open('citizen', '/#/apply/1.013225', {size: PHONE});

  await heading(page, 'Trước khi bắt đầu');
  await next(page);
  await page.locator('.summary').getByRole('link').waitFor();
  await page.getByLabel('Có', {exact: true}).check();
  await next(page);
  await page.getByText('chủ đầu tư gửi thông báo khởi công').waitFor();
  await here.look(page, 'citizen-screening');
  await page.getByLabel('Không', {exact: true}).check();
  await next(page);
  await heading(page, 'Trường hợp của bạn');
  await here.look(page, 'citizen-case');
});

test('a birth is filed over a lost connection and a closed browser', async (here) => {
  const citizen = await here.api('citizen');
  const before = (await citizen.get('/dossiers?mine=1&limit=200')).items.length;
  const phone = await Phone.make(here);

  try {
    let page = await phone.open();

    await signIn(here, page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.goto('/#/procedures/1.001193');
    await page.reload(); // now the worker keeps what it needs
    await page.getByRole('link', {name: 'Nộp hồ sơ trực tuyến'}).click();
    await heading(page, 'Nơi giải quyết');
    await next(page);
    await page.locator('.summary').waitFor();
    await choose(page, page.getByRole('combobox'), 'gia vien');
    await here.look(page, 'citizen-agency', [PHONE]);
    await next(page);
    await people(here, page);
    await heading(page, 'Nội dung tờ khai (phần 1/3)');

    // The connection goes; typing and photos do not notice.
    await phone.context.setOffline(true);
    await page.getByText('Mất kết nối.').waitFor();
    await next(page);
    await page.locator('.summary').waitFor();
    await here.look(page, 'citizen-form-wrong', [PHONE]);
    await page.getByLabel('Họ, chữ đệm, tên của trẻ').fill('Nguyễn Thị Bình');
    await page.getByLabel('Ngày, tháng, năm sinh').pressSequentially('20112026');
    assert.equal(await page.getByLabel('Ngày, tháng, năm sinh').inputValue(), '20/11/2026');
    await next(page);
    await heading(page, 'Nội dung tờ khai (phần 2/3)');
    await page.getByLabel('Họ, chữ đệm, tên người mẹ').fill('Trần Thị Hoa');
    await page.getByText('Đã giữ trên máy này').waitFor();
    await next(page);
    await page.getByLabel('Cha mẹ có đăng ký kết hôn').check();
    await next(page); // who is married names the father: the rule of the plugin
    await page.locator('.summary').getByText('Họ, chữ đệm, tên người cha').waitFor();
    await page.getByLabel('Họ, chữ đệm, tên người cha').fill('Nguyễn Văn Minh');
    await next(page);
    await heading(page, 'Giấy tờ kèm theo');
    const paper = page.getByRole('region', {name: /^Giấy chứng sinh/});

    const sheet = await photo(page);

    await paper.locator('input[type=file]').last().setInputFiles([sheet, {...sheet, name: 'mặt sau.jpg'}]);
    await paper.getByText('Trang 2').first().waitFor();
    await here.look(page, 'citizen-papers', [PHONE]);

    // The browser is closed, and opened again still without a connection.
    await phone.close();
    page = await phone.open({offline: true});
    await page.goto('/#/dossiers');
    await heading(page, 'Hồ sơ của tôi');
    await here.look(page, 'citizen-offline', [PHONE]);
    await page.getByRole('link', {name: 'Đăng ký khai sinh'}).click();
    await heading(page, 'Giấy tờ kèm theo');
    await page.getByText('Trang 2').first().waitFor();
    await next(page);
    await heading(page, 'Nhận kết quả');
    await page.getByRole('radio', {name: /^Qua bưu chính/}).check();
    await here.look(page, 'citizen-delivery', [PHONE]);
    await next(page);
    await heading(page, 'Xem lại trước khi nộp');
    await page.getByText('Trần Thị Hoa').waitFor();
    await here.look(page, 'citizen-review', [PHONE]);
    await page.getByRole('button', {name: 'Nộp hồ sơ'}).click();
    await page.locator('.summary').getByText('phải được đánh dấu đồng ý').waitFor();
    await page.getByLabel(/^Tôi cam đoan/).check();
    await page.getByRole('button', {name: 'Nộp hồ sơ'}).click();
    await heading(page, 'Hồ sơ đang chờ gửi');
    await here.look(page, 'citizen-waiting', [PHONE]);
    assert.equal((await citizen.get('/dossiers?mine=1&limit=200')).items.length, before);

    // It comes back, and the dossier goes by itself.
    await phone.context.setOffline(false);
    await heading(page, 'Đã nộp hồ sơ');
    await page.locator('svg.qr').waitFor();
    await here.look(page, 'citizen-done', [PHONE]);
    const code = (await page.locator('.panel .big').innerText()).trim();
    const pin = (await page.locator('.facts strong').first().innerText()).trim();
    const mine = (await citizen.get('/dossiers?mine=1&limit=200')).items;

    assert.equal(mine.length, before + 1);
    const view = await citizen.view(code);

    assert.equal(view.form.child_birth_date, '2026-11-20');
    assert.equal(view.form.father_name, 'Nguyễn Văn Minh');
    assert.equal(view.applicant.id_number, '031085001234');
    assert.deepEqual(view.delivery.address, {province: '31', commune: '11359', line: '12 Lạch Tray'});
    assert.equal(view.documents[0].file.type, 'application/pdf');
    assert.ok(view.documents[0].file.size > 1024 * 1024, 'two photos in one file, sent in parts');
    assert.ok((await citizen.get(`/lookup/${code}?pin=${pin}`)).state === 'submitted');
    const kept = await page.evaluate(() => new Promise((resolve) => {
      indexedDB.open('dvcd').onsuccess = (event) => {
        event.target.result.transaction('blobs').objectStore('blobs').count().onsuccess = (found) => resolve(found.target.result);
      };
    }));

    assert.equal(kept, 0, 'photos leave the device once the dossier is filed');
    await page.getByRole('link', {name: 'Theo dõi hồ sơ'}).click();
    await page.getByText('Chờ tiếp nhận').first().waitFor();
  } finally {
    await phone.forget();
  }
});

test('a lost answer is not a second dossier', async (here) => {
  const citizen = await here.api('citizen');
  const before = (await citizen.get('/dossiers?mine=1&limit=200')).items.length;
  const page = await here.open('citizen', '/#/apply/1.004873', {size: PHONE, serviceWorkers: 'block'});
  const keys = [];

  await heading(page, 'Trường hợp của bạn');
  await page.getByLabel('Cấp lần đầu').check();
  await next(page);
  await choose(page, page.getByRole('combobox'), 'hong bang');
  await next(page);
  await people(here, page);
  const parts = Number(/\/(\d+)\)/.exec(await page.getByRole('heading', {level: 1, name: /phần 1\//}).innerText())[1]);

  for (let part = 1; part <= parts; part++) {
    await heading(page, `Nội dung tờ khai (phần ${part}/${parts})`);
    for (const name of ['Chưa đăng ký kết hôn với ai', 'Vay vốn, thế chấp']) {
      if (await page.getByRole('radio', {name}).count() > 0)
        await page.getByRole('radio', {name}).check();
    }
    await next(page);
  }
  await heading(page, 'Giấy tờ kèm theo');
  await next(page);
  await heading(page, 'Nhận kết quả');
  await page.getByRole('radio', {name: /^Tại quầy/}).check();
  await next(page);
  await heading(page, 'Xem lại trước khi nộp');
  // The server has it, the answer gets lost on the way.
  await page.route('**/api/v1/dossiers', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length > 1)
      return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  await page.getByLabel(/^Tôi cam đoan/).check();
  await page.getByRole('button', {name: 'Nộp hồ sơ'}).click();
  await heading(page, 'Đã nộp hồ sơ');
  assert.ok(keys.length > 1 && new Set(keys).size === 1, keys.join());
  assert.equal((await citizen.get('/dossiers?mine=1&limit=200')).items.length, before + 1);
});

test('what the server refuses is mended where it was entered', async (here) => {
  const page = await here.open('citizen', '/#/apply/1.001193', {size: PHONE, serviceWorkers: 'block'});

  await heading(page, 'Nơi giải quyết');
  await choose(page, page.getByRole('combobox'), 'gia vien');
  await next(page);
  await people(here, page);
  await page.getByLabel('Họ, chữ đệm, tên của trẻ').fill('Lê Văn Tám');
  await next(page);
  await heading(page, 'Nội dung tờ khai (phần 2/3)');
  await page.getByLabel('Không có giấy chứng sinh').check();
  await next(page);
  await heading(page, 'Nội dung tờ khai (phần 3/3)');
  await next(page);
  await heading(page, 'Giấy tờ kèm theo');
  await next(page); // without a birth notice the witness's paper is asked for
  await page.locator('.summary').getByText('Văn bản của người làm chứng').waitFor();
  const paper = page.getByRole('region', {name: /^Văn bản của người làm chứng/});

  await paper.locator('input[type=file]').last().setInputFiles({name: 'thư.txt', mimeType: 'text/plain', buffer: Buffer.from('x')});
  await paper.getByText('phải là tệp dạng pdf').waitFor();
  await paper.locator('input[type=file]').last().setInputFiles({name: 'làm chứng.pdf', mimeType: 'application/pdf', buffer: pdf('Lam chung')});
  await paper.getByText('làm chứng.pdf').first().waitFor();
  await next(page);
  await heading(page, 'Nhận kết quả');
  await page.getByRole('radio', {name: /^Bản điện tử/}).check();
  await next(page);
  await heading(page, 'Xem lại trước khi nộp');
  await page.route('**/api/v1/dossiers', (route) => route.fulfill({status: 422, contentType: 'application/problem+json', body: JSON.stringify({
    type: 'about:blank', title: 'Dữ liệu không hợp lệ', status: 422, code: 'invalid', detail: 'Dữ liệu gửi lên chưa đúng quy định.',
    errors: [{pointer: '/form/child_name', code: 'length', message: '“Họ, chữ đệm, tên của trẻ” chưa đúng.'}]})}));
  await page.getByLabel(/^Tôi cam đoan/).check();
  await page.getByRole('button', {name: 'Nộp hồ sơ'}).click();
  await heading(page, 'Hồ sơ chưa được nhận');
  await here.look(page, 'citizen-refused');
  await page.unroute('**/api/v1/dossiers');
  await page.getByRole('button', {name: 'Sửa hồ sơ'}).click();
  await page.locator('.summary').getByText('chưa đúng').waitFor();
  await page.getByLabel('Họ, chữ đệm, tên của trẻ').fill('Lê Văn Tám');
  await next(page);
  await heading(page, 'Xem lại trước khi nộp');
  await page.getByLabel(/^Tôi cam đoan/).check();
  await page.getByRole('button', {name: 'Nộp hồ sơ'}).click();
  await heading(page, 'Đã nộp hồ sơ');
  assert.match(await page.locator('.panel .big').innerText(), /^H24\.15\./);
});

test('a draft is nobody else’s, and a staff account does not file here', async (here) => {
  const page = await here.open('citizen', '/#/apply/1.001193', {size: PHONE});

  await heading(page, 'Nơi giải quyết');
  const address = new URL(page.url()).hash;

  await page.context().clearCookies();
  await page.context().request.post(`${here.base}/api/v1/sessions`, {data: {username: 'receiver', password: here.password}});
  await page.goto(`/${address}`);
  await page.reload();
  await page.getByText('Chỉ tài khoản công dân nộp hồ sơ ở đây').waitFor();

});

test('dark pages are as legible as light ones', async (here) => {
  const citizen = await here.api('citizen');
  const {items} = await citizen.get('/dossiers?mine=1&limit=1');

  for (const [role, path, name] of [[null, '/', 'start'], [null, '/#/procedures/1.004873', 'procedure'], ['citizen', '/#/apply/1.013225', 'form'],
    ['citizen', '/#/dossiers', 'dossiers'], ['citizen', `/#/dossiers/${items[0].code}`, 'dossier']]) {
    const page = await here.open(role, path, {size: PHONE, colorScheme: 'dark'});

    await page.getByRole('heading', {level: 1}).waitFor();
    await page.waitForLoadState('networkidle');
    if (name === 'form') {
      await next(page);
      await page.locator('.summary').waitFor();
    }
    await here.look(page, `citizen-dark-${name}`);
  }
});

test('what is kept for a lost connection is whole', async (here) => {
  const text = async (path) => {
    const answer = await fetch(here.base + path);

    assert.equal(answer.status, 200, path);
    return answer.text();
  };
  const worker = await text('/sw.js');
  const list = /const FILES = (\[[\s\S]*?\]);/.exec(worker)[1];
  const files = Function(`return ${list}`)();

  assert.ok(files.length > 50 && files.includes('/app/store.js'));
  for (const file of files.filter((name) => name.endsWith('.js') && !name.startsWith('/lib/'))) {
    for (const [, to] of (await text(file)).matchAll(/^import (?:.*? from )?'([^']+)'/gms)) {
      const path = new URL(to, here.base + file).pathname;

      assert.ok(files.includes(path), `${file} needs ${path}`);
    }
  }
});

test('files are sent packed, and asked for again cost nothing', async (here) => {
  const ask = (headers) => fetch(`${here.base}/app/fields.js`, {headers});
  const packed = await ask({'Accept-Encoding': 'gzip'}), plain = await ask({'Accept-Encoding': 'identity'});

  assert.equal(packed.headers.get('content-encoding'), 'gzip');
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.equal(packed.headers.get('vary'), 'Accept-Encoding');
  assert.notEqual(packed.headers.get('etag'), plain.headers.get('etag'));
  assert.ok(Number(packed.headers.get('content-length')) * 2 < Number(plain.headers.get('content-length')));
  assert.equal(await packed.text(), await plain.text());
  assert.equal((await ask({'Accept-Encoding': 'gzip', 'If-None-Match': packed.headers.get('etag')})).status, 304);
  assert.equal((await ask({'Accept-Encoding': 'gzip;q=0, identity'})).headers.get('content-encoding'), null);
  const policy = plain.headers.get('content-security-policy');

  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.equal((await fetch(`${here.base}/lib/qrcode.js`)).status, 200);
  assert.equal((await fetch(`${here.base}/lib/../../etc/passwd`)).status, 404);
});
