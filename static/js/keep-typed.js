// Sends what stands in a form to be kept sealed, some seconds after the last key, so that an ended session loses nothing.
// Nothing is kept in the browser. What is sent goes to our own door with the form's token, like the form itself.
const AFTER_MS = 4000;

export default function keepTyped(form) {
  const line = form.querySelector("[data-kept]");
  let timer = 0;
  let under = null;
  let sent = false;

  const say = (words) => {
    if (line) line.textContent = words ?? "";
  };

  async function keep() {
    under?.abort();
    under = new AbortController();
    try {
      const answer = await fetch(form.dataset.keepTo, {
        method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", signal: under.signal,
      });
      if (answer.status === 204) say(line?.dataset.keptWords);
      else say(answer.type === "opaqueredirect" ? line?.dataset.endedWords : line?.dataset.failedWords);
    } catch (error) {
      if (error.name !== "AbortError") say(line?.dataset.failedWords);
    }
  }

  form.addEventListener("input", () => {
    if (sent) return;
    clearTimeout(timer);
    timer = setTimeout(keep, AFTER_MS);
  });
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
    under?.abort();
  });
  addEventListener("pageshow", () => {
    sent = false;
  });
}
