import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { env } from 'onnxruntime-node';
import { packageVersion } from '../packageFiles.ts';
import type { Teachers } from '../teacher/teach.ts';
import type { Run } from './distill.ts';

/** Entries of a model's metadata that say where it came from. */
export const provenanceKeys = {
  run: 'distillery.run',
  /** SHA-256 of the experiment as it was run, in the form of `experiment.json` without spaces. */
  experiment: 'distillery.experiment',
  /** JSON: name and SHA-256 of every teacher's file. */
  teachers: 'distillery.teachers',
  /** JSON: the versions of Distillery, ONNX Runtime and Node.js. */
  versions: 'distillery.versions',
} as const;

/** Where a network that is written by a run came from. @param teachers who taught it, if anybody */
export function provenanceOf(
  { id, experiment }: Pick<Run, 'id' | 'experiment'>,
  teachers: Teachers | undefined,
): Record<string, string> {
  const versions = {
    distillery: packageVersion(),
    'onnxruntime-node': env.versions.node ?? env.versions.common,
    node: process.versions.node,
  };
  const files = teachers?.members.map(({ model }) => ({ file: basename(model.file.path), sha256: model.file.sha256 }));
  return {
    [provenanceKeys.run]: id,
    [provenanceKeys.experiment]: createHash('sha256').update(JSON.stringify(experiment)).digest('hex'),
    ...(files && { [provenanceKeys.teachers]: JSON.stringify(files) }),
    [provenanceKeys.versions]: JSON.stringify(versions),
  };
}
