import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { env } from '../platform/onnxRuntime.ts';
import type { Dataset } from '../data/dataset.ts';
import { packageVersion } from '../platform/packageFiles.ts';
import type { Provenance } from '../report/report.ts';
import type { Teachers } from '../teacher/teach.ts';
import type { Experiment } from '../experiment/schema.ts';
import { hashSplit } from './hashData.ts';

/** Entries of a model's metadata that say where it came from. */
const provenanceKeys = {
  run: 'distillery.run',
  /** SHA-256 of the experiment as it was run, in the form of `experiment.json` without spaces. */
  experiment: 'distillery.experiment',
  /** JSON: name and SHA-256 of every teacher's file. */
  teachers: 'distillery.teachers',
  /** JSON: SHA-256 of the training and the validation split; see `hashSplit`. */
  dataHash: 'distillery.dataHash',
  /** JSON: the versions of Distillery, ONNX Runtime and Node.js. */
  versions: 'distillery.versions',
} as const;

/** What a network of a run is made from: the splits that its training looks at, and the teachers, if there are any. */
export interface Origin {
  readonly dataset: Pick<Dataset, 'training' | 'validation' | 'sampleShape'>;
  readonly teachers: Teachers | undefined;
}

/**
 * Where a network comes from that a run makes.
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function provenanceOf(
  { experiment, signal }: { readonly experiment: Experiment; readonly signal: AbortSignal },
  { dataset, teachers }: Origin,
): Promise<Omit<Provenance, 'data'> & { readonly data: Omit<Provenance['data'], 'test'> }> {
  const { training, validation, sampleShape } = dataset;
  return {
    experiment: createHash('sha256').update(JSON.stringify(experiment)).digest('hex'),
    teachers: (teachers?.members ?? []).map(({ model }) => ({
      file: basename(model.file.path),
      sha256: model.file.sha256,
    })),
    data: {
      training: await hashSplit(training, sampleShape, signal),
      validation: await hashSplit(validation, sampleShape, signal),
    },
    versions: {
      distillery: packageVersion(),
      'onnxruntime-node': env.versions.node ?? env.versions.common,
      node: process.versions.node,
    },
  };
}

/** Entries of a network's metadata that say where it comes from. */
export async function provenanceMetadata(
  run: { readonly id: string; readonly experiment: Experiment; readonly signal: AbortSignal },
  origin: Origin,
) {
  const { experiment, teachers, data, versions } = await provenanceOf(run, origin);
  return {
    [provenanceKeys.run]: run.id,
    [provenanceKeys.experiment]: experiment,
    ...(origin.teachers && { [provenanceKeys.teachers]: JSON.stringify(teachers) }),
    [provenanceKeys.dataHash]: JSON.stringify(data),
    [provenanceKeys.versions]: JSON.stringify(versions),
  };
}
