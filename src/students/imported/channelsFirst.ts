import { clone, create } from '@bufbuild/protobuf';
import { readInPlaceOf, storedTranspose } from '../../onnx/importing/storedTranspose.ts';
import {
  ModelProtoSchema,
  TensorShapeProto_DimensionSchema,
  type ModelProto,
  type ValueInfoProto,
} from '../../onnx/onnx_pb.ts';

/**
 * A model that takes images [batch, H, W, C], as Keras and TensorFlow write them, as one that takes them as a dataset has them,
 * [batch, C, H, W]: a Transpose at its beginning turns them. Any other model comes back as it is.
 *
 * @param sampleShape dimensions of the dataset's samples
 */
export function withChannelsFirst(model: ModelProto, sampleShape: readonly number[]): ModelProto {
  const stored = imageInput(model);
  if (!stored || !isChannelsLast(stored, sampleShape)) return model;
  const turned = clone(ModelProtoSchema, model);
  const { graph } = turned;
  const shape = graph?.input.find(({ name }) => name === stored.name)?.type?.value;
  if (!graph || shape?.case !== 'tensorType' || !shape.value.shape) return model;
  const { dim } = shape.value.shape;
  dim.splice(
    1,
    3,
    ...sampleShape.map((size) =>
      create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(size) } }),
    ),
  );
  const inside = `${stored.name}.channels_last`;
  readInPlaceOf(graph, stored.name, inside);
  graph.node.unshift(storedTranspose(stored.name, inside, [0, 2, 3, 1]));
  return turned;
}

/** The only input of a model. */
function imageInput({ graph }: ModelProto): ValueInfoProto | undefined {
  const weights = new Set(graph?.initializer.map(({ name }) => name));
  const inputs = graph?.input.filter(({ name }) => !weights.has(name)) ?? [];
  return inputs.length === 1 ? inputs[0] : undefined;
}

/** Whether an input fits images whose channels come last, and not those of the dataset. */
function isChannelsLast({ type }: ValueInfoProto, sampleShape: readonly number[]): boolean {
  const declared = type?.value.case === 'tensorType' ? type.value.value.shape : undefined;
  const sizes = declared?.dim
    .slice(1)
    .map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : undefined));
  const [channels = 0, height = 0, width = 0] = sampleShape;
  const takes = (shape: readonly number[]): boolean =>
    sizes?.length === 3 && sizes.every((size, axis) => size === undefined || size === shape[axis]);
  return sampleShape.length === 3 && takes([height, width, channels]) && !takes(sampleShape);
}
