import { float, int, text } from '../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import type { ShapeCase } from './shapeCase.ts';

const unary = [
  'Abs', 'Acos', 'Asin', 'Asinh', 'Atan', 'Ceil', 'Celu', 'Clip', 'Cos', 'Cosh', 'Elu', 'Erf', 'Exp', 'Floor', 'Gelu',
  'HardSigmoid', 'HardSwish', 'Hardmax', 'Identity', 'LeakyRelu', 'Log', 'LogSoftmax', 'LpNormalization', 'Mish', 'Neg',
  'Reciprocal', 'Relu', 'Round', 'Selu', 'Shrink', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softmax', 'Softplus', 'Softsign',
  'Sqrt', 'Swish', 'Tan', 'Tanh', 'ThresholdedRelu',
]; // prettier-ignore
const microsoft = ['FastGelu', 'Gelu', 'QuickGelu'];
const variadic = ['Max', 'Mean', 'Min', 'Sum'];
const binary = ['Add', 'Div', 'Mul', 'Pow', 'Sub', 'PRelu'];
const comparisons = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'];

const broadcastCases = (operators: readonly string[], type: 'float32' | 'bool'): ShapeCase[] =>
  operators.map((operator) => ({
    title: operator,
    build: (sketch) => {
      const [rows, columns] = [sketch.size(), sketch.size()];
      const wide = sketch.typed(type, sketch.batch, rows, columns);
      const narrow = sketch.pick([[columns], [1], [rows, 1], [1, 1, columns], []]);
      sketch.node(operator, [wide, sketch.typed(type, ...narrow)]);
    },
  }));

export const elementwiseCases: readonly ShapeCase[] = [
  ...unary.map((operator): ShapeCase => ({
    title: operator,
    build: (sketch) => {
      sketch.node(operator, [sketch.input(sketch.batch, ...sketch.sizes(sketch.size(1, 3)))]);
    },
  })),
  ...microsoft.map((operator): ShapeCase => ({
    title: `com.microsoft.${operator}`,
    build: (sketch) => {
      sketch.node(operator, [sketch.input(sketch.batch, ...sketch.sizes(2))], {}, { domain: 'com.microsoft' });
    },
  })),
  ...broadcastCases(binary, 'float32'),
  ...broadcastCases(comparisons, 'float32'),
  ...broadcastCases(['And', 'Or', 'Xor'], 'bool'),
  ...variadic.map((operator): ShapeCase => ({
    title: operator,
    build: (sketch) => {
      const [rows, columns] = sketch.sizes(2);
      const shapes = [[columns!], [sketch.batch, rows!, 1], [1, 1, columns!], []];
      sketch.node(
        operator,
        shapes.map((shape) => sketch.input(...shape)),
      );
    },
  })),
  ...['IsNaN', 'IsInf'].map((operator): ShapeCase => ({
    title: operator,
    build: (sketch) => {
      sketch.node(operator, [sketch.input(sketch.batch, sketch.size())]);
    },
  })),
  {
    title: 'Not',
    build: (sketch) => {
      sketch.node('Not', [sketch.typed('bool', sketch.batch, sketch.size())]);
    },
  },
  {
    title: 'Mod',
    build: (sketch) => {
      const fmod = { fmod: int(1) };
      sketch.node('Mod', [sketch.input(sketch.batch, 3), sketch.input(sketch.pick([1, 3]))], fmod);
    },
  },
  {
    title: 'Where',
    build: (sketch) => {
      const columns = sketch.size();
      sketch.node('Where', [
        sketch.typed('bool', sketch.pick([1, columns])),
        sketch.input(sketch.batch, sketch.pick([1, columns])),
        sketch.input(sketch.pick([1, 4]), 1, columns),
      ]);
    },
  },
  {
    title: 'Cast',
    build: (sketch) => {
      // float64, int64, int32, bool, uint8
      const to = int(sketch.pick([11, 7, 6, 9, 2]));
      sketch.node('Cast', [sketch.input(sketch.batch, sketch.size())], { to });
    },
  },
  {
    title: 'CastLike',
    build: (sketch) => {
      sketch.node('CastLike', [sketch.input(sketch.batch, 2), sketch.typed(sketch.pick(['int32', 'float64']), 1)]);
    },
  },
  {
    title: 'Dropout with its mask',
    build: (sketch) => {
      sketch.node('Dropout', [sketch.input(sketch.batch, sketch.size())], {}, { outputs: ['kept', 'mask'] });
    },
  },
  {
    title: 'com.microsoft.BiasGelu',
    build: (sketch) => {
      const columns = sketch.size();
      const inputs = [sketch.input(sketch.batch, sketch.size(), columns), sketch.input(columns)];
      sketch.node('BiasGelu', inputs, {}, { domain: 'com.microsoft' });
    },
  },
  {
    title: 'QuantizeLinear',
    build: (sketch) => {
      const scale = sketch.graph.constant(floatTensor(0.1));
      const type = sketch.pick(['uint8', 'int8'] as const);
      const data = type === 'uint8' ? Uint8Array.of(3) : Int8Array.of(3);
      const zero = sketch.pick([undefined, sketch.graph.constant({ type, shape: [], data })]);
      sketch.node('QuantizeLinear', [sketch.input(sketch.batch, sketch.size()), scale, zero]);
    },
  },
  {
    title: 'DequantizeLinear',
    build: (sketch) => {
      const scale = sketch.graph.constant(floatTensor(0.1));
      sketch.node('DequantizeLinear', [sketch.typed('uint8', sketch.batch, sketch.size()), scale]);
    },
  },
  {
    title: 'DynamicQuantizeLinear',
    build: (sketch) => {
      const names = ['integers', 'scale', 'zero'];
      const input = sketch.input(sketch.batch, sketch.size());
      const [integers] = sketch.graph.node('DynamicQuantizeLinear', [input], { outputs: names });
      if (integers) sketch.node('DequantizeLinear', [integers, sketch.graph.constant(floatTensor(0.1))]);
    },
  },
  {
    title: 'MatMulInteger',
    build: (sketch) => {
      const [rows, inner, columns] = [sketch.size(), sketch.size(), sketch.size()];
      const factors = [sketch.typed('uint8', sketch.batch, rows, inner), sketch.typed('int8', inner, columns)];
      const zero = sketch.graph.constant({ type: 'uint8', shape: [], data: Uint8Array.of(3) });
      sketch.node('MatMulInteger', [...factors, zero]);
    },
  },
  {
    title: 'ConvInteger',
    build: (sketch) => {
      const weights = sketch.typed('uint8', 4, 3, 2, 2);
      const zero = sketch.graph.constant({ type: 'uint8', shape: [], data: Uint8Array.of(3) });
      sketch.node('ConvInteger', [sketch.typed('uint8', sketch.batch, 3, 5, 6), weights, zero, zero]);
    },
  },
  {
    title: 'LRN',
    build: (sketch) => {
      sketch.node('LRN', [sketch.input(sketch.batch, ...sketch.sizes(3))], { size: int(3), alpha: float(0.1) });
    },
  },
  {
    title: 'Gelu with tanh',
    build: (sketch) => {
      sketch.node('Gelu', [sketch.input(sketch.batch, sketch.size())], { approximate: text('tanh') });
    },
  },
];
