import { resolve } from 'node:path';
import { listFeatures } from '../experiment/listFeatures.ts';
import { DATA_FORM_KEY, describeDataForm, storedDataForm } from '../experiment/storedDataForm.ts';
import { loadModel } from '../onnx/file.ts';
import { inspectModel, type LayerSummary, type ModelSummary, type ValueSummary } from '../onnx/inspect.ts';
import type { Shape } from '../onnx/tensor.ts';
import { formatBytes, formatCount, formatInteger } from '../protocol/format.ts';
import { existingFile } from './checks.ts';
import { jsonOption, type Command } from './command.ts';
import { printExperiment } from './printExperiment.ts';
import { renderTable } from './renderTable.ts';
import { exitCode, painted, type Output } from './terminal.ts';

type Feature = ReturnType<typeof listFeatures>[number];

/** `distillery inspect FILE` */
export const inspectCommand: Command = {
  name: 'inspect',
  summary:
    'Show what an ONNX model is: inputs, outputs, operators, parameters, MACs, size, features, the data it was made for.',
  details:
    'Parameters and MACs (multiply-accumulate operations) are those of one sample. Features are the values inside the ' +
    'model that the losses hint, attention-transfer, rkd, contrastive and cosine can name. Of an experiment file those of ' +
    "student and teacher are listed, and pairs of them proposed; and what the teacher's outputs take on the disk, and whether they are there.",
  operand: {
    name: 'FILE',
    isRequired: true,
    description: 'An .onnx file, or an experiment file such as my.distill.json.',
    check: existingFile,
  },
  options: [{ name: 'layers', description: 'Show every layer, too; with --json they are always there.' }, jsonOption],
  run: async ({ operand = '', switches }, terminal) => {
    const { out, error, directory } = terminal;
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
    if (model.problem !== null) error.write(`${painted(error, 'yellow', 'Note:')} ${model.problem}\n`);
    return exitCode.success;
  },
};

function renderSummary(title: string, model: ModelSummary, output: Output): string {
  const form = storedDataForm(model.metadata);
  const facts: readonly (readonly [string, string])[] = [
    ['File size', `${formatBytes(model.bytes)} (${formatInteger(model.bytes)} bytes)`],
    ['Parameters', figure(model.parameters)],
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

function listedCounts(counts: readonly (readonly [string, number])[]): string {
  return counts.map(([name, count]) => `${name} ${count}`).join(', ');
}

function value({ name, type, shape: dimensions }: ValueSummary): string {
  return `${name}: ${type}${shape(dimensions)}`;
}

function shape(dimensions: Shape): string {
  return `[${dimensions.join(', ')}]`;
}
