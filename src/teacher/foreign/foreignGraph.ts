import { clone, create } from '@bufbuild/protobuf';
import { DistilleryError } from '../../errors.ts';
import type { Rewrite } from '../../onnx/copy.ts';
import { exportModel } from '../../onnx/exporting/exportModel.ts';
import { exportOpsets } from '../../onnx/exporting/exportOpsets.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { ModelProtoSchema, NodeProtoSchema, OperatorSetIdProtoSchema, type ModelProto } from '../../onnx/onnx_pb.ts';
import type { DataType } from '../../onnx/tensor.ts';

/** The node of a graph that stands for a whole model, which only ONNX Runtime understands. */
const FOREIGN = { domain: 'distillery', operator: 'ForeignModel' } as const;

/** Operators that changed in operator set 13, so that older models cannot have them beside their own. */
const CHANGED = new Set(['Squeeze', 'Unsqueeze', 'ReduceSum', 'Split', 'Softmax', 'LogSoftmax', 'Resize']);

/** Names of everything in a model. */
export function namesIn({ graph }: ModelProto): string[] {
  const named = [...(graph?.input ?? []), ...(graph?.output ?? []), ...(graph?.initializer ?? [])];
  return [...named.map(({ name }) => name), ...(graph?.node ?? []).flatMap(({ output }) => output)];
}

/**
 * Adds a node that stands for a model.
 *
 * @param inputs in the model's order
 * @param output name, type and dimensions of the model's output that is wanted
 */
export function addForeign(
  graph: Graph,
  inputs: readonly Value[],
  output: { readonly name: string; readonly type: DataType; readonly shape: Value['shape'] },
): Value {
  const { name, ...result } = output;
  return graph.op(FOREIGN.operator, inputs, {}, { domain: FOREIGN.domain, outputs: [name], results: [result] });
}

/** Keeps such a node as it is when its graph is copied, for as many samples as there are. */
export function keepForeign(target: Graph): Rewrite {
  return ({ operator, domain, outputs, name }, inputs) => {
    if (domain !== FOREIGN.domain) return undefined;
    const batch = inputs[0]?.shape[0] ?? 1;
    return target.node(operator, inputs, {
      domain,
      name,
      outputs: outputs.map((output) => output?.name ?? ''),
      results: outputs.flatMap((output) =>
        output ? [{ type: output.type, shape: [batch, ...output.shape.slice(1)] }] : [],
      ),
    });
  };
}

/**
 * A graph with such a node as a model, in which the foreign one is in its place.
 * @throws DistilleryError `UNSUPPORTED` when what is around it does not exist in its operator set
 */
export function writeAround(graph: Graph, foreign: ModelProto): ModelProto {
  const own = foreign.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  const version = own ? Number(own.version) : exportOpsets.oldest;
  const opset = Math.min(Math.max(version, exportOpsets.oldest), exportOpsets.newest);
  const around = exportModel(graph, { name: foreign.graph?.name || 'foreign', opset });
  const proto = clone(ModelProtoSchema, foreign);
  if (!proto.graph || !around.graph) throw new DistilleryError('BAD_FILE', 'The model holds no graph.');
  const stored = new Set(proto.graph.initializer.map(({ name }) => name));
  const inputs = proto.graph.input.filter(({ name }) => !stored.has(name)).map(({ name }) => name);
  const contents = proto.graph.node;
  proto.graph.node = around.graph.node.flatMap((node) => {
    if (version < exportOpsets.oldest && CHANGED.has(node.opType)) {
      throw new DistilleryError(
        'UNSUPPORTED',
        `The model uses operator set ${version}, which has no ${node.opType} as it is needed before it.`,
        { hint: `Export it again with opset ${exportOpsets.oldest} or newer.` },
      );
    }
    if (node.domain !== FOREIGN.domain) return [node];
    // Where nothing is done to the samples, the graph around has inputs of the same names.
    const feeds = inputs.flatMap((name, index) => {
      const fed = node.input[index] ?? '';
      if (fed === name) return [];
      return [create(NodeProtoSchema, { opType: 'Identity', name: `${name}/fed`, input: [fed], output: [name] })];
    });
    return [...feeds, ...contents];
  });
  proto.graph.initializer.push(...around.graph.initializer);
  proto.graph.input = around.graph.input;
  proto.graph.output = around.graph.output;
  // Before this version of the format, initializers had to be inputs.
  if (proto.irVersion < 4n) proto.irVersion = 4n;
  if (!own) proto.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) }));
  return proto;
}
