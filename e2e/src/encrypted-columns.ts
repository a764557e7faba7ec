import type { Fernet } from "@nectr/crypto";
import type { Db } from "@nectr/db";
import { z } from "zod";
import { everyRow } from "./every-row.ts";

/** What `sealFor` puts into a ciphertext. */
const sealed = z.tuple([z.string(), z.string()]);

/** A secret that lies encrypted in the database, opened. */
export interface StoredSecret {
  /** `table.column` */
  readonly column: string;
  /** Such as `user:7`. */
  readonly owner: string;
  readonly value: string;
}

/** Opens whatever lies in a column whose name says that it is encrypted. @throws FernetError where no key fits */
export async function openEncryptedColumns(db: Db, fernet: Fernet): Promise<StoredSecret[]> {
  const rows = await everyRow(db);
  return rows.flatMap(({ table, row }) =>
    Object.entries(row)
      .filter(([name, value]) => name.startsWith("encrypted_") && value !== null)
      .map(([name, value]) => {
        const [owner, text] = sealed.parse(JSON.parse(fernet.decrypt(z.string().parse(value))));
        return { column: `${table}.${name}`, owner, value: text };
      }),
  );
}
