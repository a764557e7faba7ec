/** Asks before the grant is given back. @param confirmation base64url, fit for an attribute as it is */
export function confirmationPage(confirmation: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Reconnect to GitHub · Nectr</title>
    <link rel="stylesheet" href="/style.css" />
  </head>
  <body>
    <header class="bar">
      <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28" />Nectr</a>
    </header>
    <main class="narrow">
      <h1>Reconnect to GitHub?</h1>
      <p>
        Nectr gives its access to your GitHub account back and asks for it anew. Until you have agreed at GitHub,
        your repositories' reviews wait.
      </p>
      <form class="actions" method="post" action="/auth/github/reconnect">
        <input type="hidden" name="confirmation" value="${confirmation}" />
        <button class="primary">Reconnect</button>
        <a class="button" href="/">Not now</a>
      </form>
    </main>
  </body>
</html>
`;
}
