import { latestAccounts } from "../latest-accounts.ts";
import { momentOf, type PullRequestFacts } from "../pull-request-facts.ts";
import { weightOf } from "../weight.ts";
import type { Run } from "./session.ts";

/** Saves pull requests that were not known, or not so lately, with people and issues; not their files. */
export async function savePulls(
  run: Run,
  repositoryId: number,
  pulls: readonly PullRequestFacts[],
): Promise<ReadonlySet<number>> {
  const rows = await run<{ number: number }>(
    `unwind $pulls as pull
     merge (p:PullRequest {repositoryId: $repositoryId, number: pull.number})
     with p, pull where p.updatedAt is null or p.updatedAt <= pull.updatedAt
     set p += pull
     return p.number as number`,
    { repositoryId, pulls: pulls.map(propertiesOf) },
  );
  const saved = new Set(rows.map(({ number }) => number));
  const news = pulls.filter(({ number }) => saved.has(number));
  await run(
    `unwind $numbers as number
     match (:PullRequest {repositoryId: $repositoryId, number: number})-[old:AUTHORED_BY|REVIEWED_BY|CLOSES]->()
     delete old`,
    { repositoryId, numbers: [...saved] },
  );
  await savePeople(run, repositoryId, news);
  await run(
    `unwind $closes as pair
     match (p:PullRequest {repositoryId: $repositoryId, number: pair.number})
     merge (i:Issue {repositoryId: $repositoryId, number: pair.issue})
     merge (p)-[:CLOSES]->(i)`,
    {
      repositoryId,
      closes: news.flatMap(({ number, closes }) => closes.map((issue) => ({ number, issue }))),
    },
  );
  return saved;
}

function propertiesOf(pull: PullRequestFacts) {
  const { number, title, state, base, updatedAt, files } = pull;
  const at = momentOf(pull);
  return {
    number,
    title,
    state,
    base,
    updatedAt,
    at,
    files: files.length,
    weight: weightOf(at, files.length),
  };
}

async function savePeople(run: Run, repositoryId: number, pulls: readonly PullRequestFacts[]): Promise<void> {
  const people = latestAccounts(pulls).map(({ id, login, bot }) => ({ id, login, bot }));
  await run(
    `match (r:Repository {repositoryId: $repositoryId})
     unwind $people as person
     merge (d:Developer {repositoryId: $repositoryId, id: person.id})
     set d += person
     merge (d)-[:CONTRIBUTED_TO]->(r)`,
    { repositoryId, people },
  );
  const pairs = {
    AUTHORED_BY: pulls.flatMap(({ number, author }) => (author === null ? [] : [{ number, id: author.id }])),
    REVIEWED_BY: pulls.flatMap(({ number, reviewers }) => reviewers.map(({ id }) => ({ number, id }))),
  };
  for (const [type, list] of Object.entries(pairs)) {
    await run(
      `unwind $pairs as pair
       match (p:PullRequest {repositoryId: $repositoryId, number: pair.number})
       match (d:Developer {repositoryId: $repositoryId, id: pair.id})
       merge (p)-[:${type}]->(d)`,
      { repositoryId, pairs: list },
    );
  }
}
