import {
  createScriptedGitHub,
  type Reply,
  type ScriptedGitHub,
  type SeenRequest,
} from "./scripted-github.ts";

interface WireReview {
  id: number;
  user: { login: string; id: number; type: string };
  body: string;
  state: string;
  commit_id: string;
  html_url: string;
  comments: { path: string; line: number; body: string }[];
}

interface WireComment {
  id: number;
  user: { login: string; id: number; type: string };
  body: string;
  html_url: string;
}

interface ReviewBody {
  commit_id: string;
  body: string;
  event?: "APPROVE" | "REQUEST_CHANGES" | "COMMENT";
  comments: { path: string; line: number; start_line?: number; body: string }[];
}

/** What happens to one write: `lost` before it is performed, `unsaid` after it. */
export type Fault = "lost" | "unsaid" | "reset-after";

/** The conversation of one pull request, with GitHub's rules for reviews: lines of the diff are 1 to 100. */
export interface Conversation extends AsyncDisposable {
  readonly github: ScriptedGitHub;
  readonly reviews: WireReview[];
  readonly comments: WireComment[];
  /** Faults of the coming POSTs and PATCHes, in order; `undefined` lets one pass. */
  readonly faults: (Fault | undefined)[];
  /** Method and last part of the path of every write. */
  writes(): string[];
}

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" };
export const viewer = { login: "Nectr-Bot", id: 5, type: "User" };

export async function createConversation({ author = "mona" } = {}): Promise<Conversation> {
  const reviews: WireReview[] = [];
  const comments: WireComment[] = [];
  const faults: (Fault | undefined)[] = [];
  let nextId = 100;

  function postReview({ commit_id, body, event, comments: inline }: ReviewBody): Reply {
    if (event !== undefined && event !== "COMMENT" && author === viewer.login) {
      return refusal(
        `Can not ${event === "APPROVE" ? "approve" : "request changes on"} your own pull request`,
      );
    }
    const bad = inline.some(
      ({ line, start_line }) => line > 100 || (start_line !== undefined && start_line >= line),
    );
    if (bad) return refusal("Pull request review thread line must be part of the diff");
    if (reviews.some(({ user, state }) => user.id === viewer.id && state === "PENDING")) {
      return refusal("User can only have one pending review per pull request");
    }
    const id = nextId++;
    const state = event === undefined ? "PENDING" : states[event];
    const review = {
      id,
      user: viewer,
      body,
      state,
      commit_id,
      html_url: `https://github.example/r${id}`,
      comments: inline,
    };
    reviews.push(review);
    return { json: review };
  }

  function write({ method, path, json }: SeenRequest): Reply {
    const id = Number(path.split("/").at(-1));
    if (method === "DELETE") {
      const index = reviews.findIndex((review) => review.id === id && review.state === "PENDING");
      if (index === -1) return { status: 404, json: { message: "Not Found" } };
      return { json: reviews.splice(index, 1)[0] };
    }
    if (path.endsWith("/reviews")) return postReview(json as ReviewBody);
    const { body } = json as { body: string };
    if (method === "POST") {
      const comment = { id: nextId++, user: viewer, body, html_url: `https://github.example/c${nextId}` };
      comments.push(comment);
      return { status: 201, json: comment };
    }
    const comment = comments.find((known) => known.id === id);
    if (comment === undefined) return { status: 404, json: { message: "Not Found" } };
    if (comment.user.id !== viewer.id) return { status: 403, json: { message: "Must have admin rights" } };
    return { json: Object.assign(comment, { body }) };
  }

  function read({ path, query, headers }: SeenRequest): Reply {
    // A cache on the way that is behind: who asks it whether anything changed is told no.
    if (headers["if-none-match"] !== undefined) return { status: 304 };
    const parts = path.split("/");
    const all = path.endsWith("/reviews")
      ? reviews
      : parts.at(-3) === "reviews"
        ? (reviews.find(({ id }) => id === Number(parts.at(-2)))?.comments ?? [])
        : comments;
    // Small pages, so that a search that stops at the first one is found out.
    const page = Number(query.get("page"));
    const more = page * 2 < all.length;
    const link = more ? { link: '<http://x/?page=9>; rel="next"' } : {};
    return { json: all.slice(page * 2 - 2, page * 2), headers: { etag: '"behind"', ...link } };
  }

  const github = await createScriptedGitHub((request) => {
    if (request.method === "GET") return read(request);
    const fault = request.method === "DELETE" ? undefined : faults.shift();
    if (fault === "lost") return { status: 502, body: "" };
    const reply = write(request);
    if (fault === "unsaid") return { status: 502, body: "" };
    return fault === "reset-after" ? { fault: "reset" } : reply;
  });
  return {
    github,
    reviews,
    comments,
    faults,
    writes: () =>
      github.requests
        .filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${method} ${path.split("/").at(-1)?.replace(/^\d+$/, "{id}")}`),
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
}

function refusal(text: string): Reply {
  return { status: 422, json: { message: "Unprocessable Entity", errors: [text] } };
}
