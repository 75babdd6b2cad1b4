import { announcer } from "./components/announcer.js";
import { problemPanel } from "./components/problem-panel.js";
import { Problem } from "./problem.js";
import { NoSuchPage, Router } from "./router.js";
import { askForKey } from "./shell/key-entry.js";
import { Masthead } from "./shell/masthead.js";
import { tellService } from "./shell/service.js";
import { sayShell } from "./shell/sayings.js";
import { keys } from "./keys.js";
import { views } from "./views.js";

const root = document.getElementById("main");
const masthead = new Masthead(views, { onLanguage: say });
const router = new Router({
  views,
  root,
  announce: announcer(document.getElementById("announcer")),
  onView: (view) => masthead.mark(view),
  onFailure: (error) => root.replaceChildren(problemPanel(problemOf(error), { heading: "h1", again: () => router.again() })),
});

function say() {
  sayShell();
  masthead.show();
  tellService();
  router.again();
}

const problemOf = (error) => (error instanceof NoSuchPage ? new Problem("no_such_page", "", { status: 404 }) : Problem.from(error));

keys.ask = askForKey;
keys.addEventListener("change", () => {
  masthead.show();
  if (keys.held) tellService();
});
// Followed as a link it would leave a history entry that has forgotten the uploaded picture.
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  root.focus();
});
say();
