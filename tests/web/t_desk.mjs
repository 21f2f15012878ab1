// The desks: queue, dossier, signing many at once, search.

import assert from 'node:assert/strict';
import {test, until} from './harness.mjs';
import {birth, building, marital, LAN} from './api.mjs';

test('the queue shows what waits and opens it', async (here) => {
  const citizen = await here.api('citizen');
  const {code} = await citizen.submit(birth(await citizen.upload(Buffer.from('%PDF-1.4\n%'))));
  const page = await here.open('receiver', '/#/tasks');
  await page.locator('.queue tbody tr').first().waitFor();
  await here.look(page, 'queue-receiver');
  await page.locator(`a[href="#/desk/${code}"]`).click();
  await page.locator('h1', {hasText: 'Nguyễn Văn Minh'}).waitFor();
  await here.look(page, 'dossier-receiver');
});
