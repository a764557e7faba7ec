import MarkdownIt from "markdown-it";
import { z } from "zod";
import { type Html, html, trusted } from "./html.ts";

/** The only tags that written text may bring in, and only bare. */
const allowedTag = /^<\/?(?:details|summary|sub|sup|br)(?: open)?\s*\/?>/i;

const markdown = createMarkdown();

function createMarkdown() {
  const instance = new MarkdownIt({ html: false, linkify: true });
  instance.inline.ruler.before("html_inline", "allowed_tag", (state, silent) => {
    const tag = allowedTag.exec(state.src.slice(state.pos))?.[0];
    if (tag === undefined) return false;
    if (!silent) state.push("html_inline", "", 0).content = tag.toLowerCase();
    state.pos += tag.length;
    return true;
  });
  // A block of its own: a line that begins with such a tag is not wrapped in a paragraph.
  instance.block.ruler.before(
    "paragraph",
    "allowed_tag_block",
    (state, line, _end, silent) => {
      const text = state.getLines(line, line + 1, state.blkIndent, false).trim();
      if (!/^<\/?(?:details|summary)\b/i.test(text) || !allowedTag.test(text)) return false;
      if (silent) return true;
      const token = state.push("inline", "", 0);
      token.content = text;
      token.map = [line, line + 1];
      token.children = [];
      state.line = line + 1;
      return true;
    },
    { alt: ["paragraph", "reference", "blockquote"] },
  );
  const link = instance.renderer.rules["link_open"];
  instance.renderer.rules["link_open"] = (tokens, index, options, env, self) => {
    tokens[index]?.attrSet("rel", "nofollow noopener");
    return link ? link(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
  };
  const fence = instance.renderer.rules["fence"];
  instance.renderer.rules["fence"] = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() === "suggestion") return suggestion(replacedLines(env), token.content);
    return fence ? fence(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
  };
  alignByAttribute(instance);
  return instance;
}

/** Columns are aligned by `align`, as GitHub does it: the pages' policy allows no styles in the markup. */
function alignByAttribute({ renderer }: InstanceType<typeof MarkdownIt>): void {
  for (const cell of ["th_open", "td_open"]) {
    renderer.rules[cell] = (tokens, index, options, _env, self) => {
      const token = tokens[index];
      const side = /^text-align:(\w+)$/.exec(String(token?.attrGet("style")))?.[1];
      if (token && side !== undefined) token.attrs = [["align", side]];
      return self.renderToken(tokens, index, options);
    };
  }
}

/** What travels through markdown-it: the lines that a suggestion in the text would replace. */
const environment = z.object({ replaced: z.array(z.string()) });

function replacedLines(env: unknown): readonly string[] {
  return environment.parse(env).replaced;
}

/** A suggestion as the change that it is. */
function suggestion(replaced: readonly string[], content: string): string {
  const added = content === "" ? [] : content.replace(/\n$/, "").split("\n");
  const row = (kind: string, sign: string) => (line: string) =>
    html`<tr class="${kind}">
      <td class="sign">${sign}</td>
      <td class="code">${line}</td>
    </tr>`;
  return html`<div class="suggestion">
    <p class="caption">Suggested change</p>
    <table>
      ${replaced.map(row("removed", "-"))}${added.map(row("added", "+"))}
    </table>
  </div>`.markup;
}

/**
 * Renders what a person or a program wrote. HTML is shown as text, comments in it not at all. `replaced` are
 * the lines that a suggestion in it is about.
 */
export function renderMarkdown(text: string, replaced: readonly string[] = []): Html {
  return trusted(markdown.render(text.replace(/<!--[\s\S]*?-->/g, ""), { replaced: [...replaced] }));
}
