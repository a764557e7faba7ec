/** The address of the page on a rule, by its plugin and name. */
export const oxlintPage = (rule: string): string => `https://oxc.rs/docs/guide/usage/linter/rules/${rule}`;
