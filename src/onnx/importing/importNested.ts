import { DistilleryError } from '../../errors.ts';
import { OPSET } from '../graph.ts';
import { declaredType, type DeclaredType } from './importTypes.ts';
import type { Attributes } from '../node.ts';
import type { GraphProto, NodeProto, ValueInfoProto } from '../onnx_pb.ts';
import { changedSince } from '../upgrade/upgrade.ts';

/**
 * Nested graphs (of If, Loop, Scan) are carried along as they are, so what they hold must mean the same in the canonical
 * operator set.
 * @throws DistilleryError `UNSUPPORTED` naming the node and the first operator that does not
 */
export function checkNestedGraphs(node: NodeProto, opset: number): void {
  for (const attribute of node.attribute) {
    const operator = attribute.g && changedOperator(attribute.g, opset);
    if (operator === undefined) continue;
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (${node.opType}) has a nested graph with operator ${operator} of operator set ${opset}.`,
      {
        hint: `Export the model with opset ${OPSET}, or with PyTorch's newer exporter (dynamo=True), which needs no nested graphs; as a teacher it can stay as it is.`,
      },
    );
  }
}

function changedOperator(graph: GraphProto, opset: number): string | undefined {
  for (const node of graph.node) {
    if (changedSince(opset, node.opType)) return node.opType;
    for (const attribute of node.attribute) {
      const nested = attribute.g && changedOperator(attribute.g, opset);
      if (nested !== undefined) return nested;
    }
  }
  return undefined;
}

/**
 * Types of the outputs of a node with nested graphs, as the file declares them: for the outputs themselves, or, for If,
 * in its first branch.
 * @throws DistilleryError `UNSUPPORTED` naming the output whose type is not declared
 */
export function declaredResults(node: NodeProto, graph: GraphProto): DeclaredType[] {
  const declared = new Map([...graph.valueInfo, ...graph.output].map((info) => [info.name, info]));
  const branch = node.opType === 'If' ? node.attribute.find(({ g }) => g)?.g : undefined;
  return node.output.map((name, index) => {
    const info: ValueInfoProto | undefined = declared.get(name) ?? branch?.output[index];
    const what = `Node '${node.name || name}' (${node.opType})`;
    if (node.opType === 'If' && !hasAxes(info)) {
      throw new DistilleryError('UNSUPPORTED', `${what}: which of its branches is taken depends on the data.`, {
        hint: 'As a teacher the model can stay as it is; to train it, export it without the branch (torch.where in its place, for instance).',
      });
    }
    if (info?.type) return declaredType(info);
    throw new DistilleryError(
      'UNSUPPORTED',
      `${what}: how many rounds it has depends on the data, or is more than can be read.`,
      {
        hint: 'As a teacher the model can stay as it is; to train it, export it for samples of a fixed length, or with layers in place of the loop.',
      },
    );
  });
}

function hasAxes(info: ValueInfoProto | undefined): boolean {
  const type = info?.type?.value;
  return type !== undefined && (type.case !== 'tensorType' || type.value.shape !== undefined);
}

/** Whether a node is a branch or a loop. */
export function hasNestedGraph(attributes: Attributes): boolean {
  return Object.values(attributes).some((attribute) => attribute.kind === 'graph');
}

/** Every name that a graph or one nested in it produces. */
export function producedNames(graph: GraphProto): string[] {
  return [
    ...graph.input.map(({ name }) => name),
    ...graph.initializer.map(({ name }) => name),
    ...graph.node.flatMap((node) => [
      ...node.output,
      ...node.attribute.flatMap((attribute) => (attribute.g ? producedNames(attribute.g) : [])),
    ]),
  ];
}
