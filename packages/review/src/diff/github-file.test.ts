import { expect, test } from "vitest";
import { fileDiffFromPatch } from "./github-file.ts";

const entry = { path: "x", additions: 0, deletions: 0 };

test("a patch's lines are read", () => {
  const file = fileDiffFromPatch({
    ...entry,
    status: "modified",
    patch: "@@ -1 +1 @@\n-a\n+b",
    additions: 1,
    deletions: 1,
  });
  expect(file).toMatchObject({ binary: false, patchMissing: false, additions: 1, deletions: 1 });
  expect(file.hunks).toHaveLength(1);
});

test("lines were changed but none were sent: the patch is missing", () => {
  const file = fileDiffFromPatch({ ...entry, status: "modified", additions: 20_000 });
  expect(file).toMatchObject({ binary: false, patchMissing: true, additions: 20_000, hunks: [] });
});

test("nothing explains the entry but binary content", () => {
  expect(fileDiffFromPatch({ ...entry, status: "added" })).toMatchObject({
    binary: true,
    patchMissing: false,
  });
});

test("a pure rename and a change of mode are not binary", () => {
  const renamed = fileDiffFromPatch({ ...entry, status: "renamed", previousPath: "old" });
  expect(renamed).toMatchObject({
    status: "renamed",
    previousPath: "old",
    binary: false,
    patchMissing: false,
  });
  expect(fileDiffFromPatch({ ...entry, status: "changed" })).toMatchObject({
    status: "modified",
    binary: false,
  });
});
