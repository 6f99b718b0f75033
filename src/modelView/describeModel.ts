import { gradientSupport, type NodeGradient } from '../autodiff/gradientSupport.ts';
import { gradientRules, operatorKey } from '../autodiff/registry.ts';
import { DistilleryError } from '../errors.ts';
import { macsOf, weightsOf } from '../onnx/cost/cost.ts';
import { tellExporterTraces } from '../onnx/exporterTraces.ts';
import type { Graph } from '../onnx/graph.ts';
import { checkModel } from '../onnx/importing/checkModel.ts';
import { importReadable } from '../onnx/importing/importGraph.ts';
import { declaredType } from '../onnx/importing/importTypes.ts';
import type { GraphProto, NodeProto, ValueInfoProto } from '../onnx/onnx_pb.ts';
import { typeNameOf } from '../onnx/tensorProto.ts';
import type { ModelDescription, NodeDescription, TensorDescription, ValueDescription } from '../protocol/modelView.ts';
import { describeAttribute } from './describeAttribute.ts';
import { externalSize, type OpenModel } from './openModel.ts';

/** What of a model could be understood. */
interface Understanding {
  readonly graph: Graph | undefined;
  readonly unreadable: ReadonlyMap<NodeProto, string>;
  readonly problem: string | null;
}

/** Describes an open model for one sample, as far as it can be understood; `problem` says what cannot. */
export function describeModel(model: OpenModel): ModelDescription {
  const { proto, path, bytes, functions } = model;
  const source = proto.graph;
  if (!source) throw new DistilleryError('BAD_FILE', 'The model holds no graph.');
  const understood = understand(model);
  const declared = new Map([...source.valueInfo, ...source.output].map((info) => [info.name, info]));
  const valueOf = (name: string): ValueDescription => {
    const info = declared.get(name);
    const found = understood.graph?.find(name);
    // Inference has bound the batch; the file's own word keeps its name.
    if (info) {
      const value = describeValue(info);
      if (value.shape !== null) return value;
    }
    return found
      ? { name, type: found.type, shape: found.shape }
      : { name, type: info ? describeValue(info).type : '', shape: null };
  };
  const stored = new Set(source.initializer.map(({ name }) => name));
  const nodes = describeNodes(source, understood, valueOf);
  const tensors = source.initializer.map((tensor): TensorDescription => {
    const place = model.places.get(tensor);
    return {
      name: tensor.name,
      type: typeNameOf(tensor.dataType),
      shape: tensor.dims.map(Number),
      bytes: place?.length ?? (tensor.rawData.length > 0 ? tensor.rawData.length : null),
      file: place?.external ?? null,
    };
  });
  const unreadable = [...understood.unreadable.values()];
  const macs = nodes.some((node) => node.macs === null) ? null : nodes.reduce((sum, node) => sum + (node.macs ?? 0), 0);
  return {
    path,
    bytes,
    externalFiles: [...new Set(tensors.flatMap(({ file }) => file ?? []))].map((name) => ({
      name,
      bytes: externalSize(path, name),
    })),
    irVersion: Number(proto.irVersion),
    producer: `${proto.producerName} ${proto.producerVersion}`.trim(),
    opsets: proto.opsetImport.map(({ domain, version }) => ({ domain: domain || 'ai.onnx', version: Number(version) })),
    documentation: proto.docString || source.docString,
    inputs: source.input.filter(({ name }) => !stored.has(name)).map(describeValue),
    outputs: source.output.map(({ name }) => valueOf(name)),
    metadata: proto.metadataProps.map(({ key, value }) => ({ key, value })),
    functions,
    nodes,
    tensors,
    parameters: nodes.reduce((sum, node) => sum + node.parameters, 0),
    macs,
    problem: understood.problem ?? unreadable[0] ?? null,
    exporterNotes: tellExporterTraces(proto),
  };
}

function understand({ proto }: OpenModel): Understanding {
  try {
    checkModel(proto);
    return { ...importReadable(proto, { batch: 1 }), problem: null };
  } catch (error) {
    if (!(error instanceof DistilleryError)) throw error;
    return { graph: undefined, unreadable: new Map(), problem: error.message };
  }
}

function describeNodes(
  source: GraphProto,
  { graph, unreadable, problem }: Understanding,
  valueOf: (name: string) => ValueDescription,
): NodeDescription[] {
  const support: ReadonlyMap<unknown, NodeGradient> = graph ? gradientSupport(graph) : new Map<unknown, NodeGradient>();
  const weights = new Map<string, number>(graph ? weightsOf(graph) : []);
  return source.node.map((stored, index) => {
    const outputs = stored.output.filter((name) => name !== '');
    const value = outputs[0] === undefined ? undefined : graph?.find(outputs[0]);
    const node = value && graph?.producer(value);
    const isConstant = value !== undefined && (graph?.initializers.has(value.name) ?? false);
    let parameters = 0;
    for (const name of stored.input) {
      parameters += weights.get(name) ?? 0;
      weights.delete(name);
    }
    const refusal = unreadable.get(stored) ?? problem;
    return {
      index,
      name: stored.name,
      operator:
        stored.domain === '' || stored.domain === 'ai.onnx' ? stored.opType : `${stored.domain}.${stored.opType}`,
      inputs: stored.input,
      outputs: outputs.map(valueOf),
      attributes: stored.attribute.map(describeAttribute),
      parameters,
      macs: isConstant ? 0 : node && hasSizes(node.inputs, node.outputs) ? macsOf(node) : null,
      gradient: (node && support.get(node)) ?? withoutNode(stored, isConstant, refusal),
    };
  });
}

/** A node that is not in the imported graph: a constant, one in a branch that is never taken, or one that cannot be read. */
function withoutNode(stored: NodeProto, isConstant: boolean, refusal: string | null): NodeGradient {
  if (isConstant || refusal === null) return { kind: 'not-needed' };
  const key = operatorKey({ operator: stored.opType, domain: stored.domain });
  return {
    kind: 'unsupported',
    reason: gradientRules.has(key) ? refusal : `Operator ${key} has no gradient rule.`,
  };
}

function hasSizes(...values: readonly (readonly ({ readonly shape: readonly unknown[] } | undefined)[])[]): boolean {
  return values.flat().every((value) => value?.shape.every((size) => typeof size === 'number') ?? true);
}

function describeValue(info: ValueInfoProto): ValueDescription {
  try {
    return { name: info.name, ...declaredType(info) };
  } catch (error) {
    if (!(error instanceof DistilleryError)) throw error;
    const declared = info.type?.value;
    const type = declared?.case === 'tensorType' ? typeNameOf(declared.value.elemType) : '';
    return { name: info.name, type, shape: null };
  }
}
