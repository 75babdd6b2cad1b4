import { t } from "../words.js";
import { make } from "./dom.js";

/** The button below a grid that asks for the next page; `act` is awaited, and meanwhile the button says so. */
export function moreButton(act) {
  const button = make("button", { type: "button", class: "button quiet-button more", data: { testid: "more" } }, t("more.show"));
  button.addEventListener("click", async () => {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    button.textContent = t("more.loading");
    await act();
    button.ariaBusy = "false";
    button.textContent = t("more.show");
  });
  return button;
}
