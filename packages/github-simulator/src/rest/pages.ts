import type { Call } from "./call.ts";

export interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

/** `per_page` as GitHub reads it: 30 where it is absent, 100 at most. */
export function perPage(call: Call): number {
  const asked = Number(call.query.get("per_page") ?? 30);
  return Number.isInteger(asked) && asked >= 1 ? Math.min(asked, 100) : 30;
}

/** The page that `page` and `per_page` ask for, with the Link header that leads to the others. */
export function pageOf<T>(call: Call, all: readonly T[]): Page<T> {
  const size = perPage(call);
  const asked = Number(call.query.get("page") ?? 1);
  const page = Number.isInteger(asked) && asked >= 1 ? asked : 1;
  const last = Math.max(1, Math.ceil(all.length / size));
  const relations: [string, number][] = [];
  if (page > 1) relations.push(["prev", page - 1]);
  if (page < last) relations.push(["next", page + 1], ["last", last]);
  if (page > 1) relations.push(["first", 1]);
  const links = relations.map(
    ([rel, number]) => `<${addressOf(call, { page: String(number) })}>; rel="${rel}"`,
  );
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { Link: links.join(", ") } : {},
  };
}

/** This request's own address with other parameters. */
export function addressOf(call: Call, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(call.query);
  for (const [name, value] of Object.entries(parameters)) query.set(name, value);
  return `${call.world.url}${call.path}?${query.toString()}`;
}
