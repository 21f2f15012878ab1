// Whole walks by the pages alone. The citizen has nothing but a phone of 360 pixels and a finger; every
// desk does its part in its own window. Nothing here goes by the API.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {PHONE, test, until} from './harness.mjs';
import {MINH} from './api.mjs';
import {Desks, reason, result} from './desks.mjs';
import {pdf, png} from './files.mjs';

const PLACE = 'Ủy ban nhân dân phường Lê Thanh Nghị';

class Citizen {
  constructor(here, page) {
    Object.assign(this, {here, page});
  }

  static async start(here) {
    const page = await here.open(null, '/', {size: PHONE, hasTouch: true, isMobile: true, deviceScaleFactor: 2});

    return new Citizen(here, page);
  }

  // As a stranger finds it: words without marks, what it needs, then who are you.
  async find(words, code) {
    const {page, here} = this;

    await page.getByRole('searchbox').fill(words);
    await page.getByRole('button', {name: 'Tìm', exact: true}).tap();
    await page.locator(`a[href="#/procedures/${code}"]`).tap();
    await page.getByRole('link', {name: 'Nộp hồ sơ trực tuyến'}).tap();
    await page.getByLabel('Tên đăng nhập').fill('citizen');
    await page.getByLabel('Mật khẩu').fill(here.password);
    await page.getByRole('button', {name: 'Đăng nhập'}).tap();
    await page.locator('.caption', {hasText: 'Bước 1/'}).waitFor();
  }

  async heading(text) {
    await this.page.locator('h1', {hasText: text}).waitFor();
  }

  async next() {
    await this.page.locator('form button[type=submit]').tap();
  }

  async pick(label, words) {
    await this.page.getByRole('combobox', {name: label}).fill(words);
    await this.page.getByRole('option', {name: words}).first().tap();
  }

  async place() {
    await this.heading('Nơi giải quyết');
    await this.pick(/giải quyết\?/, PLACE);
    await this.next();
  }

  async people() {
    const {page} = this;
    const address = page.getByRole('group', {name: 'Địa chỉ'});

    await this.heading('Người nộp và chủ hồ sơ');
    assert.equal(await page.getByLabel(/^Họ, chữ đệm, tên/).first().inputValue(), 'Nguyễn Văn Minh', 'known from the account');
    await page.getByLabel(/^Số định danh cá nhân/).first().fill(MINH.id_number);
    await address.first().getByRole('combobox', {name: 'Xã, phường, đặc khu'}).fill('Gia Viên');
    await page.getByRole('option', {name: 'Phường Gia Viên'}).first().tap();
    await address.first().getByLabel('Số nhà, đường, thôn, tổ dân phố').fill('12 Lạch Tray');
    await this.next();
  }

  // Every part of the form; `fill` gives what it must have where it is found.
  async form(fill) {
    for (let part = 1; ; part++) {
      await this.page.waitForURL(new RegExp(`/form-${part}$|/papers$`));
      if (this.page.url().endsWith('/papers'))
        return;
      await this.heading(new RegExp(`Nội dung tờ khai( \\(phần ${part}/|$)`));
      for (const [label, act] of Object.entries(fill)) {
        const field = this.page.getByLabel(label).first();

        if (await field.isVisible())
          await act(field);
      }
      await this.next();
    }
  }

  async paper(name, file, way = 'Chọn tệp') {
    await this.page.getByLabel(new RegExp(`^${way}: ${name}`)).setInputFiles(file);
    await this.page.locator('.paper', {hasText: name}).first().locator('.pages li').first().waitFor();
  }

  // Sends it; the code that the page shows, with QR and PIN.
  async submit(shot) {
    const {page, here} = this;

    await this.heading('Xem lại trước khi nộp');
    await page.getByLabel(/^Tôi cam đoan/).check();
    await here.look(page, `${shot}-review`);
    await this.next();
    await this.heading('Đã nộp hồ sơ');
    await page.locator('svg.qr path').waitFor();
    const code = (await page.locator('.panel .big').textContent()).trim();
    const facts = await page.locator('main').innerText();

    assert.match(facts, /Mã tra cứu\s+\d{8}\b/, facts);
    await here.look(page, `${shot}-sent`);
    await page.getByRole('link', {name: 'Theo dõi hồ sơ'}).tap();
    await page.locator('p.code', {hasText: code}).waitFor();
    return code;
  }

  async again() {
    await this.page.reload();
    await this.page.locator('p.code').waitFor();
  }

  // A file as the phone gets it when the link is touched.
  async download(link) {
    const [got] = await Promise.all([this.page.waitForEvent('download'), link.tap()]);

    return readFile(await got.path());
  }

  // A form of the agency opens in a tab of its own; its bytes.
  async printed(name) {
    const link = this.page.getByRole('link', {name}).first();

    assert.equal(await link.getAttribute('target'), '_blank');
    const answer = await this.page.context().request.get(await link.getAttribute('href'));

    assert.equal(answer.status(), 200);
    assert.match(answer.headers()['content-type'], /^application\/pdf/);
    return answer.body();
  }
}

function isPdf(bytes, least = 300) {
  assert.equal(bytes.subarray(0, 5).toString('latin1'), '%PDF-');
  assert.ok(bytes.length >= least, `${bytes.length} bytes`);
  assert.match(bytes.subarray(-32).toString('latin1'), /%%EOF\s*$/);
}

const PHOTO = {name: 'IMG_0001.png', mimeType: 'image/png', buffer: png(1600, 1200)};
const asPdf = (name, text) => ({name, mimeType: 'application/pdf', buffer: pdf(text)});

test('a birth by the pages alone, from a phone to the door', async (here) => {
  const desks = new Desks(here);
  const minh = await Citizen.start(here);
  const {page} = minh;

  await minh.find('dang ky khai sinh', '1.001193');
  await minh.place();
  await minh.people();
  await minh.form({'Họ, chữ đệm, tên của trẻ': (field) => field.fill('Nguyễn Thị Bình An')});
  await minh.heading('Giấy tờ kèm theo');
  await minh.paper('Giấy chứng sinh', PHOTO, 'Chụp ảnh');
  await here.look(page, 'phone-birth-papers');
  await minh.next();
  await minh.heading('Nhận kết quả');
  await page.getByLabel('Qua bưu chính').check();
  await minh.next();
  const code = await minh.submit('phone-birth');

  await desks.does('receiver', code, 'Tiếp nhận');
  const officer = await desks.does('officer', code, 'Nhận xử lý');

  await officer.locator('.sheet-view img').waitFor();
  await desks.does('officer', code, 'Gửi bản dự thảo', {fill: (form) => form.getByLabel('Tệp dự thảo').setInputFiles(asPdf('dự thảo.pdf', 'Du thao'))});
  await minh.again();
  await page.getByText('Hãy xem bản dự thảo kết quả').waitFor();
  await here.look(page, 'phone-birth-draft');
  const box = page.locator('.notice', {hasText: 'Hãy xem bản dự thảo'});
  const draft = await minh.download(box.locator('a[download]').first());

  isPdf(draft);
  assert.ok(draft.includes('Du thao'), 'the draft that the officer made');
  await page.getByRole('button', {name: 'Xác nhận nội dung đúng'}).tap();
  await here.look(page, 'phone-birth-confirm');
  await page.locator('dialog').getByRole('button', {name: 'Xác nhận', exact: true}).tap();
  await page.getByText('Hãy xem bản dự thảo kết quả').waitFor({state: 'detached'});
  await desks.does('officer', code, 'Đã ghi sổ');
  await desks.does('leader', code, 'Ký', {fill: (form) => result(form, '127/2026', true)});
  await desks.does('clerk', code, 'Phát hành');
  await desks.does('receiver', code, 'Bàn giao cho bưu chính');
  await minh.again();
  const order = await until(async () => {
    const number = await page.locator('xpath=//dt[.="Số yêu cầu"]/following::dd[1]').textContent({timeout: 500}).catch(() => null);

    if (!number)
      await minh.again();
    return number?.trim();
  }, undefined, 500);

  assert.ok(order, 'the citizen reads the number of his parcel');
  await handOver(here, await desks.page('receiver'), order);
  await minh.again();
  await page.getByText('Cơ quan đã bàn giao cho bưu chính (ký biên bản giao nhận)').first().waitFor();
  await here.look(page, 'phone-birth-way');
  await deliver(here, order);
  await minh.again();
  await page.getByText('Đã trả kết quả').first().waitFor();
  await page.getByText('Đã phát cho người nhận').first().waitFor();
  await here.look(page, 'phone-birth-returned');
  const certificate = page.locator('a[download]', {hasText: 'Giấy khai sinh'});

  assert.deepEqual(await certificate.allInnerTexts(), ['Giấy khai sinh'], 'the signed one, and the draft no more');

  const signed = await minh.download(certificate);

  isPdf(signed);
  assert.ok(signed.includes('Ket qua'), 'what the leader signed');
  isPdf(await minh.printed('Giấy tiếp nhận hồ sơ và hẹn trả kết quả'), 5000);
});

// Both sides at the counter: the receiver makes the record and signs, the postman signs on his phone.
async function handOver(here, agency, order) {
  await agency.goto('/#/parcels');
  await agency.locator(`[data-order="${order}"] input`).check();
  await agency.getByRole('button', {name: 'Lập biên bản giao nhận'}).click();
  await agency.getByLabel('Số bản chính').fill('1');
  await agency.getByLabel('Số bản sao').fill('0');
  await agency.getByRole('button', {name: 'Lập và ký'}).click();
  await agency.getByText('Chờ bưu chính ký').waitFor();
  const postman = await here.open('postal', `/${new URL(agency.url()).hash}`, {size: PHONE, hasTouch: true, isMobile: true});

  await postman.getByRole('button', {name: 'Ký biên bản'}).tap();
  await postman.getByRole('button', {name: 'Tôi ký'}).tap();
  await postman.getByText('Hai bên đã ký').waitFor();
  await here.look(postman, 'phone-birth-handover');
}

async function deliver(here, order) {
  const postman = await here.open('postal', `/#/parcels/${order}`, {size: PHONE, hasTouch: true, isMobile: true});

  await postman.getByRole('button', {name: 'Đã phát cho người nhận'}).tap();
  await postman.getByLabel('Người thân').check();
  await postman.getByLabel('Họ và tên người nhận').fill('Trần Thị Nga');
  await postman.getByLabel('Đã kiểm tra giấy tờ tuỳ thân').check();
  await postman.getByRole('button', {name: 'Ghi nhận đã phát'}).tap();
  await postman.locator('.badges', {hasText: 'Đã phát cho người nhận'}).waitFor();
}

test('a building permit by the pages alone: supplement, opinions, refusal', async (here) => {
  const desks = new Desks(here);
  const minh = await Citizen.start(here);
  const {page} = minh;

  await minh.find('giay phep xay dung', '1.013225');
  await minh.heading('Trước khi bắt đầu');
  await page.getByLabel('Không', {exact: true}).check();
  await minh.next();
  await minh.heading('Trường hợp của bạn');
  await page.getByLabel(/^Nhà ở riêng lẻ/).check();
  await minh.next();
  await minh.place();
  await minh.people();
  await minh.form({
    'Xã, phường, đặc khu': async (field) => {
      await field.fill('Lê Thanh Nghị');
      await page.getByRole('option', {name: 'Phường Lê Thanh Nghị'}).first().tap();
    },
    'Địa điểm xây dựng: số nhà, đường, thôn': (field) => field.fill('Lô 12 khu đô thị'),
    'Diện tích lô đất (m²)': (field) => field.fill('120,5'),
    'Số tầng (kể cả tầng hầm, tầng lửng, tum)': (field) => field.fill('7'),
    'Cam đoan làm đúng giấy phép được cấp': (field) => field.check(),
  });
  await minh.heading('Giấy tờ kèm theo');
  await minh.paper('Giấy tờ chứng minh quyền sử dụng đất', PHOTO, 'Chụp ảnh');
  await minh.paper('Bản vẽ thiết kế', asPdf('bản vẽ.pdf', 'Ban ve'));
  await minh.next();
  await minh.heading('Nhận kết quả');
  await page.getByRole('radio', {name: /^Tại quầy/}).check();
  await minh.next();
  const code = await minh.submit('phone-permit');

  await desks.does('receiver', code, 'Tiếp nhận');
  await desks.does('officer', code, 'Yêu cầu bổ sung', {fill: async (form) => {
    await form.getByLabel('Lý do').fill('Bản vẽ thiếu mặt cắt móng');
    await form.getByLabel(/^Bản vẽ thiết kế/).check();
  }});
  await minh.again();
  await page.getByText('Bản vẽ thiếu mặt cắt móng').first().waitFor();
  isPdf(await minh.printed('Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ'), 5000);
  await here.look(page, 'phone-permit-asked');
  await page.getByRole('link', {name: 'Bổ sung hồ sơ'}).tap();
  await minh.paper('Bản vẽ thiết kế', asPdf('mặt cắt.pdf', 'Mat cat mong'));
  await here.look(page, 'phone-permit-supplement');
  await page.getByRole('button', {name: 'Nộp bổ sung'}).tap();
  await page.getByText('Cơ quan đang kiểm tra giấy tờ bạn vừa bổ sung').waitFor();
  await desks.does('receiver', code, 'Xác nhận đã bổ sung đủ');
  await desks.does('officer', code, 'Lấy ý kiến');
  await minh.again();
  await page.getByText('Cơ quan đang hỏi ý kiến nơi khác').waitFor();
  await here.look(page, 'phone-permit-consulting');
  await desks.does('fire', code, 'Trả lời');
  await desks.does('environment', code, 'Trả lời');
  await desks.does('officer', code, 'Trình lãnh đạo phòng');
  await desks.does('unit_head', code, 'Trình ký');
  await desks.does('leader', code, 'Từ chối giải quyết', {fill: reason('Không phù hợp quy hoạch phân khu'), sure: true});
  await minh.again();
  await page.getByText('Đề nghị của bạn bị từ chối').waitFor();
  await page.locator('.notice', {hasText: 'Không phù hợp quy hoạch phân khu'}).waitFor();
  await page.getByText('Lịch sử xử lý').tap();
  await page.locator('.steps', {hasText: 'Không phù hợp quy hoạch phân khu'}).waitFor();
  await here.look(page, 'phone-permit-refused');
  isPdf(await minh.printed('Phiếu từ chối'), 5000);
});
