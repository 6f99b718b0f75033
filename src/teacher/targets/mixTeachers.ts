/** One teacher's outputs for every sample, and its share. */
export interface TeacherTable {
  /** Logits [count, classes]. */
  readonly logits: Float32Array;
  /** The shares of all teachers sum to 1. */
  readonly weight: number;
}

/**
 * The teachers as one: logits whose softmax is Σ_m w_m softmax(z_m), the mean of their probabilities at temperature 1.
 * A single teacher stays as it is.
 *
 * @returns [count, classes]
 */
export function mixTeachers(teachers: readonly TeacherTable[], classes: number): Float32Array {
  const [only, ...others] = teachers;
  if (!only || others.length === 0) return only?.logits ?? new Float32Array();
  const mixed = new Float32Array(only.logits.length);
  const normalizers = teachers.map(({ logits }) => logSumExpOfRows(logits, classes));
  for (let position = 0; position < mixed.length; position++) {
    const row = Math.floor(position / classes);
    const logarithms = teachers.map(
      ({ logits, weight }, member) => Math.log(weight) + (logits[position] ?? 0) - (normalizers[member]?.[row] ?? 0),
    );
    mixed[position] = logSumExp(logarithms);
  }
  return mixed;
}

function logSumExpOfRows(logits: Float32Array, classes: number): Float64Array {
  return Float64Array.from({ length: logits.length / classes }, (_, row) =>
    logSumExp(logits.subarray(row * classes, (row + 1) * classes)),
  );
}

function logSumExp(values: Iterable<number>): number {
  const list = [...values];
  const largest = list.reduce((a, b) => Math.max(a, b), -Infinity);
  return largest + Math.log(list.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
