/**
 * Parses `owner/name,owner/name`. Spaces around a name and a comma too many do no harm.
 * @throws Error naming the first that is not of this form.
 */
export function parseRepositoryNames(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const bad = names.find((name) => !isRepositoryName(name));
  if (bad !== undefined) {
    throw new Error(`"${bad}" is not owner/name. Several are separated by commas: octocat/shop,octocat/site`);
  }
  return names;
}

/** The form of GitHub's names; dots alone would be a path's way up. */
function isRepositoryName(text: string): boolean {
  const parts = text.split("/");
  return parts.length === 2 && parts.every((part) => /^[\w.-]{1,100}$/.test(part) && !/^\.+$/.test(part));
}
