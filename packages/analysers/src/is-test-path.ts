/** Whether a path holds tests, examples or fixtures by the usual names of its language. */
export function isTestPath(path: string): boolean {
  return (
    /(^|\/)(tests?|specs?|__tests__|__mocks__|mocks?|fixtures?|testdata|testing|e2e|examples?|benchmarks?)\//i.test(
      path,
    ) || /(^|\/)(test_[^/]*|conftest|[^/]*([._-]tests?|[._-]spec|Tests?))\.\w+$/.test(path)
  );
}
