import { hasWords, t } from "../words.js";
import { make } from "./dom.js";

/**
 * What went wrong, with a button to try again where that can help. When the service is busy, it counts down the time that
 * was asked for, then tries again by itself. `again` is called for both; leaving the page takes the panel and its clock away.
 */
export function problemPanel(problem, { again = null, heading = "h2", actions = [] } = {}) {
  const [title, detail] = problemWords(problem);
  const panel = make("section", { class: "panel problem", role: problem.isBusy ? null : "alert", data: { testid: "problem", code: problem.code, state: problem.isBusy ? "busy" : "error" } },
    make(heading, { class: "panel-title" }, title), detail && make("p", {}, detail));
  const button = again && problem.mayPass ? make("button", { type: "button", class: "button", data: { testid: "again" }, on: { click: again } }, t("problem.again")) : null;
  if (button || actions.length) panel.append(make("div", { class: "panel-actions" }, button, ...actions));
  if (button && problem.isBusy) countDown(button, problem.retryAfterS, again);
  return panel;
}

/** The same in a line, where a part of the view is missing and all else goes on. */
export function problemLine(problem, again) {
  const button = problem.mayPass ? make("button", { type: "button", class: "link", on: { click: again } }, t("problem.again")) : null;
  const line = make("p", { class: "quiet", data: { code: problem.code } }, problemWords(problem)[0], ". ", button);
  if (button && problem.isBusy) countDown(button, problem.retryAfterS, again);
  return line;
}

/** [title, detail], in the page's language as far as it knows the code. */
export function problemWords({ code, detail, status, isBusy, retryAfterS }) {
  const title = hasWords(`problem.${code}`) ? t(`problem.${code}`) : t(otherTitle(status, isBusy));
  if (isBusy) return [title, t("problem.retries", { count: retryAfterS })];
  if (hasWords(`problem.${code}.detail`)) return [title, t(`problem.${code}.detail`)];
  return [title, detail || t("problem.status", { status: String(status) })];
}

function otherTitle(status, isBusy) {
  if (isBusy) return "problem.overloaded";
  return status === 404 ? "problem.not_found" : "problem.other";
}

// The count runs on the button, outside every live region, which would read each second aloud.
function countDown(button, waitS, again) {
  const readyAt = Date.now() + waitS * 1000;
  const tick = () => {
    const leftS = Math.ceil((readyAt - Date.now()) / 1000);
    if (leftS > 0) {
      button.textContent = t("problem.again_in", { seconds: leftS });
      return;
    }
    clearInterval(counting);
    if (button.isConnected) again();
  };
  const counting = setInterval(tick, 250);
  tick();
}
