import { make } from "./dom.js";
import { icon } from "./icons.js";

/**
 * A tree to choose one node of, as ARIA's tree pattern wants it: one tab stop, arrows to walk and open, letters to jump.
 * A node is { key, label, note, name, children: [...] }; children are drawn when their parent is first opened.
 */
export class Tree {
  #nodes = new WeakMap();

  constructor({ label, onChoose }) {
    this.onChoose = onChoose;
    const on = { click: (event) => this.#click(event), keydown: (event) => this.#key(event) };
    this.element = make("ul", { class: "tree", role: "tree", "aria-label": label, on });
  }

  show(nodes, chosen, open = () => false) {
    this.chosen = chosen;
    this.element.replaceChildren(...nodes.map((node) => this.#item(node, open)));
    const current = this.element.querySelector("[aria-selected='true']") ?? this.element.firstElementChild;
    if (current) current.tabIndex = 0;
  }

  /** Where the focus goes when it comes. */
  get entry() {
    return this.element.querySelector("[tabindex='0']");
  }

  #item(node, open) {
    const { key, label, note, name, children = [] } = node;
    const row = make("div", { class: "tree-row" },
      make("span", { class: "tree-twist" }, children.length > 0 && icon("forward")),
      make("span", { class: "tree-label", dir: "auto" }, label), note && make("span", { class: "tree-note" }, note));
    const selected = String(key === this.chosen);
    const item = make("li", { role: "treeitem", tabindex: "-1", "aria-label": name, "aria-selected": selected, data: { path: key } }, row);
    this.#nodes.set(item, { node, open });
    if (children.length) this.#turn(item, open(node));
    return item;
  }

  #turn(item, open) {
    item.ariaExpanded = String(open);
    const { node, open: opens } = this.#nodes.get(item);
    if (open && !item.querySelector("ul")) {
      item.append(make("ul", { role: "group" }, ...node.children.map((child) => this.#item(child, opens))));
    }
  }

  #click(event) {
    const item = event.target.closest("[role='treeitem']");
    if (!item) return;
    if (event.target.closest(".tree-twist") && item.ariaExpanded) this.#turn(item, item.ariaExpanded !== "true");
    else this.onChoose(item.dataset.path);
  }

  #key(event) {
    const item = event.target.closest("[role='treeitem']");
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.#acts(item)[event.key] ?? (event.key.length === 1 ? () => this.#jump(item, event.key) : null);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #acts(item) {
    const walk = (step) => () => this.#focus(this.#visible[this.#visible.indexOf(item) + step]);
    const choose = () => this.onChoose(item.dataset.path);
    return {
      ArrowDown: walk(1),
      ArrowUp: walk(-1),
      ArrowRight: () => (item.ariaExpanded === "false" ? this.#turn(item, true) : this.#focus(item.querySelector("[role='treeitem']"))),
      ArrowLeft: () => (item.ariaExpanded === "true" ? this.#turn(item, false) : this.#focus(item.parentElement.closest("[role='treeitem']"))),
      Home: () => this.#focus(this.#visible[0]),
      End: () => this.#focus(this.#visible.at(-1)),
      Enter: choose,
      " ": choose,
    };
  }

  #jump(from, letter) {
    const items = this.#visible;
    const at = items.indexOf(from) + 1;
    const starts = (item) => item.querySelector(".tree-label").textContent.toLowerCase().startsWith(letter.toLowerCase());
    this.#focus([...items.slice(at), ...items.slice(0, at)].find(starts));
  }

  #focus(item) {
    if (!item) return;
    this.entry?.setAttribute("tabindex", "-1");
    item.tabIndex = 0;
    item.focus();
  }

  get #visible() {
    return [...this.element.querySelectorAll("[role='treeitem']")].filter((item) => !item.parentElement.closest("[aria-expanded='false']"));
  }
}
