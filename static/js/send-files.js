// Sends each chosen file in pieces, so that a lost connection costs one piece and not the file. Without script the form itself
// sends one file. Nothing is kept in the browser: a page that was left begins the file again.
const WAIT_MS = [1000, 3000, 10000, 30000];

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export default function sendFiles(form) {
  const input = form.querySelector("input[type=file]");
  const line = form.querySelector("[data-progress]");
  const words = form.dataset;
  const shown = { numberingSystem: document.body.dataset.numerals };
  const numbers = new Intl.NumberFormat(document.documentElement.lang, shown);
  const size = Number(words.pieceBytes);
  input.multiple = true;

  // Resolves to the answer, however long the line is dead; the server takes a piece that comes twice as one.
  async function post(piece, headers) {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await fetch(words.to, { method: "POST", body: piece, headers, redirect: "manual" });
        if (answer.status < 500) return answer;
      } catch {
        // No connection; below we wait for it.
      }
      line.textContent = words.waiting;
      await pause(WAIT_MS[Math.min(tries, WAIT_MS.length - 1)]);
    }
  }

  async function send(file) {
    if (file.size > Number(words.mostBytes)) return words.tooLarge;
    const id = randomId();
    const pieces = Math.max(1, Math.ceil(file.size / size));
    for (let number = 0; number < pieces; number += 1) {
      line.textContent = words.sending.replace("%s", numbers.format(Math.floor((100 * number) / pieces)));
      const answer = await post(file.slice(number * size, (number + 1) * size), {
        "Content-Type": "application/octet-stream",
        "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
        "X-File": id,
        "X-Piece": String(number),
        "X-Last": number === pieces - 1 ? "1" : "0",
        "X-Name": encodeURIComponent(file.name),
        "X-Declared": file.type,
      });
      if (answer.status === 422) return (await answer.json()).refused;
      if (!answer.ok) return words.failed;
    }
    return "";
  }

  form.addEventListener("submit", async (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    let said = "";
    for (const file of input.files) said = (await send(file)) || said;
    button.removeAttribute("aria-disabled");
    line.textContent = said;
    line.classList.toggle("field__error", said !== "");
    if (!said) location.replace(location.href);
  });
}
