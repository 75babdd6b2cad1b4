import { similarToProduct } from "../api.js";
import { cardSkeletons, productCard } from "../components/card.js";
import { make } from "../components/dom.js";
import { moreButton } from "../components/more.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { address } from "../router.js";
import { pathWords, t } from "../words.js";
import { tellWeights } from "../shell/service.js";

const A_PAGE = 12;
const MOST = 96;

/** What looks like a product: inside its category, or anywhere. */
export function neighbours(product, { params, amend, signal, announce }) {
  let everywhere = params.has("everywhere");
  let offset = 0;
  let asked = 0;
  const inside = choice("product.inside", false);
  const anywhere = choice("product.everywhere", true);
  const grid = make("ul", { class: "grid", role: "list", "aria-label": t("product.neighbours") });
  const foot = make("div", { class: "neighbours-foot" });
  const element = make("section", { class: "neighbours", "aria-labelledby": "neighbours", data: { testid: "neighbours" } },
    make("div", { class: "neighbours-head" },
      make("h2", { id: "neighbours" }, t("product.neighbours")),
      make("div", { class: "segments", role: "group", "aria-label": t("product.where") }, inside, anywhere)),
    grid, foot);

  function choice(words, wide) {
    const act = () => {
      if (wide === everywhere) return;
      everywhere = wide;
      amend(wide ? { id: product.id, everywhere: 1 } : { id: product.id });
      load();
    };
    return make("button", { type: "button", class: "segment", on: { click: act } }, t(words, { category: pathWords(product.category) }));
  }

  async function load() {
    inside.setAttribute("aria-pressed", String(!everywhere));
    anywhere.setAttribute("aria-pressed", String(everywhere));
    offset = 0;
    grid.replaceChildren(...cardSkeletons(A_PAGE / 2));
    foot.replaceChildren();
    await next(true);
  }

  async function next(anew = false) {
    const mine = (asked += 1);
    grid.ariaBusy = "true";
    try {
      const category = everywhere ? "" : product.category;
      const found = await similarToProduct(product.id, { category, limit: A_PAGE, offset: offset || "" }, signal);
      if (mine === asked && !signal.aborted) showFound(found, anew);
    } catch (error) {
      if (mine === asked && !signal.aborted) showProblem(Problem.from(error), anew);
    }
  }

  function showFound({ results, embedder }, anew) {
    tellWeights(embedder.trained);
    grid.ariaBusy = "false";
    const cards = results.map((one, index) => productCard(one, { href: address("/product", { id: one.id }), rank: offset + index + 1 }));
    if (anew) grid.replaceChildren(...cards);
    else grid.append(...cards);
    offset += results.length;
    announce(t("product.neighbours_shown", { count: offset }));
    const more = results.length === A_PAGE && offset < MOST;
    foot.replaceChildren(...[offset === 0 && nobody(), more && moreButton(() => next())].filter(Boolean));
    // The button that was pressed has gone, and the keyboard goes on with what it brought.
    if (!anew) cards[0]?.querySelector("a").focus({ preventScroll: true });
  }

  function showProblem(problem, anew) {
    grid.ariaBusy = "false";
    if (anew) grid.replaceChildren();
    foot.replaceChildren(problemPanel(problem, { heading: "h3", again: () => next(anew) }));
  }

  const nobody = () => make("p", { class: "quiet" }, t(everywhere ? "product.nobody" : "product.nobody_inside"));

  return { element, load };
}
