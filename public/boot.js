// Runs before the first paint, and works while the app is on its way or never
// comes: high contrast, and the quick way out. It must stay small: it stands in
// every document.
(() => {
  const root = document.documentElement;
  const KEY = "contrast";
  const wanted = matchMedia("(prefers-contrast: more)");
  const read = () => {
    try {
      const value = localStorage.getItem(KEY);
      return value === "high" || value === "standard" ? value : null;
    } catch {
      return null; // Storage is blocked: a choice then lasts as long as the page.
    }
  };
  let chosen = read();

  const apply = () => {
    const high = chosen ? chosen === "high" : wanted.matches;
    root.dataset.contrast = high ? "high" : "standard";
    root.toggleAttribute("data-contrast-chosen", chosen !== null);
    for (const button of document.querySelectorAll("[data-contrast-switch]")) {
      button.setAttribute("aria-pressed", String(high));
    }
  };
  const choose = (value) => {
    chosen = value;
    try {
      if (value) localStorage.setItem(KEY, value);
      else localStorage.removeItem(KEY);
    } catch {
      // Blocked or full.
    }
    apply();
  };

  const leave = (link) => {
    document.body.hidden = true;
    location.replace(link.href);
  };
  let escapes = [];

  // How many pieces are in the basket: the sum over all tabs of what each has added.
  const count = () => {
    let pieces = 0;
    try {
      for (const [key, value] of Object.entries(localStorage)) {
        if (key.startsWith("basket-")) pieces += parseInt(value) || 0;
      }
    } catch {
      // Blocked: nothing is kept.
    }
    root.toggleAttribute("data-basket", pieces > 0);
    for (const link of document.querySelectorAll("[data-basket-link]")) {
      link.toggleAttribute("data-count", pieces > 0);
      if (pieces > 0) link.dataset.count = pieces;
    }
  };

  apply();
  count();
  addEventListener("DOMContentLoaded", apply);
  addEventListener("DOMContentLoaded", count);
  wanted.addEventListener("change", apply);
  // Another tab chose, or the person cleared what the device keeps.
  addEventListener("storage", (event) => {
    count();
    if (event.key === KEY || event.key === null) {
      chosen = read();
      apply();
    }
  });
  // A page that Back brings out of the browser's cache has missed such events.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      chosen = read() ?? chosen;
      apply();
      dispatchEvent(new StorageEvent("storage", { key: "basket-" }));
    }
  });
  addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-contrast-switch], [data-contrast-reset], [data-leave]");
    if (!target) return;
    if (target.hasAttribute("data-leave")) {
      event.preventDefault();
      leave(target);
    } else if (target.hasAttribute("data-contrast-reset")) {
      choose(null);
      document.querySelector("[data-contrast-switch]")?.focus();
    } else {
      choose(root.dataset.contrast === "high" ? "standard" : "high");
    }
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const link = document.querySelector("[data-leave]");
    escapes = [...escapes, event.timeStamp].slice(-3);
    if (link && escapes.length === 3 && event.timeStamp - escapes[0] < 3000) leave(link);
  });
})();
