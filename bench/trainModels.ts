// Trains every .onnx file below a folder that has a gradient, and counts: npm run models:train -- FOLDER [WORD …]
// ONNX's own backend tests are such a folder, onnx/backend/test/data of its repository; those of single operators (`node`) come with its releases, or
// are written by its module onnx.backend.test.case.node.
// A file is read as a student is; the gradients of a random sum of its outputs by all float inputs and weights are computed by ONNX Runtime, one
// step of gradient descent is taken, and what the sum loses is compared with what the gradients say. A folder of ONNX's backend tests gives the
// inputs (`test_data_set_0`); elsewhere they are drawn. A WORD selects the files whose paths contain it.
// Printed are the counts and the reason of each refusal, and every gradient that does not foretell the step.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { gradients } from '../src/autodiff/gradients.ts';
import { randomStream } from '../src/data/random.ts';
import { DistilleryError } from '../src/errors.ts';
import { exportModel } from '../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../src/onnx/file.ts';
import { decodeFloat16Array } from '../src/onnx/float16.ts';
import { int, type Graph } from '../src/onnx/graph.ts';
import { importGraph } from '../src/onnx/importing/importGraph.ts';
import { widenHalves } from '../src/onnx/importing/singlePrecision.ts';
import type { Value } from '../src/onnx/node.ts';
import { ModelProtoSchema, TensorProtoSchema, type ModelProto, type TensorProto } from '../src/onnx/onnx_pb.ts';
import { elementCount, floatData, floatTensor, type Tensor } from '../src/onnx/tensor.ts';
import { decodeTensor } from '../src/onnx/tensorProto.ts';
import { InferenceSession, Tensor as RuntimeTensor } from '../src/platform/onnxRuntime.ts';

/** What became of a file. */
type Verdict =
  | { readonly kind: 'trained' }
  /** Nothing that can be changed has to do with what it gives as float32. */
  | { readonly kind: 'nothing to train' }
  | {
      readonly kind: 'refused' | 'differs' | 'not run';
      readonly reason: string;
    };

/** float32 and float16, which is trained as float32. */
const FLOATS = new Set([1, 10]);
const DOUBLE = 11;
/** As a share of the slope that the gradients say. */
const TOLERANCE = 0.02;

async function judge(path: string): Promise<Verdict> {
  const stored = fromBinary(ModelProtoSchema, readFileSync(path));
  if (!mayTrain(stored)) return { kind: 'nothing to train' };
  const inputs = storedInputs(stored, path);
  fixWholeNumbers(stored, inputs);
  const { proto } = widenHalves({
    proto: stored,
    path,
    directory: dirname(path),
    bytes: 0,
    sha256: '',
    opset: null,
    isChanged: false,
  });
  let graph: Graph;
  let wanted: Value[];
  try {
    graph = importGraph(proto, { bind: {} });
    const outputs = graph.outputs.filter(({ type }) => type === 'float32');
    const sources = [...graph.inputs, ...[...graph.initializers.keys()].map((name) => graph.value(name))];
    // Numbers of a formula, such as exponents and bounds, are no weights: nothing trains them.
    const isNumber = (name: string): boolean => elementCount(graph.initializers.get(name)?.shape ?? [2]) === 1;
    wanted = sources.filter(({ name, type }) => type === 'float32' && !graph.isConstant(name) && !isNumber(name));
    if (outputs.length === 0 || !reaches(graph, wanted, outputs)) return { kind: 'nothing to train' };
    const loss = sumOf(graph, outputs);
    const found = gradients(graph, loss, wanted);
    graph.outputs.length = 0;
    graph.output(loss, 'the.loss');
    found.forEach((gradient, index) => graph.output(gradient, `the.gradient.${index}`));
  } catch (error) {
    if (!(error instanceof DistilleryError)) throw error;
    return {
      kind: error.code === 'INTERNAL' ? 'not run' : 'refused',
      reason: error.message,
    };
  }
  try {
    const given = inputsOf(graph, inputs);
    const verdict = await step(graph, wanted, given);
    if (verdict.kind !== 'differs') return verdict;
    // Where inputs lie on a kink, as points do on pixels and maxima on others, a gradient is that of one side; beside it there is no choice.
    const beside = await step(graph, wanted, nudged(given));
    return beside.kind === 'trained' ? beside : verdict;
  } catch (error) {
    return {
      kind: 'not run',
      reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    };
  }
}

/** Whether a float goes in, or lies in the file, and one comes out. */
function mayTrain({ graph }: ModelProto): boolean {
  const isFloat = (code: number | undefined): boolean => code !== undefined && FLOATS.has(code);
  const typed = (
    list: readonly {
      readonly type?:
        | {
            readonly value: {
              readonly case?: string | undefined;
              readonly value?: unknown;
            };
          }
        | undefined;
    }[],
  ): boolean =>
    list.some(
      ({ type }) => type?.value.case === 'tensorType' && isFloat((type.value.value as { elemType?: number }).elemType),
    );
  return (
    graph !== undefined &&
    typed(graph.output) &&
    (typed(graph.input) || graph.initializer.some(({ dataType }) => isFloat(dataType)))
  );
}

function reaches(graph: Graph, from: readonly Value[], to: readonly Value[]): boolean {
  const reached = new Set(from.map(({ name }) => name));
  for (const node of graph.nodes) {
    if (!node.inputs.some((input) => input && reached.has(input.name))) continue;
    for (const output of node.outputs) if (output && output.type.startsWith('float')) reached.add(output.name);
  }
  return to.some(({ name }) => reached.has(name));
}

function sumOf(graph: Graph, outputs: readonly Value[]): Value {
  const random = randomStream(0, 'loss');
  const terms = outputs.map((output) => {
    const shape = output.shape.map(Number);
    const weights = Float32Array.from({ length: elementCount(shape) }, () => random.uniform(-1, 1));
    const product = graph.op('Mul', [output, graph.constant(floatTensor(weights, shape))]);
    return graph.op('ReduceSum', [product], { keepdims: int(0) });
  });
  return terms.reduce((sum, term) => graph.op('Add', [sum, term]));
}

/** What the folder of a backend test gives its model, by input. */
function storedInputs({ graph }: ModelProto, path: string): Map<string, TensorProto> {
  const folder = join(dirname(path), 'test_data_set_0');
  const found = new Map<string, TensorProto>();
  graph?.input.forEach(({ name }, index) => {
    const file = join(folder, `input_${index}.pb`);
    if (existsSync(file))
      found.set(name, {
        ...fromBinary(TensorProtoSchema, readFileSync(file)),
        name,
      });
  });
  return found;
}

/** Axes, shapes, indices and scales, which these tests feed, are constants, as they are in networks. */
function fixWholeNumbers({ graph }: ModelProto, inputs: ReadonlyMap<string, TensorProto>): void {
  if (!graph) return;
  const isFixed = ({ name, dataType }: TensorProto): boolean =>
    name === 'scales' || (!FLOATS.has(dataType) && dataType !== DOUBLE);
  const fixed = [...inputs.values()].filter(isFixed);
  const names = new Set(fixed.map(({ name }) => name));
  graph.input = graph.input.filter(({ name }) => !names.has(name));
  graph.initializer.push(...fixed);
}

function inputsOf(graph: Graph, stored: ReadonlyMap<string, TensorProto>): Map<string, Tensor> {
  const random = randomStream(0, 'inputs');
  return new Map(
    graph.inputs.map(({ name, type, shape }): [string, Tensor] => {
      const given = stored.get(name);
      if (!given) {
        const sizes = shape.map(Number);
        const data = Float32Array.from({ length: elementCount(sizes) }, () => random.uniform(-1, 1));
        return [name, floatTensor(data, sizes)];
      }
      const tensor = decodeTensor(given);
      if (type !== 'float32' || tensor.type === 'float32') return [name, tensor];
      return [name, floatTensor(decodeFloat16Array(tensor.data as Uint16Array), tensor.shape)];
    }),
  );
}

/** Inputs a little beside those given. */
function nudged(inputs: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const random = randomStream(1, 'nudge');
  return new Map(
    [...inputs].map(([name, tensor]): [string, Tensor] => {
      if (tensor.type !== 'float32') return [name, tensor];
      return [
        name,
        floatTensor(
          floatData(tensor).map((value) => value + random.uniform(-0.02, 0.02)),
          tensor.shape,
        ),
      ];
    }),
  );
}

/** Takes a step against the gradients, as long as float32 can tell, and compares what the loss loses with what they say. */
async function step(graph: Graph, wanted: readonly Value[], inputs: Map<string, Tensor>): Promise<Verdict> {
  const before = await run(graph, inputs);
  const found = wanted.map((_, index) => before.get(`the.gradient.${index}`) ?? []);
  const bad = wanted.find((_, index) => found[index]?.some((value) => !Number.isFinite(value)));
  if (bad)
    return {
      kind: 'differs',
      reason: `the gradient of '${bad.name}' is not finite`,
    };
  const square = found.reduce((sum, one) => sum + one.reduce((total, value) => total + value * value, 0), 0);
  if (square === 0) return { kind: 'trained' };
  const lossAt = async (rate: number): Promise<number> => {
    const weights = new Map(graph.initializers);
    const moved = new Map(inputs);
    wanted.forEach(({ name }, index) => {
      const tensor = inputs.get(name) ?? weights.get(name);
      if (!tensor) return;
      const data = floatData(tensor).map((value, at) => value + rate * (found[index]?.[at] ?? 0));
      (inputs.has(name) ? moved : graph.initializers).set(name, floatTensor(data, tensor.shape));
    });
    try {
      return (await run(graph, moved)).get('the.loss')?.[0] ?? Number.NaN;
    } finally {
      for (const [name, tensor] of weights) graph.initializers.set(name, tensor);
    }
  };
  const [loss = 0] = before.get('the.loss') ?? [];
  let told = '';
  for (const size of [1e-2, 1e-3, 1e-1]) {
    const rate = size / Math.sqrt(square);
    const slopes = [((await lossAt(rate)) - loss) / rate, (loss - (await lossAt(-rate))) / rate].map(
      (each) => each / square,
    );
    const central = mean(slopes);
    // At a kink the gradient lies between the slopes of both sides.
    const isBetween = Math.min(...slopes) - TOLERANCE <= 1 && Math.max(...slopes) + TOLERANCE >= 1;
    // What is lost in the rounding of float32 cannot be compared.
    const isLost = rate * square < 1e-4 * Math.max(1, Math.abs(loss));
    if (Math.abs(central - 1) < TOLERANCE || isBetween || isLost) return { kind: 'trained' };
    told = `the loss changes by ${central.toFixed(3)} of what its gradients say`;
  }
  return { kind: 'differs', reason: told };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

async function run(graph: Graph, inputs: ReadonlyMap<string, Tensor>): Promise<Map<string, number[]>> {
  const session = await InferenceSession.create(encodeModel(exportModel(graph, { name: 'gradients' })), {
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
    graphOptimizationLevel: 'basic',
  });
  try {
    const feeds = Object.fromEntries(
      [...inputs].map(([name, { type, shape, data }]) => [name, new RuntimeTensor(type, data as never, shape)]),
    );
    const results = await session.run(feeds);
    return new Map(
      Object.entries(results).map(([name, { data }]) => [name, Array.from(data as ArrayLike<number | bigint>, Number)]),
    );
  } finally {
    await session.release();
  }
}

const [folder = '.', ...words] = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.onnx') && (words.length === 0 || words.some((word) => file.includes(word))))
  .sort();
const counts = new Map<string, number>();
const reasons = new Map<string, string[]>();
for (const file of files) {
  const verdict = await judge(join(folder, file));
  counts.set(verdict.kind, (counts.get(verdict.kind) ?? 0) + 1);
  if (!('reason' in verdict)) continue;
  const line = `${verdict.kind}: ${verdict.reason}`;
  reasons.set(line, [...(reasons.get(line) ?? []), file]);
}
for (const [reason, where] of [...reasons].sort()) console.log(`${reason}\n    ${where.join(' ')}`);
console.log(`${files.length} files: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
