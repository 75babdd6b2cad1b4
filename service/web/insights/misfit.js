import { patchProduct } from "../api.js";
import { make } from "../components/dom.js";
import { openDialog } from "../components/dialog.js";
import { icon } from "../components/icons.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { address } from "../router.js";
import { number, pathWords, percent, t } from "../words.js";

/** One product that seems to stand in the wrong place, its neighbours, and the way to move it. */
export function misfitRow(misfit, context) {
  const { id, title, category, image, elsewhere, share, neighbours } = misfit;
  const row = make("li", { class: "misfit", data: { testid: "misfit", productId: id } },
    make("div", { class: "card-picture misfit-own" }, thumbnail(image)),
    make("div", { class: "misfit-what" },
      make("h2", { class: "misfit-title", dir: "auto" }, make("a", { href: address("/product", { id }) }, title || id)),
      make("p", {}, t("insights.stands_in"), " ", make("span", { dir: "auto" }, pathWords(category))),
      make("p", {}, t("insights.neighbours_in", { share: percent(share) }), " ", make("strong", { dir: "auto" }, pathWords(elsewhere)))),
    make("ul", { class: "misfit-neighbours", role: "list", "aria-label": t("insights.closest") }, ...neighbours.map(neighbour)));
  row.append(offer(misfit, row, context));
  return row;
}

function neighbour({ id, title, category, image }) {
  const name = `${title || id}, ${pathWords(category)}`;
  return make("li", {}, make("a", { href: address("/product", { id }), title: name, "aria-label": name }, make("span", { class: "card-picture" }, thumbnail(image))));
}

const thumbnail = ({ thumbnail_url: source }) => make("img", { src: source, alt: "", loading: "lazy", decoding: "async" });

function offer(misfit, row, context) {
  const move = make("button", { type: "button", class: "button quiet-button", data: { testid: "move" }, on: { click: () => ask(misfit, row, context) } }, icon("forward"), t("insights.move"));
  const to = make("p", { class: "misfit-suggestion" }, t("insights.suggested"), " ", make("strong", { dir: "auto" }, pathWords(best(misfit))));
  return make("div", { class: "misfit-act" }, to, move);
}

async function ask(misfit, row, context) {
  const { id, title, category } = misfit;
  const select = make("select", { data: { testid: "move-to" } }, ...choices(misfit).map(([path, votes]) => make("option", { value: path }, choiceWords(path, votes))));
  select.value = best(misfit);
  const content = [make("p", {}, t("insights.move_what", { name: title || id, category: pathWords(category) })), make("label", { class: "field" }, make("span", {}, t("insights.move_to")), select)];
  const { closed } = openDialog({ title: t("insights.move_title"), content, confirm: t("insights.move_confirm"), focus: select, class: "dialog-narrow", signal: context.signal });
  if (await closed) await settle(misfit, row, context, { from: category, to: select.value });
}

/** Moves it, and offers the way back in the same place. */
async function settle(misfit, row, context, { from, to }) {
  const act = row.querySelector(".misfit-act");
  act.ariaBusy = "true";
  try {
    await patchProduct(misfit.id, { category: to });
  } catch (error) {
    if (context.signal.aborted) return;
    act.replaceWith(make("div", { class: "misfit-act" }, problemPanel(Problem.from(error), { again: () => settle(misfit, row, context, { from, to }) })));
    return;
  }
  if (context.signal.aborted) return;
  const back = to === misfit.category;
  row.toggleAttribute("data-moved", !back);
  row.querySelector(".misfit-act").replaceWith(back ? offer(misfit, row, context) : moved(misfit, row, context, { from, to }));
  row.querySelector(".misfit-act button")?.focus();
  context.announce(back ? t("insights.moved_back") : t("insights.moved", { category: pathWords(to) }));
}

const moved = (misfit, row, context, { from, to }) =>
  make("div", { class: "misfit-act" }, make("p", { class: "misfit-suggestion", data: { testid: "moved" } }, icon("check"), t("insights.moved", { category: pathWords(to) })),
    make("button", { type: "button", class: "button quiet-button", data: { testid: "undo" }, on: { click: () => settle(misfit, row, context, { from: to, to: from }) } }, t("insights.undo")));

/** Categories that neighbours stand in, inside the suggestion first: [[path, neighbours]]. */
function choices({ suggested_category: suggested, votes, category }) {
  const all = votes.filter((vote) => vote.category !== category).map((vote) => [vote.category, vote.products]);
  const voted = all.some(([path]) => path === suggested) ? all : [[suggested, null], ...all];
  const inside = (path) => path === suggested || path.startsWith(`${suggested}/`);
  return [...voted.filter(([path]) => inside(path)), ...voted.filter(([path]) => !inside(path))];
}

/** Where products stand already, rather than a level that holds none itself. */
const best = (misfit) => (choices(misfit).find(([, votes]) => votes !== null) ?? choices(misfit)[0])[0];

const choiceWords = (path, votes) => (votes === null ? pathWords(path) : `${pathWords(path)} (${number(votes)})`);
