import type { Dataset } from '../../../data/dataset.ts';
import { withTargets } from '../../../data/samples/withTargets.ts';
import type { Split } from '../../../data/samples/split.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import { joinSplits } from '../../../data/unlabelled/joinSplits.ts';
import { architectureSchema } from '../../../experiment/schema/architecture.ts';
import { isEstimator } from '../../../estimators/estimator.ts';
import type { TeacherToTrain } from '../../../experiment/networkToTrain.ts';

/** How long it learns to tell a site's samples from public ones: longer, it would learn these by heart. */
const LENGTH = { epochs: 8, maxSteps: 1000 };

/**
 * The site's samples and the public ones as a dataset of two classes, which a network learns to tell: the difference of its logits is the
 * logarithm of the odds that a sample is the site's.
 *
 * @param whole the public dataset, with the transfer set for its training split
 */
export function siteOrPublic(site: Dataset, whole: Dataset): Dataset {
  const ofClass = (split: Split, label: number): Split =>
    withTargets(split, { kind: 'classes', labels: new Int32Array(split.count).fill(label) });
  const joined = (name: 'training' | 'validation'): Split =>
    joinSplits([ofClass(whole[name], 0), ofClass(site[name], 1)]);
  return {
    ...whole,
    task: { kind: 'classification', classes: ['public', 'site'] },
    training: joined('training'),
    validation: joined('validation'),
    test: ofClass(whole.test, 0),
    unlabelled: undefined,
    // Both are their owners' to dispose of.
    dispose: () => Promise.resolve(),
  };
}

/** Values of images for which dense layers do as well as convolutions (on MNIST), in less time. */
const SMALL = 1024;

/** The network that learns it: small, of the kind that suits the samples. */
export function networkOfFamiliarity({ samples, sampleShape }: Dataset): TeacherToTrain {
  const kind =
    samples.kind === 'tokens'
      ? { architecture: 'textcnn' }
      : sampleShape.length === 3 && elementCount(sampleShape) > SMALL
        ? { architecture: 'convnet', channels: [8, 16] }
        : { architecture: 'mlp', hidden: [64] };
  const network = architectureSchema.parse(kind);
  if (isEstimator(network) || network.architecture === 'soft-tree') throw new TypeError('A network is needed.');
  return { ...network, training: { ...LENGTH, batchSize: 128, learningRate: 0.001 } };
}

/** Logarithms of the odds that samples are the site's. @param logits [count, 2] of that network */
export function familiarityOf(logits: Float32Array): Float32Array {
  return Float32Array.from(
    { length: logits.length / 2 },
    (_, row) => (logits[2 * row + 1] ?? NaN) - (logits[2 * row] ?? NaN),
  );
}
