import { showGhosts, showHits } from "./results.js";
import { pathWords, plural } from "./words.js";

/** Everything right of the query: the status line and the grid, in each state a search can be in. */
export class Answer {
  constructor(list, status) {
    this.list = list;
    this.status = status;
  }

  invite(limit, words = "Give it a picture, and what looks most like it moves in here, nearest first.") {
    this.status.say("idle", words);
    this.#ghosts(limit);
  }

  load(limit) {
    this.status.say("loading", "Looking around the neighbourhood\u2026");
    // Earlier hits stay, dimmed, until the new ones are here: an empty page in between would flicker.
    if (!this.list.querySelector("[data-product-id]")) this.#ghosts(limit);
    this.list.hidden = false;
    this.list.ariaBusy = "true";
  }

  show({ results, timings_ms: timings }, category, addressFor) {
    const place = category ? pathWords(category) : "the whole catalogue";
    this.status.say("done", `${plural(results.length, "product")} in ${place}`, tookWords(timings));
    this.list.hidden = false;
    this.list.ariaBusy = "false";
    showHits(this.list, results, addressFor);
  }

  showNothing(category, searchEverywhere) {
    const inside = category ? `No product in ${pathWords(category)} can be compared with this picture.` : "No product can be compared with this picture.";
    const action = category ? { label: "Search the whole catalogue", act: searchEverywhere } : null;
    this.#panel("empty", "Nothing close enough here", inside, action);
  }

  showEmptyCatalogue(again) {
    const detail = [
      "Fill it with a folder of pictures, one sub-folder per category:", command("vizinho ingest FOLDER"),
      "or try it with a small catalogue made for the purpose:", command("vizinho demo"),
    ];
    this.#panel("empty-catalogue", "The catalogue is empty", detail, { label: "Look again", act: again });
  }

  refuse(words) {
    this.#panel("error", "That could not be searched", words);
  }

  fail(problem, again) {
    const busy = problem.retryAfterS !== null && [429, 503].includes(problem.status);
    if (busy) {
      const wait = `Too many pictures are waiting just now. It asks for ${plural(problem.retryAfterS, "second")} before the next try.`;
      this.#panel("overloaded", "The service is busy", wait, { label: "Try again", act: again, waitS: problem.retryAfterS });
    } else {
      const action = problem.mayPass ? { label: "Try again", act: again } : null;
      this.#panel("error", problem.title, problem.detail, action);
    }
  }

  #ghosts(limit) {
    this.list.hidden = false;
    this.list.ariaBusy = "false";
    showGhosts(this.list, limit);
  }

  #panel(state, title, detail, action = null) {
    this.list.replaceChildren();
    this.list.hidden = true;
    this.list.ariaBusy = "false";
    this.status.say(state, title, detail, action);
  }
}

function tookWords(timings) {
  const spent = Object.values(timings ?? {}).reduce((sum, part) => sum + part, 0);
  return spent > 0 ? `${spent < 10 ? spent.toFixed(1) : Math.round(spent)} ms` : "";
}

function command(text) {
  const code = document.createElement("code");
  code.textContent = text;
  return code;
}
