import { make, makeSvg } from "../components/dom.js";

/**
 * A drawing that is made for the width it has, and anew when that changes: so its text keeps its size. `draw(width)` gives
 * { height, marks }. A plain click on a link in it is taken by `go`, which the router only does for HTML's own links.
 */
export function plot(draw, { label, go, signal }) {
  const svg = makeSvg("svg", { class: "plot", role: "group", "aria-label": label, on: { click: (event) => follow(event, go) } });
  const frame = make("div", { class: "plot-frame" }, svg);
  let drawn = 0;
  const fit = () => {
    const width = Math.floor(frame.clientWidth);
    if (width === 0 || width === drawn) return;
    drawn = width;
    const { height, marks } = draw(width);
    Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height }).forEach(([name, value]) => svg.setAttribute(name, value));
    svg.replaceChildren(...marks);
  };
  const watching = new ResizeObserver(fit);
  watching.observe(frame);
  signal.addEventListener("abort", () => watching.disconnect());
  return frame;
}

/** One part of a drawing: a link where it leads somewhere. `name` says all that is drawn of it. */
export function mark({ name, href, ...attributes }, ...children) {
  const hidden = children.map((child) => {
    child.setAttribute("aria-hidden", "true");
    return child;
  });
  if (href === null) return makeSvg("g", { ...attributes, role: "img", "aria-label": name }, makeSvg("title", {}, name), ...hidden);
  return makeSvg("a", { ...attributes, href, "aria-label": name }, makeSvg("title", {}, name), ...hidden);
}

export const text = (words, x, y, kind = "", anchor = "start") => makeSvg("text", { x, y, class: kind, "text-anchor": anchor }, words);

const pen = document.createElement("canvas").getContext("2d");

/** How wide a text is, in the drawings' own font. */
export function widthOf(words, { size = 14, weight = 400 } = {}) {
  pen.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return pen.measureText(words).width;
}

/** As much of a text as there is room for. */
export function fitted(words, room, style) {
  if (widthOf(words, style) <= room) return words;
  const letters = [...words];
  let length = letters.length;
  while (length > 0 && widthOf(`${letters.slice(0, length).join("")}…`, style) > room) length -= 1;
  return length > 1 ? `${letters.slice(0, length).join("").trimEnd()}…` : "";
}

function follow(event, go) {
  const link = event.target.closest("a");
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { pathname, searchParams } = new URL(link.href.baseVal, location.href);
  go(pathname, searchParams);
}
