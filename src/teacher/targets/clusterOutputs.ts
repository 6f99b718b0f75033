import type { Random } from '../../data/random.ts';
import { DistilleryError } from '../../errors.ts';

/** Rounds after which the centres are taken as they are. */
const mostRounds = 100;

/**
 * Clusters a teacher's output vectors with k-means (Lloyd, "Least squares quantization in PCM", 1982), starting from
 * centres that are drawn far apart (k-means++, Arthur & Vassilvitskii, 2007), until no row changes its cluster. As
 * targets the centres keep what the samples of a cluster have in common.
 *
 * @param outputs logits of the transfer set [count, classes]
 * @returns the centres [clusters, classes], which are logits too
 * @throws DistilleryError `BAD_INPUT` when there are fewer different rows than clusters
 */
export function clusterOutputs(outputs: Float32Array, classes: number, clusters: number, random: Random): Float32Array {
  const centres = drawCentres(outputs, classes, clusters, random);
  const assigned = new Int32Array(outputs.length / classes).fill(-1);
  for (let round = 0; round < mostRounds; round++) {
    let changed = false;
    for (let row = 0; row < assigned.length; row++) {
      const nearest = nearestCentre(centres, outputs, row, classes);
      changed ||= assigned[row] !== nearest;
      assigned[row] = nearest;
    }
    if (!changed) break;
    moveToMeans(centres, outputs, assigned, classes);
  }
  return centres;
}

/** Every row replaced by the centre nearest to it. @returns [count, classes] */
export function replaceByCentres(outputs: Float32Array, centres: Float32Array, classes: number): Float32Array {
  const replaced = new Float32Array(outputs.length);
  for (let row = 0; row * classes < outputs.length; row++) {
    const index = nearestCentre(centres, outputs, row, classes);
    replaced.set(centres.subarray(index * classes, (index + 1) * classes), row * classes);
  }
  return replaced;
}

/**
 * The first centre is any row, each further one a row drawn with the square of its distance to those before as its
 * chance.
 */
function drawCentres(outputs: Float32Array, classes: number, clusters: number, random: Random): Float32Array {
  const count = outputs.length / classes;
  const centres = new Float32Array(clusters * classes);
  const distances = new Float64Array(count).fill(1);
  for (let index = 0; index < clusters; index++) {
    const row = drawByWeight(distances, random);
    if (row === undefined) {
      throw new DistilleryError(
        'BAD_INPUT',
        `The teacher's outputs for ${count} samples cannot make ${clusters} clusters: only ${index} differ.`,
        { hint: `Ask for at most ${index} clusters.` },
      );
    }
    const centre = outputs.subarray(row * classes, (row + 1) * classes);
    centres.set(centre, index * classes);
    for (let other = 0; other < count; other++) {
      const distance = squaredDistance(centre, 0, outputs, other * classes, classes);
      distances[other] = index === 0 ? distance : Math.min(distances[other] ?? 0, distance);
    }
  }
  return centres;
}

/** An index whose chance is proportional to its weight; undefined when all weights are 0. */
function drawByWeight(weights: Float64Array, random: Random): number | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = random.uniform() * total;
  let last: number | undefined;
  for (const [index, weight] of weights.entries()) {
    if (weight <= 0) continue;
    last = index;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}

/** A centre that has lost all its rows stays where it is. */
function moveToMeans(centres: Float32Array, outputs: Float32Array, assigned: Int32Array, classes: number): void {
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(centres.length / classes);
  assigned.forEach((cluster, row) => {
    counts[cluster] = (counts[cluster] ?? 0) + 1;
    for (let index = 0; index < classes; index++) {
      const position = cluster * classes + index;
      sums[position] = (sums[position] ?? 0) + (outputs[row * classes + index] ?? 0);
    }
  });
  for (let position = 0; position < centres.length; position++) {
    const count = counts[Math.floor(position / classes)] ?? 0;
    if (count > 0) centres[position] = (sums[position] ?? 0) / count;
  }
}

/** Index of the centre that is nearest to a row, the first one among equals. */
function nearestCentre(centres: Float32Array, outputs: Float32Array, row: number, classes: number): number {
  let nearest = 0;
  let least = Infinity;
  for (let index = 0; index * classes < centres.length; index++) {
    const distance = squaredDistance(centres, index * classes, outputs, row * classes, classes);
    if (distance >= least) continue;
    nearest = index;
    least = distance;
  }
  return nearest;
}

function squaredDistance(a: Float32Array, startA: number, b: Float32Array, startB: number, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += ((a[startA + index] ?? 0) - (b[startB + index] ?? 0)) ** 2;
  return sum;
}
