import { statSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { BadInputError, type Problem } from '../../errors.ts';
import { listFeatures } from '../../preflight/inspection/listFeatures.ts';
import { DATA_FORM_KEY, describeDataForm, storedDataForm } from '../../data/storedDataForm.ts';
import { loadModel } from '../../onnx/file.ts';
import { inspectModel, type LayerSummary, type ModelSummary, type ValueSummary } from '../../onnx/inspect.ts';
import type { Shape } from '../../onnx/tensor.ts';
import { formatBytes, formatCount, formatInteger } from '../../report/format.ts';
import { existingFile, existingPath } from '../checks.ts';
import { jsonOption, type Command } from '../command.ts';
import { compareModels } from '../../modelView/compareModels.ts';
import { renderComparison } from '../renderComparison.ts';
import { printData } from '../data/printData.ts';
import { printExperiment } from '../printExperiment.ts';
import { renderTable } from '../renderTable.ts';
import { exitCode, painted, type Output } from '../terminal.ts';

type Feature = ReturnType<typeof listFeatures>[number];

/** `distillery inspect FILE`, of a model, an experiment or data */
export const inspectCommand: Command = {
  name: 'inspect',
  summary:
    'Show what an ONNX model is: inputs, outputs, operators, parameters, MACs, size, features, the data it was made for; or what data are taken for.',
  details:
    'Parameters and MACs (multiply-accumulate operations) are those of one sample. Features are the values inside the ' +
    'model that the losses hint, attention-transfer, rkd, contrastive, queue-similarity and cosine can name. Of an experiment file those of ' +
    "student and teacher are listed, and pairs of them proposed; and what the teacher's outputs take on the disk, and whether they are there. " +
    'Of data, a folder or a file in any format: format, task, target and what else it might be, columns, classes, splits, sizes of images, and what was ' +
    'assumed, left out or looks wrong.',
  operand: {
    name: 'FILE',
    isRequired: true,
    description: 'An .onnx file, an experiment file such as my.distill.json, or data: a folder or a file.',
    check: existingPath,
  },
  options: [
    { name: 'layers', description: 'Show every layer, too; with --json they are always there.' },
    {
      name: 'diff',
      value: 'OTHER',
      description:
        'Show what differs in another .onnx file instead: structure, and every tensor with the norm of its change.',
      check: existingFile,
    },
    {
      name: 'target',
      value: 'COLUMN',
      description: 'Of a table: look at it with this column as what is predicted.',
    },
    jsonOption,
  ],
  run: async ({ operand = '', switches, values }, terminal) => {
    const { out, error, directory } = terminal;
    const other = values.get('diff');
    if (other === undefined && (await isData(operand, directory))) {
      const target = values.get('target');
      await printData({ path: operand, ...(target !== undefined && { target }) }, switches.has('json'), terminal);
      return exitCode.success;
    }
    const misplaced = misplacedOptions(operand, values);
    if (misplaced.length > 0) throw new BadInputError(misplaced);
    if (other !== undefined) {
      const comparison = compareModels(resolve(directory, operand), resolve(directory, other));
      out.write(switches.has('json') ? `${JSON.stringify(comparison, null, 2)}\n` : renderComparison(comparison, out));
      return exitCode.success;
    }
    if (/\.jsonc?$/.test(operand)) {
      await printExperiment(resolve(directory, operand), switches.has('json'), terminal);
      return exitCode.success;
    }
    const file = await loadModel(resolve(directory, operand));
    const model = inspectModel(file);
    const features = listFeatures(file);
    if (switches.has('json')) {
      const data = storedDataForm(model.metadata) ?? null;
      out.write(`${JSON.stringify({ ...model, data, features }, null, 2)}\n`);
      return exitCode.success;
    }
    out.write(renderSummary(operand, model, out));
    if (features.length > 0) out.write(renderFeatures(features, out));
    if (switches.has('layers')) out.write(renderLayers(model.layers, out));
    for (const note of [...(model.problem === null ? [] : [model.problem]), ...model.exporterNotes])
      error.write(`${painted(error, 'yellow', 'Note:')} ${note}\n`);
    return exitCode.success;
  },
};

/** What models are called, and experiments; anything else is data. */
const MODEL = /\.(?:onnx|ort|pb)$/i;
/** An experiment has a few kilobytes. */
const MOST_BYTES = 2 ** 24;
const EXPERIMENT = /"(?:teacher|student|dataset)"\s*:/;

/** Whether an operand is data: no model and no experiment, whatever form it has. */
async function isData(operand: string, directory: string): Promise<boolean> {
  if (operand.startsWith('builtin:')) return true;
  const path = resolve(directory, operand);
  const found = statSync(path);
  if (found.isDirectory()) return true;
  if (!basename(path).includes('.')) return !(found.isFile() && (await beginsAsModel(path)));
  if (MODEL.test(basename(path)) || /\.distill\.jsonc?$/i.test(operand)) return false;
  if (!/\.jsonc?$/i.test(operand)) return true;
  // A pipe may never end, and no experiment is as large; those who read data say so of the one and read the other bit by bit.
  if (!found.isFile() || found.size > MOST_BYTES) return true;
  const text = await readFile(path, 'utf8');
  return /^\s*\[/.test(text) || !EXPERIMENT.test(text);
}

/** Whether a file begins with the number of ONNX's format, or another field of a model, which texts do not. */
async function beginsAsModel(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, 0);
    return bytesRead === 1 && (buffer[0] === 0x08 || buffer[0] === 0x12);
  } finally {
    await file.close();
  }
}

/** What is said of data and was given with something else. */
function misplacedOptions(operand: string, values: ReadonlyMap<string, string>): readonly Problem[] {
  if (!values.has('target')) return [];
  return [{ where: '--target', message: `names a column, but ${operand} is a model or an experiment` }];
}

function renderSummary(title: string, model: ModelSummary, output: Output): string {
  const form = storedDataForm(model.metadata);
  const facts: readonly (readonly [string, string])[] = [
    ['File size', `${formatBytes(model.bytes)} (${formatInteger(model.bytes)} bytes)`],
    ['Parameters', `${figure(model.parameters)}${storedIn(model)}`],
    ['MACs per sample', figure(model.macs)],
    ['Opset', listedCounts(Object.entries(model.opsets))],
    ['Producer', model.producer === '' ? 'not named' : model.producer],
    ...model.inputs.map((input) => ['Input', value(input)] as const),
    ...model.outputs.map((result) => ['Output', value(result)] as const),
    ['Operators', listedCounts(model.operators.map(({ operator, count }) => [operator, count]))],
    ...(form ? describeDataForm(form) : []),
    ...Object.entries(model.metadata)
      .filter(([key]) => !form || key !== DATA_FORM_KEY)
      .map(([key, text]) => [`Metadata: ${key}`, text] as const),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, fact]) => `${painted(output, 'dim', name.padEnd(width))}  ${fact}`);
  return `${[painted(output, 'bold', title), ...lines].join('\n')}\n`;
}

function renderFeatures(features: readonly Feature[], output: Output): string {
  const rows = features.map((feature) => [
    feature.name,
    feature.operator,
    shape(feature.shape),
    feature.lastOfStage ? `last of ${feature.stage}` : feature.stage,
  ]);
  const explanation = 'Features: values that a loss on hidden layers can compare, such as the last ones of a stage.';
  return `\n${explanation}\n${renderTable(['Name', 'Operator', 'Shape', 'Stage'], rows, output, 4)}`;
}

function renderLayers(layers: readonly LayerSummary[], output: Output): string {
  const rows = layers.map((layer) => [
    layer.name,
    layer.operator,
    shape(layer.outputShape),
    layer.parameters === 0 ? '' : formatInteger(layer.parameters),
    layer.macs === 0 ? '' : formatInteger(layer.macs),
  ]);
  return renderTable(['Layer', 'Operator', 'Output', 'Parameters', 'MACs'], rows, output, 3);
}

function figure(count: number | null): string {
  if (count === null) return 'not known';
  return count < 1000 ? formatInteger(count) : `${formatCount(count)} (${formatInteger(count)})`;
}

/** In which types the weights are stored, where these are not float32. */
function storedIn({ weightTypes }: ModelSummary): string {
  if (weightTypes.every(({ type }) => type === 'float32')) return '';
  return `: ${weightTypes.map(({ type, count }) => `${formatInteger(count)} in ${type}`).join(', ')}`;
}

function listedCounts(counts: readonly (readonly [string, number])[]): string {
  return counts.map(([name, count]) => `${name} ${count}`).join(', ');
}

function value({ name, type, shape: dimensions }: ValueSummary): string {
  return `${name}: ${type}${shape(dimensions)}`;
}

function shape(dimensions: Shape): string {
  return `[${dimensions.join(', ')}]`;
}
