import type { Rule } from "../rule.ts";

/** Rust: what its shape gives away. */
export const rustRules: readonly Rule[] = [
  {
    id: "rust/tls-unverified",
    languages: ["rust"],
    severity: "moderate",
    category: "security",
    title: "Certificates are not checked",
    body: "Any server on the way can now answer in the other's name, and read and change what is sent.",
    reference: "CWE-295",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "field_identifier",
      regex: "^danger_accept_invalid_(certs|hostnames)$",
      inside: { kind: "field_expression", inside: { kind: "call_expression", regex: "\\(true\\)$" } },
    },
  },
  {
    id: "rust/sql-injection",
    languages: ["rust"],
    severity: "critical",
    category: "security",
    title: "SQL is built from a value that is not a parameter",
    body: "Whoever controls the value can read or change any row. Write `$1` in the statement and `bind` the value.",
    reference: "CWE-89",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "macro_invocation",
      regex: "(?is)^format!\\(\\s*r?#?\"\\s*(select|insert|update|delete)\\s.*([=<>]\\s*|'%?)\\{",
      inside: {
        stopBy: { kind: "call_expression" },
        kind: "arguments",
        inside: {
          kind: "call_expression",
          has: {
            field: "function",
            regex: "(query|query_as|query_scalar|execute|fetch_one|fetch_all|prepare)(::<.*>)?$",
          },
        },
      },
    },
  },
  {
    id: "rust/blocking-in-async",
    languages: ["rust"],
    severity: "minor",
    category: "performance",
    title: "This blocks the executor's thread",
    body: "No other task on this thread runs while it sleeps. Await the runtime's own sleep (`tokio::time::sleep`).",
    reference: "https://docs.rs/tokio/latest/tokio/#cpu-bound-tasks-and-blocking-code",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call_expression",
      all: [
        { has: { field: "function", regex: "^(std::)?thread::sleep$" } },
        {
          inside: {
            stopBy: { any: [{ kind: "function_item" }, { kind: "closure_expression" }] },
            kind: "function_item",
            has: { kind: "function_modifiers", regex: "async" },
          },
        },
      ],
    },
  },
  {
    id: "rust/shell-injection",
    languages: ["rust"],
    severity: "critical",
    category: "security",
    title: "A shell command is built from a value",
    body: "The string is handed to a shell: a value with `;` or a quote in it runs as a command. Call the program itself, with `arg` for each value.",
    reference: "CWE-78",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call_expression",
      all: [
        { regex: 'Command::new\\("(/bin/)?(ba|z)?sh"\\)' },
        {
          has: {
            field: "arguments",
            has: {
              any: [{ kind: "macro_invocation" }, { kind: "reference_expression" }],
              regex: "^&?format!",
            },
          },
        },
        { has: { field: "function", regex: "\\.arg$" } },
      ],
    },
  },
  {
    id: "rust/lock-dropped",
    languages: ["rust"],
    severity: "moderate",
    category: "correctness",
    title: "The lock is given back at once",
    body: "`_` keeps nothing: the guard is dropped in this statement, and what follows is not locked. Write `let _guard = ...`.",
    reference: "https://rust-lang.github.io/rust-clippy/master/index.html#let_underscore_lock",
    report: "whole",
    tests: "read",
    rule: {
      kind: "let_declaration",
      all: [
        { has: { field: "pattern", regex: "^_$" } },
        {
          has: {
            field: "value",
            regex: "\\.(lock|read|write)\\(\\)(\\.await)?(\\.unwrap\\(\\)|\\?|\\.expect\\(.*\\))$",
          },
        },
      ],
    },
  },
  {
    id: "rust/uninitialised",
    languages: ["rust"],
    severity: "moderate",
    category: "correctness",
    title: "The value was never written",
    body: "Taking it for initialised is undefined behaviour for every type that does not allow any bytes. Write it first, with `write`.",
    reference: "CWE-457",
    report: "whole",
    tests: "read",
    rule: {
      kind: "call_expression",
      any: [
        { regex: "^(std::|core::)?(mem::)?MaybeUninit(::<[^()]*>)?::uninit\\(\\)\\.assume_init\\(\\)$" },
        { regex: "^(std::|core::)?mem::uninitialized(::<[^()]*>)?\\(\\)$" },
      ],
    },
  },
];
