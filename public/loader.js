// Starts the app once the page has loaded and been painted, so that the module does not
// compete with it for a slow connection. The event `load` waits for pictures and fonts; two frames
// later the browser is painting them; the performance entry says that it has (Safari before 14.1
// has none). If the module cannot be loaded, the page stays a plain document, and the module is
// requested again, later each time, and when the connection is back. Two cases are final: this
// browser cannot run the module, or the server does not have it.
const { js, wasm, chunks } = document.querySelector("script[data-wasm]").dataset;
const root = document.documentElement;

// Requests the page's own part of the app early: the app itself only does so once it runs.
const preloadPart = () => {
  for (const name of JSON.parse(chunks)[root.dataset.appPart] ?? []) {
    const link = document.createElement("link");
    link.rel = "preload";
    link.as = "fetch";
    link.crossOrigin = "";
    link.href = new URL(`${name}.wasm`, new URL(wasm, location));
    document.head.append(link);
  }
};

let stylesLoaded;
const loadStyles = () =>
  (stylesLoaded ??= new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = root.dataset.styles;
    link.onload = resolve;
    link.onerror = (error) => {
      stylesLoaded = null;
      link.remove();
      reject(error);
    };
    document.head.append(link);
  }));

// The delay is up to half as long again, so that browsers which lost the site at the same time do
// not all return at the same time.
const onlineOrAfter = (delay) =>
  new Promise((resolve) => {
    addEventListener("online", resolve, { once: true });
    setTimeout(resolve, delay * (1 + Math.random() / 2));
  });

// A browser's translation replaces texts with elements, but the app later changes or removes
// the original texts: without this, the original text would reappear, or its removal would
// leave the translation behind.
const linkTranslation = (text, translation) => {
  const changes = new MutationObserver(() => {
    unlink();
    translation.replaceWith(text);
  });
  const unlink = () => {
    changes.disconnect();
    delete text.remove;
  };
  changes.observe(text, { characterData: true });
  text.remove = () => {
    unlink();
    translation.remove();
  };
};

const followTranslation = () =>
  new MutationObserver((changes) => {
    const added = new Set(changes.flatMap(({ addedNodes }) => [...addedNodes]));
    const isTranslation = (node) => node?.nodeName === "FONT" && added.has(node) && node.isConnected;
    for (const { addedNodes, removedNodes, previousSibling, nextSibling } of changes) {
      for (const text of removedNodes) {
        if (text.nodeType !== Node.TEXT_NODE || text.isConnected) continue;
        const translation = [...addedNodes, previousSibling, nextSibling].find(isTranslation);
        if (!translation) continue;
        added.delete(translation);
        linkTranslation(text, translation);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });

// A proxy may also answer 408 (timeout), 425 (too early) or 429 (too many requests).
const isTemporary = (status) => status >= 500 || [408, 425, 429].includes(status);

const fetchModule = async () => {
  const response = await fetch(wasm);
  if (response.ok) return response;
  const { url, status } = response;
  throw Object.assign(new Error(`${url}: ${status}`), { mayArriveLater: isTemporary(status) });
};

const fail = (error, isFinal) => {
  console.error("The app could not start.", error);
  root.dataset.app = "failed";
  root.toggleAttribute("data-app-stopped", isFinal);
};

const load = async (retryDelay) => {
  try {
    const [app, module] = await Promise.all([import(js), fetchModule(), loadStyles()]);
    await app.default({ module_or_path: module });
  } catch (error) {
    // Browsers report a file that did not arrive as a `TypeError`, and a style sheet as an event.
    const mayArriveLater = error.mayArriveLater ?? (error instanceof TypeError || error instanceof Event);
    fail(error, !mayArriveLater);
    if (!mayArriveLater) return;
    await onlineOrAfter(retryDelay);
    load(Math.min(2 * retryDelay, 60_000));
  }
};

const start = () => {
  if (!globalThis.WebAssembly) return fail("This browser has no WebAssembly.", true);
  load(1000);
  preloadPart();
  followTranslation();
};

const painted = () => {
  if (!PerformanceObserver.supportedEntryTypes?.includes("paint")) return start();
  new PerformanceObserver((paints, observer) => {
    if (!paints.getEntriesByName("first-contentful-paint").length) return;
    observer.disconnect();
    start();
  }).observe({ type: "paint", buffered: true });
};

const loaded = () => requestAnimationFrame(() => requestAnimationFrame(painted));
if (document.readyState === "complete") loaded();
else addEventListener("load", loaded);
