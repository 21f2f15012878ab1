// period.js - periods of reports. A reporting period closes on the 14th of its last month (TT
// 01/2020/TT-VPCP): the first quarter is 15/12 of the year before to 14/3; calendar periods are whole
// months. Days are YYYY-MM-DD.

const two = (n) => String(n).padStart(2, '0');

function lastOf(year, month) {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

// From the first month to the last of a year, both counted from 1.
function span(year, first, last, closes) {
  if (!closes)
    return {from: `${year}-${two(first)}-01`, to: `${year}-${two(last)}-${lastOf(year, last)}`};
  return {from: first === 1 ? `${year - 1}-12-15` : `${year}-${two(first - 1)}-15`, to: `${year}-${two(last)}-14`};
}

export const KINDS = ['month', 'quarter', 'half', 'nine', 'year', 'free'];

// `part`: number of the month or quarter; `closes`: on the 14th.
export function period(kind, year, part, closes) {
  switch (kind) {
  case 'month':
    return span(year, part, part, closes);
  case 'quarter':
    return span(year, part * 3 - 2, part * 3, closes);
  case 'half':
    return span(year, 1, 6, closes);
  case 'nine':
    return span(year, 1, 9, closes);
  default:
    return span(year, 1, 12, closes);
  }
}

// Which of these a pair of days is, so that an address opens as it was made.
export function kindOf(from, to) {
  const year = Number(to.slice(0, 4));

  for (const closes of [false, true]) {
    for (const kind of ['year', 'nine', 'half', 'quarter', 'month']) {
      for (let part = 1; part <= (kind === 'month' ? 12 : kind === 'quarter' ? 4 : 1); part++) {
        const days = period(kind, year, part, closes);

        if (days.from === from && days.to === to)
          return {kind, year, part, closes};
      }
    }
  }
  return {kind: 'free', year, part: 1, closes: false};
}

// The months that lie in a period, cut at its ends: [{from, to, month, year}].
export function monthsOf(from, to) {
  const months = [];
  let year = Number(from.slice(0, 4)), month = Number(from.slice(5, 7));

  while (`${year}-${two(month)}-01` <= to) {
    const whole = span(year, month, month, false);

    months.push({year, month, from: whole.from < from ? from : whole.from, to: whole.to > to ? to : whole.to});
    month += 1;
    if (month > 12) {
      month = 1;
      year += 1;
    }
  }
  return months;
}
