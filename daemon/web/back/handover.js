// handover.js - how far a hand-over record is.

import {badge} from '../app/badge.js';
import {t} from '../app/i18n.js';
import {atDesk, atPost} from './parcels.js';

export function recordBadge(record) {
  if (record.state === 'signed')
    return badge('green', 'check', t('postal.record_signed'));
  if (record.state === 'cancelled')
    return badge('grey', 'stop', t('postal.record_cancelled'));
  return badge('amber', 'pen', t(record.agency_signed ? 'postal.record_waits_office' : 'postal.record_waits_agency'));
}

// Whether the missing signature is one that this account may give. The server decides again.
export function maySign(record) {
  return record.state === 'open' && (record.agency_signed ? atPost() : atDesk());
}

export function mayCancel(record) {
  return record.state === 'open' && (atPost() || atDesk());
}
