import type { Conformance } from "./conformance.ts";

/** What goes along with a request, besides cookies. */
export interface Visit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | string;
}

/** What a browser does, without one: cookies, and the walk through GitHub's page. */
export interface Browser {
  /** By name. Cookies do not tell ports apart, so GitHub's on this machine are here too. */
  readonly cookies: Map<string, string>;
  /** One request, redirects not followed. */
  visit(url: string, init?: Visit): Promise<Response>;
  /** A call by our page, with what it sends along. */
  call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: unknown; headers: Headers }>;
  /** Begins a sign-in. @returns GitHub's page to go to */
  beginSignIn(path?: string): Promise<URL>;
  /** Agrees on GitHub's page. @returns the callback to go to */
  authorize(page: URL, login: string, decision?: "authorize" | "cancel"): Promise<string>;
  /** All of it. @returns where the person ends */
  signIn(login: string, path?: string): Promise<string>;
}

/** @param description what every answer of the service has to conform to */
export function openBrowser(serviceUrl: string, description: Conformance): Browser {
  const cookies = new Map<string, string>();

  async function visit(url: string, init: Visit = {}): Promise<Response> {
    const headers = new Headers({ accept: "text/html", ...init.headers });
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (cookie) headers.set("cookie", cookie);
    const address = new URL(url, serviceUrl);
    const response = await fetch(address, { ...init, headers, redirect: "manual" });
    if (address.origin === serviceUrl)
      await description.check(init.method ?? "GET", address.pathname, response);
    for (const line of response.headers.getSetCookie()) keep(line);
    return response;
  }

  function keep(line: string): void {
    const { name = "", value = "" } = /^(?<name>[^=]+)=(?<value>[^;]*)/.exec(line)?.groups ?? {};
    const expired = /expires=Thu, 01 Jan 1970/i.test(line);
    if (expired) cookies.delete(name);
    else cookies.set(name, decodeURIComponent(value));
  }

  async function beginSignIn(path = "/auth/github"): Promise<URL> {
    const response = await visit(path);
    return new URL(locationOf(response));
  }

  async function authorize(page: URL, login: string, decision = "authorize"): Promise<string> {
    const form = new URLSearchParams(page.searchParams);
    form.set("login", login);
    form.set("decision", decision);
    return locationOf(await visit(page.origin + page.pathname, { method: "POST", body: form }));
  }

  return {
    cookies,
    visit,
    beginSignIn,
    authorize,
    async call(method, path, body) {
      const own = { accept: "application/json", origin: serviceUrl, "x-requested-with": "nectr" };
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const headers = { ...own, ...(body !== undefined && { "content-type": "application/json" }) };
      const response = await visit(path, { method, headers, ...init });
      const text = await response.text();
      return {
        status: response.status,
        body: text === "" ? undefined : JSON.parse(text),
        headers: response.headers,
      };
    },
    async signIn(login, path) {
      const callback = await authorize(await beginSignIn(path), login);
      return locationOf(await visit(callback));
    },
  };
}

/** Where a redirect leads. */
export function locationOf(response: Response): string {
  const location = response.headers.get("location");
  if (location === null) throw new Error(`expected a redirect, got ${response.status}`);
  return location;
}
