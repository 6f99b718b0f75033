import * as z from 'zod';
import { gradientSupport } from '../../autodiff/gradientSupport.ts';
import { DATA_FORM_KEY, describeDataForm, storedDataForm } from '../../data/storedDataForm.ts';
import { DistilleryError } from '../../errors.ts';
import { loadModel, type ModelFile } from '../../onnx/file.ts';
import { importAnyBatch } from '../../onnx/importing/importAnyBatch.ts';
import { widenHalves } from '../../onnx/importing/singlePrecision.ts';
import { inspectModel as summarize, type ValueSummary } from '../../onnx/inspect.ts';
import { terminalWord } from '../../platform/shellWord.ts';
import { listFeatures } from '../../preflight/inspection/listFeatures.ts';
import { formatBytes, formatInteger } from '../../report/format.ts';
import { defineTool } from '../tool.ts';
import { bulletLines, joinLines, listedShortly, markdownTable } from '../wording.ts';

const MOST_LAYERS = 40;

export const inspectModel = defineTool({
  name: 'inspect_model',
  title: 'Inspect a model',
  description:
    'Tells what an .onnx file is: inputs, outputs, operators, parameters, MACs, the data it was made for, and whether it can be trained ' +
    'further. Use it first, on a teacher or a student. Reads only; takes seconds.',
  input: z.strictObject({
    model: z.string().min(1).describe('Path of the .onnx file.'),
    layers: z
      .boolean()
      .default(false)
      .describe('Whether to list layers and the values that losses on features can name.'),
  }),
  run: async ({ model: named, layers: wantsLayers }, { workspace }) => {
    const path = workspace.existing(named);
    const file = await loadModel(path);
    const { layers, metadata, ...model } = summarize(file);
    const form = storedDataForm(metadata);
    const obstacles = obstaclesOf(file);
    const features = listFeatures(file).map(({ name, stage, lastOfStage }) => ({ name, stage, lastOfStage }));
    const layerTable = {
      head: ['Layer', 'Operator', 'Output', 'Parameters', 'MACs'],
      rows: layers
        .slice(0, MOST_LAYERS)
        .map((layer) => [
          layer.name,
          layer.operator,
          `[${layer.outputShape.join(', ')}]`,
          formatInteger(layer.parameters),
          formatInteger(layer.macs),
        ]),
    };
    const text = joinLines(
      `${workspace.name(path)}: ${formatBytes(model.bytes)}, ${figure(model.parameters)} parameters${storedIn(model.weightTypes)}, ${figure(model.macs)} MACs per sample.`,
      `Inputs: ${model.inputs.map(valueText).join('; ')}. Outputs: ${model.outputs.map(valueText).join('; ')}.`,
      `Operators: ${listedShortly(
        model.operators.map(({ operator, count }) => `${operator} ${count}`),
        20,
      )}. ${Object.entries(model.opsets)
        .map(([domain, version]) => `${domain} opset ${version}`)
        .join(', ')}.`,
      form &&
        `Data: ${describeDataForm(form)
          .map(([name, fact]) => `${name}: ${fact}`)
          .join('; ')}.`,
      model.problem === null ? undefined : `Note: ${model.problem}`,
      obstacles === undefined
        ? undefined
        : obstacles.length === 0
          ? 'As a student it can be trained further: every node has a gradient.'
          : bulletLines('It can be a teacher; as a student it cannot be trained further:', obstacles.slice(0, 5)),
      wantsLayers && layers.length > 0 ? markdownTable(layerTable) : undefined,
      wantsLayers && features.length > 0
        ? `Values that losses on features can name, the last of each stage: ${listedShortly(
            features.filter(({ lastOfStage }) => lastOfStage).map(({ name }) => name),
            20,
          )}.`
        : undefined,
      layers.length > (wantsLayers ? MOST_LAYERS : 0)
        ? `All ${layers.length} layers: distillery inspect ${terminalWord(workspace.name(path))} --layers`
        : undefined,
    );
    const data = {
      ...model,
      path: workspace.name(path),
      metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== DATA_FORM_KEY)),
      dataForm: form ?? null,
      layerCount: layers.length,
      trainable: obstacles === undefined ? null : obstacles.length === 0,
      ...(wantsLayers && { layers: layers.slice(0, MOST_LAYERS), features: features.slice(0, MOST_LAYERS) }),
    };
    return { text, data, whole: path };
  },
});

/** Why gradients do not pass, a sentence for each kind of obstacle; undefined for a model that cannot be understood. */
function obstaclesOf(file: ModelFile): readonly string[] | undefined {
  try {
    const support = gradientSupport(importAnyBatch(widenHalves(file)));
    return [...new Set([...support.values()].flatMap((node) => (node.kind === 'unsupported' ? [node.reason] : [])))];
  } catch (error) {
    if (error instanceof DistilleryError && error.code !== 'INTERNAL') return undefined;
    throw error;
  }
}

function storedIn(types: readonly { readonly type: string; readonly count: number }[]): string {
  if (types.every(({ type }) => type === 'float32')) return '';
  return ` (${types.map(({ type, count }) => `${formatInteger(count)} in ${type}`).join(', ')})`;
}

function figure(count: number | null): string {
  return count === null ? 'an unknown number of' : formatInteger(count);
}

function valueText({ name, type, shape }: ValueSummary): string {
  return `'${name}' ${type}[${shape.join(', ')}]`;
}
