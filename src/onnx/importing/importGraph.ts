import { DistilleryError } from '../../errors.ts';
import type { ModelFile } from '../file.ts';
import { Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import { importAttributes } from './importAttributes.ts';
import { importRounds } from './importLoops.ts';
import { checkNestedGraphs, declaredResults, hasNestedGraph, producedNames } from './importNested.ts';
import { ImportedSequences } from './importSequences.ts';
import { bindDimensions, bindShape, declaredType, type DeclaredType } from './importTypes.ts';
import { isNarrow, wideTensor } from './narrowNumbers.ts';
import { nodesBeside, tensorOutputs } from './tensorOutputs.ts';
import { opsetOf } from './opsetOf.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto } from '../onnx_pb.ts';
import { pruneGraph } from '../prune.ts';
import { SharedNodes } from './sharedNodes.ts';
import type { Tensor } from '../tensor.ts';
import { constantTensor } from '../upgrade/constant.ts';
import type { StoredNode } from '../upgrade/step.ts';
import { upgradeNode } from '../upgrade/upgrade.ts';

export interface ImportOptions {
  /** Numbers for symbolic dimensions, by name. */
  readonly bind?: Readonly<Record<string, number>>;
  /** Samples in a batch: the number for the first symbolic dimension of every input, whatever its name. */
  readonly batch?: number;
}

/**
 * A stored model as a graph of the canonical operator set. Shapes are inferred anew, integer computations that depend
 * on nothing but shapes and constants are done, older operators are brought up to date, and what no output needs is
 * left out. Weights keep their names.
 *
 * @throws DistilleryError `UNSUPPORTED` or `BAD_FILE` naming the node and the operator that cannot be read
 */
export function importGraph(source: ModelFile | ModelProto, options: ImportOptions = {}): Graph {
  return pruneGraph(importUnpruned(source, options));
}

/** What `importGraph` gives before computations that are done already, and what no output needs, are left out. */
export function importUnpruned(source: ModelFile | ModelProto, options: ImportOptions = {}): Graph {
  const model = 'proto' in source ? source.proto : source;
  if (!model.graph) throw new DistilleryError('BAD_FILE', 'The model holds no graph.');
  return new GraphImport(opsetOf(model), model.graph).run(options);
}

/** What could be imported of a model, and of which of its nodes nothing could. */
export interface ReadablePart {
  readonly graph: Graph;
  /** Why a node, or one that it reads from, cannot be imported. */
  readonly unreadable: ReadonlyMap<NodeProto, string>;
}

/**
 * Imports as much of a model as can be: nodes of unknown operators are left out, and the nodes that read from them, unless the file declares
 * what they compute.
 *
 * @throws DistilleryError `UNSUPPORTED` when the model's operator set is too old
 */
export function importReadable(model: ModelProto, options: ImportOptions = {}): ReadablePart {
  if (!model.graph) throw new DistilleryError('BAD_FILE', 'The model holds no graph.');
  const unreadable = new Map<NodeProto, string>();
  const graph = new GraphImport(opsetOf(model), model.graph, unreadable).run(options);
  return { graph, unreadable };
}

/** One import under way: the graph so far, and which value each name of the file stands for. */
class GraphImport {
  readonly #graph = new Graph();
  readonly #scope = new Map<string, Value>();
  readonly #opset: number;
  readonly #source: GraphProto;
  /** Where nodes that cannot be read are noted; without it they are errors. */
  readonly #unreadable: Map<NodeProto, string> | undefined;
  /** Names of tensors of fewer than 8 bits, or of floats of 8, which stand in the graph in wider types. */
  readonly #narrow = new Set<string>();
  /** Of a model with loops; in others exporters have seen to it. */
  readonly #shared: SharedNodes | undefined;
  /** What stored tensors stand in the graph as: one in a loop is the same weight in every round. */
  readonly #imported = new Map<TensorProto | NodeProto, Value>();
  readonly #sequences = new ImportedSequences(this.#graph, (name) => this.#valueOf(name));
  #bound: ReadonlyMap<string, number> = new Map();

  constructor(opset: number, source: GraphProto, unreadable?: Map<NodeProto, string>) {
    this.#opset = opset;
    this.#source = source;
    this.#unreadable = unreadable;
    const hasLoops = source.node.some(({ opType }) => opType === 'Loop' || opType === 'Scan');
    this.#shared = hasLoops && !unreadable ? new SharedNodes() : undefined;
  }

  run(options: ImportOptions): Graph {
    const weights = new Set(this.#source.initializer.map(({ name }) => name));
    const inputs = this.#source.input.filter(({ name }) => !weights.has(name));
    const declared = inputs.flatMap(
      (info) => this.#unlessUnreadable(() => ({ name: info.name, ...declaredType(info) })) ?? [],
    );
    this.#bound = bindDimensions(declared, options);
    this.#graph.reserve(producedNames(this.#source));
    for (const { name, type, shape } of declared) {
      this.#scope.set(name, this.#graph.input(name, type, bindShape(shape, this.#bound)));
    }
    this.#importContents(this.#source, this.#unreadable ? new Set() : nodesBeside(this.#source));
    for (const { name } of this.#unreadable ? this.#source.output : tensorOutputs(this.#source)) {
      this.#unlessUnreadable(() => this.#graph.output(this.#valueOf(name), name));
    }
    return this.#graph;
  }

  /** Adds the weights and nodes of a graph, but for those left out: the model's, or a branch whose condition is known. */
  #importContents(source: GraphProto, leftOut: ReadonlySet<NodeProto> = new Set()): void {
    for (const stored of source.initializer) {
      if (isNarrow(stored)) this.#narrow.add(stored.name);
      this.#unlessUnreadable(() => {
        this.#addInitializer(stored.name, stored, () => wideTensor(stored));
      });
    }
    for (const node of source.node) {
      if (leftOut.has(node)) continue;
      this.#unlessUnreadable(
        () => {
          this.#importNode(node);
        },
        (reason) => {
          this.#unreadable?.set(node, reason);
          this.#declareOutputs(node);
        },
      );
    }
  }

  /** What `work` gives; where unreadable parts are allowed and it is one, undefined. */
  #unlessUnreadable<Result>(work: () => Result, onUnreadable?: (reason: string) => void): Result | undefined {
    try {
      return work();
    } catch (error) {
      if (!this.#unreadable || !(error instanceof DistilleryError)) throw error;
      onUnreadable?.(error.message);
      return undefined;
    }
  }

  /** Stands inputs of the graph for the outputs of a node that cannot be read, as far as the file declares them. */
  #declareOutputs(node: NodeProto): void {
    for (const info of [...this.#source.valueInfo, ...this.#source.output]) {
      if (!node.output.includes(info.name) || this.#scope.has(info.name)) continue;
      this.#unlessUnreadable(() => {
        const { type, shape } = declaredType(info);
        this.#scope.set(info.name, this.#graph.input(this.#nameFor(info.name), type, bindShape(shape, this.#bound)));
      });
    }
  }

  /** @param stored what the tensor is of, in the file */
  #addInitializer(name: string, stored: TensorProto | NodeProto, tensor: () => Tensor): void {
    const value = this.#imported.get(stored) ?? this.#graph.initializer(this.#nameFor(name), tensor());
    this.#imported.set(stored, value);
    this.#scope.set(name, value);
  }

  #importNode(stored: NodeProto): void {
    this.#refuseNarrowRounding(stored);
    const named = {
      name: stored.name === '' ? (stored.output.find((output) => output !== '') ?? stored.opType) : stored.name,
      operator: stored.opType,
      domain: stored.domain === 'ai.onnx' ? '' : stored.domain,
    };
    if (this.#sequences.knows(named)) {
      const [output = ''] = stored.output;
      const attributes = importAttributes(stored);
      const made = this.#sequences.add({ ...named, attributes, inputs: stored.input, output });
      if (made) this.#scope.set(output, made);
      return;
    }
    const node: StoredNode = {
      ...named,
      inputs: stored.input.map((input) => (input === '' ? undefined : this.#valueOf(input))),
      attributes: importAttributes(stored),
      outputs: stored.output,
    };
    if (node.domain === '') {
      const [output] = node.outputs;
      if (node.operator === 'Constant' && output !== undefined) {
        this.#addInitializer(output, stored, () => constantTensor(node.name, node.attributes));
        return;
      }
      if (node.operator === 'If' && this.#importBranch(stored, node)) return;
      if ((node.operator === 'Loop' || node.operator === 'Scan') && this.#importRounds(stored, node)) return;
    }
    const shared = this.#shared?.find(node);
    if (shared) this.#bindOutputs(node, shared);
    else if (hasNestedGraph(node.attributes)) this.#addWithNestedGraphs(stored, node);
    else {
      this.#add(upgradeNode(this.#graph, node, this.#opset));
      // What an operator that was taken apart gives beside its first output.
      for (const output of node.outputs) {
        const made = this.#scope.has(output) ? undefined : this.#graph.find(output);
        if (made) this.#scope.set(output, made);
      }
      this.#shared?.add(
        node,
        node.outputs.map((output) => this.#scope.get(output)),
      );
    }
  }

  #bindOutputs({ outputs }: StoredNode, values: readonly (Value | undefined)[]): void {
    outputs.forEach((output, index) => {
      const value = values[index];
      if (output !== '' && value) this.#scope.set(output, value);
    });
  }

  /** What is rounded to fewer than 8 bits would be rounded to 8. */
  #refuseNarrowRounding({ name, opType, input }: NodeProto): void {
    if (opType !== 'QuantizeLinear' || !this.#narrow.has(input[2] ?? '')) return;
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${name}' (QuantizeLinear) rounds to numbers of fewer than 8 bits, which is not supported.`,
      { hint: 'Take the float32 model that it was made from.' },
    );
  }

  #add(node: StoredNode, results?: readonly DeclaredType[]): void {
    const outputs = this.#graph.node(node.operator, node.inputs, {
      name: node.name,
      domain: node.domain,
      attributes: node.attributes,
      outputs: node.outputs.map((output) => (output === '' ? '' : this.#nameFor(output))),
      ...(results ? { results } : {}),
    });
    node.outputs.forEach((name, index) => {
      const value = outputs[index];
      if (value) this.#scope.set(name, value);
    });
  }

  /** Imports the branch that a known condition takes, in place of the `If`. @returns false when it is not known. */
  #importBranch(stored: NodeProto, node: StoredNode): boolean {
    const [condition] = node.inputs;
    const known = condition && (this.#graph.known.get(condition.name) ?? this.#graph.initializers.get(condition.name));
    if (!known) return false;
    const wanted = known.data[0] ? 'then_branch' : 'else_branch';
    const branch = stored.attribute.find(({ name }) => name === wanted)?.g;
    if (!branch) return false;
    this.#importContents(branch);
    node.outputs.forEach((output, index) => {
      const result = branch.output[index];
      if (output !== '' && result) this.#scope.set(output, this.#valueOf(result.name));
    });
    return true;
  }

  /** Imports the rounds of a loop one after the other, in place of it. @returns false when that cannot be done, so that it is kept as it is */
  #importRounds(stored: NodeProto, node: StoredNode): boolean {
    const body = stored.attribute.find(({ name }) => name === 'body')?.g;
    // A Scan of operator set 8 has other inputs. Where a file is only looked at, its nodes are shown as they are.
    if (!body || this.#unreadable || this.#opset < 9) return false;
    const results = importRounds(node, body, {
      graph: this.#graph,
      scope: this.#scope,
      valueOf: (name) => this.#valueOf(name),
      importContents: (contents) => {
        this.#importContents(contents);
      },
    });
    if (results) this.#bindOutputs(node, results);
    return results !== undefined;
  }

  #addWithNestedGraphs(stored: NodeProto, node: StoredNode): void {
    checkNestedGraphs(stored, this.#opset);
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.kind !== 'graph') continue;
      for (const name of attribute.captures) {
        // The nested graph knows the value by the file's name only.
        const value = this.#valueOf(name);
        if (value.name !== name) this.#scope.set(name, this.#graph.op('Identity', [value], {}, { outputs: [name] }));
      }
    }
    const results = declaredResults(stored, this.#source);
    this.#add(
      node,
      results.map(({ type, shape }) => ({ type, shape: bindShape(shape, this.#bound) })),
    );
  }

  #valueOf(name: string): Value {
    const value = this.#scope.get(name);
    if (!value && this.#unreadable) {
      throw new DistilleryError('UNSUPPORTED', `It reads '${name}', which is computed by a node that cannot be read.`);
    }
    if (!value && this.#sequences.has(name)) {
      throw new DistilleryError('UNSUPPORTED', `'${name}' is a list of tensors, which is read by a loop or a branch.`, {
        hint: 'As a teacher the model can stay as it is; to train it, export it without lists (an EmbeddingBag as Embedding and mean, for instance).',
      });
    }
    if (!value) throw new DistilleryError('BAD_FILE', `The model is damaged: nothing produces '${name}'.`);
    return value;
  }

  /** The file's name; another one where branches of two Ifs use the same. */
  #nameFor(name: string): string {
    return this.#graph.find(name) ? this.#graph.freshName(name) : name;
  }
}
