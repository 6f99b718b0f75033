import { logitsOfProbabilities } from '../outputKind.ts';

/**
 * Rank-weighted targets: a teacher's outputs are sorted, z₍₁₎ ≥ … ≥ z₍C₎, and every gap between neighbours g_k = z₍k₎ −
 * z₍k₊₁₎ is shared evenly by the k classes above it. So the class of rank k weighs w₍k₎ = Σ_{j ≥ k} g_j / j, and p = w
 * / Σ w, where Σ w = z₍₁₎ − z₍C₎.
 *
 * The order of the classes is kept, equal outputs get equal probabilities whatever way they are sorted, the last class
 * gets 0, and adding to or scaling all outputs changes nothing: a temperature of the teacher has no meaning here. Rows
 * whose outputs are all equal become uniform.
 *
 * @param outputs [count, classes], logits or any scores
 * @returns logits [count, classes] whose softmax at temperature 1 is p
 */
export function rankWeightedLogits(outputs: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(outputs.length);
  for (let start = 0; start < outputs.length; start += classes) {
    const row = outputs.subarray(start, start + classes);
    const ranking = Array.from({ length: classes }, (_, index) => index).sort((a, b) => at(row, b) - at(row, a));
    const range = at(row, ranking[0]) - at(row, ranking.at(-1));
    let weight = 0;
    for (let rank = classes; rank >= 1; rank--) {
      const [own, next] = [ranking[rank - 1], ranking[rank]];
      if (next !== undefined) weight += (at(row, own) - at(row, next)) / rank;
      probabilities[start + (own ?? 0)] = range > 0 ? weight / range : 1 / classes;
    }
  }
  return logitsOfProbabilities(probabilities);
}

function at(row: Float32Array, index: number | undefined): number {
  return row[index ?? 0] ?? 0;
}
