import { call } from "./api.js";
import { copyOf, element } from "./element.js";

/**
 * @typedef {{
 *   repository: { full_name: string }, number: number, title: string, pull_request_url: string,
 *   status: "running" | "composed" | "posted" | "superseded" | "failed",
 *   verdict: "approve" | "comment" | "request_changes" | null, open_findings: number | null,
 *   url: string | null, created_at: string,
 * }} Review
 */

const refreshMs = 10_000;

const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/**
 * The latest reviews, read again every few seconds while somebody looks.
 * @param {(error: unknown) => void} onError
 */
export async function showReviews(onError) {
  if (element("signed-in", HTMLElement).hidden) return;
  try {
    const { reviews } = await call("GET", "/api/v1/reviews?limit=10");
    element("reviews", HTMLElement).replaceChildren(...reviews.map(row));
    element("no-reviews", HTMLElement).hidden = reviews.length > 0;
  } catch (error) {
    return onError(error);
  }
  setTimeout(() => whenVisible(() => void showReviews(onError)), refreshMs);
}

/** @param {() => void} work */
function whenVisible(work) {
  if (document.visibilityState === "visible") return work();
  document.addEventListener("visibilitychange", () => whenVisible(work), { once: true });
}

/** @param {Review} review */
function row(review) {
  const { root, find } = copyOf("review");
  const link = find("a");
  link.textContent = review.title;
  link.setAttribute("href", review.url ?? review.pull_request_url);
  find(".where").textContent = `${review.repository.full_name}#${review.number}`;
  const time = find("time");
  time.setAttribute("datetime", review.created_at);
  time.textContent = timeFormat.format(new Date(review.created_at));
  const { text, tone } = outcomeOf(review);
  const badge = find(".verdict");
  badge.textContent = text;
  if (tone) badge.classList.add(tone);
  return root;
}

/** @param {Review} review */
function outcomeOf({ status, verdict, open_findings }) {
  if (status === "failed") return { text: "Failed", tone: "bad" };
  if (status === "superseded") return { text: "Superseded", tone: "" };
  if (status !== "posted" || verdict === null) return { text: "Under way", tone: "warn" };
  return verdictOf(verdict, open_findings ?? 0);
}

/**
 * The verdict in the words of the summary comment.
 * @param {"approve" | "comment" | "request_changes"} verdict
 * @param {number} openFindings
 */
function verdictOf(verdict, openFindings) {
  if (verdict === "request_changes") return { text: "Changes needed", tone: "bad" };
  if (verdict === "approve") return { text: "No defects found", tone: "good" };
  return openFindings > 0
    ? { text: "Worth a look, nothing blocking", tone: "warn" }
    : { text: "Nothing found, but this is no approval", tone: "" };
}
