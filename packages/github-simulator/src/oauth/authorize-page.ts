import { html } from "../pages/html.ts";
import { layout } from "../pages/layout.ts";
import type { UserRecord } from "../state/model.ts";
import { type AuthorizeRequest, scopesOf } from "./authorize-request.ts";
import { scopeWords } from "./scope-words.ts";

/** Asks who signs in, and whether the application may have what it asks for. */
export function authorizePage(
  asked: AuthorizeRequest,
  people: readonly UserRecord[],
  signedIn: UserRecord | undefined,
): string {
  const suggested = people.find((user) => user.login === asked.login) ?? signedIn ?? people[0];
  const { login, prompt, ...kept } = asked;
  const hidden = Object.entries(kept).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  const choices = people.map(
    (user) =>
      html`<label class="choice">
        <input
          type="radio"
          name="login"
          value="${user.login}"
          required
          ${user === suggested && html`checked`}
        />
        <strong>${user.login}</strong> <span class="muted">${user.name}</span>
      </label>`,
  );
  const scopes = scopesOf(asked).map((scope) => html`<li>${scopeWords(scope)}</li>`);
  const body = html`<main class="narrow">
    <h1>Authorize the application</h1>
    ${signedIn && html`<p>Signed in as <strong>${signedIn.login}</strong>.</p>`}
    <form method="post" action="/login/oauth/authorize" class="card">
      ${hidden}
      <fieldset>
        <legend>Sign in as</legend>
        ${choices}
      </fieldset>
      <p>The application at <strong>${new URL(asked.redirect_uri).host}</strong> asks for:</p>
      <ul>
        ${scopes.length > 0 ? scopes : html`<li>Public information only</li>`}
      </ul>
      <p class="actions">
        <button class="primary" name="decision" value="authorize">Authorize</button>
        <button name="decision" value="cancel" formnovalidate>Cancel</button>
      </p>
    </form>
  </main>`;
  return layout("Authorize", body);
}
