import { passing } from "./kept.js";

/** The key that this tab shows to a service which wants one. It is gone when the tab is. */
class Keys extends EventTarget {
  #asking = null;
  /** Counts the times that somebody was asked. */
  asked = 0;
  /** The shell's: shows the problem, and gives the key, or null when there is none to be had. */
  ask = async () => null;

  get held() {
    return passing.get("key");
  }

  hold(key) {
    passing.set("key", key);
    this.dispatchEvent(new Event("change"));
  }

  forget() {
    passing.remove("key");
    this.dispatchEvent(new Event("change"));
  }

  /** One question, however many requests wait for its answer. */
  wanted(problem) {
    this.#asking ??= this.#ask(problem).finally(() => { this.#asking = null; });
    return this.#asking;
  }

  async #ask(problem) {
    const key = await this.ask(problem);
    this.asked += 1;
    if (key) this.hold(key);
  }
}

export const keys = new Keys();
