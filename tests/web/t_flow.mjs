// The picture of a workflow: a dossier's place in it for the desk and, in plain words, for the applicant;
// a procedure's for the administrator. And dossiers that hang together.

import assert from 'node:assert/strict';
import {DESK, PHONE, test} from './harness.mjs';
import {ADDRESS, HERE, MINH, building} from './api.mjs';
import {pdf} from './files.mjs';

async function permit(here, floors) {
  const citizen = await here.api('citizen');

  return (await citizen.submit(building(floors, [await citizen.upload(pdf('Dat')), await citizen.upload(pdf('Ban ve'))]))).code;
}

async function opinions(here) {
  const code = await permit(here, 7);

  await (await here.api('receiver')).act(code, 'accept', 'receive');
  await (await here.api('officer')).act(code, 'consult', 'appraise');
  return code;
}

const step = (page, name) => page.locator('.flow-step', {has: page.locator('.flow-name', {hasText: name})});
const heres = (page) => page.locator('.flow-step[aria-current=step] .flow-name').allInnerTexts();

// Lines that end beside the boxes they belong to, inside the picture, at every width.
async function linesFit(page) {
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    await page.waitForFunction(() => {
      const svg = document.querySelector('.flow-lines'), list = document.querySelector('.flow');

      return Math.abs(svg.getBoundingClientRect().height - list.getBoundingClientRect().height) < 2;
    });
    const over = await page.evaluate(() => {
      const ground = document.querySelector('.flow').getBoundingClientRect();

      return [...document.querySelectorAll('.flow-lines path')].map((one) => one.getBoundingClientRect())
        .filter((rect) => rect.right > ground.right + 1 || rect.left < ground.left - 1 || rect.bottom > ground.bottom + 1 || rect.top < ground.top - 1).length;
    });

    assert.equal(over, 0, `lines outside at ${size.width}`);
  }
}

test('the desk sees where a dossier stands, by keyboard, in both places at once', async (here) => {
  const code = await opinions(here);
  const page = await here.open('officer', `/#/desk/${code}`);
  const fold = page.locator('summary', {hasText: 'Sơ đồ quy trình'});

  await fold.focus();
  await page.keyboard.press('Enter');
  await page.locator('.flow-step').first().waitFor();
  assert.deepEqual((await heres(page)).map((text) => text.replace(/^\d+\.\s/, '')), ['Cho ý kiến về phòng cháy, chữa cháy', 'Cho ý kiến về môi trường']);
  assert.equal(await page.locator('.flow-mark.here', {hasText: 'Đang ở đây'}).count(), 2, 'in words too');
  const appraise = step(page, /\d+\.\sThẩm định$/);

  await appraise.getByText('đã qua').waitFor();
  await appraise.getByText(/Lấy ý kiến.*Cho ý kiến về phòng cháy, chữa cháy; .*Cho ý kiến về môi trường/).first().waitFor();
  await appraise.getByText(/≥ 7.*cùng lúc/).waitFor();
  await appraise.getByText('trực tuyến, bưu chính: 8 ngày; trực tiếp: 5 ngày').waitFor();
  await step(page, 'Chờ bổ sung hồ sơ').getByText('Quá 30 ngày').waitFor();
  assert.equal(await page.locator('ol.flow-steps > li').count(), 18, 'one list: steps and ends');
  assert.ok(await page.locator('.flow-lines path').count() > 30);
  await linesFit(page);
  await page.locator('.part-switch button', {hasText: 'Quá trình'}).evaluate((one) => one.click());
  await here.look(page, 'flow-desk');
});

test('the applicant reads it in plain words, and at the end', async (here) => {
  const code = await opinions(here);
  const page = await here.open('citizen', `/#/dossiers/${code}`, {size: PHONE});

  assert.equal(await page.evaluate(() => performance.getEntriesByType('resource').filter((one) => /flow/.test(one.name)).length), 0, 'nothing of it before it is asked for');
  await page.getByText('Sơ đồ quy trình').click();
  await page.getByText('Hồ sơ đang ở bước: Cho ý kiến về phòng cháy, chữa cháy; Cho ý kiến về môi trường.').waitFor();
  await step(page, 'Chờ bổ sung hồ sơ').getByText('chờ bạn').waitFor();
  assert.equal(await page.locator('.flow', {hasText: 'Trả lại để xử lý'}).count(), 0, 'what the office does among itself is left out');
  await step(page, 'Kiểm tra hồ sơ bổ sung').getByText(/Xác nhận đã bổ sung đủ.*Thẩm định/).waitFor();
  await step(page, /Thẩm định$/).getByText('người giải quyết hồ sơ · 8 ngày', {exact: true}).waitFor();
  await linesFit(page);
  await here.look(page, 'flow-citizen');

  const refused = await permit(here, 2);

  await (await here.api('receiver')).act(refused, 'refuse', 'receive', {reason: 'Không thuộc thẩm quyền'});
  await page.goto(`/#/dossiers/${refused}`);
  await page.locator('.code', {hasText: refused}).waitFor();
  await page.getByText('Sơ đồ quy trình').click();
  await page.locator('.flow-step.end[aria-current=step]', {hasText: 'Từ chối tiếp nhận'}).waitFor();
});

test('the administrator looks at a version, in English as well', async (here) => {
  const page = await here.open('admin', '/#/admin/plugins');

  await page.getByRole('link', {name: /^Sơ đồ quy trình 2\.000986/}).click();
  await page.locator('h1', {hasText: 'Liên thông đăng ký khai sinh'}).waitFor();
  await page.getByText('mở hồ sơ liên thông 1.004222').waitFor();
  await step(page, 'Tập hợp kết quả của các cơ quan').getByText('chờ đủ các nhánh rồi mới tiếp tục').waitFor();
  assert.deepEqual(await heres(page), []);
  await linesFit(page);
  await here.look(page, 'flow-admin', [DESK]);
  await page.getByRole('button', {name: 'English'}).click();
  await page.getByText('opens linked dossier 1.004222').waitFor();
});

test('dossiers that hang together are shown with where each stands', async (here) => {
  const receiver = await here.api('receiver'), officer = await here.api('officer'), leader = await here.api('leader'), clerk = await here.api('clerk');
  const paper = (id) => ({id, originals: 1});
  const {code} = await receiver.submit({
    procedure: '2.000986', case: 'usual', agency: HERE, applicant: MINH, on_behalf: {kind: 'self'}, owner: null,
    form: {
      child_name: 'Nguyễn Gia Hân', child_sex: 'female', child_birth_date: '2026-02-01', mother_name: 'Trần Thị Hoa', mother_id: '031190001234',
      residence_address: ADDRESS.line, head_name: 'Nguyễn Văn Minh', head_relation: 'con', clinic: 'Bệnh viện Trẻ em Hải Phòng',
    },
    documents: ['birth_notice', 'birth_declaration', 'residence_declaration', 'insurance_list'].map(paper), delivery: {method: 'counter'}, action: 'accept',
  });

  await officer.act(code, 'submit', 'appraise');
  await leader.act(code, 'approve', 'approve', {result: {code: 'KQ.G15.000031', number: '12/2026', signed_by: 'Đỗ Minh Đức', signed_at: '2026-02-12T10:00:00+07:00'}});
  await clerk.act(code, 'pass_on', 'pass_on');
  const page = await here.open('officer', `/#/desk/${code}`);
  const row = page.locator('.linked li', {hasText: 'thường trú'});

  await row.getByText('hồ sơ được mở từ hồ sơ này').waitFor();
  await row.getByText(/Công an/).waitFor();
  assert.equal(await row.getByRole('link').count(), 0, 'another agency sees to it: no way in for this desk');
  await here.look(page, 'linked-desk', [DESK]);

  const citizen = await here.open('citizen', `/#/dossiers/${code}`, {size: PHONE});
  const own = citizen.locator('.linked li');

  await own.getByText('Mã hồ sơ').waitFor();
  await here.look(citizen, 'linked-citizen', [PHONE]);
  await own.getByRole('link').click();
  await citizen.locator('.linked li', {hasText: 'hồ sơ chính'}).getByText(code).waitFor();
});
