import type { SgNode } from "@ast-grep/napi";

/** Longest name, in characters. */
const longestName = 100;

/** By which field a node that holds a function names it. */
const holders: Readonly<Record<string, string>> = {
  variable_declarator: "name",
  public_field_definition: "name",
  field_definition: "property",
  pair: "key",
  assignment_expression: "left",
  var_spec: "name",
  short_var_declaration: "left",
};

/** Nodes that stand between a function and what names it. */
const between = new Set([
  "arguments",
  "argument_list",
  "argument",
  "expression_list",
  "parenthesized_expression",
]);

/** By which field a call names what is called. */
const calls: Readonly<Record<string, string>> = {
  call_expression: "function",
  call: "method",
  function_call_expression: "function",
  member_call_expression: "name",
};

/**
 * What people call a function or class: its own name, that of the variable or property that holds it, or whose
 * callback it is. `own`: whether it is a name, which the last is not.
 */
export function scopeName(node: SgNode): { readonly name: string; readonly own: boolean } {
  const named = node.field(node.kind() === "impl_item" ? "type" : "name");
  if (named) return { name: shortText(named), own: true };
  let outer = node.parent();
  while (outer && between.has(String(outer.kind()))) outer = outer.parent();
  const kind = String(outer?.kind());
  const holder = outer?.field(holders[kind] ?? "");
  if (holder) return { name: shortText(holder), own: true };
  const called = outer?.field(calls[kind] ?? "");
  return { name: called ? `callback of ${calledName(called)}` : "", own: false };
}

/** Each callback of a long chain of calls is called by all before it: of those only the last name is read. */
function calledName(called: SgNode): string {
  const { start, end } = called.range();
  const long = start.line !== end.line || end.index - start.index > longestName;
  return shortText((long ? (called.field("property") ?? called.field("field")) : undefined) ?? called);
}

function shortText(node: SgNode): string {
  const { start, end } = node.range();
  if (end.index - start.index > 10 * longestName) return "…";
  const text = node.text().replace(/\s+/g, " ");
  return text.length <= longestName ? text : `${text.slice(0, longestName).toWellFormed()}…`;
}
