// i18n.js - words in Vietnamese and English. A group of words is the file text/<group>.<language>.js
// with one flat object; t('group.key', {name}) puts values in for {name}. Groups are loaded by
// needTexts() before a page is drawn; `core` is always there.

const LANGUAGES = ['vi', 'en'];
const KEPT = 'dvcd.language';
const groups = new Map();
let current = 'vi';

export function language() {
  return current;
}

function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export async function startLanguage() {
  const wanted = remembered();

  current = LANGUAGES.includes(wanted) ? wanted : 'vi';
  document.documentElement.lang = current;
  await needTexts(['core']);
}

// The page has to be drawn again afterwards.
export async function setLanguage(wanted) {
  current = LANGUAGES.includes(wanted) ? wanted : 'vi';
  try {
    localStorage.setItem(KEPT, current);
  } catch {
    // a browser without storage forgets it
  }
  document.documentElement.lang = current;
  await needTexts([...new Set([...groups.keys()].map((name) => name.split('.')[0]))]);
}

export async function needTexts(names) {
  const language_ = current;

  await Promise.all(names.map(async (name) => {
    const file = `${name}.${language_}`;

    if (!groups.has(file))
      groups.set(file, (await import(`/text/${file}.js`)).default);
  }));
}

export function has(key) {
  const at = key.indexOf('.');

  return groups.get(`${key.slice(0, at)}.${current}`)?.[key.slice(at + 1)] !== undefined;
}

export function t(key, values) {
  const at = key.indexOf('.');
  const text = groups.get(`${key.slice(0, at)}.${current}`)?.[key.slice(at + 1)];

  if (text === undefined) {
    console.warn(`no text ${key} in ${current}`);
    return key;
  }
  if (!values)
    return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// English has a plural: 'core.days' needs 'core.days_one' beside it; Vietnamese has one form.
export function count(key, n, values) {
  return t(n === 1 && has(`${key}_one`) ? `${key}_one` : key, {n, ...values});
}
