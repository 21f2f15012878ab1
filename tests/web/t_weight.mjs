// What the first page costs somebody with a slow line, and that nothing comes from elsewhere. That no
// page of any test asks another host is held by the harness; here it is shown to be able to tell.

import assert from 'node:assert/strict';
import {PHONE, test, until} from './harness.mjs';

const FIRST_PAGE_MAX = 150_000;

// Bytes on the wire of each answer, as the browser itself counts them.
async function transfers(here, path) {
  const page = await here.open(null, 'about:blank', {size: PHONE});
  const devtools = await page.context().newCDPSession(page);
  const open = new Map(), done = [];

  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', {cacheDisabled: true});
  devtools.on('Network.responseReceived', ({requestId, response}) => open.set(requestId, response));
  devtools.on('Network.loadingFinished', ({requestId, encodedDataLength}) => {
    const response = open.get(requestId);

    done.push({url: response.url, bytes: encodedDataLength, encoding: response.headers['Content-Encoding'] ?? response.headers['content-encoding'] ?? null});
  });
  await page.goto(path, {waitUntil: 'networkidle'});
  await page.locator('h1').first().waitFor();
  return {page, done};
}

test('the first page is under 150 KB on the wire, packed', async (here) => {
  const {done} = await transfers(here, '/');
  const bytes = done.reduce((sum, one) => sum + one.bytes, 0);
  const list = done.map((one) => `${one.bytes} ${one.url}`).join('\n  ');

  assert.ok(done.length > 10, `the client is ${done.length} files`);
  assert.ok(bytes < FIRST_PAGE_MAX, `${bytes} bytes:\n  ${list}`);
  console.log(`# first page: ${done.length} files, ${bytes} bytes`);
  for (const {url, encoding} of done.filter((one) => /\.(js|css)$/.test(one.url)))
    assert.equal(encoding, 'gzip', url);
});

test('what the start page preloads is what it uses', async (here) => {
  const {page, done} = await transfers(here, '/');
  const asked = done.map(({url}) => url);
  const preloaded = await page.locator('link[rel=modulepreload]').evaluateAll((all) => all.map((one) => one.href));

  assert.equal(new Set(asked).size, asked.length, `nothing twice:\n  ${asked.join('\n  ')}`);
  for (const url of asked.filter((one) => /\/(app|pages|text)\/.*\.js$/.test(one) && !/\/app\/(main|background)\.js$/.test(one)))
    assert.ok(preloaded.includes(url), `${url} is found late: a modulepreload in index.html is missing`);
  for (const url of preloaded)
    assert.ok(asked.includes(url), url);
});

test('no page may load anything from elsewhere', async (here) => {
  const page = await here.open(null, '/');
  const answer = await page.request.get('/');
  const policy = answer.headers()['content-security-policy'];

  assert.match(policy, /default-src 'none'|default-src 'self'/);
  assert.doesNotMatch(policy, /https?:|\*/, 'no host is allowed beside our own');
  await page.locator('h1').first().waitFor();
  const got = await page.evaluate(() => fetch('http://127.0.0.2:9/').then(() => 'answered', () => 'refused'));

  assert.equal(got, 'refused');
  assert.ok(await until(() => here.faults.some((fault) => /policy: connect-src/.test(fault))), `and the harness saw it: ${here.faults.join('; ')}`);
  here.faults.length = 0;
});
