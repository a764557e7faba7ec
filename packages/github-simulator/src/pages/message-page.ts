import { html } from "./html.ts";
import { layout } from "./layout.ts";

/** A page that says one thing, such as that there is nothing here. */
export function messagePage(title: string, text: string): string {
  return layout(
    title,
    html`<main class="narrow">
      <h1>${title}</h1>
      <p>${text}</p>
    </main>`,
  );
}
