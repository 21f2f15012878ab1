// A citizen when something is not as it should be: a busy server, an answer that got lost on the way, a
// line that goes in the middle of a word, a screen of 320 pixels. And what his dossier tells him in
// words of the language, never in those of the program.

import assert from 'node:assert/strict';
import {PHONE, test} from './harness.mjs';
import {birth, building, marital} from './api.mjs';
import {pdf} from './files.mjs';
import {choose, heading, next, toPeople} from './steps.mjs';

const SMALL = {width: 320, height: 568};
// A first certificate of marital status up to its review.
async function toReview(page) {
  await page.goto('/#/apply/1.004873');
  await toPeople(page);
  const applicant = page.getByRole('group', {name: 'Người nộp hồ sơ'});

  await applicant.getByLabel('Số định danh cá nhân').fill('031085001234');
  await choose(page, applicant.getByRole('combobox', {name: 'Xã, phường, đặc khu'}), 'gia vien');
  await applicant.getByLabel('Số nhà, đường').fill('12 Lạch Tray');
}

test('people are asked as people where only people may file', async (here) => {
  const page = await here.open('citizen', '/', {size: PHONE});

  await toReview(page);
  const applicant = page.getByRole('group', {name: 'Người nộp hồ sơ'});

  assert.equal(await page.getByText(/hoặc (mã số thuế|tên tổ chức)/).count(), 0);
  assert.equal(await applicant.getByLabel('Số định danh cá nhân').getAttribute('inputmode'), 'numeric');
  await here.look(page, 'care-people', [PHONE]);
});

test('a lost answer of a busy server is told as that, and files once', async (here) => {
  const citizen = await here.api('citizen');
  const page = await here.open('citizen', '/', {size: PHONE});
  const keys = [];
  let lost = 0;

  await toReview(page);
  await next(page);
  await heading(page, /Nội dung tờ khai/);
  for (let parts = 0; parts < 6 && !await page.getByRole('heading', {level: 1, name: 'Xem lại trước khi nộp'}).isVisible(); parts++) {
    for (const answer of [/^Chưa đăng ký kết hôn/, /^Vay vốn/, /^Tại quầy/]) {
      if (await page.getByRole('radio', {name: answer}).isVisible())
        await page.getByRole('radio', {name: answer}).check();
    }
    const was = await page.locator('.caption').innerText();

    assert.ok(await page.locator('main form :is(input, select, textarea):visible').count() > 0, `${was} asks nothing`);
    await next(page);
    await page.waitForFunction((old) => ![undefined, old].includes(document.querySelector('.caption')?.innerText), was);
  }
  await heading(page, 'Xem lại trước khi nộp');
  const before = (await citizen.get('/dossiers?mine=1&limit=200')).items.length;

  // It was taken, but what stands before the server did not wait for that.
  await page.route('**/api/v1/dossiers', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    if (lost++ > 0)
      return route.continue();
    await route.fetch();
    return route.fulfill({status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>'});
  });
  await page.getByLabel(/^Tôi cam đoan/).check();
  await page.getByRole('button', {name: 'Nộp hồ sơ'}).click();
  await heading(page, 'Hồ sơ đang chờ gửi');
  await page.getByText('Chưa gửi được vì máy chủ đang bận').waitFor();
  assert.equal(await page.getByText('mất kết nối').count(), 0);
  await here.look(page, 'care-busy', [PHONE]);
  await page.getByRole('button', {name: 'Thử lại'}).click();
  await heading(page, 'Đã nộp hồ sơ');
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal((await citizen.get('/dossiers?mine=1&limit=200')).items.length, before + 1);
  here.faults = here.faults.filter((fault) => !/: 502 of /.test(fault)); // it was ours
  await page.getByText('Hãy giữ lại mã tra cứu').waitFor();
  const said = await page.locator('main .facts').innerText();

  // On the device it was filed from the PIN is found again.
  await page.getByRole('link', {name: 'Theo dõi hồ sơ'}).click();
  await page.getByRole('link', {name: 'Mã tra cứu và mã QR'}).click();
  await heading(page, 'Đã nộp hồ sơ');
  assert.equal(await page.locator('main .facts').innerText(), said);
});

test('the citizen is told why the date moved, what was declared and what was done, in words', async (here) => {
  const citizen = await here.api('citizen'), receiver = await here.api('receiver'), officer = await here.api('officer');
  const {code} = await citizen.submit(birth(await citizen.upload(pdf('Chung sinh'))));

  await receiver.act(code, 'accept', 'receive');
  await officer.act(code, 'supplement', 'appraise', {reason: 'Thiếu giấy chứng sinh', papers: ['birth_notice']});
  await citizen.act(code, 'resubmit', 'supplement', {note: 'Xin gửi', documents: [{id: 'birth_notice', upload: await citizen.upload(pdf('Chung sinh 2')), copies: 1}]});
  await receiver.act(code, 'complete', 'supplement_check');
  await officer.act(code, 'send_draft', 'appraise', {result: {code: 'KQ.G15.000031', upload: await officer.upload(pdf('Du thao'))}});
  const page = await here.open('citizen', `/#/dossiers/${code}`, {size: PHONE});

  await page.getByText('Vì sao là ngày này?').click();
  await page.getByText(/^Tạm dừng từ .* đến .*: chờ bổ sung hồ sơ/).waitFor();
  await page.getByText(/^Tính lại từ đầu thời hạn từ /).waitFor();
  await page.getByText(/^Tạm dừng từ .*, chưa tính tiếp: chờ người nộp xác nhận dự thảo kết quả/).waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /\((supplement|confirmation|restart)\)/);
  assert.match(await page.getByRole('table', {name: 'Từng ngày'}).getByRole('rowheader').first().innerText(), /^(Thứ|Chủ)/);
  await page.getByText('Nội dung đã khai').click();
  await page.getByText('Nguyễn Thị Bình').waitFor();
  await page.getByText('031085001234').waitFor();
  await page.getByText('12 Lạch Tray').waitFor();
  await page.getByText('Lịch sử xử lý').click();
  await page.getByText('Gửi bản dự thảo giấy khai sinh cho người nộp').waitFor();
  await page.locator('.steps li').filter({hasText: /^Yêu cầu bổ sung/}).waitFor();
  await here.look(page, 'care-told');

  const desk = await here.open('officer', `/#/desk/${code}`);

  await desk.getByText('Vì sao hạn là ngày này').click();
  await desk.getByText(/^Tạm dừng từ .* đến .*: chờ bổ sung hồ sơ/).waitFor();
});

test('a reason that was typed is still there when the line comes back', async (here) => {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(marital());
  const page = await here.open('citizen', `/#/dossiers/${code}`, {size: PHONE});
  const withdraw = page.getByRole('button', {name: 'Rút hồ sơ'});
  const dialog = page.getByRole('dialog');

  await withdraw.click();
  await dialog.getByLabel('Lý do rút hồ sơ').fill('Nộp nhầm phường, xin nộp lại ở nơi khác');
  await page.context().setOffline(true);
  await dialog.getByRole('button', {name: 'Rút hồ sơ'}).click();
  await page.getByText('Không kết nối được với máy chủ').waitFor();
  await heading(page, 'Cấp giấy xác nhận tình trạng hôn nhân');
  await page.context().setOffline(false);
  await withdraw.click();
  assert.equal(await dialog.getByLabel('Lý do rút hồ sơ').inputValue(), 'Nộp nhầm phường, xin nộp lại ở nơi khác');
  await dialog.getByRole('button', {name: 'Rút hồ sơ'}).click();
  await page.getByText('Đã rút hồ sơ').first().waitFor();
  assert.equal((await citizen.view(code)).state, 'withdrawn');
});

test('an answer that broke off on its way is asked for again', async (here) => {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(marital());
  const page = await here.open('citizen', '/', {size: PHONE});
  const broken = new Set();

  await page.route(`**/api/v1/dossiers/${code}{,/actions}`, async (route) => {
    const method = route.request().method();

    if (broken.has(method))
      return route.continue();
    broken.add(method);
    const answer = await route.fetch();

    return route.fulfill({response: answer, body: (await answer.text()).slice(0, 40)});
  });
  await page.goto(`/#/dossiers/${code}`);
  await heading(page, 'Cấp giấy xác nhận tình trạng hôn nhân');
  await page.getByRole('button', {name: 'Rút hồ sơ'}).click();
  await page.getByRole('dialog').getByLabel('Lý do rút hồ sơ').fill('Nộp nhầm phường');
  await page.getByRole('dialog').getByRole('button', {name: 'Rút hồ sơ'}).click();
  await page.getByText('Đã rút hồ sơ').first().waitFor();
  assert.deepEqual([...broken].sort(), ['GET', 'POST']);
  assert.equal((await citizen.view(code)).state, 'withdrawn');
});

test('a list that does not come says so in its place and comes when asked again', async (here) => {
  await (await here.api('citizen')).submit(marital());
  for (const [status, said] of [[503, 'Máy chủ đang bận, thử lại sau.'], [429, 'Quá nhiều lần. Hãy thử lại sau 30 giây.']]) {
    const page = await here.open('citizen', '/', {size: PHONE});

    await page.route('**/api/v1/dossiers?*', (route) => route.fulfill({status, contentType: 'application/problem+json', headers: {'Retry-After': status === 503 ? '1' : '30'},
      body: JSON.stringify({type: 'about:blank', title: 'Thử lại sau', status, code: 'busy', detail: 'Máy chủ đang bận, thử lại sau.'})}));
    await page.goto('/#/dossiers');
    await page.locator('main .notice.error').getByText(said).waitFor();
    assert.equal(await page.getByRole('button', {name: 'Xem thêm'}).isVisible(), false);
    await here.look(page, `care-list-${status}`, [PHONE]);
    await page.unroute('**/api/v1/dossiers?*');
    await page.getByRole('button', {name: 'Thử lại'}).click();
    await page.locator('.card-link').first().waitFor();
  }
});

test('a page that was never opened needs the network, and says so', async (here) => {
  const page = await here.open(null, '/', {size: PHONE});

  await heading(page, 'Nộp và theo dõi hồ sơ');
  await page.context().setOffline(true);
  await page.goto('/#/help');
  await heading(page, 'Chưa có kết nối');
  await here.look(page, 'care-offline', [PHONE]);
  await page.context().setOffline(false);
  await page.getByRole('button', {name: 'Thử lại'}).click();
  await heading(page, 'Hướng dẫn');
});

test('the answer that stops a filing goes when another is chosen; numbers are read as written here', async (here) => {
  const page = await here.open('citizen', '/#/apply/1.001612', {size: PHONE});

  await heading(page, 'Trước khi bắt đầu');
  await page.getByLabel('Có', {exact: true}).check();
  await next(page);
  await page.getByText('Bạn không phải nộp hồ sơ này').waitFor();
  await page.getByLabel('Không', {exact: true}).check();
  await page.getByText('Bạn không phải nộp hồ sơ này').waitFor({state: 'detached'});
  const address = new URL(page.url()).hash.replace(/screening$/, '');

  for (let part = 1; part < 8; part++) {
    await page.goto(`/${address}form-${part}`);
    await heading(page, new RegExp(`phần ${part}/`));
    if (await page.getByLabel('Vốn kinh doanh').count() > 0)
      break;
  }
  const capital = page.getByLabel('Vốn kinh doanh');

  await capital.fill('50000000');
  await capital.blur();
  assert.equal(await capital.inputValue(), '50.000.000');
  await capital.fill('999.999.999.999');
  await next(page);
  await page.locator('.summary').getByText('không được lớn hơn 100.000.000.000.').waitFor();
  await here.look(page, 'care-money', [PHONE]);
});

test('pages of citizens stand on 320 pixels, and with letters twice as large', async (here) => {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(building(3, [await citizen.upload(pdf('Dat')), await citizen.upload(pdf('Ban ve'))]));
  const {code: stopped} = await citizen.submit(marital());

  // A date on a badge is the longest word of the list.
  await (await here.api('receiver')).act(stopped, 'accept', 'receive');
  await (await here.api('officer')).act(stopped, 'stop', null, {reason: 'Trùng hồ sơ khác'});
  const paths = [[null, '/'], [null, '/#/procedures'], [null, '/#/procedures/1.013225'], [null, '/#/lookup'], [null, '/#/register'], [null, '/#/sign-in'], [null, '/#/help'],
    ['citizen', '/'], ['citizen', '/#/dossiers'], ['citizen', `/#/dossiers/${code}`], ['citizen', '/#/notices'], ['citizen', '/#/account'], ['citizen', '/#/apply/1.013225']];

  for (const large of [false, true]) {
    const pages = new Map();

    for (const [role, path] of paths) {
      if (!pages.has(role))
        pages.set(role, await here.open(role, '/', {size: large ? PHONE : SMALL}));
      const page = pages.get(role);

      await page.goto(path);
      await page.getByRole('heading', {level: 1}).waitFor();
      await page.waitForLoadState('networkidle');
      await page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
      }, large ? '200%' : '');
      const wide = await page.evaluate(() => {
        const {scrollWidth, clientWidth} = document.documentElement;

        return scrollWidth <= clientWidth ? [] : [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > clientWidth + 1)
          .map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`);
      });

      assert.deepEqual(wide, [], `${path} of ${role ?? 'anyone'}${large ? ', large letters' : ''} is too wide`);
    }
  }
});
