// Three pages under Lighthouse's own phone and slow line, the best of three runs each: a neighbour's
// work on this machine only ever takes away.

import {writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {Api, birth} from '../api.mjs';
import {pdf} from '../files.mjs';

const LEAST = 95;
const RUNS = 3;
const KINDS = ['performance', 'accessibility', 'best-practices'];
const env = process.env;
const base = env.DVC_WEB_BASE;
const require = createRequire(join(env.LIGHTHOUSE_MODULES, 'modules.js'));
const {default: lighthouse} = await import(pathToFileURL(require.resolve('lighthouse')));
const puppeteer = require('puppeteer-core');

async function session(username) {
  const {token} = await new Api(base).post('/sessions', {username, password: env.DVC_WEB_PASSWORD});

  return new Api(base, token);
}

// A dossier that was accepted: what a citizen follows.
async function dossier() {
  const citizen = await session('citizen');
  const {code} = await citizen.submit(birth(await citizen.upload(pdf('Giay chung sinh'))));

  await (await session('receiver')).act(code, 'accept', 'receive');
  return code;
}

// Signs in by the page, so that the client knows what it knows in a citizen's browser.
async function signIn(page) {
  await page.goto(`${base}/#/sign-in`);
  await page.waitForSelector('input[autocomplete=username]');
  await page.type('input[autocomplete=username]', 'citizen');
  await page.type('input[type=password]', env.DVC_WEB_PASSWORD);
  await page.click('main form button[type=submit]');
  await page.waitForFunction(() => location.hash === '#/dossiers');
}

// A draft is begun by opening the procedure; its form is a step of it.
async function formAddress(page) {
  await page.goto(`${base}/#/apply/1.001193`);
  await page.waitForFunction(() => /^#\/apply\/1\.001193\/[^/]+\//.test(location.hash));
  return (await page.evaluate(() => location.hash)).replace(/[^/]+$/, 'form-1');
}

async function measure(browser, name, hash) {
  const best = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  const lacking = new Map();

  for (let run = 0; run < RUNS; run++) {
    const page = await browser.newPage();
    const {lhr, report} = await lighthouse(`${base}/${hash}`, {onlyCategories: KINDS, output: 'json', logLevel: 'error'}, undefined, page);

    await page.close();
    if (lhr.runtimeError)
      throw new Error(`${name}: ${lhr.runtimeError.message}`);
    await writeFile(join(env.LIGHTHOUSE_MODULES, `${name}-${run + 1}.json`), report);
    for (const kind of KINDS) {
      const {score, auditRefs} = lhr.categories[kind];

      best[kind] = Math.max(best[kind], Math.round(score * 100));
      for (const {id, weight} of auditRefs)
        if (weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
          lacking.set(id, `${lhr.audits[id].title}: ${lhr.audits[id].displayValue ?? ''}`);
    }
    const {items: [sums]} = lhr.audits['resource-summary']?.details ?? {items: []};

    best.bytes = sums?.transferSize ?? best.bytes;
    best.paint = lhr.audits['largest-contentful-paint'].displayValue;
  }
  return {name, best, lacking};
}

async function main() {
  const code = await dossier();
  const browser = await puppeteer.launch({
    executablePath: env.DVC_WEB_CHROMIUM ?? '/usr/bin/chromium', headless: true,
    args: [...(process.getuid() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const results = [];

  try {
    results.push(await measure(browser, 'start', ''));
    const page = await browser.newPage();

    await signIn(page);
    const form = await formAddress(page);

    await page.close();
    results.push(await measure(browser, 'form', form));
    results.push(await measure(browser, 'follow', `#/dossiers/${encodeURIComponent(code)}`));
  } finally {
    await browser.close();
  }
  console.log('page    performance  accessibility  best practices  largest paint     bytes');
  for (const {name, best, lacking} of results) {
    console.log([name.padEnd(8), ...KINDS.map((kind, at) => String(best[kind]).padStart([11, 15, 16][at])), String(best.paint).padStart(15), String(best.bytes).padStart(10)].join(''));
    if (KINDS.some((kind) => best[kind] < LEAST))
      for (const text of lacking.values())
        console.log(`  below: ${text}`);
  }
  return results.some(({best}) => KINDS.some((kind) => best[kind] < LEAST)) ? 1 : 0;
}

process.exitCode = await main();
