import { ApiError, call } from "./api.js";
import { element, say } from "./element.js";
import { showRepositories } from "./repositories.js";
import { showReviews } from "./reviews.js";
import { takeSignInError } from "./sign-in-messages.js";

const problem = element("problem", HTMLElement);
/** How people sign in here: each by GitHub, or one person by a link. @type {"team" | "personal"} */
let mode = "team";
const signInError = takeSignInError();
if (signInError !== undefined) showProblem(signInError);

element("log-out", HTMLButtonElement).addEventListener("click", () => void logOut());
await start();

/** Shows the one page or the other, by whether somebody is signed in. */
async function start() {
  try {
    await signInByLink();
  } catch (error) {
    onError(error);
  }
  try {
    showUser(await call("GET", "/auth/me"));
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_signed_in") return showWelcome();
    onError(error);
  }
}

/** Uses the one-time link that led here, if one did. It is in the address's fragment, which no server gets to see. */
async function signInByLink() {
  const token = new URLSearchParams(location.hash.slice(1)).get("link");
  if (token === null) return;
  history.replaceState(null, "", location.pathname);
  await call("POST", "/auth/link", { token });
}

/**
 * @param {{
 *   user: { login: string }, github_url: string, mode: "team" | "personal",
 *   token_state: "active" | "reconnect_needed",
 * }} me
 */
function showUser({ user, github_url, mode: signInMode, token_state }) {
  showMode(signInMode);
  showGitHub(new URL(github_url).host);
  element("who", HTMLElement).textContent = user.login;
  element("initial", HTMLElement).textContent = user.login.slice(0, 1);
  element("account", HTMLElement).hidden = false;
  element("signed-in", HTMLElement).hidden = false;
  if (token_state === "reconnect_needed") return showReconnect();
  showSections(true);
  showRepositories(onError, { polled: mode === "personal" });
  void showReviews(onError);
}

/**
 * Shows what is for this way of signing in, and hides what is for the other.
 * @param {"team" | "personal"} current
 */
function showMode(current) {
  mode = current;
  for (const one of document.querySelectorAll("[data-mode]")) {
    one.toggleAttribute("hidden", one.getAttribute("data-mode") !== current);
  }
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
  showMode(mode);
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
  if (error.code === "link_needed") {
    showMode("personal");
    // It says what to do.
    return showWelcome();
  }
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
    say("You are logged out.");
    showWelcome();
    element("sign-in", HTMLElement).focus();
  } catch (error) {
    onError(error);
  }
}
