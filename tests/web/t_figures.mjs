// The auditor: figures that open their dossiers, a history proved in the browser, and one that was
// altered on the way told as broken.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {dayAfter, test, until} from './harness.mjs';
import {birth, marital} from './api.mjs';
import {pdf} from './files.mjs';

const NUMBER = (text) => Number(text.replace(/\D/g, ''));

// A few dossiers in different classes; the code of one that is done.
async function some(here) {
  const citizen = await here.api('citizen');
  const receiver = await here.api('receiver');
  const done = (await citizen.submit(marital())).code;

  await receiver.act(done, 'accept', 'receive');
  await (await here.api('officer')).act(done, 'submit', 'appraise');
  await (await here.api('leader')).act(done, 'approve', 'approve', {result: {number: '9/XN'}});
  await (await here.api('clerk')).act(done, 'issue', 'issue_result');
  for (let n = 0; n < 3; n++) {
    const {code} = await citizen.submit(n === 0 ? birth(await citizen.upload(pdf())) : marital());

    await receiver.act(code, 'accept', 'receive');
  }
  await receiver.submit(marital({action: 'accept'}));
  return done;
}

// Figures follow a decision within a moment.
async function settled(page, path) {
  await page.goto(path);
  await page.locator('.report tbody tr').first().waitFor();
}

test('each figure opens its dossiers, a dossier its proved history', async (here) => {
  const code = await some(here);
  const page = await here.open('auditor', '/#/figures');

  await page.locator('.report tbody tr').first().waitFor();
  await page.locator('.chart').first().waitFor();
  await here.look(page, 'figures-auditor');
  const rows = page.locator('.report').first().locator('tfoot tr, tbody tr');
  const total = rows.last();
  const cells = (await total.locator('td').allInnerTexts()).slice(1).map(NUMBER);

  assert.equal(cells[0], cells[1] + cells[2] + cells[3], '3 = 4+5+6');
  assert.equal(cells[0], cells[4] + cells[8], '3 = 7+11');
  assert.ok(cells[4] >= 1 && cells[8] >= 3, cells.join());
  for (const [place, title] of [[0, 'Tiếp nhận: tổng số'], [2, 'Tiếp nhận trực tiếp, Tiếp nhận qua bưu chính'], [4, 'Đã giải quyết: tổng số'], [9, 'Đang giải quyết, trong hạn']]) {
    await total.locator('td').nth(place + 1).locator('a').click();
    await page.locator('h1', {hasText: title}).waitFor();
    assert.equal(NUMBER(await page.locator('.counted').innerText()), cells[place], title);
    if (place === 4)
      await here.look(page, 'figure-dossiers');
    if (place === 9)
      break;
    await page.goBack();
    await page.locator('.report tbody tr').first().waitFor();
  }
  await page.goto('/#/figures?group_by=procedure');
  await page.locator('.report tbody th', {hasText: '1.004873'}).first().waitFor();
  const row = page.locator('.report').first().locator('tbody tr', {hasText: '1.004873'});
  const resolved = NUMBER(await row.locator('td').nth(5).innerText());

  await row.locator('td').nth(5).locator('a').click();
  await page.locator('.counted').waitFor();
  assert.equal(NUMBER(await page.locator('.counted').innerText()), resolved);
  await page.getByRole('link', {name: code}).click();
  await page.locator('#verdict').getByText(/Chuỗi nguyên vẹn: cả \d+ sự kiện đều khớp/).waitFor();
  assert.equal(await page.locator('.chain > li.good').count(), await page.locator('.chain > li').count());
  assert.ok(await page.locator('.chain > li').count() >= 5);
  await here.look(page, 'chain-whole');
  assert.ok(!(await page.locator('body').innerText()).includes('031085001234'));
});

test('a history altered on the way is told as broken, and where', async (here) => {
  const code = await some(here);
  const alter = [
    ['body', (items) => { items[2].body = items[2].body.replace(/"state":"[a-z_]+"/, '"state":"returned"'); }, 'Nội dung đã bị sửa', 3],
    ['previous', (items) => { items[3].previous_hash = items[1].hash; }, 'Không nối với sự kiện trước', 4],
    ['missing', (items) => { items.splice(1, 1); }, 'Sai số thứ tự', 3],
    ['told', (items) => { items[1].at = '2026-01-01T08:00:00+07:00'; }, 'Hiển thị khác nội dung', 2],
    ['hash', (items) => { items[4].hash = items[4].hash.replace(/^./, (one) => (one === '0' ? '1' : '0')); }, 'Nội dung đã bị sửa', 5],
  ];

  for (const [name, change, said, seq] of alter) {
    const page = await here.open('auditor', '/#/help');

    await page.route('**/api/v1/dossiers/*/events*', async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();

      change(body.items);
      await route.fulfill({response: answer, json: body});
    });
    await page.goto(`/#/chain/${code}`);
    await page.locator('#verdict').getByText(`Chuỗi bị đứt từ sự kiện ${seq}`).waitFor();
    assert.match(await page.locator(`#event-${seq}`).innerText(), new RegExp(said), name);
    assert.equal(await page.locator('.notice.ok').count(), 0);
    if (name === 'body') {
      await page.locator(`#event-${seq} summary`).click();
      await here.look(page, 'chain-broken');
    }
    await page.context().close();
  }
});

test('a history cut off at its end is told', async (here) => {
  const code = await some(here);
  const page = await here.open('auditor', '/#/help');

  await page.route('**/api/v1/dossiers/*/events*', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();

    body.items.pop();
    await route.fulfill({response: answer, json: body});
  });
  await page.goto(`/#/chain/${code}`);
  await page.locator('#verdict').getByText('Thiếu phần cuối: sau sự kiện 4').waitFor();
  await here.look(page, 'chain-cut');
});

test('a history of several pages is proved whole', async (here) => {
  const code = await some(here);
  const page = await here.open('auditor', '/#/help');
  let asked = 0;

  await page.route('**/api/v1/dossiers/*/events*', async (route) => {
    asked += 1;
    await route.continue({url: route.request().url().replace('limit=200', 'limit=2')});
  });
  await page.goto(`/#/chain/${code}`);
  await page.locator('#verdict').getByText(/Chuỗi nguyên vẹn/).waitFor();
  assert.ok(asked >= 3, `${asked} pages`);
});

test('periods, free days, grouping and the verdict change the figures', async (here) => {
  const page = await here.open('auditor', '/#/figures');

  await page.locator('.report tbody tr').first().waitFor();
  await page.locator('select[name=period]').selectOption('quarter');
  await page.getByText(/Từ 01\/\d\d\/\d{4} đến 3[01]\/\d\d\/\d{4}/).first().waitFor();
  await page.locator('select[name=part]').selectOption('1');
  await page.locator('select[name=year]').selectOption({index: 1});  // last year's: nothing of today
  await page.getByText('Không có hồ sơ nào trong kỳ này').waitFor();
  await page.getByLabel('Chốt ngày 14').check();
  await page.getByText(/Từ 15\/12\/\d{4} đến 14\/03\/\d{4}/).waitFor();
  await here.look(page, 'figures-none');
  await page.locator('select[name=period]').selectOption('free');
  await page.getByLabel('Từ ngày').fill('31/02/2026');
  await page.getByRole('button', {name: 'Xem', exact: true}).click();
  await page.getByText('Hai ngày phải có thật').waitFor();
  await here.look(page, 'figures-days-wrong');
  const [from, to] = [dayAfter(-20), dayAfter(30)];

  await page.getByLabel('Từ ngày').fill(from);
  await page.getByLabel('Đến ngày').fill(to);
  await page.getByRole('button', {name: 'Xem', exact: true}).click();
  await page.getByText(`Từ ${from} đến ${to}`).waitFor();
  await page.locator('select[name=group_by]').selectOption('channel');
  await page.locator('.report tbody th', {hasText: 'trực tuyến'}).first().waitFor();
  await page.locator('select[name=verdict]').selectOption('strict');
  await page.getByText('Theo giờ (chặt) ·').waitFor();
  await page.locator('select[name=group_by]').selectOption('agency');
  await page.locator('.report tbody tr').first().waitFor();
  await here.look(page, 'figures-agency');
});

test('the auditor comes to a proved history by search too', async (here) => {
  const code = await some(here);
  const page = await here.open('auditor', `/#/search?q=${code}`);

  await page.locator(`a[href="#/chain/${code}"]`).click();
  await page.locator('#verdict').getByText(/Chuỗi nguyên vẹn/).waitFor();
  await page.getByRole('link', {name: 'Mở hồ sơ'}).waitFor();
});

test('the table as CSV', async (here) => {
  const page = await here.open('auditor', '/#/figures');
  const waiting = page.waitForEvent('download');

  await page.getByRole('button', {name: 'Tải CSV'}).click();
  const file = await waiting;
  const text = await readFile(await file.path(), 'utf8');

  assert.match(file.suggestedFilename(), /^II06a-\d{4}-01-01-\d{4}-12-31\.csv$/);
  assert.ok(text.startsWith('\ufeff'), 'spreadsheets know it is UTF-8');
  const header = text.split('\r\n').find((line) => line.startsWith('TT,'));

  assert.equal(header.split(',').length >= 13 + 7 + 8, true, header);
  assert.match(text, /Đúng hạn hẹn lần đầu \(tử số\)/);
});

test('anyone sees the agencies, without dossiers', async (here) => {
  const page = await here.open(null, '/');

  await page.getByRole('link', {name: 'Số liệu'}).click();
  await page.locator('.report tbody tr').first().waitFor();
  assert.equal(await page.locator('.report a').count(), 0);
  await here.look(page, 'figures-public');
  await page.goto('/#/figures?group_by=procedure');
  await page.locator('h1', {hasText: 'Đăng nhập'}).waitFor();
  const officer = await here.open('officer', '/#/figures');

  await officer.locator('.report tbody a').first().waitFor();
  await officer.getByRole('button', {name: 'English'}).click();
  await officer.locator('h1', {hasText: 'Dossiers handled'}).waitFor();
  await here.look(officer, 'figures-en');
});

test('the report on paper', async (here) => {
  const page = await here.open('auditor', '/#/figures');

  await settled(page, '/#/figures?group_by=procedure');
  await page.emulateMedia({media: 'print'});
  assert.equal(await page.locator('.filters').isVisible(), false);
  assert.ok(await page.getByText('Biểu số II.06a/VPCP/KSTT').isVisible());
  await page.screenshot({path: `${here.shots}/figures-print.png`, fullPage: true});
});

test('filters by keyboard: the focus stays where one chooses', async (here) => {
  await some(here);
  const page = await here.open('auditor', '/#/figures');

  await page.locator('.report tbody tr').first().waitFor();
  await page.getByLabel('Chia theo').focus();
  // Each arrow is a choice.
  for (const wanted of ['procedure', 'agency', 'channel']) {
    await page.keyboard.press('ArrowDown');
    await page.waitForURL((url) => url.hash.includes(`group_by=${wanted}`));
    assert.equal(await page.evaluate(() => document.activeElement.name), 'group_by', `at ${wanted}`);
  }
  await page.locator('.report tbody th', {hasText: 'trực tuyến'}).first().waitFor();
  await page.locator('select[name=period]').focus();
  await page.locator('select[name=period]').selectOption('free');
  await page.getByLabel('Từ ngày').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'period');
  await page.getByLabel('Từ ngày').fill('01/01/2020');
  await page.getByLabel('Đến ngày').fill('02/01/2020');
  await page.getByRole('button', {name: 'Xem', exact: true}).click();
  await page.getByText('Không có hồ sơ nào trong kỳ này').waitFor();
});

test('a figure of thousands opens part by part and says how many there are', async (here) => {
  await some(here);
  const page = await here.open('auditor', 'about:blank');
  const all = 1450;
  let asked = 0;

  // The real answer made long: a million dossiers are not filed in a test.
  await page.route('**/statistics/on-time/dossiers?*', async (route) => {
    const url = new URL(route.request().url());
    const from = Number(url.searchParams.get('page') ?? 0);

    url.searchParams.delete('page');
    const answer = await route.fetch({url: url.href});
    const [first] = (await answer.json()).items;
    const many = Array.from({length: Math.min(200, all - from)}, (_, place) => ({...first, code: `H24.15.03-260101-${from + place}`}));

    asked += 1;
    await route.fulfill({response: answer, json: {items: many, next: from + 200 < all ? String(from + 200) : null}});
  });
  await page.goto(`/#/figures/dossiers?from=2026-01-01&to=2026-12-31&class=received.total&n=${all}`);
  await page.locator('.counted').waitFor();
  assert.equal(await page.locator('.counted').innerText(), '1.000 hồ sơ đầu trong 1.450');
  assert.equal(asked, 5, 'no more is asked for than is shown');
  await page.getByRole('button', {name: 'Xem thêm'}).click();
  assert.ok(await until(async () => await page.locator('.counted').innerText() === '1.450 hồ sơ'), 'the whole list counts itself');
  assert.equal(await page.locator('.table tbody tr').count(), all);
  assert.ok(await page.getByRole('button', {name: 'Xem thêm'}).isHidden());
});
