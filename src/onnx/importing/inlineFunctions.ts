import { clone, create } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type OperatorSetIdProto,
} from '../onnx_pb.ts';
import { changedBetween } from '../upgrade/upgrade.ts';

/** Functions within functions; what calls itself would never end. */
const DEEPEST = 32;
/** More nodes than any network has, as functions that call each other many times over can make. */
const MOST_NODES = 200_000;

/** How the names in a body read where it is called. */
interface Call {
  /** What inputs and outputs of the function are called there. */
  readonly names: Map<string, string>;
  /** What the call says of the attributes, and what the function says where the call is silent. */
  readonly attributes: ReadonlyMap<string, AttributeProto>;
  readonly prefix: string;
}

/**
 * Puts the bodies of a model's own functions (ONNX IR, `FunctionProto`), as exporters write modules, in the place of the nodes that call them:
 * in the graph and in graphs within it. A function with operators that mean something else in the version of the model's, and functions that go on
 * for ever, are left, with those that call them; the model's other functions go. Changes `model`.
 */
export function inlineFunctions(model: ModelProto): void {
  const { graph, functions } = model;
  if (!graph || functions.length === 0) return;
  const known = new Map(functions.filter((each) => fits(each, model.opsetImport)).map((each) => [keyOf(each), each]));
  const inlining = new Inlining(known);
  const nodes = inlining.expanded(graph.node, 0);
  if (!nodes) return;
  graph.node = nodes;
  for (const { opsetImport } of known.values()) {
    for (const { domain, version } of opsetImport) {
      if (model.opsetImport.some((each) => standard(each.domain) === standard(domain))) continue;
      model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version }));
    }
  }
  model.functions = functions.filter((each) => known.get(keyOf(each)) !== each);
}

/** Whether a body can stand in the model: every set of operators that both name is of one version, or what it has of them is alike in both. */
function fits({ opsetImport, node }: FunctionProto, ofModel: readonly OperatorSetIdProto[]): boolean {
  return opsetImport.every(({ domain, version }) =>
    ofModel.every(
      (each) =>
        standard(each.domain) !== standard(domain) ||
        each.version === version ||
        (standard(domain) === '' && isAlike(node, Number(version), Number(each.version))),
    ),
  );
}

/** Whether all standard operators among nodes mean the same in two operator sets. */
function isAlike(nodes: readonly NodeProto[], one: number, other: number): boolean {
  return nodes.every(
    (node) =>
      (standard(node.domain) !== '' || !changedBetween(one, other, node.opType)) &&
      graphsIn(node).every((graph) => isAlike(graph.node, one, other)),
  );
}

class Inlining {
  readonly #functions: ReadonlyMap<string, FunctionProto>;
  #count = 0;
  #calls = 0;

  constructor(functions: ReadonlyMap<string, FunctionProto>) {
    this.#functions = functions;
  }

  /** Nodes with the bodies of functions in them; undefined where there is no end of them. */
  expanded(nodes: readonly NodeProto[], depth: number): NodeProto[] | undefined {
    const made: NodeProto[] = [];
    for (const node of nodes) {
      for (const graph of graphsIn(node)) {
        const inner = this.expanded(graph.node, depth);
        if (!inner) return undefined;
        graph.node = inner;
      }
      const called = this.#functions.get(keyOf({ domain: node.domain, name: node.opType, overload: node.overload }));
      const body = called ? this.#bodyOf(called, node, depth) : [node];
      if (!body || (this.#count += body.length) > MOST_NODES) return undefined;
      made.push(...body);
    }
    return made;
  }

  #bodyOf(called: FunctionProto, node: NodeProto, depth: number): NodeProto[] | undefined {
    if (depth >= DEEPEST) return undefined;
    const call: Call = {
      names: new Map([
        ...called.input.map((name, index) => [name, node.input[index] ?? ''] as const),
        ...called.output.flatMap((name, index) => {
          const wanted = node.output[index] ?? '';
          return wanted === '' ? [] : [[name, wanted] as const];
        }),
      ]),
      attributes: new Map([...called.attributeProto, ...node.attribute].map((each) => [each.name, each])),
      prefix: `${node.name || (node.output.find((name) => name !== '') ?? called.name)}/${this.#calls++}/`,
    };
    // An output that is an input as it came.
    const passed = called.output.flatMap((name, index) => {
      const [input, output] = [node.input[called.input.indexOf(name)], node.output[index] ?? ''];
      if (!called.input.includes(name) || input === undefined || output === '') return [];
      call.names.set(name, input);
      return [create(NodeProtoSchema, { opType: 'Identity', name: output, input: [input], output: [output] })];
    });
    return this.expanded([...called.node.map((each) => placed(each, call)), ...passed], depth + 1);
  }
}

/** A node of a body as it stands where the function is called. */
function placed(node: NodeProto, call: Call): NodeProto {
  const made = clone(NodeProtoSchema, node);
  const named = (name: string): string => (name === '' ? '' : (call.names.get(name) ?? call.prefix + name));
  made.name = call.prefix + (node.name || (node.output[0] ?? node.opType));
  made.input = node.input.map(named);
  made.output = node.output.map(named);
  made.attribute = node.attribute.flatMap((attribute) => {
    if (attribute.refAttrName === '') return [clone(AttributeProtoSchema, attribute)];
    const given = call.attributes.get(attribute.refAttrName);
    return given ? [Object.assign(clone(AttributeProtoSchema, given), { name: attribute.name })] : [];
  });
  for (const graph of graphsIn(made)) placeGraph(graph, call);
  return made;
}

/** Renames what a graph within a body reads and makes. */
function placeGraph(graph: GraphProto, call: Call): void {
  const named = (name: string): string => call.names.get(name) ?? call.prefix + name;
  for (const each of [...graph.input, ...graph.output, ...graph.valueInfo, ...graph.initializer]) {
    each.name = named(each.name);
  }
  graph.node = graph.node.map((node) => placed(node, call));
}

function graphsIn({ attribute }: NodeProto): GraphProto[] {
  return attribute.flatMap(({ g, graphs }) => [...(g ? [g] : []), ...graphs]);
}

function keyOf({ domain, name, overload }: Pick<FunctionProto, 'domain' | 'name' | 'overload'>): string {
  return JSON.stringify([standard(domain), name, overload]);
}

function standard(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}
