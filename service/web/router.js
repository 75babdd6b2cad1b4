import { parametersOf } from "./api.js";
import { Scrolling } from "./shell/scrolling.js";

/**
 * The address chooses the view: its path which one, its parameters what is shown there.
 *
 * A view's show({ root, params, state, step, signal, left, title, announce, go, amend }) fills `root`, with an h1 before
 * its first await. It may give back { update(context), ready } at once, where `ready` is the promise: a change of parameters
 * alone is then handed to update, with a signal of its own. `signal` is aborted when the view, or those parameters, are left; `left` when the view is.
 * hold(keeps) names who is asked before the browser's own buttons lead away; where it answers true, it has seen to it that
 * the address stays. `step` is "first" for what the page was opened with, "forward", or "back" for the browser's own buttons.
 */
export class Router {
  #view = null;
  #shown = null;
  #running = new AbortController();
  #staying = new AbortController();
  #scrolling = new Scrolling();
  #keeps = null;

  constructor({ views, root, announce, onView, onFailure }) {
    Object.assign(this, { views, root, announce, onView, onFailure });
    addEventListener("popstate", () => this.#keeps?.() || this.#follow("back"));
    document.addEventListener("click", (event) => this.#click(event));
  }

  start() {
    return this.#follow("first");
  }

  /** A step that the back button returns from. `state` is what the address cannot hold: history.state.view. */
  go(path, params = {}, { state = null } = {}) {
    history.pushState({ key: crypto.randomUUID?.() ?? String(Math.random()), view: state }, "", address(path, params));
    return this.#follow("forward");
  }

  /** The same step, said otherwise: nothing is shown anew. */
  amend(params, { state = history.state?.view ?? null } = {}) {
    history.replaceState({ ...history.state, view: state }, "", address(location.pathname, params));
  }

  /** Shows the view anew: in another language, with another key. */
  async again() {
    this.#shown = null;
    this.#view = null;
    await this.#follow("first");
  }

  async #follow(step) {
    this.#keeps = null;
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    // Read now: while the view is being filled, it is shorter than it was, and the browser scrolls by itself.
    const place = this.#scrolling.place;
    const view = this.views.find(({ path }) => path === location.pathname) ?? null;
    const stays = view !== null && view === this.#view && this.#shown?.update;
    try {
      await (stays ? this.#shown.update(this.#context(step, signal)) : this.#show(view, step, signal));
    } catch (error) {
      if (signal.aborted) return;
      this.#shown = null;
      this.onFailure(error, this.root);
    }
    if (!signal.aborted && step !== "forward") this.#scrolling.restore(place);
  }

  async #show(view, step, signal) {
    this.#view = view;
    this.#shown = null;
    this.#staying.abort();
    this.#staying = new AbortController();
    this.onView(view);
    if (view === null) throw new NoSuchPage();
    const module = await view.load();
    if (signal.aborted) return;
    this.root.replaceChildren();
    this.root.className = `view-${view.name}`;
    if (step !== "first") scrollTo(0, 0);
    const shown = module.show(this.#context(step, signal));
    if (step !== "first") this.#focus();
    this.#shown = shown?.update ? shown : null;
    await (shown?.ready ?? shown);
  }

  #context(step, signal) {
    return {
      root: this.root,
      params: new URLSearchParams(location.search),
      state: history.state?.view ?? null,
      step,
      signal,
      left: this.#staying.signal,
      title: (text) => { document.title = text ? `${text} \u00b7 Vizinho` : "Vizinho"; },
      announce: this.announce,
      hold: (keeps) => { this.#keeps = keeps; },
      go: (path, params, options) => this.go(path, params, options),
      amend: (params, options) => this.amend(params, options),
    };
  }

  #focus() {
    const heading = this.root.querySelector("h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  #click(event) {
    const link = event.target.closest?.("a[href]");
    const elsewhere = event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || elsewhere || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (!this.views.some(({ path }) => path === link.pathname) || link.hash) return;
    event.preventDefault();
    this.go(link.pathname, new URL(link.href).searchParams);
  }
}

export class NoSuchPage extends Error {}

export function address(path, params = {}) {
  const query = (params instanceof URLSearchParams ? params : parametersOf(params)).toString();
  return query ? `${path}?${query}` : path;
}
