import { clone } from '@bufbuild/protobuf';
import { layersWithoutBias } from '../../onnx/exporterTraces.ts';
import { ModelProtoSchema, type ModelProto, type NodeProto } from '../../onnx/onnx_pb.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import { dataTypeCode, encodeTensor } from '../../onnx/tensorProto.ts';

/** A model whose layers have the biases that its exporter left out, and the names of these. */
export interface RestoredModel {
  readonly model: ModelProto;
  readonly restored: readonly string[];
}

/**
 * Gives layers the zeros that their exporter left out (`layersWithoutBias`), so that training can move them: without biases, and with batch
 * normalisation folded into its convolutions, a fresh network hardly learns. What the model computes stays as it is.
 */
export function restoreBiases(model: ModelProto): RestoredModel {
  const { graph } = model;
  const found = graph ? layersWithoutBias(graph) : [];
  if (found.length === 0) return { model, restored: [] };
  const changed = clone(ModelProtoSchema, model);
  const restored = changed.graph ? layersWithoutBias(changed.graph).flatMap((node) => addBias(changed, node)) : [];
  return restored.length > 0 ? { model: changed, restored } : { model, restored };
}

/** The name of the bias that was added; nothing where the layer's weights are not stored as float32. */
function addBias({ graph }: ModelProto, node: NodeProto): string[] {
  const weight = graph?.initializer.find(({ name }) => name === node.input[1]);
  const channels = weight && channelsOf(node, weight.dims.map(Number));
  if (!graph || !weight || weight.dataType !== dataTypeCode('float32') || channels === undefined) return [];
  const taken = new Set([...graph.initializer.map(({ name }) => name), ...graph.node.flatMap(({ output }) => output)]);
  const own = weight.name.replace(/(?:\.weight)?$/, '.bias');
  const name = taken.has(own) ? `${node.output[0] ?? ''}.bias` : own;
  if (taken.has(name)) return [];
  graph.initializer.push(encodeTensor(name, floatTensor(Array<number>(channels).fill(0))));
  node.input = [...node.input.slice(0, 2), name];
  return [name];
}

/** How many values a layer gives at every place. */
function channelsOf(node: NodeProto, sizes: readonly number[]): number | undefined {
  const attribute = (name: string, otherwise: number): number =>
    Number(node.attribute.find((each) => each.name === name)?.i ?? otherwise);
  switch (node.opType) {
    case 'Conv':
      return sizes[0];
    case 'ConvTranspose':
      return sizes[1] === undefined ? undefined : sizes[1] * attribute('group', 1);
    default:
      return attribute('transB', 0) === 1 ? sizes[0] : sizes[1];
  }
}
