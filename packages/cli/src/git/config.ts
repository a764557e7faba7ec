const nowhere = process.platform === "win32" ? "NUL" : "/dev/null";

/**
 * What git must know in every repository. Its own configuration can name programs: for hooks, to watch files, to show
 * or sign something, to reach a server. None of them is run, which is also why a stranger's folder is no danger.
 */
const gitSettings: Readonly<Record<string, string>> = {
  "safe.directory": "*",
  "core.fsmonitor": "false",
  "core.hooksPath": nowhere,
  "core.quotePath": "true",
  "core.attributesFile": nowhere,
  "diff.suppressBlankEmpty": "false",
  "log.showSignature": "false",
  "protocol.allow": "never",
};

/** The environment in which git runs: only what it needs to be found, and none of the machine's or the user's settings. */
export function gitEnvironment(settings: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TMPDIR, TEMP } = process.env;
  const kept = Object.entries({ PATH, SystemRoot, TMPDIR, TEMP }).filter(([, value]) => value !== undefined);
  const given = Object.entries({ ...gitSettings, ...settings });
  return {
    ...Object.fromEntries(kept),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: nowhere,
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    // Nothing is written, not even a fresher index, and nothing is fetched that a partial clone lacks.
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_CONFIG_COUNT: String(given.length),
    ...Object.fromEntries(
      given.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

/** The environment with the user's own git settings, for reading one of them. */
export function usersEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
