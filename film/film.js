// A film as a function of time: `build` sets its scenes up, `show` puts everything
// where it stands at a moment.
const GROUNDS = {
  paper: "var(--ground)", sun: "var(--sky)", sky: "var(--card-sky)", plum: "var(--banner)",
};
const WIPE = 0.6;

const ease = (x) => {
  const t = Math.min(1, Math.max(0, x));
  return 1 - (1 - t) ** 3;
};
// Past its place and back to it, as something that is set down.
const settle = (x) => {
  const t = Math.min(1, Math.max(0, x));
  return 1 + 2.2 * (t - 1) ** 3 + 1.2 * (t - 1) ** 2;
};

function drawing(scene, id, { x, y, width, height }) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.innerHTML = `<use href="#${id}"></use>`;
  Object.assign(svg.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  scene.append(svg);
  return svg;
}

let scenes = [];

window.build = (plan) => {
  const stage = document.querySelector("#stage");
  let start = 0;
  scenes = plan.map(({ seconds, ground, year, low, parts }, index) => {
    const element = document.createElement("div");
    element.className = "scene";
    element.style.background = GROUNDS[ground];
    element.style.zIndex = index;
    stage.append(element);
    const made = parts.map((part) => ({ ...part, svg: drawing(element, part.drawing, part) }));
    let label;
    if (year) {
      label = document.createElement("div");
      label.className = low ? "year year--low" : "year";
      label.textContent = year;
      element.append(label);
    }
    const scene = { element, start, seconds, parts: made, label };
    start += seconds;
    return scene;
  });
  return start;
};

window.show = (time) => {
  for (const [index, scene] of scenes.entries()) {
    const at = time - scene.start;
    const shown = at >= 0 && at < scene.seconds + WIPE;
    scene.element.style.visibility = shown ? "visible" : "hidden";
    if (!shown) {
      continue;
    }
    // Each scene is drawn over the one before as a cloth is drawn over a table.
    const open = index === 0 ? 1 : ease(at / WIPE);
    const edge = (1 - open) * 110;
    scene.element.style.clipPath = `polygon(${edge}% 0, 100% 0, 100% 100%, ${Math.max(0, edge - 10)}% 100%)`;
    for (const part of scene.parts) {
      const since = at - (part.after ?? 0.2);
      const there = settle(since / 0.7);
      const sway = Math.sin(at * 2.4);
      let transform = "";
      switch (part.moves) {
        case "rises":
          transform = `translateY(${(1 - there) * 400}px) rotate(${sway * 0.8}deg)`;
          break;
        case "drops":
          transform = `translateY(${(there - 1) * 500}px) rotate(${sway * 2}deg)`;
          break;
        case "beats":
          transform = `scale(${there * (1 + 0.06 * Math.max(0, Math.sin(at * 5)))})`;
          break;
        case "floats":
          transform = `translateY(${-part.by * Math.max(0, since)}px) rotate(${sway * 12}deg)`;
          break;
        default:
          transform = `scale(${0.94 + 0.06 * ease(since)})`;
      }
      part.svg.style.transform = transform;
      part.svg.style.opacity = since < 0 ? 0 : 1;
    }
    if (scene.label) {
      scene.label.style.transform = `translateX(${(ease((at - 0.3) / 0.5) - 1) * 420}px)`;
    }
  }
};
