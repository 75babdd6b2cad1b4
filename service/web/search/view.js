import { make } from "../components/dom.js";
import { address } from "../router.js";
import { tellWeights } from "../shell/service.js";
import { t } from "../words.js";
import { Answer } from "./answer.js";
import { about, addressedAs, askedIn, hasSubject, PAGE, sameSearch } from "./asked.js";
import { beginWithProducts } from "./beginning.js";
import { Narrowing } from "./narrowing.js";
import { shrunk } from "./picture-files.js";
import { searched } from "./searching.js";
import { meet, remember, subjectOf } from "./subject.js";
import { SubjectPanel } from "./subject-panel.js";
import { keep } from "./uploads.js";
import { openWhy } from "./why.js";

const DEEPEST = 1_000;
const NARROW = matchMedia("(max-width: 59.99rem)");

export function show(context) {
  const view = new SearchView(context);
  return { update: (next) => view.update(next), ready: view.update(context) };
}

class SearchView {
  #asked = null;
  #subject = null;
  #answered = false;

  constructor({ root, left }) {
    const change = (part) => this.#change(part);
    this.panel = new SubjectPanel({
      left,
      onPicture: (file) => this.#take(file),
      onRefusal: (words) => this.answer.refuse(t(words)),
      onCrop: (crop) => this.#change({ crop }),
    });
    this.narrowing = new Narrowing({ onChange: change, left });
    this.answer = new Answer({ onChange: change });
    const query = make("section", { class: "query", "aria-labelledby": "query-heading" },
      make("h1", { id: "query-heading" }, t("search.heading")), this.panel.element, this.narrowing.element);
    root.append(make("div", { class: "search" }, query, this.answer.element));
    const measure = new ResizeObserver(() => query.style.setProperty("--query-height", `${query.offsetHeight}px`));
    measure.observe(query);
    left.addEventListener("abort", () => measure.disconnect());
  }

  async update(context) {
    const before = this.#asked;
    const asked = askedIn(context.params);
    this.context = context;
    this.#asked = asked;
    this.narrowing.show(asked);
    const answered = this.#answered && before !== null && sameSearch(before, asked);
    if (!answered) await this.#search(before);
    if (!context.signal.aborted) this.#showWhy();
  }

  /** Every change is a step of its own, to go back from. */
  #change(part) {
    return this.context.go("/", addressedAs({ ...this.#asked, shown: PAGE, why: null, ...part }));
  }

  async #take(file) {
    const { left } = this.context;
    const picture = await shrunk(file);
    if (!left.aborted) this.context.go("/", addressedAs(about(this.#asked, { picture: keep(picture) })));
  }

  async #search(before) {
    const { signal, step } = this.context;
    const asked = this.#asked;
    this.#answered = false;
    if (!hasSubject(asked)) return this.#begin();
    const isNew = before !== null && (before.product !== asked.product || before.picture !== asked.picture);
    this.answer.load(asked, t("answer.heading"));
    if (isNew && step === "forward") this.#enter();
    meet([...asked.liked, ...asked.disliked], signal).then((changed) => changed && !signal.aborted && this.answer.steer(asked));
    try {
      this.#subject = await this.#lookedAt(asked, signal);
      if (signal.aborted) return null;
      if (this.#subject === null) return this.#begin({ lost: true });
      const found = await searched(asked, this.#subject, { offset: 0, limit: asked.shown }, signal);
      // An answer that was already being read when its search was abandoned is not stopped by the abort.
      if (!signal.aborted) this.#found(found, asked.shown);
    } catch (error) {
      if (!signal.aborted) this.answer.fail(error, () => this.#search(asked));
    }
    return null;
  }

  async #lookedAt(asked, signal) {
    try {
      const subject = await subjectOf(asked, signal);
      if (subject === null || signal.aborted) return null;
      this.panel.show(subject, asked.crop);
      this.context.title(asked.product ? t("search.title", { title: subject.title || subject.id }) : t("search.title_yours"));
      return subject;
    } catch (error) {
      if (!signal.aborted) this.panel.showNothing();
      throw error;
    }
  }

  #found(found, limit) {
    tellWeights(found.embedder.trained);
    remember(found.results);
    this.#answered = true;
    this.answer.show(found, { asked: this.#asked, actsOn: (product) => this.#actsOn(product), next: this.#next(found, limit, limit) });
  }

  /** The next page, where this one was full. `offset` is how many were asked for so far. */
  #next(found, limit, offset) {
    if (found.results.length < limit || offset > DEEPEST) return null;
    return async () => {
      const { signal } = this.context;
      try {
        const more = await searched(this.#asked, this.#subject, { offset, limit: PAGE }, signal);
        if (signal.aborted) return;
        remember(more.results);
        this.#asked = { ...this.#asked, shown: offset + PAGE };
        this.context.amend(addressedAs(this.#asked));
        this.answer.add(more, { actsOn: (product) => this.#actsOn(product), next: this.#next(more, PAGE, offset + PAGE) });
      } catch (error) {
        if (!signal.aborted) this.answer.failMore(error);
      }
    };
  }

  #actsOn({ id }) {
    const { liked, disliked } = this.#asked;
    const without = (ids) => ids.filter((one) => one !== id);
    return {
      href: address("/", addressedAs(about(this.#asked, { product: id }))),
      acts: {
        like: () => this.#change({ liked: [...without(liked), id], disliked: without(disliked) }),
        dislike: () => this.#change({ disliked: [...without(disliked), id], liked: without(liked) }),
        why: () => this.context.go("/", addressedAs({ ...this.#asked, why: id })),
      },
    };
  }

  #begin({ lost = false } = {}) {
    this.#subject = null;
    this.context.title(t("nav.search"));
    this.panel.showNothing({ lost });
    return beginWithProducts(this.answer, () => ({ asked: this.#asked, signal: this.context.signal }));
  }

  /** Its address has it too, so closing it is a step back, where opening it was a step. */
  #showWhy() {
    const { why, crop } = this.#asked;
    const { signal, step } = this.context;
    if (why === null || this.#subject === null) return;
    const { closed } = openWhy({ subject: this.#subject, crop, match: why, signal });
    closed.then(() => {
      if (signal.aborted) return;
      if (step === "forward") history.back();
      else this.#forgetWhy();
    });
  }

  #forgetWhy() {
    this.#asked = { ...this.#asked, why: null };
    this.context.amend(addressedAs(this.#asked));
  }

  /** To what was found: the card that was clicked is about to go, and the keyboard's place with it. */
  #enter() {
    if (NARROW.matches) this.answer.element.scrollIntoView();
    else scrollTo(0, 0);
    this.answer.heading.focus({ preventScroll: true });
  }
}
