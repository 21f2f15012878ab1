// fee.js - a fee in words: a sum, or so much a page or a copy. The server reckons what is owed.

import {money} from './format.js';
import {t} from './i18n.js';

// "2.000 đ × Số trang × Số bản sao (từ thứ 3: 1.000 đ; tối đa 200.000 đ)"
export function feeRate(fee, amount, form) {
  const label = (id) => form?.properties?.[id]?.title ?? id;
  const counted = [fee.per, fee.times].filter(Boolean).map((id) => ` × ${label(id)}`).join('');
  const bounds = [
    fee.over && t('core.fee_over', {from: fee.over + 1, amount: money(fee.over_amount)}),
    fee.most && t('core.fee_most', {amount: money(fee.most)}),
  ].filter(Boolean).join('; ');

  return `${money(amount)}${counted}${bounds && ` (${bounds})`}`;
}
