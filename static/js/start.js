// Finds data-behaviour and loads the module of that name. Nothing on a page needs script; script only makes some things quicker.
const behaviours = {
  "count": () => import("./count.js"),
  "focus-errors": () => import("./focus-errors.js"),
  "leave-now": () => import("./leave-now.js"),
  "send-files": () => import("./send-files.js"),
  "send-once": () => import("./send-once.js"),
};

for (const element of document.querySelectorAll("[data-behaviour]")) {
  for (const name of element.dataset.behaviour.split(" ")) {
    behaviours[name]?.().then((module) => module.default(element));
  }
}
