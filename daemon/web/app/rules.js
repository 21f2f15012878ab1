// rules.js - what a single answer must be, as the server checks it (core/form_value.h): each takes
// the text as typed and gives it in the spelling that is stored, or null when it is wrong.

const BIRTH_PROVINCES = new Set([1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27,
  30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67,
  68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96]);

function digits(text, max) {
  const bare = text.trim().replace(/[ .-]/g, '');

  return /^\d+$/.test(bare) && bare.length <= max ? bare : null;
}

export function citizenId(text) {
  const found = digits(text, 12);

  if (found?.length !== 12 || found[3] > '3')
    return null;
  const province = Number(found.slice(0, 3));

  return (province >= 100 ? province < 400 : BIRTH_PROVINCES.has(province)) ? found : null;
}

export function phone(text) {
  const typed = text.trim(), plus = typed.startsWith('+');
  let found = digits((plus ? typed.slice(1) : typed).replace(/[()]/g, ''), 15);

  if (!found)
    return null;
  if (plus || found[0] !== '0' || /^0084./.test(found)) {
    const drop = plus || found[0] !== '0' ? 2 : 4;

    if (found.slice(drop - 2, drop) !== '84' || found.length <= drop)
      return null;
    found = `0${found.slice(drop).replace(/^0/, '')}`;
  }
  return /^0[35789]\d{8}$/.test(found) || /^02\d{9}$/.test(found) ? found : null;
}

const TAX_WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

export function taxCode(text) {
  const found = digits(text, 13);

  if (!found)
    return null;
  if (found.length === 12)
    return text.includes('-') ? null : citizenId(found);
  const sum = TAX_WEIGHTS.reduce((total, weight, place) => total + weight * Number(found[place]), 0);

  if ((found.length !== 10 && found.length !== 13) || 10 - sum % 11 !== Number(found[9]))
    return null;
  if (found.length === 10)
    return found;
  return found.endsWith('000') ? null : `${found.slice(0, 10)}-${found.slice(10)}`;
}

export function email(text) {
  const found = text.trim();
  const [local, domain, more] = found.split('@');
  const labels = (domain ?? '').split('.');

  if (found.length > 254 || more !== undefined || !/^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local) || local.length > 64)
    return null;
  if (labels.length < 2 || !labels.every((label) => /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/.test(label)) || !/^[A-Za-z].+/.test(labels.at(-1)))
    return null;
  return found;
}

// '1.500' is fifteen hundred and '1,5' is one and a half, as numbers are written here. A point that
// cannot group (1.25) is taken as a decimal one.
export function number(text) {
  const typed = text.trim().replace(/\s/g, '');

  if (/^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(typed))
    return Number(typed.replace(/\./g, '').replace(',', '.'));
  if (/^-?\d+([.,]\d+)?$/.test(typed))
    return Number(typed.replace(',', '.'));
  return null;
}

// Code points, as the server counts.
export function length(text) {
  return [...text].length;
}

// Control characters and marks that hide or turn text around.
export function hasControl(text, lines) {
  const bad = lines ? /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/
    : /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

  return bad.test(text);
}
