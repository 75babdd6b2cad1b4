import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { t } from "../words.js";

export const emptyCatalogue = () =>
  make("section", { class: "panel wide", data: { testid: "empty" } },
    make("h2", { class: "panel-title" }, t("insights.empty")), make("p", {}, t("insights.empty.what")),
    make("div", { class: "panel-actions" }, make("a", { class: "button", href: "/import" }, icon("up"), t("catalogue.import"))));
