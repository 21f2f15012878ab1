// The post and the agency: parcels found by scanning, hand-over records signed by both, delivery at the
// door from a phone.

import assert from 'node:assert/strict';
import {PHONE, test, until} from './harness.mjs';
import {ADDRESS, LAN, MINH, birth, marital} from './api.mjs';

const POST = {method: 'post', name: MINH.name, phone: MINH.phone, address: ADDRESS};
const hidden = [MINH.id_number, LAN.id_number];

async function noNumbers(page) {
  const text = await page.locator('body').innerText();

  for (const number of hidden)
    assert.ok(!text.includes(number), 'no ID number on a page of the post');
}

// The parcel of a dossier once the carrier has its order.
async function ordered(user, code) {
  const found = await until(async () => {
    const {parcels} = await user.view(code);

    return parcels[0]?.state === 'ordered' ? parcels[0] : null;
  });

  assert.ok(found, `the parcel of ${code} is ordered`);
  return found;
}

// A result that waits for the post.
async function result(here) {
  const citizen = await here.api('citizen');
  const receiver = await here.api('receiver');
  const {code} = await citizen.submit(marital({delivery: POST}));

  await receiver.act(code, 'accept', 'receive');
  await (await here.api('officer')).act(code, 'submit', 'appraise');
  await (await here.api('leader')).act(code, 'approve', 'approve', {result: {number: '1/XN'}});
  await (await here.api('clerk')).act(code, 'issue', 'issue_result');
  const fees = (await receiver.view(code)).fees.filter((fee) => !fee.waived && !fee.paid_at);

  if (fees.length > 0)
    await receiver.act(code, 'pay', null, {receipt: 'BL-1'});
  await receiver.act(code, 'post', 'return_result');
  return {code, parcel: await ordered(receiver, code)};
}

test('each role sees its own entries of the menu', async (here) => {
  const wanted = {
    postal: ['Bưu gửi', 'Biên bản giao nhận', 'Uỷ quyền', 'Thủ tục', 'Tra cứu hồ sơ'],
    auditor: ['Tìm hồ sơ', 'Số liệu', 'Uỷ quyền', 'Thủ tục', 'Tra cứu hồ sơ'],
    admin: ['Quản trị', 'Thủ tục', 'Tra cứu hồ sơ'],
    receiver: ['Hồ sơ cần xử lý', 'Tiếp nhận tại quầy', 'Tìm hồ sơ', 'Bưu gửi', 'Biên bản giao nhận', 'Số liệu', 'Uỷ quyền', 'Thủ tục', 'Tra cứu hồ sơ'],
    officer: ['Hồ sơ cần xử lý', 'Tìm hồ sơ', 'Số liệu', 'Uỷ quyền', 'Thủ tục', 'Tra cứu hồ sơ'],
    citizen: ['Thủ tục', 'Tra cứu hồ sơ', 'Hồ sơ của tôi'],
  };

  for (const [role, labels] of Object.entries(wanted)) {
    const page = await here.open(role, '/#/help');

    await page.locator('h1').first().waitFor();
    await page.locator('.head-links a[href="#/account"]').waitFor();
    assert.deepEqual(await page.locator('#menu li').allInnerTexts(), labels, role);
  }
});

test('a result is handed over, signed by both, and delivered at the door', async (here) => {
  const first = await result(here);
  const second = await result(here);
  const agency = await here.open('receiver', '/#/parcels');

  await agency.locator(`[data-order="${first.parcel.order_number}"]`).waitFor();
  await here.look(agency, 'parcels-agency');
  await agency.locator(`[data-order="${first.parcel.order_number}"] input`).check();
  await agency.getByLabel('Quét hoặc gõ số hiệu').fill(second.parcel.order_number);
  await agency.keyboard.press('Enter');
  await agency.getByText('Đã chọn 2 bưu gửi').waitFor();
  await here.look(agency, 'parcels-ticked');
  await agency.getByRole('button', {name: 'Lập biên bản giao nhận'}).click();
  await agency.getByRole('button', {name: 'Lập và ký'}).click();
  await agency.locator('dialog .summary').waitFor();
  await here.look(agency, 'handover-faults');
  await agency.getByLabel('Số bản chính').fill('2');
  await agency.getByLabel('Số bản sao').fill('0');
  await agency.getByLabel('Ghi chú').fill('Hai phong bì niêm phong');
  await agency.getByRole('button', {name: 'Lập và ký'}).click();
  await agency.getByText('Chờ bưu chính ký').waitFor();
  assert.equal(await agency.getByRole('button', {name: 'Ký biên bản'}).count(), 0, 'one side signs once');
  await here.look(agency, 'handover-made');

  const post = await here.open('postal', '/#/handovers', {size: PHONE});

  await post.locator('.table tbody tr').first().waitFor();
  await here.look(post, 'handovers-post');
  await post.locator('.row-link').first().click();
  await post.getByRole('button', {name: 'Ký biên bản'}).click();
  await post.getByText('2 bản chính và 0 bản sao').last().waitFor();
  await post.getByRole('button', {name: 'Tôi ký'}).click();
  await post.getByText('Hai bên đã ký').waitFor();
  await post.locator('.table .badge', {hasText: 'Cơ quan đã bàn giao cho bưu chính'}).first().waitFor();
  await here.look(post, 'handover-signed');
  await noNumbers(post);
  const paper = await (await here.api('postal')).call('GET', new URL(await post.getByRole('link', {name: 'In biên bản'}).getAttribute('href'), here.base).pathname.replace('/api/v1', ''));

  assert.equal(paper.status, 200, 'the record is printed');
  assert.match(paper.body, /^%PDF/);

  // At the door.
  await post.goto(`/#/parcels?view=deliver`);
  await post.locator(`[data-order="${first.parcel.order_number}"]`).waitFor();
  await here.look(post, 'parcels-deliver');
  await post.getByLabel('Quét hoặc gõ số hiệu').fill(first.parcel.order_number);
  await post.keyboard.press('Enter');
  await post.locator(`.parcel.chosen[data-order="${first.parcel.order_number}"] a[href^="#/parcels/"]`).click();
  await post.getByRole('button', {name: 'Đã mời nhận lần 1'}).waitFor();
  await here.look(post, 'parcel');
  await noNumbers(post);
  await post.getByRole('button', {name: 'Đã mời nhận lần 1'}).click();
  await post.getByRole('button', {name: 'Đồng ý'}).click();
  await post.locator('.badges', {hasText: 'Đã mời nhận lần 1'}).waitFor();
  await post.getByRole('button', {name: 'Đã phát cho người nhận'}).click();
  await post.getByRole('button', {name: 'Ghi nhận đã phát'}).click();
  await post.locator('.summary').waitFor();
  await here.look(post, 'parcel-delivered-faults');
  await post.getByLabel('Người thân').check();
  await post.getByLabel('Họ và tên người nhận').fill('Trần Thị Nga');
  await post.getByLabel('Đã kiểm tra giấy tờ tuỳ thân').check();
  await here.look(post, 'parcel-delivered-form');
  await post.getByRole('button', {name: 'Ghi nhận đã phát'}).click();
  await post.locator('.badges', {hasText: 'Đã phát cho người nhận'}).waitFor();
  await here.look(post, 'parcel-delivered');
  const view = await (await here.api('citizen')).view(first.code);

  assert.equal(view.state, 'returned');
  assert.match(view.parcels[0].events.at(-1).note, /Trần Thị Nga/);

  // The other one goes back.
  await post.goto(`/#/parcels/${second.parcel.order_number}`);
  await post.getByRole('button', {name: 'Chuyển hoàn về cơ quan'}).click();
  await post.getByLabel('Lý do').fill('Không có người nhận sau hai lần mời');
  await post.getByRole('button', {name: 'Đồng ý'}).click();
  await post.locator('.badges', {hasText: 'Đang chuyển hoàn về cơ quan'}).waitFor();
  await post.goto('/#/parcels?view=done');
  await post.locator(`[data-order="${first.parcel.order_number}"]`).waitFor();
  await here.look(post, 'parcels-done');
});

test('papers are collected at home and handed to the agency by the post', async (here) => {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(birth(null, {channel: 'post', delivery: POST}));
  const parcel = await ordered(citizen, code);
  const post = await here.open('postal', '/#/parcels?view=collect', {size: PHONE});

  await post.locator(`[data-order="${parcel.order_number}"] a[href^="#/parcels/"]`).click();
  await post.getByRole('button', {name: 'Thu gom không thành công'}).waitFor();
  await here.look(post, 'parcel-collect');
  await post.getByRole('button', {name: 'Đã thu gom, đã ký phiếu gửi'}).click();
  await post.getByRole('button', {name: 'Đồng ý'}).click();
  await post.locator('.badges', {hasText: 'Đã thu gom'}).waitFor();
  await post.goto('/#/parcels?view=collect');
  // Found from another view: the scan goes where it is and ticks it.
  await post.getByLabel('Quét hoặc gõ số hiệu').fill(parcel.order_number);
  await post.keyboard.press('Enter');
  await post.getByText('Đã chọn 1 bưu gửi').waitFor();
  await here.look(post, 'parcels-bring');
  await post.getByRole('button', {name: 'Lập biên bản giao nhận'}).click();
  await post.locator('dialog').getByText('Giấy chứng sinh').waitFor();
  await post.getByLabel('Số bản chính').fill('1');
  await post.getByLabel('Số bản sao').fill('2');
  await here.look(post, 'handover-make');
  await post.getByRole('button', {name: 'Lập và ký'}).click();
  await post.getByText('Chờ cơ quan ký').waitFor();
  const address = new URL(post.url()).hash;
  const agency = await here.open('clerk', `/${address}`);

  await agency.getByRole('button', {name: 'Ký biên bản'}).click();
  await agency.getByRole('button', {name: 'Tôi ký'}).click();
  await agency.getByText('Hai bên đã ký').waitFor();
  assert.equal(await until(async () => (await citizen.view(code)).state === 'submitted'), true, 'submitted when the record is signed');
});

test('a record is cancelled before the second signature; an unknown number is said', async (here) => {
  const {parcel} = await result(here);
  const receiver = await here.api('receiver');
  const made = await receiver.post('/handovers', {agency: 'H24.15.03', office: parcel.office, direction: 'return', parcels: [parcel.order_number], originals: 1, copies: 0, note: null});
  const page = await here.open('receiver', `/#/handovers/${made.id}`);

  await page.getByRole('button', {name: 'Huỷ biên bản'}).click();
  await here.look(page, 'handover-cancel');
  await page.locator('dialog').getByRole('button', {name: 'Huỷ biên bản'}).click();
  await page.locator('.badges', {hasText: 'Đã huỷ'}).waitFor();
  await page.goto('/#/parcels?view=fetch');
  await page.locator(`[data-order="${parcel.order_number}"] input`).waitFor();
  await page.getByLabel('Quét hoặc gõ số hiệu').fill('KHONG-CO-SO-NAY');
  await page.keyboard.press('Enter');
  await page.getByText('Không có bưu gửi KHONG-CO-SO-NAY').waitFor();
  await here.look(page, 'parcels-unknown');
  const other = await here.open('officer', '/#/parcels');

  await other.locator('h1', {hasText: 'Không được phép'}).waitFor();
});

test('the postal desk in English', async (here) => {
  const page = await here.open('postal', '/#/parcels');

  await page.locator('h1', {hasText: 'Bưu gửi'}).waitFor();
  await page.getByRole('button', {name: 'English'}).click();
  await page.locator('h1', {hasText: 'Parcels'}).waitFor();
  await here.look(page, 'parcels-en');
});

test('a scan ticks what a long list does not show, and never drops what is ticked', async (here) => {
  const shown = await result(here);
  const beyond = await result(here);
  const gone = await result(here);
  const away = new Set([beyond, gone].map((one) => one.parcel.order_number));
  const page = await here.open('receiver', 'about:blank');
  const tick = (parcel) => page.locator(`[data-order="${parcel.order_number}"] input`);
  const scan = async (text) => {
    await page.getByLabel('Quét hoặc gõ số hiệu').fill(text);
    await page.keyboard.press('Enter');
  };

  // As if they stood behind a thousand others, and the last had gone on meanwhile.
  await page.route('**/api/v1/parcels?*', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();

    if (!new URL(route.request().url()).searchParams.has('q'))
      body.items = body.items.filter((row) => !away.has(row.order_number));
    else if (body.items[0]?.order_number === gone.parcel.order_number)
      Object.assign(body.items[0], {state: 'delivered', state_name: 'Đã phát cho người nhận'});
    await route.fulfill({response: answer, json: body});
  });
  await page.goto('/#/parcels?view=fetch');
  await tick(shown.parcel).check();
  assert.equal(await tick(beyond.parcel).count(), 0);
  await scan(beyond.parcel.order_number);
  await page.getByText('Đã chọn 2 bưu gửi').waitFor();
  assert.ok(await tick(shown.parcel).isChecked() && await tick(beyond.parcel).isChecked());
  await scan(gone.parcel.order_number);
  await page.locator('.said', {hasText: 'không thuộc danh sách này: Đã phát cho người nhận'}).waitFor();
  await page.getByText('Đã chọn 2 bưu gửi').waitFor();
});
