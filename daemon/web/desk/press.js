// press.js - whether a finger or a button of the mouse is down. What moves away under it takes the
// click along, so what changes by itself waits until it is up.

const AFTER_MS = 100; // the click of a touch comes a moment after the finger
let down = false;
let waiting = [];

function up() {
  const calls = waiting;

  down = false;
  waiting = [];
  setTimeout(() => {
    for (const call of calls)
      call();
  }, AFTER_MS);
}

for (const name of ['pointerup', 'pointercancel', 'dragend'])
  window.addEventListener(name, up, {capture: true, passive: true});
window.addEventListener('blur', up); // of the window: that of a field does not rise to it
window.addEventListener('pointerdown', () => {
  down = true;
}, {capture: true, passive: true});
// Where the end was not told, as over another window.
window.addEventListener('pointermove', (event) => down && event.buttons === 0 && up(), {capture: true, passive: true});

/** Resolves when nothing is down: at once as a rule. */
export function released() {
  return down ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
}
