// Solves the puzzle of a draft while a flood is on, in short slices, so that the page stays alive on an old phone; it can be
// paused. Without script the person waits some minutes instead. The form goes out by itself once Send was pressed.
const SLICE_MS = 40;
const PAUSE_MS = 12;
const TELL_STEP = 25;

const K = new Uint32Array(64);
const START = new Uint32Array(8);
// The constants of SHA-256: fractions of the cube and square roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3).
(function constants() {
  const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found] = fraction(Math.cbrt(n));
    found += 1;
  }
})();

const w = new Uint32Array(64);

// The first word of SHA-256 of a text of at most 55 ASCII characters: one block.
function firstWord(text) {
  w.fill(0, 0, 16);
  for (let i = 0; i < text.length; i += 1) w[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  w[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  w[15] = text.length * 8;
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  return (a + START[0]) >>> 0;
}

export default function solve(form) {
  const { challenge, bits, parts, working, paused, ready } = form.dataset;
  const line = form.querySelector("[data-line]");
  const bar = form.querySelector("progress");
  const pause = form.querySelector("[data-pause]");
  const shown = { style: "percent", numberingSystem: document.body.dataset.numerals };
  const numbers = new Intl.NumberFormat(document.documentElement.lang, shown);
  const zeros = 32 - Number(bits);
  const found = [];
  let number = 0;
  let stopped = false;
  let pressed = false;
  let told = -1;

  function tell() {
    bar.value = found.length;
    const step = Math.floor((100 * found.length) / parts / TELL_STEP) * TELL_STEP;
    if (step === told) return;
    told = step;
    line.textContent = working.replace("%s", numbers.format(step / 100));
  }

  function finish() {
    form.elements.proof.value = found.join(",");
    bar.value = parts;
    pause.hidden = true;
    line.textContent = ready;
    if (pressed) form.submit();
  }

  function slice() {
    if (stopped) return;
    const until = performance.now() + SLICE_MS;
    while (performance.now() < until) {
      for (let i = 0; i < 200; i += 1, number += 1) {
        if (firstWord(`${challenge}:${found.length}:${number}`) >>> zeros === 0) {
          found.push(number);
          number = -1;
          if (found.length === Number(parts)) return finish();
        }
      }
    }
    tell();
    setTimeout(slice, PAUSE_MS);
  }

  form.addEventListener("submit", (event) => {
    if (form.elements.proof.value || stopped) return;
    event.preventDefault();
    pressed = true;
    line.textContent = form.dataset.later;
  });
  pause.addEventListener("click", () => {
    stopped = !stopped;
    pause.textContent = stopped ? pause.dataset.on : pause.dataset.off;
    if (stopped) line.textContent = paused;
    else {
      told = -1;
      slice();
    }
  });

  form.querySelector("[data-work]").hidden = false;
  tell();
  setTimeout(slice, PAUSE_MS);
}
