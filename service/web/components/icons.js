import { makeSvg } from "./dom.js";

/** Strokes in a square of 24. */
const PATHS = {
  up: "M7 11v9H4v-9zM7 11l4-7c1.5 0 2.5 1 2.5 2.6L13 10h5.5c1.2 0 2 1 1.8 2.1l-1.2 6.2c-.2 1-1 1.7-2 1.7H7",
  down: "M7 13V4H4v9zM7 13l4 7c1.5 0 2.5-1 2.5-2.6L13 14h5.5c1.2 0 2-1 1.8-2.1l-1.2-6.2c-.2-1-1-1.7-2-1.7H7",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3L19 19M5 19l1.7-1.7M17.3 6.7L19 5",
  moon: "M20 14.5A8.5 8.5 0 119.5 4 6.8 6.8 0 0020 14.5z",
  close: "M6 6l12 12M18 6L6 18",
  search: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.3 15.3L20.5 20.5",
  crop: "M6.5 2v15.5H22M2 6.5h15.5V22",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 10a3.4 3.4 0 100 6.8 3.4 3.4 0 000-6.8z",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4L15 13l5 5M15.5 9.5h.01",
  key: "M8 8.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM11.5 12H21M17.5 12v3.5M20.5 12v2.5",
  upload: "M12 16V4M7.5 8.5L12 4l4.5 4.5M4 15.5V20h16v-4.5",
  chevron: "M6 9l6 6 6-6",
  forward: "M9 6l6 6-6 6",
  plus: "M12 5v14M5 12h14",
  trash: "M5 7h14M10 4h4M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  check: "M5 12.5l4.5 4.5L19 7.5",
  why: "M9 9.2A3 3 0 1112.9 12c-.6.2-.9.8-.9 1.4v.6M12 17.5h.01M12 3a9 9 0 100 18 9 9 0 000-18z",
};

export function icon(name) {
  const shape = makeSvg("path", { d: PATHS[name] });
  return makeSvg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" }, shape);
}
