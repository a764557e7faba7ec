/** The address of the page on a rule, by its name. */
export const ruffPage = (name: string): string => `https://docs.astral.sh/ruff/rules/${name}/`;
