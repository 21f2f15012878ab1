// What a topic's tests get. A topic calls test(title, async (here) => ...); `here` opens signed-in
// pages, speaks to the API and to the simulated post, and holds every page to the same promises: no
// error on its console, no violation of its Content-Security-Policy, no answer 5xx, and at every
// state that is shown to look() nothing that axe-core finds at either width.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {Api} from './api.mjs';

const env = process.env;
const require = createRequire(join(env.DVC_WEB_MODULES, 'modules.js'));
const {chromium} = require('playwright-core');
const axeSource = require('axe-core').source;

export const PHONE = {width: 360, height: 740};
export const DESK = {width: 1366, height: 768};
// A machine with other work is slow; what is broken never gets there.
export const PATIENCE_S = 60;
export const tests = [];

export function test(title, work) {
  tests.push({title, work});
}

function flags() {
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'];
  return process.getuid() === 0 ? ['--no-sandbox', ...quiet] : quiet;
}

// On a page in another language: texts with Vietnamese letters that are not marked as Vietnamese.
function unmarked() {
  const found = [], marks = /[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]/;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);

  while (document.documentElement.lang !== 'vi' && walk.nextNode()) {
    if (marks.test(walk.currentNode.data) && walk.currentNode.parentElement.closest('[lang]').getAttribute('lang') !== 'vi')
      found.push(walk.currentNode.data.slice(0, 80));
  }
  return found;
}

// What is announced to screen readers repeats a line at the foot a moment later: getByText means what
// eyes see, else it finds one or two by chance.
function forEyes(page) {
  const find = page.getByText.bind(page);

  page.getByText = (...words) => find(...words).and(page.locator(':not(#live, #live-urgent)'));
}

// The page that is left stays until the next one is there: goto() is done when that has come, or what is
// typed then goes to a field of the same name on the old one.
function arriving(page) {
  const goto = page.goto.bind(page);

  page.goto = async (address, ...more) => {
    const leaves = new URL(address, env.DVC_WEB_BASE).href !== page.url();

    await page.evaluate((left) => {
      Object.assign(document.getElementById('main')?.firstElementChild ?? {}, {left});
    }, leaves);
    const answer = await goto(address, ...more);

    await page.waitForFunction(() => {
      const main = document.getElementById('main');
      return main === null || (main.firstElementChild && !main.firstElementChild.left);
    });
    return answer;
  };
}

export class Here {
  static async start() {
    const here = new Here();
    here.base = env.DVC_WEB_BASE;
    here.password = env.DVC_WEB_PASSWORD;
    here.shots = env.DVC_WEB_SHOTS;
    await mkdir(here.shots, {recursive: true});
    here.browser = await chromium.launch({
      executablePath: env.DVC_WEB_CHROMIUM ?? '/usr/bin/chromium', args: flags()
    });
    here.sessions = new Map();
    here.contexts = [];
    here.faults = [];
    here.visited = [];
    return here;
  }

  async stop() {
    await this.browser.close();
    const file = join(this.shots, 'visited.json');
    const before = await readFile(file, 'utf8').then(JSON.parse).catch(() => []);
    const names = new Set(this.visited.map(({name}) => name));

    await writeFile(file, JSON.stringify([...before.filter(({name}) => !names.has(name)), ...this.visited], null, 1));
  }

  /** A client of the API signed in as `role` (an account's name), or nobody's without one. */
  async api(role = null) {
    if (role === null) return new Api(this.base);
    if (!this.sessions.has(role)) this.sessions.set(role, await this.openSession(role));
    return new Api(this.base, this.sessions.get(role).token);
  }

  async openSession(role) {
    const context = await this.browser.newContext();
    try {
      let answer;
      for (let tries = 0; tries < 600; tries++) {
        answer = await context.request.post(`${this.base}/api/v1/sessions`,
          {data: {username: role, password: this.password}});
        if (answer.status() !== 429) break;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      assert.equal(answer.status(), 201, await answer.text());
      const {token, account} = await answer.json();
      const state = await context.storageState();
      // What the client notes for itself when somebody signs in.
      const hint = {username: role, name: account.name, kind: account.kind};
      state.origins = [{
        origin: this.base, localStorage: [{name: 'dvcd.signed-in', value: JSON.stringify(hint)}],
      }];
      return {token, state};
    } finally {
      await context.close();
    }
  }

  /** A page of a browser of its own, signed in as `role`; nobody's when null. `path` as '/#/tasks'. */
  async open(role, path = '/', {size = DESK, ...more} = {}) {
    if (role !== null) await this.api(role);
    const context = await this.browser.newContext({
      baseURL: this.base,
      viewport: size,
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      storageState: role === null ? undefined : this.sessions.get(role).state,
      ...more
    });
    this.contexts.push(context);
    context.setDefaultTimeout(PATIENCE_S * 1000);
    const page = await context.newPage();
    forEyes(page);
    arriving(page);
    if (env.DVC_WEB_SLOWER) {
      const control = await context.newCDPSession(page);
      await control.send('Emulation.setCPUThrottlingRate', {rate: Number(env.DVC_WEB_SLOWER)});
    }
    await this.watch(page);
    await page.goto(path);
    return page;
  }

  async watch(page) {
    const fault = (text) => this.faults.push(`${page.url()}: ${text}`);
    page.on('pageerror', (error) => fault(`uncaught: ${error.stack ?? error}`));
    page.on('crash', () => fault('the page crashed'));
    page.on('console', (message) => {
      // The browser logs each answer 4xx as an error; whether it was meant is the test's to know.
      if (message.type() !== 'error' || /^Failed to load resource/.test(message.text())) return;
      fault(`console: ${message.text()}`);
    });
    page.on('response', (answer) => {
      if (answer.status() >= 500 && answer.status() !== 503) fault(`${answer.status()} of ${answer.url()}`);
      if (answer.status() >= 400 && !/\/api\//.test(answer.url())) {
        fault(`${answer.status()} of ${answer.url()}`);
      }
    });
    page.on('request', (asked) => {
      if (/^(https?|wss?):/.test(asked.url()) && new URL(asked.url()).origin !== this.base) fault(`asked elsewhere: ${asked.url()}`);
    });
    await page.exposeFunction('dvcTestViolation', (text) => fault(`policy: ${text}`));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        window.dvcTestViolation(`${event.violatedDirective} blocked ${event.blockedURI} ` +
          `(${event.sourceFile}:${event.lineNumber})`);
      });
    });
  }

  /** Faults of all pages so far; each test ends with this. */
  async settle() {
    const found = this.faults.splice(0);
    assert.equal(found.length, 0, `pages complained:\n  ${found.join('\n  ')}`);
  }

  /** Closes what a test opened, whatever became of it. */
  async forget() {
    this.faults.length = 0;
    for (const context of this.contexts.splice(0)) await context.close();
  }

  async lastSight(name) {
    const pages = this.contexts.flatMap((context) => context.pages());
    for (const [place, page] of pages.entries()) {
      await page.screenshot({path: join(this.shots, `${name}-${place}.png`)}).catch(() => {});
    }
  }

  /** Holds the state that `page` is in to axe-core. */
  async axe(page, name) {
    if (!await page.evaluate(() => window.axe !== undefined))
      await page.evaluate(axeSource);
    // Only what is read below crosses over: of the rules that hold there is much more.
    const lines = await page.evaluate(async () => (await window.axe.run(document, {resultTypes: ['violations']})).violations
      .flatMap((found) => found.nodes.map((node) =>
        `${found.id} (${found.impact}): ${node.target.join(' ')}: ${found.help}\n    ${node.html.slice(0, 160)}`)));
    assert.equal(lines.length, 0, `axe at ${name} (${page.url()}):\n  ${lines.join('\n  ')}`);
  }

  async shot(page, name, size) {
    // Half the time of a PNG.
    await page.screenshot({path: join(this.shots, `${name}-${size.width}.jpg`), type: 'jpeg', quality: 80, fullPage: true});
  }

  /** A state worth a look: axe and a screenshot at each width, no sideways scrolling; recorded. */
  async look(page, name, sizes = [PHONE, DESK]) {
    const before = page.viewportSize();
    for (const size of sizes) {
      await page.setViewportSize(size);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() =>
        requestAnimationFrame(resolve))));
      await this.shot(page, name, size);
      const over = await page.evaluate(() =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${name} is ${over} pixels too wide at ${size.width}`);
      await this.axe(page, `${name} at ${size.width}`);
      assert.deepEqual(await page.evaluate(unmarked), [], `${name}: Vietnamese that a page in English does not mark as such`);
    }
    if (before !== null) await page.setViewportSize(before);
    this.visited.push({name, url: page.url(), title: await page.title()});
  }

  /** What no route of the API can bring about, written into the database: rows as lists of text. */
  sql(text) {
    const said = execFileSync('psql', ['-X', '-q', '-At', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-c', text, env.DVC_WEB_DATABASE], {encoding: 'utf8'});
    return said.split('\n').filter(Boolean).map((line) => line.split('\t'));
  }

  /** A control call of the simulated post, as '/sim/...'. */
  async post(path, method = 'POST') {
    const answer = await fetch(env.DVC_WEB_POST + path, {method});
    assert.equal(answer.status, 200, `${path}: ${answer.status}`);
    return answer.json();
  }
}

/** Asks until the answer is true; the last answer. */
export async function until(ask, seconds = PATIENCE_S, every = 100) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer || Date.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** A day of Vietnam's calendar, so many days from now, as people write it. */
export function dayAfter(days) {
  return new Intl.DateTimeFormat('en-GB', {timeZone: 'Asia/Ho_Chi_Minh'}).format(Date.now() + days * 86_400_000);
}
