/** Smallest probability whose logarithm is taken, the smallest normal float64. */
const SMALLEST = 2 ** -1022;

/**
 * Kullback–Leibler divergence of the student from the teacher for every row, in nats: Σ p log(p / q).
 *
 * @param teacher p, row-major [rows, classes]
 * @param student q, the same
 */
export function rowDivergences(teacher: Float64Array, student: Float64Array, classes: number): Float64Array {
  const divergences = new Float64Array(teacher.length / classes);
  teacher.forEach((p, index) => {
    if (p === 0) return;
    const row = Math.floor(index / classes);
    const q = Math.max(student[index] ?? NaN, SMALLEST);
    divergences[row] = (divergences[row] ?? 0) + p * Math.log(p / q);
  });
  return divergences;
}

/** The same of decisions that do not depend on each other, each with the probabilities p and 1 − p. */
export function decisionDivergences(teacher: Float64Array, student: Float64Array): Float64Array {
  const pairs = (probabilities: Float64Array): Float64Array =>
    Float64Array.from({ length: probabilities.length * 2 }, (_, index) => {
      const p = probabilities[Math.floor(index / 2)] ?? NaN;
      return index % 2 === 0 ? p : 1 - p;
    });
  return rowDivergences(pairs(teacher), pairs(student), 2);
}
