// The browser, the daemon and the checks themselves work: what the other topics stand on.

import assert from 'node:assert/strict';
import {test} from './harness.mjs';

test('the first page opens for anyone', async (here) => {
  const page = await here.open(null, '/');
  await page.locator('h1').first().waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'vi');
  await here.look(page, 'first');
});

test('a fault of a page is seen', async (here) => {
  const page = await here.open(null, '/');
  await page.locator('h1').first().waitFor();
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "inline"';
    document.body.append(script);
    const input = document.createElement('input');
    document.querySelector('main').append(input);
  });
  await page.waitForTimeout(100);
  assert.notEqual(await page.title(), 'inline');
  assert.ok(here.faults.some((text) => /script-src/.test(text)), here.faults.join());
  here.faults.length = 0;
  await assert.rejects(here.axe(page, 'a field without a name'), /label/);
});

test('a session of each desk can be had', async (here) => {
  for (const role of ['citizen', 'receiver', 'officer', 'unit_head', 'leader', 'clerk', 'postal', 'auditor', 'admin']) {
    const me = await (await here.api(role)).get('/me');
    assert.equal(me.account.username, role);
  }
});
