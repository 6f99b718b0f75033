import type { Split } from '../../../data/samples/split.ts';
import { classShares } from '../../../data/targets.ts';
import { argmax, classificationMetrics } from '../../../evaluation/metrics.ts';
import { drawLogits, lastLayerOf, type DrawToShares } from '../../../training/epochByParts/drawToShares.ts';
import type { PartQuality } from '../../../training/epochByParts/pooledCurve.ts';
import { OWN, type SharesEvidence } from '../../../training/epochByParts/sharesEvidence.ts';
import type { TrainNetworkOptions } from '../../../training/trainNetworkOptions.ts';
import type { TrainStageOptions } from '../trainStageOptions.ts';
import { judgeOn } from './judgeOn.ts';

/**
 * The shares of the classes that what a network says may be drawn to, and the layer that does so: for a classifier that ends with a dense layer of
 * its own, unless its objective has classes count otherwise than by how often they are.
 */
export function drawOf(
  { dataset: { task } }: TrainStageOptions,
  { graph, training, objective }: TrainNetworkOptions,
): Omit<DrawToShares, 'own'> | undefined {
  const isEmphatic = objective.some((term) => 'classWeights' in term && (term.classWeights ?? 'none') !== 'none');
  const shares = task.kind === 'classification' && classShares(training.targets, task.classes.length);
  const layer = lastLayerOf(graph);
  return shares && layer && !isEmphatic ? { shares, layer } : undefined;
}

/** What judges logits for a part of the samples, and, where there are shares, what it says of drawing to these. */
export async function judgePart(
  stage: TrainStageOptions,
  part: Split,
  shares: readonly number[] | undefined,
): Promise<(outputs: Float32Array) => PartQuality> {
  const judge = await judgeOn(stage, part);
  const { targets } = part;
  if (!shares || targets.kind !== 'classes') return judge;
  return (outputs) => ({ ...judge(outputs), evidence: weighShares(outputs, targets.labels, shares) });
}

/**
 * @param logits [samples, classes]
 * @param labels class of each sample
 * @param shares of every class, above 0
 */
export function weighShares(logits: Float32Array, labels: Int32Array, shares: readonly number[]): SharesEvidence {
  const classes = shares.length;
  const largest = shares.indexOf(Math.max(...shares));
  let [ahead, behind] = [0, 0];
  labels.forEach((label, sample) => {
    const isRight = argmax(logits, { start: sample * classes, end: (sample + 1) * classes }) === label;
    if (isRight && label !== largest) ahead++;
    if (!isRight && label === largest) behind++;
  });
  const loss = (own: number): number =>
    classificationMetrics(drawLogits(logits, { own, shares }), labels, classes, { outputs: 'logits' }).loss;
  return { ahead, behind, losses: OWN.map((own) => labels.length * loss(own)) };
}
