import { createFernet } from "@nectr/crypto";
import { connect } from "@nectr/db";
import { type AccountsDeps, asUser } from "../src/index.ts";

/** A process that is killed between GitHub's answer to a renewal and the moment when the new pair is saved. */
const { connectionString, key, github, userId } = JSON.parse(process.argv[2] ?? "") as Order;

export interface Order {
  readonly connectionString: string;
  readonly key: string;
  readonly github: AccountsDeps["github"];
  readonly userId: number;
}

const db = connect({ connectionString, onError: (error) => console.error(error) });
const fernet = createFernet([key]);
// A new pair is encrypted when it has come, just before it is saved.
const encrypt = () => {
  process.kill(process.pid, "SIGKILL");
  return "";
};
await asUser({ db, locks: db, fernet: { ...fernet, encrypt }, github }, userId, async () => {});
