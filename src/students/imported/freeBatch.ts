import { clone, create } from '@bufbuild/protobuf';
import { DistilleryError, messageOf } from '../../errors.ts';
import { intOf } from '../../onnx/attributes.ts';
import { copyGraph, type Rewrite } from '../../onnx/copy.ts';
import { dimensionsOf, Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { importUnpruned, type ImportOptions } from '../../onnx/importing/importGraph.ts';
import {
  ModelProtoSchema,
  TensorShapeProto_DimensionSchema,
  type GraphProto,
  type ModelProto,
  type ValueInfoProto,
} from '../../onnx/onnx_pb.ts';
import { kindDeclarations } from '../../onnx/tensorKinds.ts';
import { carryBatch, changedAxis, positionOfBatch, type BatchPosition } from './batchPosition.ts';
import { refusePickedSamples } from './pickedSamples.ts';
import { applyBatchEdits, type BatchEdit } from './batchEdits.ts';

/** How many times as large the batch is made to find what does not follow it. */
const GROWTH = 3;

/**
 * A model that insists on one batch size, as exporters write it by default, as one that takes any: the batch of its inputs and
 * outputs is open, and where a shape names the old size, it follows the batch. A model whose batch is open comes back as it is.
 *
 * @throws DistilleryError `UNSUPPORTED` naming the node that cannot follow; `BAD_FILE` when the model cannot be read
 */
export function freeBatch(model: ModelProto, options: Omit<ImportOptions, 'batch'> = {}): ModelProto {
  const fixed = fixedBatch(model);
  if (fixed === undefined) return model;
  const edits = findEdits(importUnpruned(model, options), fixed);
  const freed = clone(ModelProtoSchema, model);
  if (!freed.graph) throw new DistilleryError('BAD_FILE', 'The model holds no graph.');
  for (const info of [...inputsOf(freed.graph), ...freed.graph.output]) openFirstAxis(info);
  freed.graph.valueInfo = kindDeclarations(freed.graph);
  applyBatchEdits(freed.graph, edits);
  return freed;
}

/** The batch size that all inputs of a model declare; undefined when one is open, or they are not alike. */
export function fixedBatch({ graph }: ModelProto): number | undefined {
  const sizes = graph ? inputsOf(graph).map(firstSize) : [];
  const [first] = sizes;
  return first !== undefined && sizes.every((size) => size === first) ? first : undefined;
}

function inputsOf({ input, initializer }: GraphProto): ValueInfoProto[] {
  const weights = new Set(initializer.map(({ name }) => name));
  return input.filter(({ name }) => !weights.has(name));
}

function firstSize({ type }: ValueInfoProto): number | undefined {
  const declared = type?.value.case === 'tensorType' ? type.value.value.shape : undefined;
  const first = declared?.dim[0]?.value;
  return first?.case === 'dimValue' && first.value > 0n ? Number(first.value) : undefined;
}

function openFirstAxis({ type }: ValueInfoProto): void {
  const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined;
  if (!shape?.dim[0]) return;
  shape.dim[0] = create(TensorShapeProto_DimensionSchema, { value: { case: 'dimParam', value: 'batch' } });
}

/** Lets a graph run with a larger batch and notes what has to change for that. */
function findEdits(graph: Graph, fixed: number): BatchEdit[] {
  const larger = new Graph();
  larger.reserve(graph.names);
  const search = new EditSearch(larger);
  const bindings = new Map(
    graph.inputs.map(({ name, type, shape }) => [name, larger.input(name, type, [fixed * GROWTH, ...shape.slice(1)])]),
  );
  let reason: string | undefined;
  try {
    const copies = copyGraph(larger, graph, { bindings, prefix: '', rewrite: search.rewrite });
    const stuck = graph.outputs.find(({ name, shape }) => {
      const size = copies.get(name)?.shape[0];
      return shape[0] !== undefined && size === shape[0];
    });
    if (stuck) reason = `the output '${stuck.name}' has the same number of rows for every batch`;
  } catch (error) {
    if (!(error instanceof DistilleryError) || error.code === 'INTERNAL') throw error;
    reason = messageOf(error).replace(/\.$/, '');
  }
  if (reason === undefined) return search.edits;
  throw new DistilleryError(
    'UNSUPPORTED',
    `The model takes batches of ${fixed} only, and no other can follow: ${reason}.`,
    {
      hint: 'Export it with a batch dimension that is free (torch.onnx.export: dynamic_axes or dynamic_shapes).',
    },
  );
}

/** Copies a graph to one with a larger batch and mends the nodes that do not follow. */
class EditSearch {
  readonly edits: BatchEdit[] = [];
  readonly #larger: Graph;
  /** Where the batch lies in values in which the shape does not tell, by name. */
  readonly #positions = new Map<string, BatchPosition>();

  constructor(larger: Graph) {
    this.#larger = larger;
  }

  readonly rewrite: Rewrite = (node, inputs) => {
    if (node.domain !== '') return undefined;
    refusePickedSamples(this.#larger, node, inputs);
    switch (node.operator) {
      case 'Reshape':
        return this.#reshape(node, inputs);
      case 'RNN':
      case 'GRU':
      case 'LSTM':
        this.#recurrent(node, inputs);
        return undefined;
      case 'Concat':
        return this.#concat(node, inputs);
      case 'GatherElements':
      case 'ScatterElements':
      case 'ScatterND':
        return this.#scatter(node, inputs);
      case 'Resize':
        return this.#resize(node, inputs);
      default:
        this.#inherit(node, inputs);
        return undefined;
    }
  };

  /** A shape that is the same for every batch gets −1 where the batch goes. */
  #reshape(node: Node, inputs: readonly (Value | undefined)[]): (Value | undefined)[] | undefined {
    const [before] = node.inputs;
    const [data, target] = inputs;
    const [output] = node.outputs;
    if (!before || !data || !target || !output) return undefined;
    const asked = this.#larger.known.get(target.name);
    const [old, found] = [this.#positions.get(before.name) ?? positionOfBatch(before, data), dimensionsOf(output)];
    if (!asked || !old || node.inputs[1]?.name !== target.name) return undefined;
    const { shape, axis, position } = carryBatch(old, found);
    if (position) this.#positions.set(output.name, position);
    const open = shape.map((size, index) => (index === axis ? -1 : size));
    if (
      this.#followsAlready(data, Array.from(asked.data as ArrayLike<number | bigint>, Number), shape, old.growth, axis)
    )
      return undefined;
    this.edits.push({ kind: 'shape', node: output.name, shape: open });
    return [this.#larger.op('Reshape', [data, this.#larger.integers(open)], {}, { outputs: [output.name] })];
  }

  /** Whether the shape that is asked for is the wanted one, with the batch in it as many times as large. */
  #followsAlready(
    data: Value,
    asked: readonly number[],
    fixed: readonly number[],
    growth: number,
    axis: number,
  ): boolean {
    const wanted = fixed.map((size, index) => (index === axis ? size * growth : size));
    const sizes = dimensionsOf(data);
    return asked.every((size, index) => size === -1 || (size === 0 ? sizes[index] : size) === wanted[index]);
  }

  /** Initial states of a recurrent layer have a batch of their own. */
  #recurrent(node: Node, inputs: readonly (Value | undefined)[]): undefined {
    const axis = intOf(node, 'layout', 0) === 1 ? 0 : 1;
    const [x] = inputs;
    const batch = x?.shape[axis];
    const output = node.outputs.find((value) => value !== undefined);
    for (const index of [5, 6]) {
      const state = inputs[index];
      if (!x || !state || !output || state.shape[axis] === batch) continue;
      const contents = this.#larger.initializers.get(state.name)?.data;
      // Zeros are what a layer without this input begins with, and no weights.
      if (contents?.every((element) => Number(element) === 0)) {
        this.edits.push({ kind: 'omit', node: output.name, input: index });
        continue;
      }
      const like = { name: x.name, axis };
      this.edits.push({ kind: 'repeat', node: output.name, input: index, axis, shape: dimensionsOf(state), like });
    }
    return undefined;
  }

  /** What is joined to values that follow the batch, such as a token for the class, is repeated for every sample. */
  #concat(node: Node, inputs: readonly (Value | undefined)[]): (Value | undefined)[] | undefined {
    const grown = inputs.findIndex((input, index) => changedAxis(node.inputs[index], input) !== undefined);
    const like = inputs[grown];
    const axis = changedAxis(node.inputs[grown], like);
    const [output] = node.outputs;
    if (!like || axis === undefined || !output || axis === positive(intOf(node, 'axis', 0), like.shape.length)) {
      return undefined;
    }
    const sizes = dimensionsOf(like);
    const repeated = inputs.map((input, index) => {
      if (!input || input.shape[axis] === sizes[axis]) return input;
      const shape = dimensionsOf(input);
      this.edits.push({
        kind: 'repeat',
        node: output.name,
        input: index,
        axis,
        shape,
        like: { name: like.name, axis },
      });
      const target = shape.map((size, other) => (other === axis ? (sizes[axis] ?? size) : size));
      return this.#larger.op('Expand', [input, this.#larger.integers(target)]);
    });
    return this.#larger.node('Concat', repeated, {
      name: node.name,
      attributes: node.attributes,
      outputs: [output.name],
    });
  }

  /** What values are scattered over, such as zeros, and the places that they have, are repeated for every sample. */
  #scatter(node: Node, inputs: readonly (Value | undefined)[]): (Value | undefined)[] | undefined {
    const [output] = node.outputs;
    const grown = inputs.findIndex((input, index) => changedAxis(node.inputs[index], input) !== undefined);
    const like = inputs[grown];
    const axis = changedAxis(node.inputs[grown], like);
    if (!output || !like || axis === undefined) return undefined;
    const [data, indices] = inputs;
    const isByPlace = node.operator !== 'ScatterND';
    // The updates of ScatterND have the axes of the indices before those of the data that no index names.
    const ahead = isByPlace ? 0 : (indices?.shape.length ?? 1) - 1 - Number(indices?.shape.at(-1) ?? 1);
    const repeated = inputs.map((input, index) => {
      if (!input || (!isByPlace && index === 1)) return input;
      const own = axis + (index === grown ? 0 : (index === 0 ? -ahead : ahead) * (grown === 0 || index === 0 ? 1 : 0));
      const shape = dimensionsOf(input);
      if (input === like || shape[own] !== 1 || own < 0) return input;
      this.edits.push({
        kind: 'repeat',
        node: output.name,
        input: index,
        axis: own,
        shape,
        like: { name: like.name, axis },
      });
      const target = shape.map((size, other) => (other === own ? (dimensionsOf(like)[axis] ?? size) : size));
      return this.#larger.op('Expand', [input, this.#larger.integers(target)]);
    });
    if (!data || repeated.every((input, index) => input === inputs[index])) return undefined;
    return this.#larger.node(node.operator, repeated, {
      name: node.name,
      attributes: node.attributes,
      outputs: [output.name],
    });
  }

  /** Sizes that name the old batch follow it. */
  #resize(node: Node, inputs: readonly (Value | undefined)[]): (Value | undefined)[] | undefined {
    const [data, , , sizes] = inputs;
    const [output] = node.outputs;
    const axis = changedAxis(node.inputs[0], data);
    const asked = sizes && this.#larger.known.get(sizes.name);
    if (!data || !output || axis === undefined || !asked || asked.data.length !== data.shape.length) return undefined;
    const wanted = Array.from(asked.data as ArrayLike<number | bigint>, Number);
    if (wanted[axis] === data.shape[axis]) return undefined;
    this.edits.push({
      kind: 'sizes',
      node: output.name,
      input: 3,
      axis,
      sizes: wanted,
      like: { name: data.name, axis },
    });
    const followed = wanted.map((size, other) => (other === axis ? Number(data.shape[axis]) : size));
    return this.#larger.node('Resize', [data, inputs[1], inputs[2], this.#larger.integers(followed)], {
      name: node.name,
      attributes: node.attributes,
      outputs: [output.name],
    });
  }

  /** Where the batch lies stays as it is in nodes that keep the axes up to it. */
  #inherit(node: Node, inputs: readonly (Value | undefined)[]): void {
    const [before] = node.inputs;
    const position = before && inputs[0] && this.#positions.get(before.name);
    if (!position || node.operator === 'Transpose') return;
    const kept = before.shape.slice(0, position.axis + 1).join();
    for (const output of node.outputs) {
      if (output?.shape.slice(0, position.axis + 1).join() === kept) this.#positions.set(output.name, position);
    }
  }
}

function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
