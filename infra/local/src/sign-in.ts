import { z } from "zod";

/** A signed-in user of Nectr's API, as a browser would be one. */
export interface Session {
  /** Sends a request with the session's cookie and, as the dashboard does, the Origin and JSON. */
  request(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Response>;
}

/**
 * Signs in over HTTP, by way of the simulated GitHub's authorize page.
 * @param authUrl where auth listens.
 * @param login of a user of the simulator.
 * @throws Error naming the step that did not answer as it should.
 */
export async function signIn(authUrl: string, login: string): Promise<Session> {
  const cookies = new Map<string, string>();
  const begun = await visit(`${authUrl}/auth/github`, cookies);
  const authorize = new URL(locationOf(begun));
  const form = new URLSearchParams([...authorize.searchParams, ["login", login], ["decision", "authorize"]]);
  const authorized = await fetch(new URL(authorize.pathname, authorize), {
    method: "POST",
    body: form,
    redirect: "manual",
  });
  const back = new URL(locationOf(await visit(locationOf(authorized), cookies)), authUrl);
  const refusal = back.searchParams.get("error");
  if (refusal !== null) throw new Error(`Signing in as ${login} failed: ${refusal}`);
  return createSession(authUrl, cookies);
}

/**
 * Signs in over HTTP by the one-time token of a link, as the page does with the one in its address.
 * @param authUrl where auth is reached, as its BACKEND_URL says.
 * @throws Refusal with auth's reason.
 */
export async function signInByLink(authUrl: string, token: string): Promise<Session> {
  const cookies = new Map<string, string>();
  const session = createSession(authUrl, cookies);
  const response = await session.request("POST", "/auth/link", { token });
  if (!response.ok) throw await refusalOf(response);
  collectCookies(response, cookies);
  return session;
}

/** Auth's answer other than success, in its own words. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** Such as `token_refused`. */
  readonly code: string;

  constructor({ code, title, detail }: z.output<typeof problemSchema>) {
    super(detail ?? title);
    this.code = code;
  }
}

const problemSchema = z.object({ code: z.string(), title: z.string(), detail: z.string().optional() });

export async function refusalOf(response: Response): Promise<Refusal> {
  return new Refusal(problemSchema.parse(await response.json()));
}

function createSession(authUrl: string, cookies: ReadonlyMap<string, string>): Session {
  const { origin } = new URL(authUrl);
  return {
    request: (method, path, body) =>
      fetch(`${authUrl}${path}`, {
        method,
        headers: { cookie: cookieHeader(cookies), origin, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}

/** Requests an address with the cookies collected so far, and collects those that it sets. */
async function visit(url: string, cookies: Map<string, string>): Promise<Response> {
  const response = await fetch(url, { redirect: "manual", headers: { cookie: cookieHeader(cookies) } });
  collectCookies(response, cookies);
  return response;
}

function collectCookies(response: Response, cookies: Map<string, string>): void {
  for (const line of response.headers.getSetCookie()) {
    const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
    cookies.set(name, value);
  }
}

function cookieHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

function locationOf(response: Response): string {
  const location = response.headers.get("location");
  if (location === null) throw new Error(`${response.url} answered ${response.status} and no redirect`);
  return location;
}
