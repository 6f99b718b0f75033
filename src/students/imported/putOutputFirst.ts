import { clone } from '@bufbuild/protobuf';
import { BadInputError } from '../../errors.ts';
import { isTensor } from '../../onnx/importing/tensorOutputs.ts';
import { declaredType } from '../../onnx/importing/importTypes.ts';
import { ModelProtoSchema, type ModelProto, type ValueInfoProto } from '../../onnx/onnx_pb.ts';
import type { OutputForm } from '../networkForm.ts';

/** A stored model whose first output is the one that is trained, and what was assumed. */
export interface OutputChoice {
  readonly model: ModelProto;
  readonly notes: readonly string[];
}

/**
 * Puts the output that is trained before the others, which are written after it: that of this name, or, where the first one has
 * another shape than what is learned, the only one that has it.
 *
 * @throws BadInputError at `output`, when no output has the name
 */
export function putOutputFirst(model: ModelProto, form: OutputForm, name: string | undefined): OutputChoice {
  const outputs = model.graph?.output ?? [];
  const named = name === undefined ? undefined : outputs.find((output) => output.name === name);
  if (name !== undefined && !named) {
    const hint = `Its outputs are ${outputs.map((output) => `'${output.name}'`).join(', ')}.`;
    throw new BadInputError([{ where: 'output', message: `The model has no output '${name}'.`, hint }]);
  }
  const chosen = named ?? onlyFitting(outputs, form);
  if (!chosen || chosen === outputs[0]) return { model, notes: [] };
  const changed = clone(ModelProtoSchema, model);
  const all = changed.graph?.output ?? [];
  const first = all.filter((output) => output.name === chosen.name);
  if (changed.graph) changed.graph.output = [...first, ...all.filter((output) => output.name !== chosen.name)];
  const why = named ? '' : ', which is the only one of the shape that is learned; `output` names another';
  return { model: changed, notes: [`The model's output '${chosen.name}' is trained, and written first${why}.`] };
}

/** The first output where it fits or does not declare its shape; undefined where none of the others fits, or several. */
function onlyFitting(outputs: readonly ValueInfoProto[], form: OutputForm): ValueInfoProto | undefined {
  const [first] = outputs.filter(isTensor);
  if (first && !hasShape(first)) return first;
  for (const wanted of shapesOf(form)) {
    const fitting = outputs.filter((output) => hasShape(output) && fits(output, wanted));
    if (first && fitting.includes(first)) return first;
    if (fitting.length > 0) return fitting.length === 1 ? fitting[0] : undefined;
  }
  return undefined;
}

function hasShape({ type }: ValueInfoProto): boolean {
  return type?.value.case === 'tensorType' && type.value.value.shape !== undefined;
}

function fits(output: ValueInfoProto, wanted: SampleShape): boolean {
  const { type, shape } = declaredType(output);
  const sizes = shape.slice(1);
  return (
    type === 'float32' &&
    sizes.length === wanted.length &&
    sizes.every((size, axis) => typeof size === 'string' || wanted[axis] === undefined || size === wanted[axis])
  );
}

/** Undefined where any size will do. */
type SampleShape = readonly (number | undefined)[];

/** What may be learned from, the better first: two classes may be one number. */
function shapesOf(form: OutputForm): readonly SampleShape[] {
  switch (form.kind) {
    case 'logits':
      return form.classes === 2 && form.severalLabels !== true ? [[2], [1], []] : [[form.classes]];
    case 'tokens':
      return [[undefined, form.classes]];
    case 'values':
      return [form.shape];
  }
}
