// Says how much room is left in a long answer, once little is left. Letters are counted as the server counts them: by code point.
const TELL_BELOW = 200;

export default function count(line) {
  const area = document.getElementById(line.dataset.for);
  if (!area) return;
  const limit = Number(line.dataset.limit);
  const shown = { numberingSystem: document.body.dataset.numerals };
  const numbers = new Intl.NumberFormat(document.documentElement.lang, shown);
  const fixed = line.textContent;
  const say = () => {
    const left = limit - [...area.value].length;
    const words = left < 0 ? line.dataset.over : line.dataset.left;
    line.textContent = left < TELL_BELOW ? words.replace("%s", numbers.format(Math.abs(left))) : fixed;
    line.classList.toggle("field__count--over", left < 0);
  };
  area.addEventListener("input", say);
  say();
}
