// The administrator: accounts and what they may do, delegations, agencies, the calendar, procedures in
// force, dead letters, health. And delegations of one's own.

import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {dayAfter, test, until} from './harness.mjs';
import {marital} from './api.mjs';

test('the ways of an administrator', async (here) => {
  const page = await here.open('admin', '/#/admin');

  await page.getByText(/mục cần chú ý|đều tốt/).first().waitFor();
  await here.look(page, 'admin');
  for (const [name, title] of [['accounts', 'Tài khoản'], ['delegations', 'Uỷ quyền'], ['agencies', 'Cơ quan'], ['plugins', 'Thủ tục đang áp dụng'], ['outbox', 'Thư đi'], ['health', 'Tình trạng']]) {
    await page.goto(`/#/admin/${name}`);
    await page.locator('h1', {hasText: title}).waitFor();
    await page.locator(`.tabs a[aria-current="page"]`).first().waitFor();
  }
  for (const role of ['officer', 'auditor', 'postal', 'citizen']) {
    const other = await here.open(role, '/#/admin/accounts');

    await other.locator('h1', {hasText: 'Không được phép'}).waitFor();
    assert.equal(await other.locator('#menu a[href="#/admin"]').count(), 0);
  }
});

test('an account is made, changes its first password, gets and loses a role', async (here) => {
  const page = await here.open('admin', '/#/admin/accounts');

  await page.locator('.table tbody tr').first().waitFor();
  await here.look(page, 'admin-accounts');
  await page.getByRole('link', {name: 'Tạo tài khoản'}).click();
  await page.getByRole('button', {name: 'Tạo tài khoản'}).click();
  await page.locator('.summary').waitFor();
  await here.look(page, 'admin-new-account-faults');
  await page.getByLabel('Họ, chữ đệm, tên').fill('Trần Đức Thịnh');
  await page.getByLabel('Tên đăng nhập').fill('Duc Thinh');
  await page.getByLabel('Vai trò').selectOption('officer');
  await page.getByRole('combobox', {name: 'Cơ quan'}).fill('H24.15.03');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', {name: 'Tạo tài khoản'}).click();
  await page.locator('.field.wrong').waitFor();
  await page.getByLabel('Tên đăng nhập').fill('duc.thinh');
  await page.getByRole('button', {name: 'Tạo tài khoản'}).click();
  await page.locator('dialog .once').waitFor();
  const first = await page.locator('dialog .once').innerText();

  assert.ok(first.length >= 10);
  await here.look(page, 'admin-password');
  await page.getByRole('button', {name: 'Đã trao mật khẩu'}).click();
  await page.locator('h1', {hasText: 'Trần Đức Thịnh'}).waitFor();
  assert.ok(!(await page.locator('body').innerHTML()).includes(first), 'shown once');
  await here.look(page, 'admin-account');

  // It must change its password first, then works.
  const own = await here.open(null, '/#/sign-in');

  await own.getByLabel('Tên đăng nhập').fill('duc.thinh');
  await own.getByLabel('Mật khẩu').fill(first);
  await own.getByRole('button', {name: 'Đăng nhập'}).click();
  await own.getByText('Lần đầu đăng nhập').waitFor();

  await page.getByRole('button', {name: 'Giao vai trò'}).click();
  await page.locator('dialog').getByLabel('Vai trò').selectOption('clerk');
  await page.locator('dialog').getByRole('combobox', {name: 'Cơ quan'}).fill('Lê Thanh Nghị');
  await page.locator('dialog .combo-list li').first().click();
  await page.locator('dialog').getByLabel('Từ ngày').fill('01/01/2030');
  await page.locator('dialog').getByLabel('Đến hết ngày').fill('31/12/2029');
  await page.locator('dialog').getByRole('button', {name: 'Giao vai trò'}).click();
  await page.locator('dialog .summary').waitFor();
  await here.look(page, 'admin-grant');
  await page.locator('dialog').getByLabel('Đến hết ngày').fill('31/12/2030');
  await page.locator('dialog').getByRole('button', {name: 'Giao vai trò'}).click();
  await page.getByText('01/01/2030 – 31/12/2030').waitFor();
  assert.equal((await (await here.api('admin')).get('/admin/accounts/duc.thinh')).roles.length, 2);
  await page.getByRole('button', {name: /^Thu hồi: văn thư/}).click();
  await page.locator('dialog').getByRole('button', {name: 'Thu hồi'}).click();
  await page.getByText('01/01/2030 – 31/12/2030').waitFor({state: 'detached'});

  await page.getByRole('button', {name: 'Cấp lại mật khẩu'}).click();
  await page.getByRole('button', {name: 'Cấp mật khẩu mới'}).click();
  await page.locator('dialog .once').waitFor();
  assert.notEqual(await page.locator('dialog .once').innerText(), first);
  await page.getByRole('button', {name: 'Đã trao mật khẩu'}).click();
  await page.getByRole('button', {name: 'Khoá tài khoản'}).click();
  await page.getByLabel('Lý do').fill('Nghỉ việc');
  await here.look(page, 'admin-disable');
  await page.locator('dialog').getByRole('button', {name: 'Khoá tài khoản'}).click();
  await page.getByText('Tài khoản bị khoá từ').waitFor();
  await page.getByText('Nghỉ việc').first().waitFor();
  await here.look(page, 'admin-account-disabled');
  await page.getByRole('button', {name: 'Mở khoá'}).click();
  await page.getByText('Tài khoản bị khoá từ').waitFor({state: 'detached'});
  await page.goto('/#/admin/accounts?q=duc+thinh&kind=staff');
  await page.getByRole('link', {name: 'Trần Đức Thịnh'}).waitFor();
  assert.equal(await page.locator('.table tbody tr').count(), 1, 'found without marks');
  await page.goto('/#/admin/accounts/admin');
  await page.locator('h1', {hasText: 'Quản trị hệ thống'}).waitFor();
  assert.equal(await page.getByRole('button', {name: 'Khoá tài khoản'}).count(), 0, 'nobody locks himself out');
});

test('a role is lent to a colleague and taken back', async (here) => {
  const page = await here.open('officer', '/#/delegations');

  await page.locator('h1', {hasText: 'Uỷ quyền của tôi'}).waitFor();
  await page.getByRole('button', {name: 'Uỷ quyền mới'}).click();
  await page.getByRole('button', {name: 'Uỷ quyền', exact: true}).click();
  await page.locator('.summary').waitFor();
  await here.look(page, 'delegation-faults');
  await page.getByRole('combobox', {name: 'Vai trò được uỷ quyền'}).fill('thụ lý');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', {name: 'Người được uỷ quyền'}).fill('Lê Thu Hằng');
  await page.keyboard.press('Enter');
  await page.getByLabel('Đến hết ngày').fill(dayAfter(39));
  await page.getByLabel('Căn cứ pháp lý').fill('Quyết định 12/QĐ-UBND ngày 02/02/2026');
  await page.getByRole('button', {name: 'Uỷ quyền', exact: true}).click();
  await page.locator('.table tbody tr', {hasText: 'Lê Thu Hằng'}).first().waitFor();
  await here.look(page, 'delegations');
  const head = await here.api('unit_head');
  const lent = await until(async () => (await head.get('/me')).delegations.some((one) => one.role === 'officer'));

  assert.equal(lent, true);
  const received = await here.open('unit_head', '/#/delegations');

  await received.getByText('tôi nhận').waitFor();
  assert.equal(await received.getByRole('button', {name: /^Kết thúc ngay/}).count(), 0, 'only the giver ends it');
  await page.getByRole('button', {name: /^Kết thúc ngay/}).first().click();
  await page.locator('dialog').getByRole('button', {name: 'Kết thúc ngay'}).click();
  await page.getByText('Đã kết thúc uỷ quyền').first().waitFor();

  const admin = await here.open('admin', '/#/admin/delegations');

  await admin.getByRole('button', {name: 'Uỷ quyền mới'}).click();
  await admin.getByRole('combobox', {name: 'Người uỷ quyền', exact: true}).fill('do minh duc');
  await admin.getByRole('option', {name: /Đỗ Minh Đức/}).waitFor();
  await admin.keyboard.press('Enter');
  await admin.getByRole('combobox', {name: 'Vai trò được uỷ quyền'}).fill('người ký');
  await admin.keyboard.press('Enter');
  await admin.getByRole('combobox', {name: 'Người được uỷ quyền'}).fill('unit_head');
  await admin.getByRole('option', {name: /Lê Thu Hằng/}).waitFor();
  await admin.keyboard.press('Enter');
  await admin.getByLabel('Đến hết ngày').fill(dayAfter(8));
  await admin.getByLabel('Căn cứ pháp lý').fill('Quyết định 15/QĐ-UBND');
  await here.look(admin, 'delegation-admin');
  await admin.getByRole('button', {name: 'Uỷ quyền', exact: true}).click();
  const row = admin.locator('.table tbody tr', {hasText: 'Đỗ Minh Đức'}).first();

  await row.waitFor();
  await row.getByRole('button', {name: /^Kết thúc ngay/}).click();
  await admin.locator('dialog').getByRole('button', {name: 'Kết thúc ngay'}).click();
  await admin.getByText('Đã kết thúc uỷ quyền').first().waitFor();
});

test('agencies are found without marks', async (here) => {
  const page = await here.open('admin', '/#/admin/agencies');

  await page.locator('.tree summary').first().waitFor();
  await here.look(page, 'admin-agencies');
  await page.getByRole('searchbox').fill('le thanh nghi');
  await page.locator('.tree mark', {hasText: 'Lê Thanh Nghị'}).first().waitFor();
  await here.look(page, 'admin-agencies-found');
  await page.getByRole('searchbox').fill('khong co noi nay');
  await page.getByText('Không tìm thấy').first().waitFor();
});

test('the calendar of a year, for the administrator and for anyone', async (here) => {
  const page = await here.open('admin', '/#/admin/calendar?year=2026');

  await page.locator('.month').nth(11).waitFor();
  const days = (await (await here.api()).get('/calendars/vn-default?year=2026')).days;

  assert.equal(await page.locator('.month td.off').count(), days.filter((day) => day.kind === 'off').length);
  assert.ok(await page.locator('.month td.off .icon').count() > 0, 'a sign beside the colour');
  await here.look(page, 'admin-calendar');
  const other = await here.open(null, '/#/calendar?year=2026');

  await other.locator('.month').nth(11).waitFor();
  assert.equal(await other.locator('.tabs').count(), 0);
});

test('procedures in force, and errors of their files', async (here) => {
  const page = await here.open('admin', '/#/admin/plugins');

  await page.getByText('1.001193').first().waitFor();
  await here.look(page, 'admin-plugins');
  await page.route('**/api/v1/admin/plugins', async (route) => {
    const answer = await route.fetch();

    await route.fulfill({response: answer, json: {...await answer.json(), errors_at: '2026-11-22T08:00:00+07:00',
      errors: [{file: '/etc/dvcd/plugins/khai-sinh.yaml', line: 12, column: 3, message: 'Bước “appraise” không có hành động nào', rule: 'step_actions'}]}});
  });
  await page.reload();
  await page.getByText('khai-sinh.yaml:12:3').waitFor();
  await here.look(page, 'admin-plugins-errors');
});

test('a dead letter is tried again or passed over, with a reason', async (here) => {
  const {code} = await (await here.api('citizen')).submit(marital());
  const page = await here.open('admin', '/#/admin/outbox');

  await page.locator('h1', {hasText: 'Thư đi'}).waitFor();
  await page.getByText('Không có thư chết').waitFor();
  await here.look(page, 'admin-outbox-none');
  // No channel takes it: it is dead at its first attempt.
  const [[number]] = here.sql("INSERT INTO outbox (dossier_id, channel, topic, key, body, at) SELECT id, 'nobody', 'note', gen_random_uuid()::text, '{}', now()" +
    ` FROM dossier WHERE code = '${code}' RETURNING id`);
  const attempts = () => here.sql(`SELECT attempts FROM outbox_retry WHERE id = ${number} AND dead_at IS NOT NULL`)[0]?.[0];

  assert.equal(await until(attempts), '1');
  await page.reload();
  await page.getByText(code).waitFor();
  await here.look(page, 'admin-outbox');
  await page.getByRole('button', {name: /^Gửi lại/}).click();
  await page.getByLabel('Lý do').fill('Đã sửa địa chỉ');
  await page.locator('dialog').getByRole('button', {name: 'Gửi lại'}).click();
  assert.ok(await until(() => attempts() === '2'), 'it was tried again');
  await page.reload();
  await page.getByRole('button', {name: /^Bỏ qua/}).click();
  await page.locator('dialog').getByRole('button', {name: 'Bỏ qua'}).click();
  await page.locator('dialog .summary').waitFor();
  await here.look(page, 'admin-outbox-skip');
  await page.getByLabel('Lý do').fill('Đã báo bằng điện thoại');
  await page.locator('dialog').getByRole('button', {name: 'Bỏ qua'}).click();
  await page.getByText('Không có thư chết').waitFor();
  assert.equal(here.sql(`SELECT count(*) FROM outbox_retry WHERE id = ${number}`)[0][0], '0');
  const auditor = await here.open('auditor', `/#/chain/${code}`);

  await auditor.getByText('Bỏ qua việc gửi').or(auditor.getByText(/outbox_skipped/)).first().waitFor();
  for (const [view, text] of [['waiting', 'Những thư sẽ tự được gửi lại'], ['news', 'Tin của bưu chính về']]) {
    await page.goto(`/#/admin/outbox?view=${view}`);
    await page.getByText(text).waitFor();
  }
});

test('health with what to do', async (here) => {
  const page = await here.open('admin', '/#/admin/health');

  await page.locator('.table tbody tr').first().waitFor();
  await page.locator('.badge', {hasText: 'Tốt'}).first().waitFor();
  const {items} = await (await here.api('admin')).get('/admin/health');

  assert.equal(await page.locator('.table tbody tr').count(), items.length);
  await here.look(page, 'admin-health');
  await page.getByRole('button', {name: 'English'}).click();
  await page.locator('h1', {hasText: 'Health'}).waitFor();
  await here.look(page, 'admin-health-en');
});

// RFC 6238 with a secret in base 32, as an authenticator does it.
function otpOf(secret) {
  const bits = [...secret.replace(/ /g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);

  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();

  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('a member of staff switches his second factor on, and an administrator off', async (here) => {
  const page = await here.open('officer2', '/#/account');

  await page.getByRole('link', {name: /Xác thực hai lớp/}).click();
  await page.getByRole('button', {name: 'Bật xác thực hai lớp'}).click();
  const secret = await page.locator('ol .code').innerText();

  await page.getByLabel('Mã xác thực').fill(otpOf(secret));
  await page.getByRole('button', {name: 'Xác nhận'}).click();
  await page.getByText('Mã dự phòng').first().waitFor();
  await page.reload();
  await page.getByLabel('Mật khẩu').fill(here.password);
  await page.getByRole('button', {name: 'Tắt xác thực hai lớp'}).click();
  await page.getByText('Đã tắt xác thực hai lớp').first().waitFor();

  await page.goto('/#/account/totp');
  await page.getByRole('button', {name: 'Bật xác thực hai lớp'}).click();
  await page.getByLabel('Mã xác thực').fill(otpOf(await page.locator('ol .code').innerText()));
  await page.getByRole('button', {name: 'Xác nhận'}).click();
  await page.getByText('Mã dự phòng').first().waitFor();
  const admin = await here.open('admin', '/#/admin/accounts/officer2');

  await admin.locator('.badge', {hasText: 'Xác thực hai lớp'}).waitFor();
  await admin.getByRole('button', {name: 'Cấp lại mật khẩu'}).click();
  await admin.getByLabel('Tắt xác thực hai lớp').check();
  await here.look(admin, 'admin-reset');
  await admin.getByRole('button', {name: 'Cấp mật khẩu mới'}).click();
  await admin.locator('dialog .once').waitFor();
  await admin.getByRole('button', {name: 'Đã trao mật khẩu'}).click();
  await admin.locator('.badge', {hasText: 'Xác thực hai lớp'}).waitFor({state: 'detached'});
});

test('procedures of a whole province are found by a few words', async (here) => {
  const page = await here.open('admin', 'about:blank');

  // The real list made as long as a province's.
  await page.route('**/api/v1/admin/plugins', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const [first] = body.items;

    for (let n = 0; n < 2600; n++)
      body.items.push({...first, code: `9.${String(n).padStart(6, '0')}`, name: `Thủ tục thử ${n}`, field: 'Đường thuỷ'});
    await route.fulfill({response: answer, json: body});
  });
  await page.goto('/#/admin/plugins');
  const rows = page.locator('.table tbody tr');

  await rows.first().waitFor();
  assert.equal(await rows.count(), 50);
  await page.getByRole('button', {name: 'Xem thêm'}).click();
  assert.equal(await rows.count(), 100);
  await here.look(page, 'admin-plugins-many');
  await page.getByRole('searchbox').fill('dang ky khai sinh');
  await page.locator('.table tbody tr', {hasText: '1.001193'}).waitFor();
  assert.ok(await rows.count() < 10);
  await page.getByRole('searchbox').fill('duong thuy 2599');
  await page.getByText('1 phiên bản').waitFor();
  await page.getByRole('searchbox').fill('khong co');
  await page.getByText('Không tìm thấy').first().waitFor();
});

test('what the front page could not learn it says', async (here) => {
  const page = await here.open('admin', 'about:blank');

  await page.route('**/api/v1/admin/health', (route) => route.fulfill({status: 503, contentType: 'application/problem+json',
    headers: {'Retry-After': '1'}, body: JSON.stringify({status: 503, code: 'unavailable', title: 'Hệ thống đang bận', detail: 'Hệ thống đang bận, vui lòng thử lại sau ít phút.'})}));
  await page.goto('/#/admin');
  await page.locator('.notice.error', {hasText: 'Hệ thống đang bận'}).waitFor();
});
