import type { Dataset } from '../data/dataset.ts';
import type { Attention } from '../report/report.ts';
import type { Members } from '../evaluation/evaluateNetwork.ts';
import { integratedGradients, type Attributor, type GradientAttributor } from './integratedGradients.ts';
import { occlusion } from './occlusion.ts';
import { openEnsemblePredictor, type EnsemblePredictor } from './ensemblePredictor.ts';

/** One network, or several that speak as one: what it says of a sample, and what each number of the sample contributes to that. */
export interface Explainer extends Attributor {
  /** @returns the output for one sample */
  say(sample: Float32Array): Promise<Float32Array>;
}

/** Networks whose reasons can be compared. */
export interface Explainers {
  readonly method: Attention['method'];
  /** In the order in which the networks were given. */
  readonly networks: readonly Explainer[];
  dispose(): Promise<void>;
}

/**
 * Opens networks on the CPU to find out what they say of samples and why: by gradients where all of them have them, by hiding parts in
 * all where one has not, so that what is compared was found in the same way. The caller disposes of them.
 *
 * @throws BadInputError when networks that speak as one insist on different batch sizes
 */
export async function openExplainers(
  networks: readonly Members[],
  dataset: Pick<Dataset, 'task' | 'samples' | 'sampleShape'>,
): Promise<Explainers> {
  const speakers: EnsemblePredictor[] = [];
  const gradients: GradientAttributor[] = [];
  const dispose = async (): Promise<void> => {
    for (const opened of [...speakers, ...gradients]) await opened.dispose();
  };
  try {
    for (const members of networks) speakers.push(await openEnsemblePredictor(members, dataset));
    for (const members of networks) {
      const found = await gradientsOf(members, dataset);
      if (!found) break;
      gradients.push(found);
    }
    const byGradients = gradients.length === networks.length;
    return {
      method: byGradients ? 'integrated gradients' : 'occlusion',
      networks: speakers.map((predictor, index) => {
        const attributor = (byGradients ? gradients[index] : undefined) ?? occlusion(predictor, dataset);
        return {
          say: (sample) => say(predictor, sample),
          attribute: (sample, weights) => attributor.attribute(sample, weights),
        };
      }),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Several networks as one have no gradient here: what they say together is mixed outside of ONNX. */
async function gradientsOf(
  [first, ...others]: Members,
  { sampleShape }: Pick<Dataset, 'sampleShape'>,
): Promise<GradientAttributor | undefined> {
  return first && others.length === 0 ? integratedGradients(first.model, sampleShape) : undefined;
}

async function say(predictor: EnsemblePredictor, sample: Float32Array): Promise<Float32Array> {
  const batch = new Float32Array(predictor.batchSize * sample.length);
  batch.set(sample);
  const outputs = await predictor.run(batch);
  return outputs.slice(0, outputs.length / predictor.batchSize);
}
