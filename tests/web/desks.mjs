// The desks of a walk: each role has one page for the whole of it, as at work.

import {pdf} from './files.mjs';

export class Desks {
  constructor(here) {
    this.here = here;
    this.pages = new Map();
  }

  async page(role) {
    if (!this.pages.has(role))
      this.pages.set(role, await this.here.open(role, '/#/tasks'));
    return this.pages.get(role);
  }

  // The queue is drawn anew when something changes in it: a click at that moment may meet a row that was
  // just taken out, and people click again.
  async opens(page, link) {
    const dossier = page.locator('.desk-dossier');

    await link.click();
    for (let tries = 0; tries < 5; tries++) {
      if (await dossier.waitFor({timeout: 12_000}).then(() => true, () => false)) return;
      await link.click({timeout: 2_000}).catch(() => {});
    }
    await dossier.waitFor();
  }

  // Finds the dossier in the queue, opens it and takes the action; `fill(form, page)` gives what it needs.
  async does(role, code, action, {fill, shot, sure = false} = {}) {
    const page = await this.page(role);

    await page.goto('/#/tasks');
    await page.getByRole('searchbox').fill(code);
    await this.opens(page, page.locator(`a[href="#/desk/${code}"]`).first());
    await page.locator('.task .button', {hasText: action}).first().click();
    if (fill) {
      const form = page.locator('.act-form');

      await form.waitFor();
      await fill(form, page);
      if (shot)
        await this.here.look(page, shot);
      await form.locator('button[type=submit]').click();
    }
    if (sure)
      await page.locator('dialog .button.danger').click();
    await page.getByText(`Đã thực hiện: ${action}`).first().waitFor();
    await page.locator('.toast').getByRole('button').first().click();
    return page;
  }
}

export const reason = (text) => (form) => form.getByLabel('Lý do').fill(text);

export async function result(form, number, file) {
  await form.getByLabel('Số văn bản').fill(number);
  if (file)
    await form.getByLabel('Tệp kết quả').setInputFiles({name: 'kết quả.pdf', mimeType: 'application/pdf', buffer: pdf('Ket qua')});
}
