import { selectRows } from './rowTables.ts';
import type { TaughtBatch } from '../training/batchFeeder.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import type { Outputs } from './cache/outputsFile.ts';
import type { FiledOutputs } from './fileOutputs.ts';

/** Where the outputs of a teacher for the batches of a training come from. Whoever makes it disposes of it. */
export interface OutputSource {
  /** The outputs for the samples of a batch, row n for sample `indices[n]`: [indices.length, …] by name. */
  outputsFor(batch: TaughtBatch): Promise<Outputs>;
  /** Tells which samples will be asked for, in which order, where that helps. */
  announce?(order: Int32Array): void;
  dispose(): Promise<void>;
}

/** A teacher that runs for every batch, whatever its samples have become. */
export function liveOutputs(predictor: Predictor): OutputSource {
  return {
    outputsFor: ({ samples }) => predictor.predictRows(samples),
    dispose: () => predictor.dispose(),
  };
}

/** Outputs that are there for all samples of a split. @param count number of the samples */
export function knownOutputs(outputs: Outputs, count: number): OutputSource {
  return {
    outputsFor: ({ indices }) => Promise.resolve(selectRows(outputs, count, indices)),
    dispose: () => Promise.resolve(),
  };
}

/** Outputs that are there for all samples of a split, in a file, which becomes the source's. */
export function filedOutputs(rows: FiledOutputs): OutputSource {
  return {
    outputsFor: ({ indices }) => rows.read(indices),
    announce: (order) => {
      rows.announce(order);
    },
    dispose: () => rows.dispose(),
  };
}
