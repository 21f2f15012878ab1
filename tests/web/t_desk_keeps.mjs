// What a desk keeps: what was typed when the session ended, how far one had gone down a long queue, where
// the keyboard was.

import assert from 'node:assert/strict';
import {DESK, PHONE, test, until} from './harness.mjs';
import {LAN, marital} from './api.mjs';

const ELSEWHERE = 'H24.15.04';
const row = (page, code) => page.locator(`.queue tr:has(a[href="#/desk/${code}"])`);

async function accepted(here) {
  const {code} = await (await here.api('citizen')).submit(marital());

  await (await here.api('receiver')).act(code, 'accept', 'receive');
  return code;
}

// Sends the form that is open after the session ended; news of the queue may have told that before.
async function sendTooLate(page) {
  await page.context().clearCookies();
  await page.evaluate(() => document.querySelector('.act-form')?.requestSubmit());
}

async function signInAgain(here, page, name) {
  await page.getByText('Phiên làm việc đã hết').first().waitFor();
  assert.equal(await page.locator('dialog').count(), 0, 'nothing stands before the page to sign in');
  await page.getByLabel('Tên đăng nhập').fill(name);
  await page.getByLabel('Mật khẩu').fill(here.password);
  await page.getByRole('button', {name: 'Đăng nhập'}).click();
}

test('a form is there again after the session ended', async (here) => {
  const code = await accepted(here);
  const page = await here.open('officer', `/#/desk/${code}`);
  const reason = 'Cần bản chính trích lục ghi chú ly hôn để đối chiếu';

  await page.getByRole('button', {name: 'Yêu cầu bổ sung'}).click();
  await page.getByLabel('Lý do').fill(reason);
  await page.getByLabel(/^Trích lục ghi chú ly hôn/).check();
  await sendTooLate(page);
  await page.getByText('Phiên làm việc đã hết').first().waitFor();
  await here.look(page, 'sign-in-again');
  await signInAgain(here, page, 'officer');
  await page.getByText('Nội dung đang điền khi phiên làm việc hết').waitFor();
  assert.equal(await page.getByLabel('Lý do').inputValue(), reason);
  await here.look(page, 'dossier-form-kept');
  await page.locator('.act-form button[type=submit]').click();
  await page.getByText('Chờ bổ sung hồ sơ').first().waitFor();
  assert.equal((await (await here.api('citizen')).view(code)).supplements[0].reason, reason);
});

test('what one person was filling in is not shown to the next', async (here) => {
  const code = await accepted(here);
  const page = await here.open('officer', `/#/desk/${code}`);

  await page.getByRole('button', {name: 'Yêu cầu bổ sung'}).click();
  await page.getByLabel('Lý do').fill('Chỉ người này thấy');
  await page.getByLabel(/^Trích lục ghi chú ly hôn/).check();
  await sendTooLate(page);
  await signInAgain(here, page, 'unit_head');
  await page.locator('.desk-dossier h1').waitFor();
  assert.equal(await page.locator('.act-form').count(), 0);
});

test('numbers typed for many stand there again when the act did not come about', async (here) => {
  const codes = [];

  for (let n = 0; n < 2; n++) {
    codes.push(await accepted(here));
    await (await here.api('officer')).act(codes[n], 'submit', 'appraise');
  }
  const page = await here.open('leader', '/#/tasks');
  const start = async () => {
    for (const code of codes)
      await row(page, code).locator('input').check();
    await page.locator('.bulk [data-action=approve]').click();
    await page.locator('dialog').waitFor();
    return page.locator('dialog').getByLabel(/^Số văn bản/).all();
  };

  for (const [place, input] of (await start()).entries())
    await input.fill(`${810 + place}/XN`);
  await page.context().clearCookies();
  await page.locator('dialog button[type=submit]').click();
  await signInAgain(here, page, 'leader');
  await page.locator('.queue tbody tr').first().waitFor();
  const again = await start();

  assert.deepEqual(await Promise.all(again.map((input) => input.inputValue())), ['810/XN', '811/XN']);
  await page.locator('dialog button[type=submit]').click();
  await page.getByText('xong 2 trên 2 hồ sơ').waitFor();
  assert.equal((await (await here.api('leader')).view(codes[1])).results[0].number, '811/XN');
});

test('a long queue: as far as one had gone, every step to choose from', async (here) => {
  const citizen = await here.api('citizen'), portal = await here.api('portal');
  const many = 215;
  let filed = 0;

  await Promise.all(Array.from({length: 6}, async () => {
    while (filed < many) {
      filed += 1;
      await portal.submit(marital({agency: ELSEWHERE, applicant: LAN}));
    }
  }));
  // What is due last, at a step that nothing else waits at.
  const {code} = await citizen.submit(marital({agency: ELSEWHERE}));

  await (await here.api('receiver4')).act(code, 'accept', 'receive');
  await (await here.api('officer4')).act(code, 'supplement', 'appraise', {reason: 'Thiếu trích lục', papers: ['divorce_abroad']});
  await citizen.act(code, 'resubmit', 'supplement', {documents: []});
  const page = await here.open('receiver4', '/#/tasks');
  const rows = page.locator('.queue tbody tr');

  await rows.nth(49).waitFor();
  assert.equal(await rows.count(), 50);
  assert.equal(await row(page, code).count(), 0, 'it is not among the first');
  await page.getByLabel('Bước xử lý').selectOption({label: 'Kiểm tra hồ sơ bổ sung'});
  await row(page, code).waitFor();
  assert.equal(await until(() => rows.count().then((n) => n === 1)), true);
  await here.look(page, 'queue-one-step');
  await page.getByLabel('Bước xử lý').selectOption('');
  await rows.nth(49).waitFor();
  for (let n = 100; n <= 250; n += 50) {
    await page.getByRole('button', {name: 'Xem thêm'}).click();
    await rows.nth(Math.min(n, many) - 1).waitFor();
  }
  await row(page, code).locator('input').check();
  await page.locator('.bulk button').first().focus();
  const focused = await page.evaluate(() => document.activeElement.dataset.action);
  const before = await rows.count();

  await portal.submit(marital({agency: ELSEWHERE, applicant: LAN}));
  assert.ok(await until(async () => await rows.count() === before + 1, 25), `${await rows.count()} of ${before + 1} rows`);
  assert.ok(await page.getByText('Đã chọn 1 hồ sơ').isVisible(), 'what was chosen stays chosen');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.bulk') && document.activeElement.dataset.action), focused, 'the keyboard stays in the bar');
  // More than one request may hold, in one act; who was quicker with one of them is told first.
  await page.locator('.row-link').first().focus();
  await page.keyboard.press('a');
  await row(page, code).locator('input').uncheck();
  await page.getByText(`Đã chọn ${before} hồ sơ`).waitFor();
  await page.locator('.bulk [data-action=accept]').click();
  await page.locator('dialog').waitFor();
  const [quicker] = (await rows.first().getAttribute('data-key')).split('/');

  await (await here.api('receiver4')).act(quicker, 'accept', 'receive');
  await page.locator('dialog button[type=submit]').click();
  await page.getByText(`xong ${before - 1} trên ${before} hồ sơ`).waitFor();
  assert.match(await page.locator('.outcomes li').first().innerText(), new RegExp(quicker), 'what needs a hand comes first');
  assert.equal(await page.locator('.outcomes li:visible').count(), 1, 'what is done pushes nothing away');
  await here.look(page, 'queue-outcome-many');
  await page.locator('.outcomes').getByRole('button', {name: 'Đóng'}).click();
  await page.locator('.outcomes').waitFor({state: 'detached'});
});

test('a row that is being clicked stays where it is while others work', async (here) => {
  const code = await accepted(here);
  const page = await here.open('officer', '/#/tasks');
  const held = [];
  let later = null;

  page.on('response', async (answer) => {
    if (/\/tasks\?/.test(answer.url()) && later !== null && (await answer.text().catch(() => '')).includes(later))
      held.push(answer);
  });
  await row(page, code).locator('a').hover();
  await page.mouse.down();
  const place = await row(page, code).boundingBox();

  later = await accepted(here);
  await until(() => held.length > 0);
  await page.waitForTimeout(500); // time enough to show them
  assert.deepEqual(await row(page, code).boundingBox(), place);
  assert.equal(await row(page, later).count(), 0, 'nothing is drawn while a button is down');
  await page.mouse.up();
  await page.locator('.desk-dossier h1').waitFor();
  assert.ok(page.url().includes(code));
  await page.goBack();
  await row(page, later).waitFor();
});

test('what was let go elsewhere does not hold the queue', async (here) => {
  const code = await accepted(here);
  const page = await here.open('officer', '/#/tasks');

  await row(page, code).locator('.row-sub').first().hover();
  await page.mouse.down();
  const later = await accepted(here);

  await page.waitForTimeout(1000);
  assert.equal(await row(page, later).count(), 0);
  await page.mouse.move(5, 5);
  await page.mouse.up();
  await row(page, later).waitFor();
});

for (const size of [PHONE, DESK]) {
  test(`nothing moves the rows of a queue once they are shown, at ${size.width} pixels`, async (here) => {
    const code = await accepted(here);
    const page = await here.open('officer', '/', {size});

    await page.route('**/tasks/summary', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue();
    });
    await page.evaluate(() => {
      window.shifts = [];
      new PerformanceObserver((list) => window.shifts.push(...list.getEntries().filter((one) => !one.hadRecentInput)
        .flatMap((one) => one.sources.map(({node, previousRect, currentRect}) => `${node?.nodeName}.${node?.className} ${previousRect.y} -> ${currentRect.y}`))))
        .observe({type: 'layout-shift'});
    });
    await page.goto('/#/tasks');
    await row(page, code).waitFor();
    await page.locator('.live', {hasText: 'Danh sách tự cập nhật'}).waitFor();
    await page.waitForTimeout(2500);
    assert.deepEqual(await page.evaluate(() => window.shifts), []);
  });
}

test('who is not shown names finds dossiers by their codes', async (here) => {
  const code = await accepted(here);
  const page = await here.open('auditor', `/#/search?q=${code}`);

  await page.getByRole('link', {name: code, exact: true}).waitFor();
  assert.equal(await page.getByRole('link', {name: '***'}).count(), 0);
  await here.look(page, 'search-auditor');
  await page.goto(`/#/desk/${code}`);
  await page.locator('.desk-dossier h1', {hasText: code}).waitFor();
});

test('without a line the queue promises no news, and has them when it is back', async (here) => {
  const page = await here.open('officer', '/#/tasks');
  const live = (text) => page.locator('.live', {hasText: text}).waitFor();

  await live('Danh sách tự cập nhật');
  await page.context().setOffline(true);
  await live('Đang nối lại');
  await here.look(page, 'queue-offline');
  const code = await accepted(here);

  await page.waitForTimeout(4000);
  assert.equal(await page.locator('.toast').count(), 0, 'it is told once that there is no line');
  await page.context().setOffline(false);
  await live('Danh sách tự cập nhật');
  await row(page, code).waitFor();
});
