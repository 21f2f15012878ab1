// scan.js - the code on a citizen identity card as a scanner types it:
// number|old number|name|birth ddmmyyyy|sex|address|date of issue ddmmyyyy, read as text ending in
// Enter. A number alone, typed by hand, is understood too.

import {parseDate} from '../app/format.js';
import {citizenId} from '../app/rules.js';

// {id_number, name, birth_date, sex, address, issued} with what was there, or null.
export function readCard(text) {
  const parts = text.trim().normalize('NFC').split('|').map((part) => part.trim());
  const id = citizenId(parts[0]);

  if (!id)
    return null;
  if (parts.length < 4)
    return {id_number: id};
  return {
    id_number: id,
    name: parts[2] || null,
    birth_date: parseDate(parts[3]),
    sex: parts[4] || null,
    address: parts[5] || null,
    issued: parts[6] ? parseDate(parts[6]) : null,
  };
}
