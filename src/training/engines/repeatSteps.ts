import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  TensorShapeProtoSchema,
  ValueInfoProtoSchema,
  type ModelProto,
  type ValueInfoProto,
} from '../../onnx/onnx_pb.ts';
import { toInt64 } from '../../onnx/tensor.ts';

/** A value that a step takes and leaves changed: names of the input and of the output. */
export interface CarriedValue {
  readonly name: string;
  readonly next: string;
}

/** Name that an input or output of the step has outside of the repetition: nested values may not share names with outer ones. */
export const repeatedName = (name: string): string => `steps.${name}`;

/**
 * A model that does as many steps as its inputs have along a new axis 0, one after another, in one run: ONNX Scan around
 * the model of one step. What is carried from step to step stays inside ONNX Runtime meanwhile; all other outputs are
 * stacked along axis 0.
 *
 * @param model of one step, with static shapes
 * @param carried its state, which is fed and fetched once per run
 */
export function repeatSteps(model: ModelProto, carried: readonly CarriedValue[]): ModelProto {
  const body = model.graph ?? create(GraphProtoSchema);
  const [carriedInputs, inputs] = divide(body.input, new Set(carried.map(({ name }) => name)));
  const [carriedOutputs, outputs] = divide(body.output, new Set(carried.map(({ next }) => next)));
  const orderOf = new Map(carried.flatMap(({ name, next }, index) => [[name, index] as const, [next, index] as const]));
  const ordered = (values: readonly ValueInfoProto[]): ValueInfoProto[] =>
    values.toSorted((one, other) => (orderOf.get(one.name) ?? 0) - (orderOf.get(other.name) ?? 0));
  const scan = create(NodeProtoSchema, {
    name: 'steps',
    opType: 'Scan',
    input: [...ordered(carriedInputs), ...inputs].map(({ name }) => repeatedName(name)),
    output: [...ordered(carriedOutputs), ...outputs].map(({ name }) => repeatedName(name)),
    attribute: [
      create(AttributeProtoSchema, {
        name: 'body',
        type: AttributeType.GRAPH,
        g: create(GraphProtoSchema, {
          ...body,
          input: [...ordered(carriedInputs), ...inputs],
          output: [...ordered(carriedOutputs), ...outputs],
        }),
      }),
      create(AttributeProtoSchema, {
        name: 'num_scan_inputs',
        type: AttributeType.INT,
        i: toInt64(inputs.length),
      }),
    ],
  });
  return create(ModelProtoSchema, {
    ...model,
    graph: create(GraphProtoSchema, {
      name: body.name,
      node: [scan],
      input: [...carriedInputs.map(outside), ...inputs.map(stacked)],
      output: [...carriedOutputs.map(outside), ...outputs.map(stacked)],
    }),
  });
}

function divide(values: readonly ValueInfoProto[], names: ReadonlySet<string>): [ValueInfoProto[], ValueInfoProto[]] {
  return [values.filter(({ name }) => names.has(name)), values.filter(({ name }) => !names.has(name))];
}

function outside(value: ValueInfoProto): ValueInfoProto {
  return create(ValueInfoProtoSchema, { ...value, name: repeatedName(value.name) });
}

/** The value of all steps, along a new axis 0. */
function stacked(value: ValueInfoProto): ValueInfoProto {
  const tensor = value.type?.value.case === 'tensorType' ? value.type.value.value : undefined;
  const steps = create(TensorShapeProto_DimensionSchema, { value: { case: 'dimParam', value: 'steps' } });
  const shape = create(TensorShapeProtoSchema, { dim: [steps, ...(tensor?.shape?.dim ?? [])] });
  const tensorType = create(TypeProto_TensorSchema, { elemType: tensor?.elemType ?? 0, shape });
  return create(ValueInfoProtoSchema, {
    name: repeatedName(value.name),
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } }),
  });
}
