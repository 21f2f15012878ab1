// Runs the topics t_*.mjs one after another in one browser and says TAP. `node run.mjs [TOPIC...]`;
// its environment comes from run.py.

import {readdir} from 'node:fs/promises';
import {Here, tests} from './harness.mjs';

// A test's own limit: a page that never answers must not take the suite with it.
const LIMIT_MS = 600_000;

async function topics(wanted) {
  const folder = new URL('.', import.meta.url);
  const found = (await readdir(folder)).filter((name) => /^t_\w+\.mjs$/.test(name)).sort()
    .map((name) => name.slice(2, -4));
  for (const name of wanted) {
    if (!found.includes(name)) throw new Error(`no topic ${name}; there are ${found.join(' ')}`);
  }
  return wanted.length > 0 ? wanted : found;
}

async function within(limit, work) {
  let timer;
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limit / 1000} s`)), limit);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function run(here, topic, {title, work}) {
  try {
    await within(LIMIT_MS, work(here));
    await here.settle();
  } catch (error) {
    await here.lastSight(`${topic}-failed`);
    await here.forget();
    return String(error.stack ?? error);
  }
  await here.forget();
  return null;
}

async function main(wanted) {
  let count = 0;
  let failed = 0;
  const names = await topics(wanted);
  const here = await Here.start();
  try {
    for (const topic of names) {
      tests.length = 0;
      await import(`./t_${topic}.mjs`);
      for (const test of [...tests]) {
        const started = Date.now();
        const why = await run(here, topic, test);
        count += 1;
        failed += why === null ? 0 : 1;
        const spent = ((Date.now() - started) / 1000).toFixed(1);
        console.log(`${why === null ? '' : 'not '}ok ${count} - ${topic}: ${test.title}`);
        console.log(`# ${spent} s`);
        if (why !== null) console.log(why.replace(/^/gm, '# '));
      }
    }
  } finally {
    await here.stop();
  }
  console.log(`1..${count}`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
