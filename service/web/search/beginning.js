import { listProducts } from "../api.js";
import { address } from "../router.js";
import { t } from "../words.js";
import { about, addressedAs, isNarrowed, PAGE } from "./asked.js";
import { AUTO } from "./places.js";
import { remember, shownBy } from "./subject.js";

/** Without a picture there are products to begin with, as the category and the filter want them. */
export async function beginWithProducts(answer, current) {
  answer.load(current().asked, t("answer.begin_heading"));
  await offer(answer, current, "");
}

/** `current()` gives what is asked, and the signal of who asks, at the time: pages come later. */
async function offer(answer, current, cursor) {
  const { asked, signal } = current();
  const category = asked.category === AUTO ? "" : asked.category;
  try {
    const page = await listProducts({ category, filter: asked.filter, limit: PAGE, cursor }, signal);
    if (!signal.aborted) show(page, answer, current, cursor);
  } catch (error) {
    if (signal.aborted) return;
    if (cursor) answer.failMore(error);
    else answer.fail(error, () => beginWithProducts(answer, current));
  }
}

function show({ products, cursor: following }, answer, current, cursor) {
  const { asked } = current();
  const shown = products.map(shownBy);
  remember(shown);
  const actsOn = ({ id }) => ({ href: address("/", addressedAs(about(asked, { product: id }))), acts: {} });
  const next = following === null ? null : () => offer(answer, current, following);
  if (cursor) answer.offerMore(shown, { actsOn, next });
  else if (shown.length) answer.offer(shown, { actsOn, next });
  else if (isNarrowed(asked)) answer.show({ results: [] }, { asked });
  else answer.showEmptyCatalogue(() => beginWithProducts(answer, current));
}
