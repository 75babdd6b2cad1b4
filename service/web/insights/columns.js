import { makeSvg } from "../components/dom.js";
import { number } from "../words.js";
import { sliceWords } from "./bars.js";
import { mark, text, widthOf } from "./plot.js";
import { linkTo } from "./slices.js";

const HEIGHT = 190;
const ABOVE = 24;
const BELOW = 30;
const SMALL = { size: 13 };

/** Standing columns in the order of their numbers: a histogram. */
export function columns(slices, whole) {
  return (width) => {
    const step = width / slices.length;
    const most = Math.max(1, ...slices.map(({ products }) => products));
    const counted = slices.every(({ products }) => widthOf(number(products), SMALL) < step - 4);
    const marks = slices.map((slice, at) => column(slice, whole, { x: at * step, step, counted: counted || slice.products === most, share: slice.products / most }));
    const ground = makeSvg("line", { class: "ground", x1: 0, x2: width, y1: HEIGHT - BELOW, y2: HEIGHT - BELOW });
    return { height: HEIGHT, marks: [...marks, ground, ...scale(slices, step, width)] };
  };
}

function column(slice, whole, { x, step, counted, share }) {
  const height = slice.products === 0 ? 0 : Math.max(2, (HEIGHT - ABOVE - BELOW) * share);
  const top = HEIGHT - BELOW - height;
  const gap = Math.min(6, step * 0.15);
  const children = [
    makeSvg("rect", { class: "hit", x, y: 0, width: step, height: HEIGHT - BELOW }),
    makeSvg("rect", { class: slice.rest ? "bar rest" : "bar", x: x + gap / 2, y: top, width: Math.max(1, step - gap), height, rx: Math.min(3, step / 4) }),
    counted && text(number(slice.products), x + step / 2, top - 7, "amount", "middle"),
  ];
  return mark({ name: sliceWords(slice, whole), href: linkTo(slice.place), class: "mark" }, ...children.filter(Boolean));
}

/** A range by the number at which it begins, and the last one's end; what would run into its neighbour is left out. */
function scale(slices, step, width) {
  const ranges = slices.some(({ label }) => label.includes(" – "));
  const places = ranges
    ? [...slices.map(({ label }, at) => [label.split(" – ")[0], at * step]), [slices.at(-1).label.split(" – ").at(-1), width]]
    : slices.map(({ label }, at) => [label, (at + 0.5) * step]);
  let free = -Infinity;
  return places.flatMap(([words, at]) => {
    const half = widthOf(words, SMALL) / 2;
    const x = Math.min(Math.max(at, half), width - half);
    if (x - half < free) return [];
    free = x + half + 8;
    return [hidden(text(words, x, HEIGHT - 8, "tick", "middle"))];
  });
}

function hidden(element) {
  element.setAttribute("aria-hidden", "true");
  return element;
}
