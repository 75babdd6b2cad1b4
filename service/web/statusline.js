const LINES = new Set(["idle", "loading", "done"]);

/** The one place that says how the search stands: a line above the results, or a panel in their stead. */
export class StatusLine {
  #countdown = null;

  constructor(root) {
    this.root = root;
    this.title = root.querySelector(".state-title");
    this.detail = root.querySelector(".state-detail");
    this.button = root.querySelector(".state-action");
    this.button.addEventListener("click", () => this.button.ariaDisabled !== "true" && this.act?.());
  }

  /** `detail` is text or nodes; `action` is {label, act, waitS}. */
  say(state, title, detail = "", action = null) {
    clearInterval(this.#countdown);
    this.root.dataset.state = state;
    this.root.toggleAttribute("data-panel", !LINES.has(state));
    this.title.textContent = title;
    this.detail.replaceChildren(...[detail].flat());
    this.button.hidden = action === null;
    this.act = action?.act;
    if (action) this.#offer(action.label, action.waitS ?? 0);
  }

  // The count runs on the button, outside the live region, which would read every second aloud. It is
  // aria-disabled, not disabled, so that the keyboard's focus stays on it.
  #offer(label, waitS) {
    const readyAt = Date.now() + waitS * 1000;
    const tick = () => {
      const leftS = Math.ceil((readyAt - Date.now()) / 1000);
      this.button.ariaDisabled = String(leftS > 0);
      this.button.textContent = leftS > 0 ? `${label} in ${leftS} s` : label;
      if (leftS <= 0) clearInterval(this.#countdown);
    };
    this.#countdown = setInterval(tick, 250);
    tick();
  }
}
