// Covers the page at once and leaves it through the server's own way out, which clears cookies, cache and storage.
// The history entry of the page is replaced; Esc three times within two seconds does the same as the link.
const PRESSES = 3;
const WITHIN_MS = 2000;

export default function leaveNow(link) {
  const leave = () => {
    document.documentElement.classList.add("is-covered");
    document.title = "…";
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = Date.now();
    presses = [...presses.filter((time) => now - time < WITHIN_MS), now];
    if (presses.length >= PRESSES) leave();
  });
  // A page kept by the browser for Back must not come back uncovered with what was typed on it.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.classList.contains("is-covered")) location.reload();
  });
}
