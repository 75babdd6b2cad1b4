import { explainImage, explainProduct } from "../api.js";
import { exactly } from "../components/card.js";
import { openDialog } from "../components/dialog.js";
import { make } from "../components/dom.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { percent, t } from "../words.js";
import { cropText } from "./asked.js";
import { drawHeat, middleOf, shareOf } from "./heat.js";
import { fileOf } from "./subject.js";

const PAIRS_SHOWN = 3;

/** Lays over both pictures which regions agree. Gives the dialog; `signal` closes it. */
export function openWhy({ subject, crop, match, signal }) {
  const body = make("div", { class: "why", "aria-busy": "true" });
  const opened = openDialog({ title: t("why.title"), content: [body], signal });
  const explain = async () => {
    body.replaceChildren(make("p", { class: "state", role: "status" }, t("why.looking")));
    try {
      const explained = await asked({ subject, crop, match }, signal);
      if (!signal.aborted) body.replaceChildren(...told(explained, subject));
    } catch (error) {
      if (!signal.aborted) body.replaceChildren(problemPanel(Problem.from(error), { heading: "h3", again: explain }));
    }
    body.ariaBusy = "false";
  };
  explain();
  return opened;
}

async function asked({ subject, crop, match }, signal) {
  if (subject.file === null && !crop) return explainProduct(subject.id, match, signal);
  return explainImage(await fileOf(subject, signal), { match, crop: crop && cropText(crop) }, signal);
}

function told({ query, match, pairs, score, distance, exact }, subject) {
  const shown = pairs.slice(0, PAIRS_SHOWN).filter(({ adds }) => adds > 0);
  const own = subject.file ? URL.createObjectURL(subject.file) : subject.image.url;
  const figures = make("div", { class: "why-pictures", data: { testid: "why-pictures" } },
    figure(own, query, shown.map((pair) => pair.query), t("why.asked")),
    figure(match.image.url, match, shown.map((pair) => pair.match), t("why.found")));
  const regions = make("input", { type: "checkbox", checked: true, data: { testid: "why-regions" } });
  regions.addEventListener("change", () => figures.toggleAttribute("data-plain", !regions.checked));
  return [
    figures,
    make("label", { class: "choice" }, regions, make("span", {}, t("why.regions"))),
    make("p", {}, t(exact ? "why.exact" : "why.roughly", { score: exactly(score), distance: exactly(distance) })),
    make("ol", { class: "why-pairs" }, ...shown.map((pair) => make("li", {}, pairWords(pair, query, match)))),
  ];
}

function figure(source, looked, cells, caption) {
  const image = make("img", { alt: caption });
  const canvas = make("canvas", { class: "why-heat", "aria-hidden": "true" });
  const marks = cells.map((cell, at) => {
    const { x, y } = middleOf(cell, looked);
    return make("span", { class: "why-mark", "aria-hidden": "true", style: { "--x": x, "--y": y } }, String(at + 1));
  });
  const picture = make("div", { class: "why-picture" }, image, canvas, ...marks);
  image.addEventListener("load", () => {
    if (source.startsWith("blob:")) URL.revokeObjectURL(source);
    const aspect = image.naturalWidth / image.naturalHeight;
    picture.style.setProperty("--aspect", aspect);
    drawHeat(canvas, looked, aspect);
  });
  image.src = source;
  return make("figure", {}, picture, make("figcaption", {}, caption));
}

function pairWords({ query: asked, match: found }, query, match) {
  return t("why.pair", { asked: placeWords(asked, query), found: placeWords(found, match), share: percent(shareOf(asked, query)) });
}

const HEIGHTS = ["top", "middle", "bottom"];
const SIDES = ["left", "centre", "right"];

function placeWords(cell, looked) {
  const { x, y } = middleOf(cell, looked);
  const third = (value) => Math.min(2, Math.max(0, Math.floor(value * 3)));
  return t(`why.${HEIGHTS[third(y)]}_${SIDES[third(x)]}`);
}
