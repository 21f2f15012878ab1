// A citizen's slips and crossings: a file that is not taken, an office that was quicker, one draft in two
// windows. Nothing that was typed or chosen is lost, and it is said what to do.

import assert from 'node:assert/strict';
import {PHONE, test} from './harness.mjs';
import {birth} from './api.mjs';
import {pdf} from './files.mjs';
import {choose, heading, next, toPeople} from './steps.mjs';

const CHOOSE = /^Chọn tệp( khác)?: Giấy chứng sinh/;
const file = (name, buffer = pdf(name)) => ({name, mimeType: 'application/pdf', buffer});

// A birth that waits for its paper, on the page where it is given.
async function asked(here) {
  const citizen = await here.api('citizen'), officer = await here.api('officer');
  const {code} = await citizen.submit(birth(await citizen.upload(pdf('Chung sinh'))));

  await (await here.api('receiver')).act(code, 'accept', 'receive');
  await officer.act(code, 'supplement', 'appraise', {reason: 'Giấy chứng sinh bị mờ', papers: ['birth_notice']});
  const page = await here.open('citizen', `/#/dossiers/${code}/supplement`, {size: PHONE});

  await page.getByLabel('Ghi chú cho cơ quan').fill('Tôi gửi bản chụp mới');
  return {code, citizen, officer, page};
}

const given = (page) => page.locator('.pages li').first().getByText('.pdf').first();

test('a file that is too large, or none at all, is named, and another one goes', async (here) => {
  const {code, citizen, page} = await asked(here);
  const send = () => page.getByRole('button', {name: 'Nộp bổ sung'}).click();

  await page.getByLabel(CHOOSE).setInputFiles(file('lon.pdf', Buffer.alloc(20 * 1024 * 1024 + 1, 32)));
  await page.getByText('“lon.pdf” không được lớn hơn 20 MB.').waitFor();
  // Whatever stands before the server has a limit of its own, and no words for it.
  await page.route('**/api/v1/uploads', (route) => route.fulfill({status: 413, contentType: 'text/html', body: '<h1>413</h1>'}), {times: 1});
  await page.getByLabel(CHOOSE).setInputFiles(file('vua.pdf'));
  await given(page).waitFor();
  await send();
  await page.getByText('“vua.pdf”: Tệp quá lớn, máy chủ không nhận.').waitFor();
  assert.equal(await page.getByLabel('Ghi chú cho cơ quan').inputValue(), 'Tôi gửi bản chụp mới');
  await here.look(page, 'slips-too-large', [PHONE]);
  await page.getByLabel(CHOOSE).setInputFiles(file('khac.pdf', Buffer.from('MZ, which no paper is')));
  await page.locator('.pages', {hasText: 'khac.pdf'}).waitFor();
  await send();
  await page.getByText('“khac.pdf”: Chỉ nhận tệp PDF').waitFor();
  await page.getByLabel(CHOOSE).setInputFiles(file('moi.pdf'));
  await page.locator('.pages', {hasText: 'moi.pdf'}).waitFor();
  await send();
  await page.getByText('Cơ quan đang kiểm tra giấy tờ bạn vừa bổ sung').waitFor();
  assert.equal((await citizen.view(code)).state, 'supplement_check');
});

test('who answers what is no longer asked sees where it stands, and what was not sent', async (here) => {
  const {code, officer, page} = await asked(here);

  await page.getByLabel(CHOOSE).setInputFiles(file('moi.pdf'));
  await given(page).waitFor();
  await officer.act(code, 'stop', null, {reason: 'Trùng hồ sơ khác'});
  await page.getByRole('button', {name: 'Nộp bổ sung'}).click();
  await page.getByText('Hồ sơ này hiện không chờ bổ sung').waitFor();
  await page.getByText('chưa được nộp và vẫn còn trên máy này').waitFor();
  await page.locator('.badge', {hasText: 'Dừng giải quyết'}).waitFor();
  await here.look(page, 'slips-settled');
  await page.getByRole('button', {name: 'Xoá bản nháp'}).click();
  await page.locator('p.code', {hasText: code}).waitFor();
  await page.goto('/#/dossiers');
  await page.getByRole('heading', {level: 1, name: 'Hồ sơ của tôi'}).waitFor();
  assert.equal(await page.getByRole('heading', {name: 'Trên máy này'}).count(), 0);
});

test('what was being written when one goes back is kept once', async (here) => {
  const page = await here.open('citizen', '/#/apply/1.004873', {size: PHONE});
  const applicant = page.getByRole('group', {name: 'Người nộp hồ sơ'});

  await toPeople(page);
  await applicant.getByLabel('Số nhà, đường').fill('12 Lạch Tray');
  await page.goBack(); // the field has the focus and its change has not been told yet
  await heading(page, 'Nơi giải quyết');
  await page.waitForTimeout(1000); // nothing is to happen: longer than a key stroke waits to be kept
  await choose(page, page.getByRole('combobox'), 'gia vien');
  await next(page);
  await heading(page, 'Người nộp và chủ hồ sơ');
  assert.equal(await page.getByText('vừa được sửa ở một cửa sổ khác').count(), 0);
  await page.waitForFunction(() => [...document.querySelectorAll('input')].some((input) => input.value === '12 Lạch Tray'));
});

test('one draft in two windows is one draft', async (here) => {
  const one = await here.open('citizen', '/#/apply/1.004873', {size: PHONE});
  const line = (page) => page.getByRole('group', {name: 'Người nộp hồ sơ'}).getByLabel('Số nhà, đường');
  const phone = (page) => page.getByRole('group', {name: 'Người nộp hồ sơ'}).getByLabel('Số điện thoại');
  const shows = (page, value) => page.waitForFunction((wanted) => [...document.querySelectorAll('input')].some((input) => input.value === wanted), value);

  await toPeople(one);
  const two = await one.context().newPage();

  await two.goto(one.url());
  await heading(two, 'Người nộp và chủ hồ sơ');
  await line(one).fill('12 Lạch Tray');
  await shows(two, '12 Lạch Tray');
  await phone(two).fill('0987654321');
  await shows(one, '0987654321');
  assert.equal(await line(one).inputValue(), '12 Lạch Tray');
  // A window that heard nothing, as one that slept: it writes nothing over what is newer.
  await one.evaluate(() => {
    BroadcastChannel.prototype.postMessage = () => {};
  });
  await line(one).fill('99 Lạch Tray');
  await one.getByText('Đã giữ trên máy này').waitFor();
  await phone(two).fill('0987654322');
  await two.getByText('Bản nháp này vừa được sửa ở một cửa sổ khác').first().waitFor();
  await shows(two, '99 Lạch Tray');
});

test('who goes on while what he typed is still being written is not sent back', async (here) => {
  const page = await here.open('citizen', '/#/procedures', {size: PHONE});
  const [own, others] = await page.evaluate(async () => {
    const {dropDraft, newDraft, Outdated, saveDraft} = await import('/app/store.js');
    const draft = newDraft('citizen', '1.001193', 'Đăng ký khai sinh');

    await saveDraft(draft);
    const elsewhere = structuredClone(draft);
    const both = await Promise.allSettled([saveDraft(draft, {check: true}), saveDraft(draft, {check: true})]);
    const late = await saveDraft(elsewhere, {check: true}).catch((error) => error instanceof Outdated && 'outdated');

    await dropDraft(draft);
    return [both.map((one) => one.status), late];
  });

  assert.deepEqual(own, ['fulfilled', 'fulfilled'], 'two savings of one window');
  assert.equal(others, 'outdated');
});
