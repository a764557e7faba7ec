import go from "@ast-grep/lang-go";
import java from "@ast-grep/lang-java";
import php from "@ast-grep/lang-php";
import python from "@ast-grep/lang-python";
import ruby from "@ast-grep/lang-ruby";
import rust from "@ast-grep/lang-rust";
import { Lang, registerDynamicLanguage } from "@ast-grep/napi";
import type { Language } from "./language-of.ts";

/** The name under which the parser knows a language. */
export function parserName(language: Language): string {
  switch (language) {
    case "typescript":
      return Lang.TypeScript;
    case "tsx":
      return Lang.Tsx;
    case "javascript":
      return Lang.JavaScript;
    default:
      return language;
  }
}

let registered = false;

/** Loads the grammars that are not built into ast-grep, which takes them only once in a process. */
export function loadLanguages(): void {
  if (registered) return;
  registerDynamicLanguage({ go, java, php, python, ruby, rust });
  registered = true;
}
