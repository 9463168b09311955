// Keys for whoever works without a mouse. What they do stands in the dialog itself, one line each, so the list is never untrue.
// Nothing fires in a field, with Ctrl, Alt or Meta, or while the dialog is open.
const BETWEEN_KEYS_MS = 1500;
const TYPES_INTO = "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]";

export default function shortcuts(dialog) {
  const lines = [...dialog.querySelectorAll("[data-keys]")].map((line) => line.dataset);
  const begins = new Set(lines.filter((line) => line.keys.includes(" ")).map((line) => line.keys.split(" ")[0]));
  let first = "";
  let at = 0;

  const links = () => [...document.querySelectorAll("main tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);

  function step(way) {
    const all = links();
    if (!all.length) return false;
    const row = document.activeElement?.closest("tr");
    const here = row ? all.findIndex((link) => row.contains(link)) : -1;
    if (way === "open") {
      if (here < 0) return false;
      all[here].click();
      return true;
    }
    const next = way === "next" ? Math.min(here + 1, all.length - 1) : Math.max(here - 1, 0);
    all[next].focus();
    return true;
  }

  function act(line) {
    if (line.keys === "?") {
      dialog.showModal();
      return true;
    }
    if (line.step) return step(line.step);
    const field = line.focus && document.querySelector(line.focus);
    if (field) {
      field.focus();
      return true;
    }
    if (!line.to) return false;
    location.assign(line.to);
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (dialog.open || event.target.closest(TYPES_INTO)) return;
    const pressed = first && Date.now() - at < BETWEEN_KEYS_MS ? `${first} ${event.key}` : event.key;
    first = "";
    const line = lines.find((one) => one.keys === pressed);
    if (line ? act(line) : false) {
      event.preventDefault();
    } else if (begins.has(event.key)) {
      first = event.key;
      at = Date.now();
    }
  });
}
