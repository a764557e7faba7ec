import { setTimeout as delay } from "node:timers/promises";
import type { Simulator } from "@nectr/github-simulator";
import { connect } from "../src/api.ts";
import { defective, sound } from "../src/changes.ts";
import type { WholeSystem } from "../src/whole-system.ts";
import type { Random } from "./random.ts";

/** A repository that its owner connected, with what hubot did in it. */
export interface Project {
  readonly id: number;
  readonly fullName: string;
  readonly owner: string;
  /** A token of the owner's, with which GitHub is asked what it delivered. */
  readonly token: string;
  readonly pulls: Pull[];
}

interface Pull {
  readonly number: number;
  readonly branch: string;
  headSha: string;
  state: "open" | "closed";
}

export async function createProject(nectr: WholeSystem, name: string): Promise<Project> {
  const { simulator } = nectr;
  const owner = `owner-of-${name}`;
  const { token } = await simulator.createUser({ login: owner });
  const { id, fullName } = await simulator.createRepository({ owner, name, members: { hubot: "write" } });
  const files = { "README.md": `# ${name}\n` };
  await simulator.commit({ repository: fullName, branch: "main", files, message: "Begin", author: owner });
  await connect(await nectr.signIn(owner), { fullName });
  return { id, fullName, owner, token, pulls: [] };
}

/** More than this a person does not have open at once in a repository. */
const mostOpen = 5;

/** hubot's day: opens pull requests, pushes to them, closes and opens them again, until told to stop. */
export async function work(
  simulator: Simulator,
  projects: readonly Project[],
  { random, token, signal }: { random: Random; token: string; signal: AbortSignal },
): Promise<void> {
  let changes = 0;
  while (!signal.aborted) {
    const project = random.pick(projects);
    const open = project.pulls.filter(({ state }) => state === "open");
    const closed = project.pulls.filter(({ state }) => state === "closed");
    const name = `change${++changes}`;
    const chance = random.next();
    if (open.length === 0 || (chance < 0.3 && open.length < mostOpen)) await openPull(project, name);
    else if (chance < 0.7) await push(project, random.pick(open), name);
    else if (chance < 0.85 || closed.length === 0) await setState(project, random.pick(open), "closed");
    else await setState(project, random.pick(closed), "open");
    await delay(random.between(500, 4_000));
  }

  async function commit({ fullName: repository }: Project, branch: string, name: string): Promise<string> {
    const files = random.next() < 0.5 ? defective(name) : sound(name);
    return await simulator.commit({
      repository,
      branch,
      from: "main",
      files,
      message: name,
      author: "hubot",
    });
  }

  async function openPull(project: Project, name: string): Promise<void> {
    await commit(project, name, name);
    const pull = { repository: project.fullName, head: name, title: name, author: "hubot" };
    const { number, headSha } = await simulator.openPullRequest(pull);
    project.pulls.push({ number, branch: name, headSha, state: "open" });
  }

  async function push(project: Project, pull: Pull, name: string): Promise<void> {
    pull.headSha = await commit(project, pull.branch, name);
  }

  async function setState({ fullName }: Project, pull: Pull, state: Pull["state"]): Promise<void> {
    const answer = await fetch(`${simulator.url}/repos/${fullName}/pulls/${pull.number}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ state }),
    });
    if (!answer.ok) throw new Error(`${fullName}#${pull.number} can't be ${state}: ${answer.status}`);
    pull.state = state;
  }
}
