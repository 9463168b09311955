// Finds data-behaviour and loads the module of that name. Nothing on a page needs script; script only makes some things quicker.
const behaviours = {
  "count": () => import("./count.js"),
  "cover-names": () => import("./cover-names.js"),
  "focus-errors": () => import("./focus-errors.js"),
  "keep-typed": () => import("./keep-typed.js"),
  "leave-now": () => import("./leave-now.js"),
  "passkey": () => import("./passkey.js"),
  "send-files": () => import("./send-files.js"),
  "send-once": () => import("./send-once.js"),
  "shortcuts": () => import("./shortcuts.js"),
  "solve": () => import("./solve.js"),
};

const loaded = [...document.querySelectorAll("[data-behaviour]")].flatMap((element) =>
  element.dataset.behaviour.split(" ").map((name) => behaviours[name]?.().then((module) => module.default(element))),
);

// Says to whoever drives the page, as our browser tests do, that every behaviour listens now.
Promise.all(loaded).then(() => document.documentElement.setAttribute("data-script", "ready"));
