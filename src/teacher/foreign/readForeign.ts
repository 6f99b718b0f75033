import type { Dataset } from '../../data/dataset.ts';
import { classesOf, outputShapeOf } from '../../data/task.ts';
import { DistilleryError } from '../../errors.ts';
import type { ModelFile } from '../../onnx/file.ts';
import { Graph, int } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import type { DataType, Dimension } from '../../onnx/tensor.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';
import type { NetworkFile } from '../../training/engines/networkFile.ts';
import { networkInputs } from '../../training/networkInputs.ts';
import { matchParts, valuesOfPieces } from '../../training/sampleParts.ts';
import { fillByColumns, type ColumnInput } from './columnInputs.ts';
import { describeForeign, type Described } from './describeForeign.ts';
import { addForeign, namesIn, writeAround } from './foreignGraph.ts';
import { markedColumns, plainWidth, rowsWithMissing, takesMissing } from './missingNumbers.ts';
import { plainOutputs } from './plainOutputs.ts';

/** A model that is only asked, never looked into. */
export interface ForeignNetwork {
  readonly network: NetworkFile;
  /** True when its inputs are columns of a table in their own units. */
  readonly isInOwnUnits: boolean;
  /** What a person should know of how it is used. */
  readonly notes: readonly string[];
}

/**
 * Reads a model whose operators Distillery does not know, as it can be asked by ONNX Runtime: inputs and outputs are those that ONNX
 * Runtime finds. Probabilities are taken and labels left, ZipMaps are cut off, and inputs with names of columns are filled by them.
 *
 * @param output name of the output that is wanted; by default the first of numbers that is no label
 * @param where the field that names it
 * @throws DistilleryError when ONNX Runtime does not know the model either, or the dataset does not fit it
 */
export async function readForeign(
  file: ModelFile,
  output: string | undefined,
  dataset: Dataset,
  where: string,
): Promise<ForeignNetwork> {
  const { proto, unzipped } = plainOutputs(file.proto);
  const { inputs, outputs } = await describeForeign(file, proto, dataset.sampleShape);
  const wanted = chooseOutput(outputs, output, file.path);
  const shape = outputShape(wanted, dataset);
  const [only, ...more] = inputs;
  const isTable = dataset.preparation.kind === 'table';
  const byName = isTable && (more.length > 0 || only?.type === 'string');
  const parts = !isTable && dataset.samples.kind === 'values' ? dataset.samples.parts : undefined;
  const taken = more.length > 0 && parts ? matchParts(inputs, parts) : undefined;
  if (!only || (more.length > 0 && !isTable && !taken)) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `The teacher has ${inputs.length} inputs (${inputs.map(({ name }) => `'${name}'`).join(', ')}), which the samples of the dataset, of one tensor, cannot fill.`,
      { hint: 'Give it a table with columns, or an .npz file with arrays, that are called like them.' },
    );
  }
  const width = plainWidth(dataset.preparation);
  const marked = takesMissing(file.proto) ? markedColumns(dataset.preparation) : [];
  const isMarked = !byName && marked.length > 0 && knownSize(only.shape[1] ?? width, width) === width;
  const build = (batch: Dimension): Graph => {
    const graph = new Graph();
    graph.reserve(namesIn(proto));
    const takesSamples = byName || taken !== undefined || isMarked || only.shape.length === 0;
    // ONNX Runtime has no dimensions at all for an input whose number of axes is not declared.
    const sampleShape = takesSamples
      ? dataset.sampleShape
      : only.shape.slice(1).map((size, axis) => knownSize(size, dataset.sampleShape[axis]));
    const rows = graph.input(graph.freshName('samples'), 'float32', [batch, ...sampleShape]);
    const fed = byName
      ? fillByColumns(graph, rows, inputs.map(columnInput), { ...dataset, knowsMissing: marked.length > 0 }, where)
      : taken
        ? taken.map((each, index) => valuesOfPieces(graph, rows, each, inputs[index]?.type ?? 'float32'))
        : [castTo(graph, (isMarked && rowsWithMissing(graph, rows, dataset.preparation, width)) || rows, only.type)];
    const isList = wanted.shape.length === 1;
    const said = addForeign(graph, fed, {
      name: wanted.name,
      type: wanted.type,
      shape: isList ? [batch] : [batch, ...shape],
    });
    const upright = isList ? graph.op('Reshape', [said, graph.integers([-1, 1])]) : said;
    graph.output(castTo(graph, upright, 'float32'));
    return graph;
  };
  const graph = build(1);
  const [result] = graph.outputs;
  const batch = only.shape[0];
  const used = outputs.filter((one) => one !== wanted).map(({ name }) => `'${name}'`);
  return {
    network: {
      file: { ...file, proto: writeAround(build('batch'), proto), isChanged: true },
      graph,
      inputs: networkInputs(graph.inputs),
      output: result?.name ?? wanted.name,
      sampleShape: graph.inputs[0]?.shape.slice(1) ?? [],
      outputShape: result?.shape.slice(1) ?? [],
      fixedBatch: typeof batch === 'number' ? batch : undefined,
      isAdapted: true,
      foreign: proto,
    },
    isInOwnUnits: byName,
    notes: [
      `The teacher has operators that Distillery does not know, so it is only asked, by ONNX Runtime; its weights are not counted. Its output '${wanted.name}' is taken` +
        `${used.length > 0 ? `, not ${used.join(', ')}` : ''}${unzipped.length > 0 ? ', and ZipMap is cut off' : ''}.`,
      ...notesOnInputs({ columns: byName ? inputs : [], missing: isMarked || byName ? marked : [] }),
    ],
  };
}

/** @param filled inputs that are filled with columns of their names, and the columns whose missing numbers the teacher gets as such */
function notesOnInputs({
  columns,
  missing,
}: {
  readonly columns: readonly { readonly name: string }[];
  readonly missing: readonly string[];
}): readonly string[] {
  const names = columns.map(({ name }) => name).join(', ');
  return [
    ...(columns.length > 0
      ? [`The teacher's inputs are filled with the columns of their names, in their own units: ${names}.`]
      : []),
    ...(missing.length > 0
      ? [`The teacher knows what to do where numbers are missing, so it gets none there (NaN): ${missing.join(', ')}.`]
      : []),
  ];
}

function castTo(graph: Graph, value: Value, type: DataType): Value {
  return value.type === type ? value : graph.op('Cast', [value], { to: int(dataTypeCode(type)) });
}

function chooseOutput(outputs: readonly Described[], output: string | undefined, path: string): Described {
  const numbers = outputs.filter(({ type }) => type === 'float32' || type === 'float64');
  const found = output === undefined ? numbers[0] : outputs.find(({ name }) => name === output);
  if (found) return found;
  const names = outputs.map(({ name, type }) => `'${name}' (${type})`).join(', ');
  throw new DistilleryError(
    'UNSUPPORTED',
    output === undefined
      ? `'${path}' has no output of fractions such as probabilities; its outputs are ${names}.`
      : `'${path}' has no output '${output}'; its outputs are ${names}.`,
  );
}

/** Dimensions of one sample's output; what ONNX Runtime does not know is what the dataset wants. */
function outputShape({ shape }: Described, { task, sampleShape }: Dataset): number[] {
  const wanted = outputShapeOf(task, sampleShape) ?? [classesOf(task).length];
  // ONNX Runtime has no dimensions at all for what it does not know, such as what a loop gives.
  if (shape.length === 0) return wanted.slice();
  const declared = shape.slice(1);
  return declared.length === 0 ? [1] : declared.map((size, axis) => knownSize(size, wanted[axis]));
}

function knownSize(size: Dimension, wanted: number | undefined): number {
  return typeof size === 'number' && size > 0 ? size : (wanted ?? 1);
}

function columnInput({ name, type, shape }: Described): ColumnInput {
  return { name, type, rank: shape.length };
}
