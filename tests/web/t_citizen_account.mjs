// Accounts as a citizen makes and keeps them: registration, contact data, password, second factor.

import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {PHONE, test} from './harness.mjs';

// RFC 6238 with the defaults of every authenticator app.
function otp(secret, at = Date.now()) {
  const bits = [...secret.replace(/[^A-Z2-7]/g, '')].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);

  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const start = digest[19] & 15;

  return String((digest.readUInt32BE(start) & 0x7fffffff) % 1000000).padStart(6, '0');
}

const USER = `lan.${Date.now().toString(36)}`;
const FIRST = 'mot cau rat dai de nho', SECOND = 'mot cau khac cung rat dai';

test('a citizen registers, and what is wrong is said beside its field', async (here) => {
  const page = await here.open(null, '/#/register', {size: PHONE});

  await page.getByRole('heading', {level: 1, name: 'Đăng ký tài khoản'}).waitFor();
  await page.getByLabel('Số điện thoại').fill('12');
  await page.getByLabel('Tên đăng nhập').fill('Lan Lê');
  await page.getByLabel('Mật khẩu').fill('ngan');
  await page.locator('main').getByRole('button', {name: 'Đăng ký tài khoản'}).click();
  for (const text of ['“Họ, chữ đệm, tên” chưa được điền', 'không phải số điện thoại hợp lệ', 'chỉ gồm chữ thường', 'ít nhất 10 ký tự'])
    await page.locator('.summary').getByText(text).waitFor();
  await here.look(page, 'account-register');
  await page.getByLabel('Họ, chữ đệm, tên').fill('Lê Thị Lan');
  await page.getByLabel('Số điện thoại').fill('0987 654 321');
  await page.getByLabel('Tên đăng nhập').fill('citizen');
  await page.getByLabel('Mật khẩu').fill(FIRST);
  await page.locator('main').getByRole('button', {name: 'Đăng ký tài khoản'}).click();
  await page.locator('.summary').getByRole('listitem').first().waitFor(); // the name is taken
  await page.getByLabel('Tên đăng nhập').fill(USER);
  await page.locator('main').getByRole('button', {name: 'Đăng ký tài khoản'}).click();
  await page.getByRole('heading', {level: 1, name: 'Thủ tục hành chính'}).waitFor();
  await page.goto('/#/account');
  await page.getByText('Chưa xác minh').waitFor();
  await here.look(page, 'account-account');
  await page.getByRole('textbox', {name: 'Thư điện tử'}).fill('lan@example.vn');
  await page.getByRole('button', {name: 'Lưu'}).click();
  await page.getByText('Đã lưu').first().waitFor();

  await page.getByRole('link', {name: 'Đổi mật khẩu'}).click();
  await page.getByLabel('Mật khẩu hiện tại').fill('sai hoan toan');
  await page.locator('#password-new').fill(SECOND);
  await page.locator('#password-again').fill(`${SECOND}!`);
  await page.getByRole('button', {name: 'Đổi mật khẩu'}).click();
  await page.locator('.summary').getByText('không giống nhau').waitFor();
  await page.locator('#password-again').fill(SECOND);
  await page.getByRole('button', {name: 'Đổi mật khẩu'}).click();
  await page.locator('.summary').waitFor(); // the old one is wrong
  await here.look(page, 'account-password');
  await page.getByLabel('Mật khẩu hiện tại').fill(FIRST);
  await page.getByRole('button', {name: 'Đổi mật khẩu'}).click();
  await page.getByText('Đã đổi mật khẩu').first().waitFor();
});

test('a new officer changes the first password, then signs in in two steps', async (here) => {
  const admin = await here.api('admin');
  const username = `phuc.${Date.now().toString(36)}`;
  const {password} = await admin.post('/admin/accounts', {username, name: 'Đinh Gia Phúc', kind: 'staff', phone: null, email: null, id_number: null,
    roles: [{role: 'officer', agency: 'H24.15.67', below: false, from: null, to: null}]});
  const page = await here.open(null, '/#/sign-in', {size: PHONE});
  const signIn = async (typed) => {
    await page.getByLabel('Tên đăng nhập').fill(username);
    await page.getByLabel('Mật khẩu').fill(typed);
    await page.locator('main').getByRole('button', {name: 'Đăng nhập'}).click();
  };

  await signIn('khong phai mat khau');
  await page.locator('.summary').waitFor();
  await here.look(page, 'account-sign-in');
  await signIn(password);
  await page.getByText('Lần đầu đăng nhập, bạn phải đổi mật khẩu.').waitFor();
  await here.look(page, 'account-must-change');
  await page.locator('#password-old').fill(password);
  await page.locator('#password-new').fill(SECOND);
  await page.locator('#password-again').fill(SECOND);
  await page.getByRole('button', {name: 'Đổi mật khẩu'}).click();
  await page.getByText('Đã đổi mật khẩu').first().waitFor();
  await page.goto('/#/account/totp');
  await page.getByRole('button', {name: 'Bật xác thực hai lớp'}).click();
  await page.locator('svg.qr').waitFor();
  const secret = await page.locator('.code').innerText();

  await here.look(page, 'account-totp');
  await page.getByLabel('Mã xác thực').fill('000000');
  await page.getByRole('button', {name: 'Xác nhận'}).click();
  await page.locator('.summary').waitFor();
  await page.getByLabel('Mã xác thực').fill(otp(secret));
  await page.getByRole('button', {name: 'Xác nhận'}).click();
  await page.getByText('Đã bật xác thực hai lớp').first().waitFor();
  const codes = await page.locator('li.code').allInnerTexts();

  assert.equal(new Set(codes).size, 8);
  await here.look(page, 'account-recovery');
  await page.goto('/#/account');
  await page.getByRole('button', {name: 'Đăng xuất'}).click();
  await page.getByRole('heading', {level: 1, name: 'Nộp và theo dõi hồ sơ'}).waitFor();
  await page.goto('/#/sign-in');
  await signIn(SECOND);
  await page.getByLabel('Mã xác thực').waitFor();
  await here.look(page, 'account-otp');
  await page.getByLabel('Mã xác thực').fill(codes[0].trim());
  await page.locator('main').getByRole('button', {name: 'Đăng nhập'}).click();
  await page.waitForFunction(() => location.hash === '#/tasks');
  await page.goto('/#/account/totp');
  await page.getByRole('heading', {level: 1, name: 'Xác thực hai lớp'}).waitFor(); // the sign-in has a field of that name
  await page.getByLabel('Mật khẩu').fill(SECOND);
  await page.getByRole('button', {name: 'Tắt xác thực hai lớp'}).click();
  await page.getByText('Đã tắt xác thực hai lớp').first().waitFor();
});

test('drafts on a shared device are asked about when leaving', async (here) => {
  const page = await here.open('citizen', '/#/apply/1.001193', {size: PHONE});

  await page.getByRole('heading', {level: 1, name: 'Nơi giải quyết'}).waitFor();
  await page.goto('/#/account');
  await page.route('**/api/v1/sessions/current', (route) => route.fulfill({status: 204})); // the session is shared by tests
  await page.getByRole('button', {name: 'Đăng xuất'}).click();
  await page.getByText('Còn 1 bản nháp trên máy này').waitFor();
  await here.look(page, 'account-leave');
  await page.getByRole('button', {name: 'Xoá bản nháp'}).click();
  await page.getByRole('heading', {level: 1, name: 'Nộp và theo dõi hồ sơ'}).waitFor();
  const left = await page.evaluate(() => new Promise((resolve) => {
    indexedDB.open('dvcd').onsuccess = (event) => {
      event.target.result.transaction('drafts').objectStore('drafts').count().onsuccess = (found) => resolve(found.target.result);
    };
  }));

  assert.equal(left, 0);
});
