import { z } from "zod";

/** Who opened something. A deleted account is shown by GitHub as `ghost`. */
export interface Author {
  readonly login: string;
  readonly id: number;
  readonly type: "User" | "Bot" | "Organization" | "Mannequin";
}

const ghost: Author = { login: "ghost", id: 10137, type: "User" };

/** GitHub's `user`, null where the account was deleted. */
export const authorSchema = z
  .object({
    login: z.string(),
    id: z.int().positive(),
    type: z.enum(["User", "Bot", "Organization", "Mannequin"]).catch("User"),
  })
  .nullish()
  .transform((user): Author => user ?? ghost);
