// chain.js - a dossier's history proved in the browser. Each event's hash is SHA-256 over
//   dvc1 LF code LF seq LF previous hash LF body
// in UTF-8, hashes in lower-case hexadecimal, 64 zeros before the first, seq from 1. What is shown of
// an event must also be what its hashed body says.

const ZEROS = '0'.repeat(64);

export function canProve() {
  return Boolean(globalThis.crypto?.subtle);
}

async function sha256(text) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));

  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function hashOf(code, seq, previous, body) {
  return sha256(`dvc1\n${code}\n${seq}\n${previous}\n${body}`);
}

// What an event shows beside its body must not differ from it.
function told(event) {
  let body;

  try {
    body = JSON.parse(event.body);
  } catch {
    return false;
  }
  return body.kind === event.kind && Date.parse(body.at) === Date.parse(event.at) &&
    (body.by === undefined || ((body.by.account ?? null) === (event.actor ?? null) && (body.by.role ?? null) === (event.role ?? null)));
}

// Whether the history ends where the dossier stands: events cut off at the end leave a whole chain.
export function endsAs(events, state) {
  for (const event of [...events].reverse()) {
    const {state: became} = JSON.parse(event.body);

    if (became !== undefined)
      return became === state;
  }
  return events.length > 0;
}

// {seq, fault}: null where the event is proved, else 'order' (a number is missing or doubled), 'link'
// (it does not follow the one before), 'hash' (its text is not what was hashed), 'told' (shown beside
// the text is something else). Once an event is broken, what follows still is looked at by itself.
export async function prove(code, events) {
  const results = [];
  let previous = ZEROS, seq = 1;

  for (const event of events) {
    let fault = null;

    if (event.seq !== seq)
      fault = 'order';
    else if (event.previous_hash !== previous)
      fault = 'link';
    else if (await hashOf(code, event.seq, event.previous_hash, event.body) !== event.hash)
      fault = 'hash';
    else if (!told(event))
      fault = 'told';
    results.push({seq: event.seq, fault});
    previous = event.hash;
    seq = event.seq + 1;
  }
  return results;
}
