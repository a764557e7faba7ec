/** The stylesheet of all pages, in the light or the dark that the reader prefers. */
export const style = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #0d1117);
  --card: light-dark(#f6f8fa, #151b23);
  --border: light-dark(#d1d9e0, #3d444d);
  --text: light-dark(#1f2328, #f0f6fc);
  --muted: light-dark(#59636e, #9198a1);
  --link: light-dark(#0969da, #4493f8);
  --added: light-dark(#dafbe1, #12261e);
  --added-strong: light-dark(#aceebb, #1c4428);
  --removed: light-dark(#ffebe9, #25171c);
  --removed-strong: light-dark(#ffcecb, #542426);
  --hunk: light-dark(#ddf4ff, #121d2f);
  --green: light-dark(#1a7f37, #3fb950);
  --red: light-dark(#d1242f, #f85149);
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, button:focus-visible, input:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.bar { padding: 12px 24px; background: var(--card); border-bottom: 1px solid var(--border); font-weight: 600; }
.bar a { color: var(--text); }
main { max-width: 960px; margin: 24px auto; padding: 0 24px; }
main.narrow { max-width: 520px; }
main.wide { max-width: 1200px; }
h1 { margin: 0 0 8px; font-size: 26px; font-weight: 500; line-height: 1.25; }
h2 { margin: 28px 0 8px; font-size: 18px; }
code, .code { font-family: var(--mono); font-size: 12px; }
p code, li code { padding: 2px 5px; border-radius: 6px; background: light-dark(#eff1f3, #262c36); }
.muted { color: var(--muted); font-weight: 400; }
.crumbs { margin: 0 0 4px; }
.push { margin-left: auto; float: right; }
.list { margin: 0; padding: 0; list-style: none; border: 1px solid var(--border); border-radius: 6px; }
.list li { display: flex; align-items: center; gap: 10px; padding: 10px 16px; }
.list li + li { border-top: 1px solid var(--border); }
.label, .count { padding: 1px 8px; border: 1px solid var(--border); border-radius: 1em; color: var(--muted); font-size: 12px; font-weight: 500; vertical-align: middle; }
.count { border: 0; background: light-dark(#e7ebef, #2f3742); }
.state { display: inline-block; padding: 3px 12px; border-radius: 2em; color: #fff; font-size: 13px; font-weight: 500; }
.state.open { background: #1a7f37; }
.state.closed { background: #cf222e; }
.state.merged { background: #8250df; }
.state.draft { background: #59636e; }
.plus { color: var(--green); font-weight: 600; }
.minus { color: var(--red); font-weight: 600; }
.tabs { display: flex; gap: 4px; margin: 20px 0 16px; border-bottom: 1px solid var(--border); }
.tabs a { padding: 8px 14px; margin-bottom: -1px; color: var(--text); border: 1px solid transparent; border-radius: 6px 6px 0 0; }
.tabs a[aria-current] { border-color: var(--border); border-bottom-color: var(--page); background: var(--page); font-weight: 600; }
.card, .comment, .file, .thread { border: 1px solid var(--border); border-radius: 6px; background: var(--page); }
.card { padding: 16px 24px; }
.comment { margin: 0 0 16px; overflow: hidden; }
.comment > header { padding: 8px 14px; background: var(--card); border-bottom: 1px solid var(--border); }
.comment > .markdown { padding: 4px 14px; }
.comment:target { outline: 2px solid var(--link); }
header img, .event img { border-radius: 50%; vertical-align: -5px; margin-right: 4px; }
.review { margin: 0 0 16px; }
.review.approved > .comment > header { border-left: 4px solid var(--green); }
.review.changes_requested > .comment > header { border-left: 4px solid var(--red); }
.thread { margin: 0 0 12px 24px; overflow: hidden; }
.thread .path { margin: 0; padding: 6px 12px; background: var(--card); border-bottom: 1px solid var(--border); }
.thread .comment { margin: 10px; }
.file { margin: 0 0 16px; overflow: hidden; }
.file > summary { padding: 8px 14px; background: var(--card); border-bottom: 1px solid var(--border); cursor: pointer; }
.file .thread { margin: 10px; border: 0; }
.file .thread .comment { margin: 0; }
.note { padding: 0 14px; }
.diff, .suggestion table { width: 100%; border-collapse: collapse; table-layout: auto; }
.diff td, .suggestion td { padding: 0 8px; line-height: 20px; vertical-align: top; font-family: var(--mono); font-size: 12px; }
.code { white-space: pre-wrap; overflow-wrap: anywhere; width: 100%; tab-size: 4; }
.number { min-width: 44px; color: var(--muted); text-align: right; user-select: none; }
.sign { width: 1ch; user-select: none; }
.lines tr { scroll-margin-top: 20vh; }
.lines .number a { color: inherit; }
tr.marked { background: light-dark(#fff8c5, #2e2a1f); }
tr.added { background: var(--added); }
tr.added .number { background: var(--added-strong); }
tr.removed { background: var(--removed); }
tr.removed .number { background: var(--removed-strong); }
tr.hunk { background: var(--hunk); color: var(--muted); }
tr.inline > td { padding: 10px 14px; background: var(--page); border-block: 1px solid var(--border); font-family: inherit; font-size: 14px; }
tr.inline .comment { max-width: 820px; margin: 4px 0; }
tr.inline .comment td, tr.inline .comment th { font-size: 12px; }
.suggestion { margin: 8px 0; border: 1px solid var(--border); border-radius: 6px; overflow: hidden; }
.suggestion .caption { margin: 0; padding: 4px 10px; border-bottom: 1px solid var(--border); color: var(--muted); font-size: 12px; }
.markdown { overflow-wrap: anywhere; }
.markdown h1, .markdown h2 { padding-bottom: 4px; border-bottom: 1px solid var(--border); margin: 16px 0 8px; font-size: 20px; font-weight: 600; }
.markdown h2 { font-size: 18px; }
.markdown h3 { margin: 14px 0 6px; font-size: 15px; }
.markdown pre { padding: 12px; overflow: auto; border-radius: 6px; background: var(--card); }
.markdown pre code { padding: 0; background: none; }
.markdown :is(td, th) > code { padding: 1px 4px; border-radius: 4px; background: light-dark(#eff1f3, #262c36); }
.markdown table:not(.suggestion table) { display: block; overflow: auto; border-collapse: collapse; margin: 8px 0; }
.markdown :is(th, td) { vertical-align: top; overflow-wrap: break-word; }
.markdown > table :is(th, td), .markdown details table :is(th, td) { padding: 5px 12px; border: 1px solid var(--border); }
.markdown blockquote { margin: 8px 0; padding: 0 1em; color: var(--muted); border-left: 4px solid var(--border); }
.markdown summary { cursor: pointer; }
.markdown details { margin: 8px 0; }
form fieldset { border: 1px solid var(--border); border-radius: 6px; margin: 0 0 12px; }
.choice { display: block; padding: 4px 0; }
.actions { display: flex; gap: 8px; }
button { padding: 6px 16px; border: 1px solid var(--border); border-radius: 6px; background: var(--card); color: var(--text); font: inherit; font-weight: 500; cursor: pointer; }
button.primary { background: #1f883d; border-color: #1f883d; color: #fff; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 640px) { main { padding: 0 12px; } .bar { padding: 12px; } .diff .code { word-break: break-all; } .thread { margin-left: 0; } .number { min-width: 30px; } }
`;
