/** A plain-text answer that cannot be read as what was asked for. */
export class UnusableText extends Error {
  override readonly name = "UnusableText";
  /** What the model wrote. */
  readonly text: string;
  /** Whether it was cut off at the length limit. */
  readonly cutOff: boolean;

  constructor(problem: string, { text, cutOff }: { readonly text: string; readonly cutOff: boolean }) {
    super(problem);
    this.text = text;
    this.cutOff = cutOff;
  }
}
