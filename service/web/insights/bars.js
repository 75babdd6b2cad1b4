import { makeSvg } from "../components/dom.js";
import { number, percent, t } from "../words.js";
import { fitted, mark, text, widthOf } from "./plot.js";
import { linkTo } from "./slices.js";

const ROW = 32;
const STACKED_ROW = 50;
const STACKED_BELOW = 430;
const SWATCH = 20;
const GAP = 10;

/** Lying bars, each with its label and its number beside it. */
export function bars(slices, whole) {
  return (width) => {
    const stacked = width < STACKED_BELOW;
    const room = roomIn(slices, whole, width, stacked);
    const marks = slices.map((slice, at) => row(slice, whole, room, at * (stacked ? STACKED_ROW : ROW)));
    return { height: slices.length * (stacked ? STACKED_ROW : ROW), marks };
  };
}

function roomIn(slices, whole, width, stacked) {
  const numbers = Math.max(...slices.map((slice) => widthOf(amount(slice, whole), { size: 13 }))) + GAP;
  const swatches = slices.some(({ shade }) => shade) ? SWATCH + GAP : 0;
  const longest = Math.max(...slices.map(({ label }) => widthOf(label)));
  const label = stacked ? width - swatches : Math.min(longest, width * 0.38);
  const left = stacked ? swatches : swatches + label + GAP;
  return { stacked, swatches, label, left, bar: Math.max(1, width - left - numbers), most: Math.max(1, ...slices.map(({ products }) => products)) };
}

function row(slice, whole, room, y) {
  const { stacked, swatches, label, left, bar, most } = room;
  const length = slice.products === 0 ? 0 : Math.max(2, (bar * slice.products) / most);
  const middle = y + (stacked ? 34 : ROW / 2);
  const children = [
    makeSvg("rect", { class: "hit", x: 0, y, width: left + bar, height: stacked ? STACKED_ROW : ROW }),
    slice.shade && makeSvg("rect", { class: "shade", x: 1, y: y + (stacked ? 12 : 6), width: SWATCH, height: SWATCH, rx: 5, style: { fill: slice.shade } }),
    text(fitted(slice.label, label), swatches, stacked ? y + 18 : middle + 5, "label"),
    makeSvg("rect", { class: slice.rest ? "bar rest" : "bar", x: left, y: middle - 8, width: length, height: 16, rx: 3 }),
    text(amount(slice, whole), left + length + 8, middle + 5, "amount"),
  ];
  return mark({ name: sliceWords(slice, whole), href: linkTo(slice.place), class: "mark" }, ...children.filter(Boolean));
}

const amount = ({ products }, whole) => `${number(products)} · ${shareWords(products, whole)}`;

/** Of 1,000 products one is not 0 %. */
export function shareWords(products, whole) {
  const share = whole === 0 ? 0 : products / whole;
  return share > 0 && share < 0.005 ? t("insights.less_than", { percent: percent(0.01) }) : percent(share);
}

export const sliceWords = ({ label, products }, whole) => t("insights.slice", { label, count: products, share: shareWords(products, whole) });
