// A citizen follows a dossier on the phone: answers a supplement request, reads a draft, sees why the
// date is what it is, withdraws, and fetches the result; anyone looks up with code and PIN.

import assert from 'node:assert/strict';
import {PHONE, test, until} from './harness.mjs';
import {birth, building, marital} from './api.mjs';
import {pdf} from './files.mjs';

const dossier = (here, code) => here.open('citizen', `/#/dossiers/${code}`, {size: PHONE});

test('a supplement is answered from the phone, and the date is explained', async (here) => {
  const citizen = await here.api('citizen'), receiver = await here.api('receiver'), officer = await here.api('officer');
  const uploads = [await citizen.upload(pdf('Dat')), await citizen.upload(pdf('Ban ve'))];
  const {code} = await citizen.submit(building(3, uploads));

  await receiver.act(code, 'accept', 'receive');
  await officer.act(code, 'supplement', 'appraise', {reason: 'Bản vẽ thiếu mặt cắt móng', papers: ['drawings']});
  const page = await dossier(here, code);

  await page.getByText('Bạn cần bổ sung giấy tờ').waitFor();
  await page.getByText('Bản vẽ thiếu mặt cắt móng').waitFor();
  await page.getByText('Tạm dừng thời hạn').waitFor();
  await here.look(page, 'follow-asked');
  await page.getByText('Vì sao là ngày này?').click();
  await page.getByText('Từng ngày của thời hạn').waitFor({state: 'attached'});
  await page.getByText(/Tạm dừng từ .* chưa tính tiếp/).waitFor();
  await here.look(page, 'follow-why');
  await page.getByRole('link', {name: 'Bổ sung hồ sơ'}).click();
  await page.getByRole('heading', {level: 1, name: 'Bổ sung hồ sơ'}).waitFor();
  await page.getByRole('button', {name: 'Nộp bổ sung'}).click();
  await page.locator('.summary').getByText(/^“Bản vẽ thiết kế.*chưa được nộp/).waitFor();
  await page.getByRole('region', {name: /^Bản vẽ thiết kế/}).locator('input[type=file]').last()
    .setInputFiles({name: 'mặt cắt.pdf', mimeType: 'application/pdf', buffer: pdf('Mat cat')});
  await page.getByText('mặt cắt.pdf').first().waitFor();
  await here.look(page, 'follow-supplement');
  await page.getByRole('button', {name: 'Nộp bổ sung'}).click();
  await page.getByText('Đang kiểm tra hồ sơ bổ sung').first().waitFor();
  const view = await citizen.view(code);

  assert.equal(view.state, 'supplement_check');
  assert.equal(view.documents.filter((one) => one.id === 'drawings').at(-1).file.name, 'mặt cắt.pdf');
  await page.goto(`/#/dossiers/${code}/supplement`);
  await page.getByText('Hồ sơ này hiện không chờ bổ sung.').waitFor();
});

test('a draft is read, sent back, and confirmed', async (here) => {
  const citizen = await here.api('citizen'), receiver = await here.api('receiver'), officer = await here.api('officer');
  const {code} = await citizen.submit(birth(await citizen.upload(pdf('Chung sinh'))));

  await receiver.act(code, 'accept', 'receive');
  await officer.act(code, 'send_draft', 'appraise', {result: {code: 'KQ.G15.000031', upload: await officer.upload(pdf('Du thao'))}});
  const page = await dossier(here, code);

  await page.getByText('Hãy xem bản dự thảo kết quả').waitFor();
  await page.getByText('Bản dự thảo, chưa ký').waitFor();
  const draft = page.waitForEvent('download');

  await page.getByRole('link', {name: 'Giấy khai sinh'}).click();
  assert.match((await draft).suggestedFilename(), /\.pdf$/);
  await here.look(page, 'follow-draft');
  await page.getByRole('button', {name: 'Đề nghị sửa'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Đồng ý'}).click();
  await page.getByRole('dialog').locator('.summary').waitFor();
  await page.getByLabel('Cần sửa những gì?').fill('Tên đệm của mẹ là Thị');
  await here.look(page, 'follow-change');
  await page.getByRole('dialog').getByRole('button', {name: 'Đồng ý'}).click();
  await page.getByText('Đã thực hiện').waitFor();
  assert.equal((await citizen.view(code)).tasks[0].step, 'appraise');
  await officer.act(code, 'send_draft', 'appraise');
  await page.reload();
  await page.getByRole('button', {name: 'Xác nhận nội dung đúng'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Xác nhận'}).click();
  await page.getByText('Đã thực hiện').waitFor();
  assert.equal((await citizen.view(code)).tasks[0].step, 'register');
  await page.getByText('Lịch sử xử lý').click();
  await page.getByText('Tên đệm của mẹ là Thị').waitFor();
  await here.look(page, 'follow-history');
});

test('a withdrawal asks why; the result is fetched; anyone looks up', async (here) => {
  const citizen = await here.api('citizen');
  const gone = await citizen.submit(marital());
  const page = await dossier(here, gone.code);

  await page.getByRole('button', {name: 'Rút hồ sơ'}).click();
  await page.getByLabel('Lý do rút hồ sơ').fill('Nộp nhầm nơi giải quyết');
  await here.look(page, 'follow-withdraw');
  await page.getByRole('dialog').getByRole('button', {name: 'Rút hồ sơ'}).click();
  await page.getByText('Đã rút hồ sơ').first().waitFor();
  assert.equal((await citizen.view(gone.code)).state, 'withdrawn');
  await here.look(page, 'follow-withdrawn');

  const {code, pin} = await citizen.submit(birth(await citizen.upload(pdf('Chung sinh')), {delivery: {method: 'electronic'}}));
  const by = async (role, action, step, more) => (await here.api(role)).act(code, action, step, more);
  const leader = await here.api('leader');

  await by('receiver', 'accept', 'receive');
  await by('officer', 'send_draft', 'appraise');
  await by('citizen', 'confirm', 'confirm_draft');
  await by('officer', 'record', 'register');
  await by('leader', 'approve', 'approve', {result: {code: 'KQ.G15.000031', upload: await leader.upload(pdf('Ket qua')), number: '128/2026', signed_by: 'Đỗ Minh Đức', signed_at: new Date().toISOString().replace('Z', '+00:00')}});
  await by('clerk', 'issue', 'issue_result');
  await by('receiver', 'publish', 'return_result');
  await page.goto(`/#/dossiers/${code}`);
  await page.getByText('Kết quả đã được trả.').waitFor();
  const download = page.waitForEvent('download');

  await page.getByRole('link', {name: 'Giấy khai sinh', exact: true}).click();
  assert.match((await download).suggestedFilename(), /\.pdf$/);
  await here.look(page, 'follow-result');

  const visitor = await here.open(null, `/#/lookup?code=${code.toLowerCase()}`, {size: PHONE});

  await visitor.getByText('Đã hoàn thành 100 %').waitFor();
  assert.equal(await visitor.getByText('Đã trả kết quả').count(), 0);
  await visitor.getByLabel('Mã tra cứu').fill(pin);
  await visitor.getByRole('button', {name: 'Tra cứu'}).click();
  await visitor.getByText('Đã trả kết quả').waitFor();
  assert.equal(await visitor.getByText('Nguyễn Văn Minh').count(), 0, 'no names');
  await here.look(visitor, 'follow-lookup');
  await visitor.getByLabel('Mã tra cứu').fill('00000000');
  await visitor.getByRole('button', {name: 'Tra cứu'}).click();
  await visitor.getByText('Không tìm thấy hồ sơ với mã hồ sơ và mã tra cứu này.').waitFor();
});

test('the parcel is followed to the door', async (here) => {
  const citizen = await here.api('citizen');
  const address = {province: '31', commune: '11359', line: '12 Lạch Tray'};
  const {code} = await citizen.submit(birth(await citizen.upload(pdf('Chung sinh')), {delivery: {method: 'post', name: 'Nguyễn Văn Minh', phone: '0912345678', address}}));
  const by = async (role, action, step, more) => (await here.api(role)).act(code, action, step, more);

  await by('receiver', 'accept', 'receive');
  await by('officer', 'send_draft', 'appraise');
  await by('citizen', 'confirm', 'confirm_draft');
  await by('officer', 'record', 'register');
  await by('leader', 'approve', 'approve', {result: {code: 'KQ.G15.000031', number: '129/2026', signed_by: 'Đỗ Minh Đức', signed_at: new Date().toISOString().replace('Z', '+00:00')}});
  await by('clerk', 'issue', 'issue_result');
  await by('receiver', 'post', 'return_result');
  const order = await until(async () => {
    const {parcels} = await citizen.view(code);

    return parcels[0]?.state === 'ordered' ? parcels[0].order_number : null;
  });

  assert.ok(order, 'the carrier took the order');
  const page = await dossier(here, code);

  await page.getByText('Kết quả đang trên đường đến bạn.').waitFor();
  for (const status of [2, 3, 4])
    await here.post(`/sim/advance?order=${order}&code=${status}`);
  assert.ok(await until(async () => (await citizen.view(code)).state === 'returned'));
  await page.reload();
  await page.getByText('Đã phát cho người nhận').first().waitFor();
  await here.look(page, 'follow-parcel');
});

test('the citizen’s pages speak English, every word of them', async (here) => {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(marital());
  const page = await here.open('citizen', '/', {size: PHONE});
  const missing = [];

  page.on('console', (message) => /^no text/.test(message.text()) && missing.push(message.text()));
  await page.getByRole('button', {name: 'English'}).click();
  await page.getByRole('heading', {level: 1, name: 'File and follow a dossier'}).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  for (const [path, name] of [['/#/procedures', 'procedures'], ['/#/procedures/1.013225', 'procedure'], ['/#/apply/1.013225', 'apply'], ['/#/dossiers', 'dossiers'],
    [`/#/dossiers/${code}`, 'dossier'], ['/#/lookup', 'lookup'], ['/#/account', 'account'], ['/#/account/password', 'password'],
    ['/#/notices', 'notices'], ['/#/help', 'help'], ['/#/register', 'register'], ['/#/sign-in', 'sign-in'], ['/#/nothing', 'nothing']]) {
    const before = await page.locator('h1').innerText();

    await page.goto(path);
    await page.waitForFunction((old) => document.querySelector('h1') && document.querySelector('h1').innerText !== old, before, {timeout: 10_000}).catch(() => {});
    await page.waitForLoadState('networkidle');
    await here.look(page, `english-${name}`, [PHONE]);
  }
  assert.deepEqual(missing, []);
});
