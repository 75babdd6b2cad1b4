import { make } from "../components/dom.js";
import { percent, t } from "../words.js";

const LEAST = 0.08;
const STEP = 0.02;
const SETTLED_MS = 450;
const FIRST = { left: 0.2, top: 0.2, right: 0.8, bottom: 0.8 };
const HANDLES = ["top left", "top right", "bottom left", "bottom right"];

/**
 * A box over a picture, drawn by dragging, moved and resized by mouse, finger and arrow keys. `onCrop(crop)` is told when
 * a drag has ended or the keys have rested; a crop is { left, top, right, bottom } in fractions, or null for all of it.
 */
export class CropBox {
  #crop = null;
  #settling = null;

  constructor(stage, { onCrop }) {
    this.stage = stage;
    this.onCrop = onCrop;
    const handles = HANDLES.map((edges) => make("span", { class: `crop-handle ${edges}`, data: { edges } }));
    this.box = make("div", { class: "crop-box", role: "application", tabindex: "0", hidden: true, "aria-describedby": "crop-help", data: { testid: "crop-box" }, on: { keydown: (event) => this.#key(event) } }, ...handles);
    stage.append(this.box);
    stage.addEventListener("pointerdown", (event) => this.#grab(event));
  }

  show(crop) {
    clearTimeout(this.#settling);
    this.#draw(crop);
  }

  /** For whoever has no pointer: a box to begin with, and the focus on it. */
  begin() {
    if (this.#crop === null) this.#settle(FIRST, 0);
    this.box.focus();
  }

  #draw(crop) {
    this.#crop = crop;
    this.box.hidden = crop === null;
    this.stage.toggleAttribute("data-cropped", crop !== null);
    if (crop === null) return;
    const { left, top, right, bottom } = crop;
    const placed = { "--left": left, "--top": top, "--right": right, "--bottom": bottom };
    Object.entries(placed).forEach(([name, value]) => this.stage.style.setProperty(name, value));
    this.box.ariaLabel = t("crop.label", { left: percent(left), top: percent(top), width: percent(right - left), height: percent(bottom - top) });
  }

  #settle(crop, afterMs) {
    this.#draw(crop);
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.onCrop(crop), afterMs);
  }

  #grab(event) {
    // A finger beside the box scrolls the page: it begins with the button.
    if (event.button !== 0 || (event.pointerType === "touch" && !this.box.contains(event.target))) return;
    event.preventDefault();
    const from = this.#at(event);
    const before = this.#crop;
    const change = this.#dragging(event.target, from, before);
    this.stage.setPointerCapture(event.pointerId);
    const move = (moved) => this.#draw(change(this.#at(moved)) ?? before);
    const end = (ended) => {
      listening.abort();
      const crop = ended.type === "pointerup" ? this.#crop : before;
      this.#draw(crop);
      if (crop !== before) this.#settle(crop, 0);
    };
    const listening = new AbortController();
    const { signal } = listening;
    this.stage.addEventListener("pointermove", move, { signal });
    this.stage.addEventListener("pointerup", end, { signal });
    this.stage.addEventListener("pointercancel", end, { signal });
    this.box.focus({ preventScroll: true });
  }

  /** What becomes of the box as the pointer goes to a place: by a corner, as a whole, or drawn anew. */
  #dragging(target, from, before) {
    const { edges } = target.dataset;
    if (edges) return (to) => resized(before, edges, to);
    if (target === this.box) return (to) => moved(before, to.x - from.x, to.y - from.y);
    return (to) => drawnBetween(from, to);
  }

  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return { x: within((clientX - left) / width), y: within((clientY - top) / height) };
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (["Delete", "Backspace", "Escape"].includes(event.key)) {
      event.preventDefault();
      this.#settle(null, 0);
      return;
    }
    const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (!step) return;
    event.preventDefault();
    const [x, y] = step;
    const corner = { x: within(this.#crop.right + x), y: within(this.#crop.bottom + y) };
    this.#settle(event.shiftKey ? resized(this.#crop, "bottom right", corner) : moved(this.#crop, x, y), SETTLED_MS);
  }
}

const within = (value) => Math.min(1, Math.max(0, value));

function moved({ left, top, right, bottom }, byX, byY) {
  const x = Math.min(1 - right, Math.max(-left, byX));
  const y = Math.min(1 - bottom, Math.max(-top, byY));
  return { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
}

function resized(crop, edges, { x, y }) {
  return {
    left: edges.includes("left") ? within(Math.min(x, crop.right - LEAST)) : crop.left,
    right: edges.includes("right") ? within(Math.max(x, crop.left + LEAST)) : crop.right,
    top: edges.includes("top") ? within(Math.min(y, crop.bottom - LEAST)) : crop.top,
    bottom: edges.includes("bottom") ? within(Math.max(y, crop.top + LEAST)) : crop.bottom,
  };
}

/** Null while it is too small to be meant. */
function drawnBetween(one, other) {
  const crop = { left: Math.min(one.x, other.x), right: Math.max(one.x, other.x), top: Math.min(one.y, other.y), bottom: Math.max(one.y, other.y) };
  return crop.right - crop.left < LEAST || crop.bottom - crop.top < LEAST ? null : crop;
}
