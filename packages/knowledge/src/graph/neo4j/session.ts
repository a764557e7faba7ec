import neo4j, { type Driver, type ManagedTransaction } from "neo4j-driver";

/** Where a Neo4j 5 is, or a later one. */
export interface Neo4jOptions {
  /** Such as `bolt://127.0.0.1:7687` or `neo4j+s://graph.example.com`. */
  readonly uri: string;
  readonly username: string;
  readonly password: string;
}

/** For whom a server that is away is no reason to wait long. */
const patienceMs = 5_000;
/** A statement that takes longer is broken off by the server. */
const statementMs = 60_000;

/** Nothing connects before the first statement. */
export function createDriver({ uri, username, password }: Neo4jOptions): Driver {
  return neo4j.driver(uri, neo4j.auth.basic(username, password), {
    connectionTimeout: patienceMs,
    connectionAcquisitionTimeout: patienceMs,
    maxTransactionRetryTime: patienceMs * 2,
    disableLosslessIntegers: true,
    telemetryDisabled: true,
  });
}

type Parameter =
  | string
  | number
  | boolean
  | null
  | Date
  | readonly Parameter[]
  | { readonly [name: string]: Parameter };
export type Parameters = Readonly<Record<string, Parameter>>;

/** Sends a statement in a transaction. @returns its rows, of the type that the statement's author knows. */
export type Run = <Row = never>(statement: string, parameters: Parameters) => Promise<Row[]>;

/** Reads, in a transaction of its own. */
export async function read<Row>(driver: Driver, statement: string, parameters: Parameters): Promise<Row[]> {
  const { records } = await driver.executeQuery(statement, toNeo4j(parameters), {
    routing: neo4j.routing.READ,
    transactionConfig: { timeout: statementMs },
  });
  return records.map((record) => record.toObject() as Row);
}

/** Writes, again where the server asks for it: `work` must bear to be run again from its beginning. */
export async function write<T>(driver: Driver, work: (run: Run) => Promise<T>): Promise<T> {
  const session = driver.session({ defaultAccessMode: neo4j.session.WRITE });
  try {
    return await session.executeWrite((tx) => work(runIn(tx)), { timeout: statementMs });
  } finally {
    await session.close();
  }
}

/** Runs a statement that commits in parts, by `in transactions`. */
export async function writeInParts(driver: Driver, statement: string, parameters: Parameters): Promise<void> {
  const session = driver.session({ defaultAccessMode: neo4j.session.WRITE });
  try {
    await session.run(statement, toNeo4j(parameters));
  } finally {
    await session.close();
  }
}

function runIn(tx: ManagedTransaction): Run {
  return async <Row>(statement: string, parameters: Parameters) => {
    const { records } = await tx.run(statement, toNeo4j(parameters));
    return records.map((record) => record.toObject() as Row);
  };
}

/** Neo4j takes a number for a float unless it is told; times are milliseconds, as Cypher's own are slow to compare. */
function toNeo4j(parameters: Parameters): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, convert(value)]));
}

function convert(value: Parameter): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? neo4j.int(value) : value;
  if (value instanceof Date) return neo4j.int(value.getTime());
  if (isList(value)) return value.map(convert);
  return typeof value === "object" && value !== null ? toNeo4j(value) : value;
}

function isList(value: Parameter): value is readonly Parameter[] {
  return Array.isArray(value);
}
