import { type Html, html } from "./html.ts";

/** A whole page: head, the bar on top, and what the page is about. */
export function layout(title: string, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/_assets/style.css" />
      </head>
      <body>
        <header class="bar"><a href="/">GitHub simulator</a></header>
        ${content}
      </body>
    </html>`.markup;
}
