import { makeSvg } from "../components/dom.js";
import { number } from "../words.js";
import { sliceWords } from "./bars.js";
import { heatOf } from "./heat.js";
import { fitted, mark, text } from "./plot.js";
import { linkTo } from "./slices.js";
import { squares } from "./squares.js";

const HEAD = 26;
const GAP = 3;
const NAME = { size: 14, weight: 600 };
const LABEL = { size: 13 };

/**
 * Two levels of the categories as areas. `groups` are [{ label, products, place, inside, children: [the same] }]; a group
 * whose parts have parts leads `inside`, to a map of its own.
 */
export function treemap(groups, whole) {
  return (width) => {
    const height = width < 600 ? Math.round(width * 1.5) : Math.round(Math.min(560, Math.max(340, width * 0.42)));
    const most = Math.max(1, ...groups.flatMap(({ children }) => children.map(({ products }) => products)));
    const marks = squares(groups, { x: 0, y: 0, width, height }).flatMap(([group, box]) => drawn(group, inset(box), whole, most));
    return { height, marks };
  };
}

function drawn(group, box, whole, most) {
  const headed = box.height > 3 * HEAD && box.width > 60;
  const below = headed ? { ...box, y: box.y + HEAD, height: box.height - HEAD } : box;
  const tiles = squares(group.children, below).map(([child, place]) => tile(child, inset(place, 1), whole, most));
  return headed ? [head(group, box, whole), ...tiles] : tiles;
}

function head(group, { x, y, width }, whole) {
  const words = `${group.label}  ${number(group.products)}${group.inside ? "  \u203a" : ""}`;
  return mark({ name: sliceWords({ ...group, label: group.name }, whole), href: group.inside ?? linkTo(group.place), class: "mark" },
    makeSvg("rect", { class: "hit", x, y, width, height: HEAD }),
    text(fitted(words, width - 4, NAME), x + 2, y + 18, "group"));
}

function tile(child, { x, y, width, height }, whole, most) {
  const room = width - 14;
  const label = height > 22 ? fitted(child.label, room, LABEL) : "";
  const count = label && height > 44 ? fitted(number(child.products), room, LABEL) : "";
  const children = [
    makeSvg("rect", { class: child.rest ? "tile rest" : "tile", x, y, width: Math.max(0, width), height: Math.max(0, height), rx: 3, style: { "--heat": heatOf(child.products / most) } }),
    label && text(label, x + 7, y + 18, "label"),
    count && text(count, x + 7, y + 36, "amount"),
  ];
  return mark({ name: sliceWords({ ...child, label: child.name }, whole), href: linkTo(child.place), class: "mark" }, ...children.filter(Boolean));
}

const inset = ({ x, y, width, height }, by = GAP) => ({ x: x + by / 2, y: y + by / 2, width: Math.max(0, width - by), height: Math.max(0, height - by) });
