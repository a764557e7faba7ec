import type { RepositoryTools } from "@nectr/model";
import type { EnginePorts } from "@nectr/review";
import { fileHistory, listDirectory, type Place, searchCode } from "../git/look-around.ts";

/** What the model may look at: the repository as it is reviewed, and nothing beside it. */
export function modelTools(place: Place, readTexts: EnginePorts["readTexts"]): RepositoryTools {
  return {
    readFile: async (path) => (await readTexts("head", [path])).get(path),
    async searchCode(query) {
      const { matches, more } = await searchCode(place, query);
      if (matches.length === 0) return undefined;
      const lines = matches.map(({ path, line, text }) => `${path}:${line}: ${text.slice(0, 300)}`);
      return [...lines, ...(more ? ["(and more: ask for something longer)"] : [])].join("\n");
    },
    listDirectory: (path) => Promise.resolve(listDirectory(place, path)?.join("\n")),
    async fileHistory(path) {
      const commits = await fileHistory(place, path);
      if (commits.length === 0) return undefined;
      return commits
        .map(({ sha, author, date, subject }) => `${date} ${sha} ${author}: ${subject}`)
        .join("\n");
    },
  };
}
