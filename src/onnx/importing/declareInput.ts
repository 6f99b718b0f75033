import { clone, create } from '@bufbuild/protobuf';
import { DistilleryError } from '../../errors.ts';
import { ModelProtoSchema, TensorShapeProtoSchema, type ModelProto, type ValueInfoProto } from '../onnx_pb.ts';
import { elementCount } from '../tensor.ts';
import { importGraph } from './importGraph.ts';

/**
 * A model whose one input has axes: where its file does not say how many, those of a batch of samples, or of their numbers in a row, whichever it can be
 * read with. Any other model is returned as it is.
 *
 * @param sampleShape dimensions of the dataset's samples
 */
export function declareInput(model: ModelProto, sampleShape: readonly number[]): ModelProto {
  const stored = new Set(model.graph?.initializer.map(({ name }) => name));
  const inputs = (model.graph?.input ?? []).filter(({ name }) => !stored.has(name));
  const [only, ...others] = inputs;
  if (!only || others.length > 0 || !lacksAxes(only)) return model;
  const row = [elementCount(sampleShape)];
  const ways = [sampleShape, ...(sampleShape.length === 1 ? [] : [row])].map((sizes) =>
    declared(model, only.name, sizes),
  );
  return ways.find(isReadable) ?? model;
}

function lacksAxes({ type }: ValueInfoProto): boolean {
  return type?.value.case === 'tensorType' && type.value.value.shape === undefined;
}

function declared(model: ModelProto, input: string, sizes: readonly number[]): ModelProto {
  const changed = clone(ModelProtoSchema, model);
  const type = changed.graph?.input.find(({ name }) => name === input)?.type;
  if (type?.value.case !== 'tensorType') return model;
  type.value.value.shape = create(TensorShapeProtoSchema, {
    dim: [
      { value: { case: 'dimParam', value: 'batch' } },
      ...sizes.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } })),
    ],
  });
  return changed;
}

function isReadable(model: ModelProto): boolean {
  try {
    importGraph(model, { batch: 1 });
    return true;
  } catch (error) {
    if (error instanceof DistilleryError) return false;
    throw error;
  }
}
