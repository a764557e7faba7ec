/**
 * GraphQL's one route. We send queries there and no mutations, so that it counts as a read: for GitHub's limits, and
 * where a request may be repeated.
 */
export const graphqlRoute = "POST /graphql";

/** Whether a route changes nothing. @param route method and template */
export function isRead(route: string): boolean {
  return route.startsWith("GET ") || route === graphqlRoute;
}

/**
 * What GraphQL's route is relative to: `https://api.github.com` itself, but `https://HOST/api` of an Enterprise server:
 * https://docs.github.com/en/enterprise-server@latest/graphql/guides/forming-calls-with-graphql
 */
export function graphqlBaseOf(apiUrl: string): string {
  return apiUrl.replace(/\/+$/, "").replace(/\/api\/v3$/, "/api");
}
