// The desks: queue, dossier with its papers, many signed or assigned at once, a conflict, search.

import assert from 'node:assert/strict';
import {test, until} from './harness.mjs';
import {birth, building, marital, LAN} from './api.mjs';
import {pdf, png} from './files.mjs';

const row = (page, code) => page.locator(`.queue tr:has(a[href="#/desk/${code}"])`);

// A certificate that waits for the officer, or further on.
async function certificate(here, ...steps) {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(marital());

  await (await here.api('receiver')).act(code, 'accept', 'receive');
  for (const [role, action, step, more] of steps)
    await (await here.api(role)).act(code, action, step, more);
  return code;
}

test('the queue shows what waits, and a paper is seen beside the form', async (here) => {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(birth(await citizen.upload(pdf('Giay chung sinh'), 'chứng sinh.pdf')));
  const page = await here.open('receiver', '/#/tasks');

  await row(page, code).waitFor();
  await here.look(page, 'queue-receiver');
  await page.locator('summary', {hasText: 'Phím tắt'}).click();
  await here.look(page, 'queue-shortcuts');
  await page.locator(`a[href="#/desk/${code}"]`).click();
  await page.locator('h1', {hasText: 'Nguyễn Văn Minh'}).waitFor();
  const canvas = page.locator('.sheet-view canvas');

  await canvas.waitFor();
  const ink = await until(() => canvas.evaluate((node) => {
    const {data} = node.getContext('2d').getImageData(0, 0, node.width, node.height);
    let dark = 0;

    for (let at = 0; at < data.length; at += 4)
      dark += data[at] < 100 && data[at + 3] > 200;
    return dark;
  }));

  assert.ok(ink > 200, `the page of the PDF shows its text, ${ink} dark pixels`);
  await here.look(page, 'dossier-receiver');
});

test('pictures are shown, on a phone part by part', async (here) => {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(birth(await citizen.upload(png(), 'ảnh.png', 'image/png')));
  const page = await here.open('receiver', `/#/desk/${code}`, {size: {width: 360, height: 740}});

  await page.getByRole('button', {name: 'Tiếp nhận', exact: true}).waitFor();
  await page.getByRole('button', {name: 'Giấy tờ', exact: true}).click();
  const wide = await until(() => page.locator('.sheet-view img').evaluate((node) => node.naturalWidth).catch(() => 0));

  assert.equal(wide, 320);
  await here.look(page, 'dossier-papers');
  await page.getByRole('button', {name: 'Thông tin', exact: true}).click();
  await page.getByText('Nguyễn Thị Bình').waitFor();
  await here.look(page, 'dossier-data');
  await page.getByRole('button', {name: 'Quá trình', exact: true}).click();
  await page.getByText('Xem quá trình xử lý').click();
  await page.locator('.history li').first().waitFor();
  await page.getByText('Vì sao hạn là ngày này').click();
  await page.getByText('163/QĐ-BTP').first().waitFor();
  await here.look(page, 'dossier-history');
});

test('what an action needs is asked for and its faults are named', async (here) => {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(birth(await citizen.upload(pdf())));
  const page = await here.open('receiver', `/#/desk/${code}`);

  await page.getByRole('button', {name: 'Yêu cầu bổ sung'}).click();
  await page.getByRole('button', {name: /^Yêu cầu bổ sung.*Enter/}).or(page.locator('.act-form button[type=submit]')).first().click();
  await page.locator('.summary a').first().waitFor();
  await here.look(page, 'dossier-faults');
  await page.getByLabel('Lý do').fill('Ảnh mờ, không đọc được số');
  await page.getByLabel(/^Giấy chứng sinh/).check();
  await page.locator('.act-form button[type=submit]').click();
  await page.getByText('Chờ bổ sung trước khi tiếp nhận').first().waitFor();
  await here.look(page, 'dossier-after-supplement');
  const view = await citizen.view(code);

  assert.equal(view.state, 'intake_supplement');
  assert.deepEqual(view.supplements[0].papers, ['birth_notice']);
});

test('the queue moves by itself when somebody else works', async (here) => {
  const page = await here.open('officer', '/#/tasks');

  await page.locator('h1', {hasText: 'Hồ sơ cần xử lý'}).waitFor();
  await page.waitForTimeout(500);
  const code = await certificate(here);

  await row(page, code).waitFor();
  await (await here.api('officer')).act(code, 'submit', 'appraise');
  await row(page, code).waitFor({state: 'detached'});
});

test('the queue is filtered by step, words and whose it is', async (here) => {
  const mine = await certificate(here);
  const later = await certificate(here, ['officer', 'verify', 'appraise']);
  const citizen = await here.api('citizen'), officer = await here.api('officer');
  const {code: other} = await citizen.submit(birth(await citizen.upload(pdf('Chung sinh'))));

  await officer.act(mine, 'take', 'appraise');
  await (await here.api('receiver')).act(other, 'accept', 'receive');
  await officer.act(other, 'verify', 'appraise');
  const page = await here.open('officer', '/#/tasks');

  await row(page, later).waitFor();
  await page.getByLabel('Bước xử lý').selectOption('verification');
  await row(page, mine).waitFor({state: 'detached'});
  assert.ok(await row(page, later).isVisible());
  // Two procedures call that step differently: who looks for either name finds it.
  await row(page, other).waitFor();
  assert.match(await page.getByLabel('Bước xử lý').locator('option:checked').innerText(),
    /^Chờ kết quả xác minh của nơi khác \/ Chờ văn bản xác minh của nơi khác$/);
  await page.reload();
  await row(page, later).waitFor();
  assert.equal(await row(page, mine).count(), 0, 'the address keeps the filter');
  await page.getByLabel('Bước xử lý').selectOption('');
  await page.getByLabel('Phân công').selectOption('me');
  await row(page, later).waitFor({state: 'detached'});
  assert.ok(await row(page, mine).isVisible());
  await page.getByRole('searchbox').fill('khong ai ten nay');
  await page.getByText('Không có hồ sơ nào khớp với bộ lọc').waitFor();
  await here.look(page, 'queue-none');
});

test('the queue by keyboard: move, select, open', async (here) => {
  const codes = [await certificate(here), await certificate(here)];
  const page = await here.open('officer', '/#/tasks');

  await row(page, codes[1]).waitFor();
  await page.keyboard.press('j');
  const first = await page.evaluate(() => document.activeElement.closest('tr').dataset.key);

  await page.keyboard.press('j');
  assert.notEqual(await page.evaluate(() => document.activeElement.closest('tr').dataset.key), first);
  await page.keyboard.press('k');
  assert.equal(await page.evaluate(() => document.activeElement.closest('tr').dataset.key), first);
  await page.keyboard.press('x');
  await page.getByText('Đã chọn 1 hồ sơ').waitFor();
  await page.keyboard.press('x');
  await page.locator('.bulk').waitFor({state: 'hidden'});
  await page.keyboard.press('Enter');
  await page.locator('.desk-dossier h1').waitFor();
  assert.ok(page.url().includes(first.split('/')[0]));
});

test('the leader signs many at once and sees what became of each', async (here) => {
  const codes = [];

  for (let n = 0; n < 3; n++)
    codes.push(await certificate(here, ['officer', 'submit', 'appraise']));
  const page = await here.open('leader', '/#/tasks');

  for (const code of codes)
    await row(page, code).locator('input').check();
  await page.getByText('Đã chọn 3 hồ sơ').waitFor();
  await here.look(page, 'queue-selected');
  // One of them goes elsewhere meanwhile.
  await (await here.api('leader')).act(codes[1], 'send_back', 'approve', {reason: 'Thiếu xác minh'});
  await row(page, codes[1]).waitFor({state: 'detached'});
  await page.getByText('Đã chọn 2 hồ sơ').waitFor();
  await page.locator('.bulk [data-action=approve]').click();
  await page.locator('dialog').waitFor();
  await here.look(page, 'queue-sign-many');
  for (const [place, input] of (await page.getByLabel(/^Số văn bản/).all()).entries())
    await input.fill(`${70 + place}/XN`);
  // And one more between the question and the answer.
  await (await here.api('leader')).act(codes[2], 'send_back', 'approve', {reason: 'Sai tên'});
  await page.locator('dialog button[type=submit]').click();
  await page.getByText('xong 1 trên 2 hồ sơ').waitFor();
  await here.look(page, 'queue-outcome');
  assert.equal((await (await here.api('leader')).view(codes[0])).results.length, 1);
});

test('the unit head gives many to one person', async (here) => {
  const codes = [await certificate(here), await certificate(here)];
  const page = await here.open('unit_head', '/#/tasks');

  for (const code of codes)
    await row(page, code).locator('input').check();
  await page.locator('.bulk [data-action=reassign]').click();
  await page.locator('dialog').waitFor();
  await here.look(page, 'queue-assign-many');
  await page.locator('dialog').getByLabel('Ngô Văn Sơn').check();
  await page.locator('dialog button[type=submit]').click();
  await page.getByText('xong 2 trên 2 hồ sơ').waitFor();
  for (const code of codes)
    await row(page, code).getByText('Ngô Văn Sơn').waitFor();
  await here.look(page, 'queue-assigned');
});

test('a dossier is found and given to one person', async (here) => {
  const codes = [await certificate(here)];
  const page = await here.open('unit_head', `/#/search?q=${codes[0]}`);

  await page.getByRole('link', {name: 'Nguyễn Văn Minh'}).waitFor();
  await here.look(page, 'search');
  await page.goto(`/#/desk/${codes[0]}`);
  await page.getByRole('button', {name: 'Phân công', exact: true}).click();
  await page.getByRole('combobox', {name: 'Người xử lý'}).fill('Khánh');
  await page.getByRole('option', {name: /Phạm Quốc Khánh/}).waitFor();
  await page.keyboard.press('Enter');
  await here.look(page, 'dossier-assign');
  await page.locator('.act-form button[type=submit]').click();
  await page.getByText('Phạm Quốc Khánh').filter({visible: true}).first().waitFor();
  assert.ok((await (await here.api('officer')).view(codes[0])).tasks[0].assignee);
});

test('who was slower sees what changed and keeps what was typed', async (here) => {
  const code = await certificate(here);
  const page = await here.open('officer', 'about:blank');

  // Without the live queue, which would tell before anything is sent.
  await page.route('**/tasks/stream', (route) => route.abort());
  await page.goto(`/#/desk/${code}`);
  await page.getByRole('button', {name: 'Yêu cầu bổ sung'}).click();
  await page.getByLabel('Lý do').fill('Cần trích lục ghi chú ly hôn bản chính');
  await (await here.api('leader')).act(code, 'suspend', null, {reason: 'Chờ toà án'});
  await page.getByLabel(/^Trích lục ghi chú ly hôn/).check();
  await page.locator('.act-form button[type=submit]').click();
  await page.getByText('Hồ sơ vừa được người khác thay đổi').first().waitFor();
  assert.equal(await page.getByLabel('Lý do').inputValue(), 'Cần trích lục ghi chú ly hôn bản chính');
  await page.getByText(/Trạng thái: .*Tạm dừng xử lý/).waitFor();
  await here.look(page, 'dossier-conflict');
});

test('the desks speak English too', async (here) => {
  const code = await certificate(here);
  const page = await here.open('officer', '/#/tasks');

  await page.getByRole('button', {name: 'English'}).click();
  await page.getByRole('heading', {name: 'Work queue'}).waitFor();
  await here.look(page, 'queue-english');
  await row(page, code).locator('a').click();
  await page.getByRole('heading', {name: 'Papers', exact: true}).first().waitFor();
  await page.getByText('Picture of the workflow').click();
  await page.locator('.flow-steps').waitFor();
  await page.getByText('Why it is due then').click();
  await page.getByText('163/QĐ-BTP').first().waitFor();
  await here.look(page, 'dossier-english');
  assert.equal(await page.locator('.task .button').first().getAttribute('lang') ?? await page.locator('.task .button [lang]').first().getAttribute('lang'), 'vi',
    'the name of an action is spoken as Vietnamese');
  assert.equal(await page.getByRole('heading', {name: 'Papers', exact: true}).first().getAttribute('lang'), null);
});

test('a dossier is found by name without marks, phone and number', async (here) => {
  const receiver = await here.api('receiver');
  const {code} = await receiver.submit(marital({applicant: LAN, action: 'accept'}));
  const page = await here.open('receiver', '/#/search');

  for (const words of ['le thi lan', LAN.phone, LAN.id_number, code]) {
    await page.getByRole('searchbox').fill(words);
    await page.keyboard.press('Enter');
    await page.locator(`a[href="#/desk/${code}"]`).waitFor();
  }
  await page.getByRole('searchbox').fill('khong co ai ten nay');
  await page.keyboard.press('Enter');
  await page.getByText('Không tìm thấy hồ sơ nào').waitFor();
  await here.look(page, 'search-none');
});
