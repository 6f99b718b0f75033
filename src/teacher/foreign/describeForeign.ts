import type { Tensor as RuntimeTensor } from 'onnxruntime-node';
import { DistilleryError } from '../../errors.ts';
import { encodeModel, type ModelFile } from '../../onnx/file.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { elementCount, type DataType, type Dimension } from '../../onnx/tensor.ts';
import { Tensor } from '../../platform/onnxRuntime.ts';
import { AskedNetwork } from '../../training/engines/asking/askedNetwork.ts';

/** An input or output of a model, as ONNX Runtime describes it. */
export interface Described {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly Dimension[];
}

/** Samples that a model is tried with: more than one, so that their number is not taken for a size. */
const TRIED = 2;

/**
 * The inputs and outputs of a model. Converters declare outputs as they are for most models of a kind (one column for each of two classes, where a
 * ridge classifier gives one number), so that a model without loops and branches is tried with zeros: outputs are as they come then.
 *
 * Opened in a process of its own: what ONNX Runtime does to a model that only it knows has no bound.
 *
 * @param sampleShape sizes that are tried where an input leaves them open
 * @throws DistilleryError when ONNX Runtime does not know the model either
 */
export async function describeForeign(
  { path, bytes }: ModelFile,
  proto: ModelProto,
  sampleShape: readonly number[],
): Promise<{ readonly inputs: readonly Described[]; readonly outputs: readonly Described[] }> {
  const network = await AskedNetwork.open(encodeModel(proto), { device: 'cpu', path, modelBytes: bytes });
  try {
    const inputs = described(network.inputs);
    const outputs = described(network.outputs);
    const hasGraphs = proto.graph?.node.some(({ attribute }) => attribute.some(({ g }) => g)) === true;
    const given = hasGraphs ? {} : await tryOnce(network, inputs, sampleShape);
    return { inputs, outputs: outputs.map((output) => ({ ...output, shape: shapeOf(output, given[output.name]) })) };
  } finally {
    await network.release();
  }
}

function described(all: AskedNetwork['inputs']): Described[] {
  return all.map(({ name, type, shape }) => ({ name, type: type as DataType, shape }));
}

/** What a model gives for zeros and empty texts; nothing where it computes none of these. */
async function tryOnce(
  network: AskedNetwork,
  inputs: readonly Described[],
  sampleShape: readonly number[],
): Promise<Readonly<Record<string, RuntimeTensor>>> {
  const feeds = inputs.flatMap(({ name, type, shape }) => {
    const sizes = shape.map((size, axis) =>
      typeof size === 'number' && size > 0 ? size : axis === 0 ? TRIED : (sampleShape[axis - 1] ?? 1),
    );
    const tensor = emptyTensor(type, sizes);
    return tensor ? [[name, tensor] as const] : [];
  });
  if (feeds.length < inputs.length) return {};
  try {
    const wanted = network.outputs.map(({ name }) => name);
    return await network.run(Object.fromEntries(feeds), wanted);
  } catch (error) {
    // One that takes too long, or too much memory, is refused; one that does not take zeros may take samples.
    if (error instanceof DistilleryError) throw error;
    return {};
  }
}

function emptyTensor(type: DataType, sizes: readonly number[]): RuntimeTensor | undefined {
  const count = elementCount(sizes);
  if (type === 'float32') return new Tensor('float32', new Float32Array(count), sizes);
  if (type === 'float64') return new Tensor('float64', new Float64Array(count), sizes);
  if (type === 'int64') return new Tensor('int64', new BigInt64Array(count), sizes);
  if (type === 'int32') return new Tensor('int32', new Int32Array(count), sizes);
  return type === 'string' ? new Tensor('string', new Array<string>(count).fill(''), sizes) : undefined;
}

/** The dimensions that an output is declared with, and the sizes behind its batch as they came. */
function shapeOf({ shape }: Described, given: RuntimeTensor | undefined): readonly Dimension[] {
  if (!given || given.dims.length === 0) return shape;
  const [batch = ''] = shape;
  return [batch, ...given.dims.slice(1)];
}
