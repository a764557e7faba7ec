import { parseSecretKeys } from "@nectr/crypto";
import {
  addressConfig,
  commonConfig,
  ConfigError,
  type Environment,
  githubConfig,
  type LogOptions,
  parseConfig,
  parsedWith,
  wholeNumber,
} from "@nectr/service";
import { isLoopback } from "./loopback.ts";

/** What the service is told at its start, parsed. Addresses have no slash at the end. */
export interface AuthConfig {
  readonly production: boolean;
  readonly development: boolean;
  readonly logLevel: LogOptions["level"];
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  /** Fernet keys: the first encrypts, all decrypt. */
  readonly secretKeys: readonly string[];
  /** Where this service is reached from outside. */
  readonly backendUrl: string;
  /** Where GitHub delivers to. */
  readonly webhookUrl: string;
  /** Where people look at the result. */
  readonly frontendUrl: string;
  readonly sessionMinutes: number;
  /** How many reverse proxies stand in front, each adding to X-Forwarded-For. */
  readonly trustedProxies: number;
  /** GITHUB_PAT alone: this serves the one person whom it belongs to, on this machine. */
  readonly personalToken: string | undefined;
  readonly github: {
    readonly githubUrl: string;
    readonly apiUrl: string;
    readonly clientId?: string | undefined;
    readonly clientSecret?: string | undefined;
  };
}

const variables = {
  ...addressConfig,
  ...githubConfig,
  APP_ENV: commonConfig.APP_ENV,
  LOG_LEVEL: commonConfig.LOG_LEVEL,
  HOST: commonConfig.HOST,
  PORT: commonConfig.PORT.default(8000),
  DATABASE_URL: commonConfig.DATABASE_URL,
  SECRET_KEY: parsedWith(commonConfig.SECRET_KEY, parseSecretKeys),
  ACCESS_TOKEN_EXPIRE_MINUTES: wholeNumber(1, 60 * 24 * 90)
    .default(1440)
    .describe("how many minutes a sign-in lasts, 1440 for a day, 129600 at most"),
  TRUSTED_PROXIES: wholeNumber(0, 10)
    .default(0)
    .describe("the number of reverse proxies in front of this service, 0 where browsers reach it directly"),
};

/** Reads the environment. @throws ConfigError that names every problem */
export function readConfig(environment: Environment = process.env): AuthConfig {
  const read = parseConfig(variables, environment);
  const personal = read.GITHUB_PAT !== undefined && read.GITHUB_CLIENT_ID === undefined;
  const production = read.APP_ENV === "production";
  const problems = [
    ...(production ? httpsProblems(read) : []),
    ...(personal ? publicAddressProblems(read) : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    production,
    development: read.APP_ENV === "development",
    logLevel: read.LOG_LEVEL,
    host: read.HOST,
    port: read.PORT,
    databaseUrl: read.DATABASE_URL,
    secretKeys: read.SECRET_KEY,
    backendUrl: read.BACKEND_URL,
    webhookUrl: read.WEBHOOK_URL,
    frontendUrl: read.FRONTEND_URL,
    sessionMinutes: read.ACCESS_TOKEN_EXPIRE_MINUTES,
    trustedProxies: read.TRUSTED_PROXIES,
    personalToken: personal ? read.GITHUB_PAT : undefined,
    github: {
      githubUrl: read.GITHUB_URL,
      apiUrl: read.GITHUB_API_URL,
      clientId: read.GITHUB_CLIENT_ID,
      clientSecret: read.GITHUB_CLIENT_SECRET,
    },
  };
}

type Addresses = Pick<
  ReturnType<typeof parseConfig<typeof variables>>,
  "HOST" | "BACKEND_URL" | "FRONTEND_URL"
>;

function httpsProblems({ BACKEND_URL, FRONTEND_URL }: Addresses) {
  const message =
    "must begin with https:// in production: browsers keep the session cookie on https alone, and a page that came " +
    "by http may be anybody's";
  return Object.entries({ BACKEND_URL, FRONTEND_URL })
    .filter(([, url]) => new URL(url).protocol !== "https:" && !isLoopback(new URL(url).hostname))
    .map(([name]) => ({ name, message }));
}

/** Whoever gets in is the person whom the token belongs to, so nobody else may get near. */
function publicAddressProblems({ HOST, BACKEND_URL, FRONTEND_URL }: Addresses) {
  const message =
    "must be this machine alone, such as 127.0.0.1, where GITHUB_PAT serves one person. For a team, set up an OAuth " +
    "app: GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET";
  const hosts = {
    HOST,
    BACKEND_URL: new URL(BACKEND_URL).hostname,
    FRONTEND_URL: new URL(FRONTEND_URL).hostname,
  };
  return Object.entries(hosts)
    .filter(([, host]) => !isLoopback(host))
    .map(([name]) => ({ name, message }));
}
