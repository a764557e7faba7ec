/** A key or a token that is not one, or a token that no key opens. Its message never holds either. */
export class FernetError extends Error {
  override readonly name = "FernetError";
}
