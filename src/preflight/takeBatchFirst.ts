import { createHash } from 'node:crypto';
import type { Dataset } from '../data/dataset.ts';
import type { ModelFile } from '../onnx/file.ts';
import { declareInput } from '../onnx/importing/declareInput.ts';
import { batchFirst } from '../onnx/importing/batchFirst.ts';

/** A file as it is used, and what is to be told of that. */
export interface TurnedFile {
  readonly file: ModelFile;
  readonly notes: readonly string[];
}

/** The model of a file with the batch as the first axis of its inputs and outputs, and with these where it does not declare them; most are as they are. @param what which model it is, as a sentence begins with it */
export function takeBatchFirst(
  file: ModelFile,
  { sampleShape }: Dataset,
  what: 'The model' | 'The teacher',
): TurnedFile {
  const proto = declareInput(file.proto, sampleShape);
  const found = batchFirst(proto, sampleShape);
  if (!found) return { file: proto === file.proto ? file : { ...file, proto }, notes: [] };
  const turned = found.turned.map(({ name, shape }) => `'${name}' [${shape.join(', ')}]`).join(', ');
  const sha256 = createHash('sha256').update(`${file.sha256} batch first`).digest('hex');
  const note =
    what === 'The model'
      ? `The model does not take the batch as the first axis of ${turned}: a Transpose, which is written with it, puts it there.`
      : `The teacher does not take the batch as the first axis of ${turned}: a Transpose puts it there.`;
  return { file: { ...file, proto: found.model, isChanged: true, sha256 }, notes: [note] };
}
