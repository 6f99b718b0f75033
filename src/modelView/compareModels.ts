import { BadInputError, DistilleryError, type Problem } from '../errors.ts';
import type { TensorProto } from '../onnx/onnx_pb.ts';
import { typeNameOf } from '../onnx/tensorProto.ts';
import type {
  Change,
  ModelComparison,
  ModelDescription,
  NodeDescription,
  TensorChange,
  ValueDescription,
} from '../protocol/modelView.ts';
import { describeModel } from './describeModel.ts';
import { openModel, type OpenModel } from './openModel.ts';
import { readElements } from './readElements.ts';

/**
 * What differs between two models: facts, nodes by name, and every stored tensor by name and content. Both files are read a part at a
 * time.
 * @throws BadInputError naming each of them that cannot be read
 * @throws DistilleryError when external data of one of them cannot be read
 */
export function compareModels(beforePath: string, afterPath: string): ModelComparison {
  const [before, after] = openBoth(beforePath, afterPath);
  const described = { before: describeModel(before), after: describeModel(after) };
  const { changes, same } = compareTensors(before, after);
  return {
    before: sizeOf(described.before),
    after: sizeOf(described.after),
    facts: compareFacts(described.before, described.after),
    nodes: compareNodes(described.before.nodes, described.after.nodes),
    tensors: changes,
    sameTensors: same,
  };
}

function openBoth(beforePath: string, afterPath: string): readonly [OpenModel, OpenModel] {
  const problems: Problem[] = [];
  const [before, after] = [beforePath, afterPath].map((path) => {
    try {
      return openModel(path);
    } catch (error) {
      if (!(error instanceof DistilleryError)) throw error;
      problems.push({ where: path, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) });
      return undefined;
    }
  });
  if (!before || !after) throw new BadInputError(problems);
  return [before, after];
}

function sizeOf({ path, bytes, nodes, parameters }: ModelDescription): ModelComparison['before'] {
  return { path, bytes, nodes: nodes.length, parameters };
}

function compareFacts(before: ModelDescription, after: ModelDescription): ModelComparison['facts'] {
  const [left, right] = [factsOf(before), factsOf(after)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((name) => ({ name, before: left.get(name) ?? null, after: right.get(name) ?? null }))
    .filter((fact) => fact.before !== fact.after);
}

function factsOf(model: ModelDescription): ReadonlyMap<string, string> {
  return new Map([
    ['producer', model.producer],
    ...model.opsets.map(({ domain, version }) => [`opset ${domain}`, String(version)] as const),
    ...model.inputs.map((value) => [`input ${value.name}`, typeText(value)] as const),
    ...model.outputs.map((value) => [`output ${value.name}`, typeText(value)] as const),
    ...model.functions.map(
      ({ domain, name, operators }) => [`function ${domain}.${name}`, operators.join(', ')] as const,
    ),
    ...model.metadata.map(({ key, value }) => [`metadata ${key}`, value] as const),
  ]);
}

function typeText({ type, shape }: ValueDescription): string {
  return `${type}[${shape?.join(', ') ?? '?'}]`;
}

/** Nodes are the same node when they have the same operator and name or, without names, compute a value of the same name. */
function compareNodes(
  before: readonly NodeDescription[],
  after: readonly NodeDescription[],
): Change<NodeDescription>[] {
  const keyOf = ({ name, operator, outputs }: NodeDescription): string =>
    JSON.stringify([operator, name, name === '' ? outputs[0]?.name : '']);
  const earlier = new Map(before.map((node) => [keyOf(node), node]));
  const later = new Set(after.map(keyOf));
  const changes: Change<NodeDescription>[] = before
    .filter((node) => !later.has(keyOf(node)))
    .map((node) => ({ kind: 'removed', before: node }));
  for (const node of after) {
    const former = earlier.get(keyOf(node));
    if (!former) {
      changes.push({ kind: 'added', after: node });
      continue;
    }
    const what = differencesOf(former, node);
    if (what.length > 0) changes.push({ kind: 'changed', before: former, after: node, what });
  }
  return changes;
}

function differencesOf(before: NodeDescription, after: NodeDescription): string[] {
  const facts = (node: NodeDescription): ReadonlyMap<string, string> =>
    new Map([
      ['inputs', node.inputs.join(', ')],
      ...node.outputs.map((value, index) => [index === 0 ? 'output' : `output ${index}`, typeText(value)] as const),
      ...node.attributes.map(({ name, value }) => [name, value] as const),
    ]);
  const [left, right] = [facts(before), facts(after)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
    left.get(name) === right.get(name) ? [] : [`${name}: ${left.get(name) ?? '–'} → ${right.get(name) ?? '–'}`],
  );
}

function compareTensors(before: OpenModel, after: OpenModel): { changes: TensorChange[]; same: number } {
  const earlier = new Map(before.proto.graph?.initializer.map((tensor) => [tensor.name, tensor]));
  const later = new Map(after.proto.graph?.initializer.map((tensor) => [tensor.name, tensor]));
  const changes: TensorChange[] = [];
  let same = 0;
  for (const [name, tensor] of earlier) {
    const other = later.get(name);
    const texts = { before: textOf(tensor), after: other ? textOf(other) : null };
    if (!other) changes.push(without({ name, kind: 'removed', ...texts }));
    else if (tensor.dims.join() !== other.dims.join()) changes.push(without({ name, kind: 'reshaped', ...texts }));
    else {
      const difference = differenceOf(before, tensor, after, other);
      if (difference === undefined && texts.before === texts.after) same += 1;
      else {
        const unmeasured = { norm: null, relativeNorm: null, largest: null };
        changes.push({ name, kind: 'changed', ...texts, ...(difference ?? unmeasured) });
      }
    }
  }
  for (const [name, tensor] of later) {
    if (!earlier.has(name)) changes.push(without({ name, kind: 'added', before: null, after: textOf(tensor) }));
  }
  return { changes: changes.sort((a, b) => (b.relativeNorm ?? 0) - (a.relativeNorm ?? 0)), same };
}

function without(change: Omit<TensorChange, 'norm' | 'relativeNorm' | 'largest'>): TensorChange {
  return { ...change, norm: null, relativeNorm: null, largest: null };
}

function textOf(tensor: TensorProto): string {
  return `${typeNameOf(tensor.dataType)}[${tensor.dims.join(', ')}]`;
}

/** How far two tensors of one shape are apart; undefined when they are equal. Not-a-number equals itself here. */
function differenceOf(
  before: OpenModel,
  tensor: TensorProto,
  after: OpenModel,
  other: TensorProto,
): Pick<TensorChange, 'norm' | 'relativeNorm' | 'largest'> | undefined {
  let squares = 0;
  let formerSquares = 0;
  let largest = 0;
  let isDifferent = false;
  if (!hasNumbers(before, tensor) || !hasNumbers(after, other)) {
    return sameText(tensor, other) ? undefined : { norm: null, relativeNorm: null, largest: null };
  }
  const others = readElements(after, other);
  for (const part of readElements(before, tensor)) {
    const next = others.next();
    const second = next.done === true ? [] : next.value;
    for (let index = 0; index < part.length; index += 1) {
      const [from, to] = [part[index] ?? 0, second[index] ?? 0];
      formerSquares += from * from;
      if (Object.is(from, to) || from === to) continue;
      isDifferent = true;
      const difference = Math.abs(to - from);
      squares += difference * difference;
      if (!(difference <= largest)) largest = difference;
    }
  }
  others.return();
  if (!isDifferent) return undefined;
  const norm = Math.sqrt(squares);
  return { norm, relativeNorm: formerSquares > 0 ? norm / Math.sqrt(formerSquares) : null, largest };
}

/** Whether the elements of a tensor are numbers that can be compared. */
function hasNumbers(model: OpenModel, tensor: TensorProto): boolean {
  try {
    for (const part of readElements(model, tensor)) return part.length > 0;
    return true;
  } catch (error) {
    if (error instanceof DistilleryError && error.code === 'UNSUPPORTED') return false;
    throw error;
  }
}

function sameText(tensor: TensorProto, other: TensorProto): boolean {
  const text = ({ stringData, rawData, int32Data }: TensorProto): string =>
    JSON.stringify([
      stringData.map((bytes) => Buffer.from(bytes).toString('base64')),
      Buffer.from(rawData).toString('base64'),
      int32Data,
    ]);
  return text(tensor) === text(other);
}
