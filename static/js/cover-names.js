// Covers or uncovers names without leaving the page, so that what was typed stays. Without script the form does it.
const REFERENCE = /\b(?:RR-)?[CDFGHJKMNPQRTVWXY34679]{4}-[CDFGHJKMNPQRTVWXY34679]{4}\b/g;

const cover = () => {
  for (const veil of document.querySelectorAll(".veil")) veil.tabIndex = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (!text.parentElement.closest("textarea, option, script, .veil") && text.data.search(REFERENCE) >= 0) wrap(text);
  }
  document.title = document.title.replace(REFERENCE, "•••••");
};

const wrap = (text) => {
  const pieces = text.data.split(REFERENCE);
  const found = text.data.match(REFERENCE);
  const nodes = pieces.flatMap((piece, number) => {
    if (number === found.length) return [piece];
    const veil = document.createElement("span");
    veil.className = "veil";
    veil.tabIndex = 0;
    veil.textContent = found[number];
    return [piece, veil];
  });
  text.replaceWith(...nodes);
};

export default function coverNames(form) {
  const top = document.querySelector(".top");
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    if (!answer || answer.type !== "opaqueredirect") return form.submit();
    const isCovered = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isCovered));
    if (isCovered) {
      top.dataset.names = "covered";
      cover();
    } else delete top.dataset.names;
  });
}
