import type { CodeScope } from "@nectr/review";
import type { Language } from "../language-of.ts";

/** Which nodes of a language's syntax tree are functions and classes, as its grammar names them. */
type ScopeKinds = Readonly<Record<CodeScope["kind"], readonly string[]>>;

const scripts: ScopeKinds = {
  function: [
    "function_declaration",
    "generator_function_declaration",
    "function_expression",
    "generator_function",
    "arrow_function",
    "method_definition",
  ],
  class: ["class_declaration", "class"],
};

const typescript: ScopeKinds = {
  function: scripts.function,
  class: [...scripts.class, "abstract_class_declaration", "interface_declaration"],
};

export const scopeKinds: Readonly<Record<Language, ScopeKinds>> = {
  typescript,
  tsx: typescript,
  javascript: scripts,
  python: { function: ["function_definition"], class: ["class_definition"] },
  go: { function: ["function_declaration", "method_declaration", "func_literal"], class: ["type_spec"] },
  java: {
    function: ["method_declaration", "constructor_declaration", "compact_constructor_declaration"],
    class: [
      "class_declaration",
      "interface_declaration",
      "enum_declaration",
      "record_declaration",
      "annotation_type_declaration",
    ],
  },
  rust: {
    function: ["function_item"],
    class: ["impl_item", "trait_item", "struct_item", "enum_item", "union_item"],
  },
  ruby: {
    function: ["method", "singleton_method", "do_block"],
    class: ["class", "module", "singleton_class"],
  },
  php: {
    function: ["function_definition", "method_declaration", "anonymous_function"],
    class: ["class_declaration", "interface_declaration", "trait_declaration", "enum_declaration"],
  },
};
