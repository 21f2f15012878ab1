// Whole walks over the desks in the browser: a birth from the counter to the postman's delivery, a
// building permit through supplement and consultation, and one that is refused.

import assert from 'node:assert/strict';
import {test, until} from './harness.mjs';
import {ADDRESS, MINH, birth, building} from './api.mjs';
import {Desks, reason, result} from './desks.mjs';
import {pdf} from './files.mjs';

test('a birth is registered over all desks and the postman brings it', async (here) => {
  const desks = new Desks(here);
  const citizen = await here.api('citizen');
  const post = {method: 'post', name: MINH.name, phone: MINH.phone, address: ADDRESS};
  const {code} = await citizen.submit(birth(await citizen.upload(pdf('Chung sinh')), {delivery: post}));

  await desks.does('receiver', code, 'Tiếp nhận');
  await desks.does('officer', code, 'Nhận xử lý');
  const nameOf = async (role, action) => (await (await here.api(role)).view(code)).tasks.flatMap((task) => task.actions).find((one) => one.action === action).name;

  await desks.does('officer', code, await nameOf('officer', 'send_draft'), {shot: 'walk-draft', fill: (form) =>
    form.getByLabel('Tệp dự thảo').setInputFiles({name: 'dự thảo.pdf', mimeType: 'application/pdf', buffer: pdf('Du thao')})});
  await citizen.act(code, 'confirm', 'confirm_draft');
  await desks.does('officer', code, await nameOf('officer', 'record'));
  await desks.does('leader', code, await nameOf('leader', 'approve'), {fill: (form) => result(form, '126/2026', true), shot: 'walk-sign'});
  const signed = (await citizen.view(code)).results.at(-1);

  assert.equal(signed.number, '126/2026');
  assert.equal(signed.signed_by, 'Đỗ Minh Đức');
  await desks.does('clerk', code, await nameOf('clerk', 'issue'));
  const page = await desks.does('receiver', code, 'Bàn giao cho bưu chính');

  await page.locator('.paper-button', {hasText: 'Giấy khai sinh'}).last().click();
  await page.locator('.sheet-view canvas').waitFor();
  await here.look(page, 'walk-in-post');
  const order = await until(async () => {
    const {parcels} = await citizen.view(code);

    return parcels[0]?.state === 'ordered' ? parcels[0].order_number : null;
  });

  assert.ok(order, 'the carrier took the order');
  for (const status of [2, 3, 4])
    await here.post(`/sim/advance?order=${order}&code=${status}`);
  assert.equal(await until(async () => (await citizen.view(code)).state === 'returned'), true);
  await page.reload();
  await page.getByText('Đã trả kết quả').first().waitFor();
  await page.getByText('Xem quá trình xử lý').click();
  await page.locator('.history li').nth(5).waitFor();
  await here.look(page, 'walk-returned');
});

test('a building permit with a supplement and two opinions', async (here) => {
  const desks = new Desks(here);
  const citizen = await here.api('citizen');
  const uploads = [await citizen.upload(pdf('Quyen su dung dat')), await citizen.upload(pdf('Ban ve'))];
  const {code} = await citizen.submit(building(7, uploads));

  await desks.does('receiver', code, 'Tiếp nhận');
  await desks.does('officer', code, 'Yêu cầu bổ sung', {shot: 'walk-supplement', fill: async (form) => {
    await form.getByLabel('Lý do').fill('Bản vẽ thiếu mặt cắt');
    await form.getByLabel(/^Bản vẽ thiết kế/).check();
  }});
  await citizen.act(code, 'resubmit', 'supplement', {documents: [{id: 'drawings', upload: await citizen.upload(pdf('Mat cat')), copies: 2}]});
  await desks.does('receiver', code, 'Xác nhận đã bổ sung đủ');
  const page = await desks.does('officer', code, 'Lấy ý kiến');

  await page.getByText('Đang lấy ý kiến cơ quan phối hợp').first().waitFor();
  await here.look(page, 'walk-consulting');
  await desks.does('fire', code, 'Trả lời');
  await desks.does('environment', code, 'Trả lời');
  await desks.does('officer', code, 'Trình lãnh đạo phòng');
  await desks.does('unit_head', code, 'Trả lại để xử lý', {fill: reason('Ghi rõ khoảng lùi')});
  await desks.does('officer', code, 'Trình lãnh đạo phòng');
  await desks.does('unit_head', code, 'Trình ký');
  await desks.does('leader', code, 'Ký', {fill: (form) => result(form, '15/GPXD')});
  await desks.does('clerk', code, 'Phát hành');
  const counter = await desks.page('receiver');

  await counter.goto(`/#/desk/${code}`);
  await counter.getByRole('button', {name: 'Thu phí, lệ phí tại quầy'}).click();
  await counter.getByLabel('Số biên lai').fill('HĐ-9');
  await here.look(counter, 'walk-fee');
  await counter.locator('.act-form button[type=submit]').click();
  await counter.getByText('Đã nộp, biên lai HĐ-9').waitFor();
  await desks.does('receiver', code, 'Trả tại quầy', {shot: 'walk-hand-over', fill: (form) => form.getByLabel('Đã đối chiếu giấy tờ tuỳ thân').check()});
  const view = await citizen.view(code);

  assert.equal(view.state, 'returned');
  assert.equal(view.supplements[0].papers[0], 'drawings');
});

test('a building permit is refused, with a reason and asked twice', async (here) => {
  const desks = new Desks(here);
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(building(3, [await citizen.upload(pdf()), await citizen.upload(pdf('2'))]));

  await desks.does('receiver', code, 'Tiếp nhận');
  await desks.does('officer', code, 'Trình lãnh đạo phòng');
  await desks.does('unit_head', code, 'Trình ký');
  const page = await desks.does('leader', code, 'Từ chối giải quyết', {fill: reason('Không phù hợp quy hoạch'), shot: 'walk-refuse', sure: true});

  await here.look(page, 'walk-refused');
  const view = await citizen.view(code);

  assert.equal(view.state, 'refused');
  assert.ok(view.forms.some((form) => form.form === 'refusal'));
});
