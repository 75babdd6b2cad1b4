import { importEvents } from "../api.js";
import { eventsOf } from "./event-stream.js";

const LONGEST_PAUSE_S = 15;

/**
 * How an import goes on: onNews(import) whenever it has changed, and onLost(seconds) when the line is cut and tried again
 * after so many. Resolves when the import has ended, and rejects when it is to be seen no more.
 */
export async function watch(id, { signal, onNews, onLost }) {
  for (let tries = 0; ;) {
    try {
      for await (const { kind, data } of eventsOf(await importEvents(id, signal))) {
        tries = 0;
        onNews(JSON.parse(data));
        if (kind === "end") return;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error.mayPass === false) throw error;
    }
    signal.throwIfAborted();
    // A service that stops ends its streams: the next one goes on with the import.
    const pauseS = Math.min(LONGEST_PAUSE_S, 2 ** tries);
    tries += 1;
    onLost(pauseS);
    await pause(pauseS, signal);
  }
}

export const pause = (seconds, signal) => new Promise((resolve, reject) => {
  const waiting = setTimeout(resolve, seconds * 1000);
  signal.addEventListener("abort", () => {
    clearTimeout(waiting);
    reject(signal.reason);
  }, { once: true });
});
