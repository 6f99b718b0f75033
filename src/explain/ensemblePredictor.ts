import type { Dataset } from '../data/dataset.ts';
import { BadInputError } from '../errors.ts';
import { mixOutputs } from '../teacher/mixOutputs.ts';
import { asLogits, outputKind } from '../teacher/outputKind.ts';
import { openNetwork } from '../training/engines/networkFile.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import type { Members } from '../evaluation/evaluateNetwork.ts';

/** Samples that go through networks at once where any number may. */
const BATCH = 32;

/** One network, or several that speak as one. */
export interface EnsemblePredictor {
  /** Samples that it takes at once. */
  readonly batchSize: number;
  /**
   * The outputs of one batch, row by row: as they are of one network, logits of the mixed probabilities of several.
   * @param samples [batchSize, …]
   */
  run(samples: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Opens networks that speak as one on the CPU. The caller disposes of the speaker.
 * @throws BadInputError when the networks insist on different batch sizes
 */
export async function openEnsemblePredictor(
  members: Members,
  { task, samples, sampleShape }: Pick<Dataset, 'task' | 'samples' | 'sampleShape'>,
): Promise<EnsemblePredictor> {
  const fixed = [...new Set(members.flatMap(({ model }) => model.fixedBatch ?? []))];
  if (fixed.length > 1) {
    const message = `The teachers take ${fixed.join(' and ')} samples at once, so they cannot be looked at together.`;
    throw new BadInputError([{ where: 'explain', message }]);
  }
  const [batchSize = BATCH] = fixed;
  const opened: { readonly predictor: Predictor; readonly output: string; readonly weight: number }[] = [];
  const dispose = async (): Promise<void> => {
    for (const { predictor } of opened) await predictor.dispose();
  };
  try {
    for (const { model, weight } of members) {
      const predictor = await openNetwork(model, { device: 'cpu', samples, sampleShape, batchSize });
      opened.push({ predictor, output: model.output, weight });
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    batchSize,
    run: async (batch) => {
      const spoken: { logits: Float32Array; weight: number }[] = [];
      for (const { predictor, output, weight } of opened) {
        const outputs = (await predictor.run(batch)).get(output) ?? new Float32Array(0);
        const logits = opened.length === 1 ? outputs : asLogits(task, outputs, outputKind(task, outputs));
        spoken.push({ logits, weight });
      }
      return mixOutputs(task, spoken);
    },
    dispose,
  };
}
