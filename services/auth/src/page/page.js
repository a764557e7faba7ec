import { ApiError, call } from "./api.js";
import { element, say } from "./element.js";
import { showRepositories } from "./repositories.js";
import { showReviews } from "./reviews.js";
import { takeSignInError } from "./sign-in-messages.js";

const problem = element("problem", HTMLElement);
const signInError = takeSignInError();
if (signInError !== undefined) showProblem(signInError);

element("log-out", HTMLButtonElement).addEventListener("click", () => void logOut());
await start();

/** Shows the one page or the other, by whether somebody is signed in. */
async function start() {
  try {
    const { user, github_url, token_state } = await call("GET", "/auth/me");
    showGitHub(new URL(github_url).host);
    showUser(user, token_state);
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_signed_in") return showWelcome();
    onError(error);
  }
}

/**
 * @param {{ login: string, name: string | null }} user
 * @param {"active" | "reconnect_needed"} tokenState
 */
function showUser(user, tokenState) {
  element("who", HTMLElement).textContent = user.login;
  element("initial", HTMLElement).textContent = user.login.slice(0, 1);
  element("account", HTMLElement).hidden = false;
  element("signed-in", HTMLElement).hidden = false;
  if (tokenState === "reconnect_needed") return showReconnect();
  showSections(true);
  showRepositories(onError);
  void showReviews(onError);
}

/**
 * Which GitHub this is, unless it is the one that everybody knows.
 * @param {string} host
 */
function showGitHub(host) {
  const github = element("github", HTMLElement);
  github.textContent = `GitHub: ${host}`;
  github.hidden = host === "github.com";
}

function showWelcome() {
  element("account", HTMLElement).hidden = true;
  element("signed-in", HTMLElement).hidden = true;
  element("welcome", HTMLElement).hidden = false;
}

function showReconnect() {
  element("reconnect", HTMLElement).hidden = false;
  showSections(false);
}

/**
 * The repositories and reviews, which nobody gets to see without a token that GitHub takes.
 * @param {boolean} shown
 */
function showSections(shown) {
  for (const section of document.querySelectorAll("[data-needs-token]"))
    section.toggleAttribute("hidden", !shown);
}

/**
 * Every failed call ends here.
 * @param {unknown} error
 */
function onError(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.code === "reconnect_needed") return showReconnect();
  if (error.code === "not_signed_in" || error.code === "session_expired") showWelcome();
  showProblem(error.message);
}

/** @param {string} text */
function showProblem(text) {
  problem.textContent = text;
  problem.hidden = false;
  problem.focus();
}

async function logOut() {
  try {
    await call("POST", "/auth/logout");
    problem.hidden = true;
    showWelcome();
    say("You are logged out.");
    element("sign-in", HTMLElement).focus();
  } catch (error) {
    onError(error);
  }
}
