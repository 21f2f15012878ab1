// The receiver's counter by keyboard alone: card, procedure, form, papers, submitted and accepted in one
// act, the fee taken, the receipt printed, in under 2 minutes.

import assert from 'node:assert/strict';
import {test, until} from './harness.mjs';

// As a scanner types the code on a citizen's card.
const CARD = '031190005678|031234567|Lê Thị Lan|15081990|Nữ|12 Lạch Tray, Lê Thanh Nghị, Hải Phòng|20062021';

// What the procedure asks for, what is counted: originals, certified copies, photocopies.
const ASKED = ['0', '1', '0'], COUNTED = [1, 3, 0], COUNTED_TEXT = '1 bản chính, 3 bản sao chứng thực';

const focused = (page) => page.evaluate(() => {
  const node = document.activeElement;

  return node.labels?.[0]?.textContent ?? node.getAttribute('aria-label') ?? node.textContent;
});

test('a certificate by key strokes only, in under two minutes', async (here) => {
  const page = await here.open('receiver', '/#/counter');

  await page.locator('#counter-scan').waitFor();
  const started = await page.evaluate(() => performance.now());

  assert.match(await focused(page), /Quét mã QR/, 'the first key goes to the scanner');
  await page.keyboard.type(CARD);
  await page.keyboard.press('Enter');
  await until(async () => /Số điện thoại|Thủ tục/.test(await focused(page)));
  await here.look(page, 'counter-scanned');
  if (/Số điện thoại/.test(await focused(page)))
    await page.keyboard.type('0987654321');
  await page.keyboard.press('Alt+2');
  await page.keyboard.type('hon nhan');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(async () => /Cấp lần đầu/.test(await focused(page)));
  await page.keyboard.press('Space');
  await page.keyboard.press('Alt+M');
  assert.match(await focused(page), /Chưa đăng ký kết hôn/, 'the name was taken from the card');
  await page.keyboard.press('Space');
  await page.keyboard.press('Alt+M');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Alt+M');
  assert.match(await focused(page), /Mục đích cụ thể/);
  await page.keyboard.type('Bổ sung hồ sơ xin việc');
  await page.keyboard.press('Alt+4');
  assert.match(await focused(page), /Bản án, quyết định ly hôn/);
  const counts = () => page.locator('.tick', {hasText: 'Bản án, quyết định ly hôn'}).getByRole('textbox').evaluateAll((all) => all.map((one) => one.value));

  await page.keyboard.press('Space');
  assert.deepEqual(await counts(), ASKED, 'as the procedure asks');
  await page.keyboard.press('Tab');
  assert.match(await focused(page), /bản chính/);
  await page.keyboard.type('1');
  await page.keyboard.press('Tab');
  await page.keyboard.type('2');
  await page.keyboard.press('Tab');
  await page.keyboard.type('0');
  await page.keyboard.press('Alt+4');
  await page.keyboard.press('Space');
  // A digit on the tick is enough: it goes to the kind that was asked for.
  await page.keyboard.type('3');
  await here.look(page, 'counter-form');
  // No procedure here asks for two fees at once; others may.
  await page.route(/\/api\/v1\/dossiers\/[^/?]+$/, async (route) => {
    const response = await route.fetch(), json = await response.json();

    json.fees.push({...json.fees[0], id: 'second', name: 'Phí thứ hai', amount: 5000});
    return route.fulfill({response, json});
  }, {times: 1});
  await page.keyboard.press('Alt+S');
  await page.locator('.panel').waitFor();
  await here.look(page, 'counter-taken');
  assert.match(await focused(page), /Số biên lai/, 'on to the fee');
  await page.keyboard.type('BL-000123');
  await page.keyboard.press('Enter');
  await page.getByText('Đã thu 15.000 đồng').first().waitFor();
  await page.getByRole('heading', {name: 'Phí thứ hai: 5.000 đồng'}).waitFor();
  assert.match(await focused(page), /Số biên lai/, 'on to the other fee');
  await page.route('**/actions', (route) => route.fulfill({json: {}}), {times: 1});
  await page.keyboard.type('BL-000124');
  await page.keyboard.press('Enter');
  await page.getByText('Đã thu 5.000 đồng').first().waitFor();
  assert.match(await focused(page), /In giấy tiếp nhận/, 'on to the printer');
  const printed = page.context().waitForEvent('page');

  await page.keyboard.press('Alt+P');
  assert.match((await printed).url(), /\/forms\/receipt$|about:blank|^$/);
  const spent = await page.evaluate(() => performance.now()) - started;

  assert.ok(spent < 120_000, `${Math.round(spent / 1000)} s`);
  await here.look(page, 'counter-paid');
  const code = await page.locator('.panel .code').textContent();
  const view = await (await here.api('receiver')).view(code);

  assert.equal(view.state, 'accepted');
  assert.equal(view.channel, 'direct');
  assert.equal(view.fees[0].receipt, 'BL-000123');
  assert.equal(view.applicant.name, 'Lê Thị Lan');
  assert.deepEqual(view.documents.map((paper) => [paper.originals, paper.certified, paper.copies]), [COUNTED]);
  const desk = await here.open('officer', `/#/desk/${code}`);

  await desk.getByText(COUNTED_TEXT).first().waitFor();
  await here.look(desk, 'counter-counted');
  await page.keyboard.press('Alt+N');
  await until(async () => /Quét mã QR/.test(await focused(page)));
  await page.keyboard.type('031190005678');
  await page.keyboard.press('Enter');
  await page.getByText('Đã từng nộp hồ sơ: Lê Thị Lan').waitFor();
  assert.equal(await page.getByLabel('Số điện thoại').inputValue(), '0987654321');
});

test('what is wrong at the counter is named and nothing is lost', async (here) => {
  const page = await here.open('receiver', '/#/counter');

  await page.locator('#counter-scan').waitFor();
  await page.keyboard.type('12345');
  await page.keyboard.press('Enter');
  await page.getByText('Không đọc được').waitFor();
  await page.getByRole('combobox', {name: 'Thủ tục hành chính'}).fill('1.013225');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByLabel('Có', {exact: true}).first().check();
  await page.getByText('được miễn giấy phép xây dựng thì không phải nộp').waitFor();
  await here.look(page, 'counter-screened');
  await page.getByLabel('Không', {exact: true}).first().check();
  await page.keyboard.press('Alt+S');
  await page.locator('.summary').waitFor();
  await here.look(page, 'counter-faults');
});

test('no paper is taken with no sheet of it, or with too many', async (here) => {
  const page = await here.open('receiver', '/#/counter');

  await page.locator('#counter-scan').waitFor();
  await page.getByRole('combobox', {name: 'Thủ tục hành chính'}).fill('1.001193');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const paper = page.locator('.tick', {hasText: 'Giấy chứng sinh'}).first();
  const [originals, certified, copies] = ['bản chính', 'bản sao chứng thực', 'bản chụp'].map((kind) => paper.getByRole('textbox', {name: new RegExp(`^${kind}: `)}));

  assert.deepEqual([await originals.inputValue(), await certified.inputValue(), await copies.inputValue()], ['1', '0', '0']);
  for (const [number, wrong] of [['0', true], ['51', true], ['một', true], ['50', false]]) {
    await originals.fill(number);
    await page.keyboard.press('Alt+S');
    await page.locator('.summary').waitFor();
    assert.equal(await paper.getByText('cần ít nhất một bản, mỗi loại từ 0 đến 50').isVisible(), wrong, number);
    if (number === '51')
      await here.look(page, 'counter-counts-wrong');
  }
});

test('a business at the counter, for what another commune decides', async (here) => {
  const page = await here.open('receiver', '/#/counter');
  const choose = async (name, text) => {
    await page.getByRole('combobox', {name}).fill(text);
    await page.locator('.combo-list:visible li:not([aria-disabled])').first().click();
  };

  await page.locator('#counter-scan').waitFor();
  await page.locator('#counter-name').fill('Công ty TNHH Hoa Sen Hải Phòng');
  await page.getByLabel('Doanh nghiệp').first().check();
  await page.locator('#counter-id_number').fill('0200123457');
  await page.locator('#counter-phone').fill('0225 3822 222');
  await choose('Xã, phường, đặc khu', 'gia vien');
  await page.getByLabel('Số nhà, đường').first().fill('5 Lạch Tray');
  await choose('Thủ tục hành chính', 'ban sao tu ban chinh');
  await page.locator('.counter-form').waitFor();
  assert.match(await page.getByRole('combobox', {name: 'Cơ quan giải quyết'}).inputValue(), /\S/, 'one’s own commune, until another is chosen');
  await choose('Cơ quan giải quyết', 'H24.15.04');
  await page.getByLabel('Không', {exact: true}).first().check();
  assert.equal(await page.locator('#counter-form-requester_name').inputValue(), 'Công ty TNHH Hoa Sen Hải Phòng');
  assert.equal(await page.locator('#counter-form-requester_id').inputValue(), '', 'a tax code is no personal number');
  await page.locator('#counter-form-paper_kind').selectOption('business');
  await page.locator('#counter-form-paper_name').fill('Giấy chứng nhận đăng ký doanh nghiệp');
  await page.locator('#counter-form-pages').fill('2');
  await page.locator('#counter-form-copies').fill('3');
  await page.locator('#counter-form-made_by_office').check();
  await page.locator('.tick', {hasText: 'Bản chính giấy tờ'}).getByRole('checkbox').check();
  await here.look(page, 'counter-business');
  await page.keyboard.press('Alt+S');
  await page.locator('.panel').waitFor();
  const view = await (await here.api('receiver')).view(await page.locator('.panel .code').textContent());

  assert.deepEqual([view.applicant.kind, view.agencies.receiving, view.agencies.competent], ['business', 'H24.15.03', 'H24.15.04']);
});
