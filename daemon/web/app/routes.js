// routes.js - which page answers which address after '#/'. A page is loaded when it is asked for:
// pages/<file>.js with `export const texts` (groups of words it needs) and a default function
// (page) => node or promise of one. ':name' is one part of the path, given as page.params.name.
// `who`: anyone (default), account, citizen, staff, or a list of roles of which one must be held.

// The two sides of a hand-over record.
const HAND_OVER = ['postal', 'receiver', 'clerk'];
const DESKS = ['receiver', 'officer', 'unit_head', 'leader', 'clerk', 'cashier'];

// Roles that can be lent to a colleague.
const LENT = [...DESKS, 'postal', 'auditor'];

export const routes = [
  {path: '', file: 'home'},
  {path: 'procedures', file: 'procedures'},
  {path: 'procedures/:code', file: 'procedure'},
  {path: 'apply/:code', file: 'apply', who: 'account'},
  {path: 'apply/:code/:draft', file: 'apply', who: 'account'},
  {path: 'apply/:code/:draft/:step', file: 'apply', who: 'account'},
  {path: 'sent/:draft', file: 'sent', who: 'account'},
  {path: 'lookup', file: 'lookup'},
  {path: 'sign-in', file: 'signin'},
  {path: 'register', file: 'register'},
  {path: 'account', file: 'account', who: 'account'},
  {path: 'account/password', file: 'password', who: 'account'},
  {path: 'account/totp', file: 'totp', who: 'staff'},
  {path: 'dossiers', file: 'dossiers', who: 'account'},
  {path: 'dossiers/:code', file: 'dossier', who: 'account'},
  {path: 'dossiers/:code/supplement', file: 'supplement', who: 'account'},
  {path: 'notices', file: 'notices', who: 'account'},
  {path: 'help', file: 'help'},
  {path: 'tasks', file: 'tasks', who: DESKS},
  {path: 'desk/:code', file: 'desk', who: 'staff'},
  {path: 'counter', file: 'counter', who: ['receiver']},
  {path: 'search', file: 'search', who: 'staff'},
  {path: 'parcels', file: 'parcels', who: HAND_OVER},
  {path: 'parcels/:order', file: 'parcel', who: HAND_OVER},
  {path: 'handovers', file: 'handovers', who: HAND_OVER},
  {path: 'handovers/:id', file: 'handover', who: HAND_OVER},
  {path: 'figures', file: 'figures'},
  {path: 'figures/dossiers', file: 'figure-dossiers', who: 'staff'},
  {path: 'chain/:code', file: 'chain', who: 'account'},
  {path: 'calendar', file: 'calendar'},
  {path: 'delegations', file: 'delegations', who: LENT},
  {path: 'admin', file: 'admin', who: ['admin']},
  {path: 'admin/accounts', file: 'admin-accounts', who: ['admin']},
  {path: 'admin/accounts/:username', file: 'admin-account', who: ['admin']},
  {path: 'admin/new-account', file: 'admin-new-account', who: ['admin']},
  {path: 'admin/delegations', file: 'delegations', who: ['admin']},
  {path: 'admin/agencies', file: 'admin-agencies', who: ['admin']},
  {path: 'admin/calendar', file: 'calendar', who: ['admin']},
  {path: 'admin/plugins', file: 'admin-plugins', who: ['admin']},
  {path: 'admin/plugins/:code/:version', file: 'admin-plugin', who: ['admin']},
  {path: 'admin/outbox', file: 'admin-outbox', who: ['admin']},
  {path: 'admin/health', file: 'admin-health', who: ['admin']},
];

// What the head of the page offers. `who` as above; without it for everyone; 'visitor': not signed in.
export const menu = [
  {href: '#/tasks', label: 'core.menu_tasks', sign: 'list', who: DESKS},
  {href: '#/counter', label: 'core.menu_counter', sign: 'edit', who: ['receiver']},
  {href: '#/search', label: 'core.menu_search', sign: 'search', who: [...DESKS, 'auditor']},
  {href: '#/parcels', label: 'core.menu_parcels', sign: 'truck', who: HAND_OVER},
  {href: '#/handovers', label: 'core.menu_handovers', sign: 'pen', who: HAND_OVER},
  {href: '#/figures', label: 'core.menu_figures', sign: 'chart', who: [...DESKS, 'auditor']},
  {href: '#/admin', label: 'core.menu_admin', sign: 'gear', who: ['admin']},
  {href: '#/delegations', label: 'core.menu_delegations', sign: 'user', who: LENT},
  {href: '#/procedures', label: 'core.menu_procedures', sign: 'list'},
  {href: '#/lookup', label: 'core.menu_lookup', sign: 'search'},
  {href: '#/dossiers', label: 'core.menu_dossiers', sign: 'file', who: 'citizen'},
];

export function match(path) {
  const parts = path.split('/');

  for (const route of routes) {
    const wanted = route.path.split('/');
    const params = {};
    const fits = wanted.length === parts.length && wanted.every((part, place) => {
      if (!part.startsWith(':'))
        return part === parts[place];
      try {
        params[part.slice(1)] = decodeURIComponent(parts[place]);
      } catch {
        return false;
      }
      return parts[place] !== '';
    });

    if (fits)
      return {route, params};
  }
  return null;
}
