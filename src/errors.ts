/**
 * What went wrong, for programs. `BAD_INPUT` is the person's to mend; `DIVERGED` says that a network cannot be trained like that, `TRAINING` that
 * something else kept a run from going on, such as a full disk; `INTERNAL` is ours.
 */
export type ErrorCode =
  | 'BAD_INPUT'
  | 'FILE_NOT_FOUND'
  | 'BAD_FILE'
  | 'UNSUPPORTED'
  | 'DEVICE'
  | 'CANCELLED'
  | 'DIVERGED'
  | 'TRAINING'
  | 'INTERNAL';

/** One thing that is wrong with what a person gave us: where it is, what it is and what would be right. */
export interface Problem {
  /** Path of the field or file, such as `training.batchSize` or `models/teacher.onnx`. */
  readonly where: string;
  /** What is wrong, as one sentence. */
  readonly message: string;
  /** What would be right, as one sentence. */
  readonly hint?: string;
}

/** Every error that Distillery raises on purpose: a code, a message for the person, and a hint how to mend it. */
export class DistilleryError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DistilleryError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** Raised when input is refused: carries every problem found, not only the first. */
export class BadInputError extends DistilleryError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('BAD_INPUT', problems.map((problem) => `${problem.where}: ${problem.message}`).join('\n'));
    this.name = 'BadInputError';
    this.problems = problems;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of an error that Node.js or the operating system raised, such as `ENOENT`; undefined where it has none. */
export function systemCodeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/**
 * The problems that an error tells of: those of bad input, or the words of any other.
 *
 * @param where what they are about, where the error does not say
 */
export function problemsOfError(error: unknown, where: string): readonly Problem[] {
  if (error instanceof BadInputError) return error.problems;
  const hint = error instanceof DistilleryError ? error.hint : undefined;
  return [{ where, message: messageOf(error), ...(hint !== undefined && { hint }) }];
}

/** Whether an error says that somebody stopped what was going on. */
export function isCancellation(error: unknown): boolean {
  return error instanceof DistilleryError && error.code === 'CANCELLED';
}

/**
 * Whether an error says that a training came to nothing, and would again: what can do without its network may. Anything else that keeps a run from
 * going on, such as a full disk, may be mended.
 */
export function hasDiverged(error: unknown): error is DistilleryError {
  return error instanceof DistilleryError && error.code === 'DIVERGED';
}

/** What a library says when it stumbles over a file that is not as it expects, and that tells nothing to a person. */
const INSIDES =
  /\[object |\bundefined\b|\bnull\b|is not (?:a function|iterable|defined)|Cannot (?:read|set|mix|convert)|Invalid (?:\w+ )*length|out of bounds/;

/** Why a library cannot read a file, as the end of a sentence; where it only stumbled, that the file is damaged. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it is damaged';
  const isStumble = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  const [line = ''] = error.message.split('\n');
  return isStumble || line === '' || INSIDES.test(line) ? 'it is damaged' : line.replace(/\.$/, '');
}
