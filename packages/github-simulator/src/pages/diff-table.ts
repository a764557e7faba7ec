import type { DiffLine } from "../diff/parse-diff.ts";
import type { ReviewCommentRecord } from "../state/model.ts";
import { type Html, html } from "./html.ts";

const signs = { context: " ", added: "+", removed: "-" } as const;

/** Lines of a diff as rows: old number, new number, sign, text. `after` gives what stands under a line. */
export function diffRows(
  lines: readonly DiffLine[],
  after: (line: DiffLine) => Html | false = () => false,
): Html[] {
  return lines.map(
    (line) =>
      html`<tr class="${line.kind}">
          <td class="number">${line.oldLine}</td>
          <td class="number">${line.newLine}</td>
          <td class="sign">${signs[line.kind]}</td>
          <td class="code">${line.text}</td>
        </tr>
        ${line.noNewline && noNewline} ${after(line)}`,
  );
}

const noNewline = html`<tr class="hunk">
  <td colspan="3"></td>
  <td class="code">No newline at end of file</td>
</tr>`;

/** The text of the lines that a comment is about, which its suggestion would replace. */
export function replacedLines(
  lines: readonly DiffLine[],
  comment: Pick<ReviewCommentRecord, "line" | "startLine">,
): string[] {
  const { line } = comment;
  if (line === null) return [];
  const first = comment.startLine ?? line;
  return lines
    .filter(({ newLine }) => newLine !== undefined && newLine >= first && newLine <= line)
    .map(({ text }) => text);
}
