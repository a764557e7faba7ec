/** A request of an operation that goes well for the owner of a private repository `octocat/shop`. */
export interface Sample {
  /** Values of the path's parameters. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly json?: object;
  readonly form?: Readonly<Record<string, string>>;
  /** What is answered. */
  readonly status: number;
  /** What somebody is answered who is signed in, and may not see the repository. */
  readonly stranger: 404 | "nothing of it" | "the same";
}

const shop = { owner: "octocat", repo: "shop" };

/** Of every operation, in an order in which each goes well. @param reviewId of a review of octocat/shop */
export function samplesOf(reviewId: string): Readonly<Record<string, Sample>> {
  return {
    me: { status: 200, stranger: "the same" },
    listRepositories: { query: "search=shop&page=1", status: 200, stranger: "nothing of it" },
    connectRepository: { params: shop, status: 200, stranger: 404 },
    rotateSecret: { params: shop, status: 200, stranger: 404 },
    listReviews: { query: "limit=5", status: 200, stranger: "nothing of it" },
    readReview: { params: { id: reviewId }, status: 200, stranger: 404 },
    listEvents: { query: "limit=5", status: 200, stranger: "nothing of it" },
    disconnectRepository: { params: shop, status: 200, stranger: 404 },
    signIn: { query: "return_to=/reviews", status: 302, stranger: "the same" },
    // Without the state of a sign-in under way; those that go well are in sign-in.test.ts and personal.test.ts.
    finishSignIn: { query: "code=c&state=s", status: 302, stranger: "the same" },
    signInByLink: { json: { token: "none" }, status: 401, stranger: "the same" },
    confirmReconnect: { form: { confirmation: "none" }, status: 403, stranger: "the same" },
    reconnect: { status: 200, stranger: "the same" },
    logOut: { status: 204, stranger: "the same" },
  };
}
