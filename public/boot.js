// Runs before the first paint, and works while the app is loading or if it never
// loads: high contrast, "Exit this page" and the number of items in the basket. It
// must stay small: it is part of every document.
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
    dispatchEvent(new Event("contrast")); // The app follows.
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

  const exit = (link) => {
    document.body.hidden = true;
    location.replace(link.href);
  };
  let escapes = [];

  // How many items are in the basket: the sum of what each tab has added.
  const count = () => {
    let items = 0;
    try {
      for (const [key, value] of Object.entries(localStorage)) {
        if (key.startsWith("basket-")) items += parseInt(value) || 0;
      }
    } catch {
      // Blocked: nothing is saved.
    }
    root.toggleAttribute("data-basket", items > 0);
    for (const link of document.querySelectorAll("[data-basket-link]")) {
      link.toggleAttribute("data-count", items > 0);
      if (items > 0) link.dataset.count = items;
    }
  };

  apply();
  count();
  addEventListener("DOMContentLoaded", apply);
  addEventListener("DOMContentLoaded", count);
  wanted.addEventListener("change", apply);
  // Another tab made a choice, or the person cleared what is saved on the device.
  addEventListener("storage", (event) => {
    count();
    if (event.key === KEY || event.key === null) {
      chosen = read();
      apply();
    }
  });
  // A page that Back restores from the browser's cache has missed such events.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      chosen = read() ?? chosen;
      apply();
      dispatchEvent(new StorageEvent("storage", { key: "basket-" }));
    }
  });
  const onClick = (event) => {
    const target = event.target.closest?.("[data-contrast-switch], [data-contrast-reset], [data-exit]");
    if (!target) return;
    if (target.hasAttribute("data-exit")) {
      event.preventDefault();
      exit(target);
    } else if (target.hasAttribute("data-contrast-reset")) {
      choose(null);
      document.querySelector("[data-contrast-switch]")?.focus();
    } else {
      choose(root.dataset.contrast === "high" ? "standard" : "high");
    }
  };
  const onKey = (event) => {
    if (event.key !== "Escape") return;
    const link = document.querySelector("[data-exit]");
    escapes = [...escapes, event.timeStamp].slice(-3);
    if (link && escapes.length === 3 && event.timeStamp - escapes[0] < 3000) exit(link);
  };
  // Registered first: an app that has stopped must not prevent links and forms from working as
  // in a plain document.
  const stopped = () => root.dataset.app === "failed";
  for (const type of ["click", "keydown", "submit", "input", "change", "focusin", "focusout"]) {
    addEventListener(
      type,
      (event) => {
        if (type === "click") onClick(event);
        if (type === "keydown") onKey(event);
        if (stopped()) event.stopImmediatePropagation();
      },
      true,
    );
  }
  addEventListener("popstate", () => stopped() && location.reload());
})();
