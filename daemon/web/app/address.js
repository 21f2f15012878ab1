// address.js - provinces and communes in force (two levels since 01/07/2025: no district is asked).

import {get} from './api.js';
import {h, newId} from './dom.js';
import {t} from './i18n.js';
import {combobox, selectInput} from './controls.js';

let provincesAsked = null;
const communesAsked = new Map();

// [{code, name}], the home province of this system first.
export function provinces() {
  provincesAsked ??= get('/provinces').catch((error) => {
    provincesAsked = null;
    throw error;
  });
  return provincesAsked;
}

export function communes(province) {
  if (!communesAsked.has(province)) {
    communesAsked.set(province, get(`/provinces/${province}/communes`).then((answer) => answer.items).catch((error) => {
      communesAsked.delete(province);
      throw error;
    }));
  }
  return communesAsked.get(province);
}

// The province of a commune, looked for at home first; null when there is none.
export async function findCommune(code) {
  const {items} = await provinces();

  for (const province of items) {
    const found = (await communes(province.code)).find((one) => one.code === code);

    if (found)
      return {province, commune: found};
  }
  return null;
}

// 'Phường Gia Viên, thành phố Hải Phòng' of a code; the code itself where the list is out of reach.
export async function communeName(code, province) {
  try {
    if (!province)
      return await findCommune(code).then((found) => (found ? `${found.commune.name}, ${found.province.name}` : code));
    const name = (await communes(province)).find((one) => one.code === code)?.name;
    const of = (await provinces()).items.find((one) => one.code === province)?.name;

    return name ? `${name}, ${of}` : code;
  } catch {
    return code;
  }
}

export async function addressText(address) {
  if (!address)
    return null;
  return [address.line, await communeName(address.commune, address.province)].filter(Boolean).join(', ');
}

export const isWhole = (address) => Boolean(address?.commune && address.line);

// Province and commune beside each other. `wanted` is kept until the lists are there.
function place(spec) {
  const province = selectInput({id: `${spec.id}-province`, options: [], empty: t('core.province_choose')});
  const commune = combobox({id: `${spec.id}-commune`, label: t('core.commune'), options: []});
  const provinceId = newId('province');
  let wanted = null;

  province.input.id = provinceId;
  province.input.autocomplete = 'off';
  const loadCommunes = async () => {
    const code = province.input.value;

    commune.setOptions([]);
    if (!code)
      return;
    const items = await communes(code).catch(() => []);

    if (province.input.value === code) {
      commune.setOptions(items.map((one) => ({value: one.code, label: one.name})));
      if (wanted)
        commune.set(wanted);
      wanted = null;
    }
  };
  const ready = provinces().then(async ({items, home}) => {
    province.input.append(...items.map((one) => h('option', {value: one.code}, one.name)));
    if (!province.input.value)
      province.input.value = (wanted && spec.provinceOf?.()) || home || '';
    await loadCommunes();
  }).catch(() => {});

  province.input.addEventListener('change', loadCommunes);
  return {
    province,
    commune,
    provinceId,
    ready,
    async set(provinceCode, communeCode) {
      wanted = communeCode;
      await ready;
      wanted = communeCode;
      if (!provinceCode && communeCode)
        provinceCode = (await findCommune(communeCode).catch(() => null))?.province.code;
      if (provinceCode)
        province.input.value = provinceCode;
      await loadCommunes();
    },
    waiting: () => wanted,
  };
}

function labelled(label, id, control) {
  return h('div', {class: 'part'}, h('label', {for: id, class: 'small'}, label), control);
}

// A commune anywhere in the country; its value is the code.
export function communeInput(spec) {
  const at = place(spec);
  const node = h('div', {class: 'place'}, labelled(t('core.province'), at.provinceId, at.province.node));

  at.commune.input.id = newId('commune');
  node.append(labelled(t('core.commune'), at.commune.input.id, at.commune.node));
  return {
    node,
    input: at.commune.input,
    raw: () => at.commune.raw() || at.waiting() || '',
    value: () => at.commune.value() ?? at.waiting(),
    set: (code) => at.set(null, code),
  };
}

// A whole address: {province, commune, line}.
export function addressInput(spec) {
  const at = place(spec);
  const line = h('input', {type: 'text', maxlength: 300, autocomplete: 'street-address', id: newId('line')});
  const node = h('div', {class: 'place'}, labelled(t('core.province'), at.provinceId, at.province.node));

  at.commune.input.id = newId('commune');
  node.append(labelled(t('core.commune'), at.commune.input.id, at.commune.node), labelled(t('core.address_line'), line.id, line));
  const value = () => {
    const commune = at.commune.value() ?? at.waiting();

    return commune && line.value.trim() && at.province.input.value
      ? {province: at.province.input.value, commune, line: line.value.trim().normalize('NFC')} : null;
  };

  const raw = () => line.value.trim() || at.commune.raw() || at.waiting() || '';

  return {
    node,
    input: at.province.input,
    group: true,
    raw,
    value,
    // What is there of it so far, for a draft.
    part: () => (raw() ? {province: at.province.input.value || null, commune: at.commune.value() ?? at.waiting(), line: line.value.trim()} : null),
    set: (address) => {
      line.value = address?.line ?? '';
      return at.set(address?.province, address?.commune);
    },
  };
}
