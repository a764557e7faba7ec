import { userById } from "../state/lookups.ts";
import type { World } from "../world.ts";
import { type Html, html } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";
import { time } from "./time.ts";

interface CardContent {
  readonly authorId: number;
  readonly at: string;
  /** What the author did: `commented`, `approved these changes`. */
  readonly did: string;
  readonly body: string;
  readonly anchor?: string;
  /** The lines that a suggestion in the body would replace. */
  readonly replaced?: readonly string[];
  readonly edited?: boolean;
}

/** What one person said, with who and when above it. */
export function commentCard(world: World, content: CardContent): Html {
  const { login } = userById(world.store.state, content.authorId);
  return html`<article class="comment" ${content.anchor !== undefined && html`id="${content.anchor}"`}>
    <header>
      <img src="/_avatars/${login}.svg" alt="" width="20" height="20" />
      <strong>${login}</strong> ${content.did} <span class="muted">${time(content.at)}</span>
      ${content.edited && html`<span class="muted">· edited</span>`}
    </header>
    <div class="markdown">${renderMarkdown(content.body, content.replaced)}</div>
  </article>`;
}
