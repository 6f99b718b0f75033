import { intOf, intsOf, textOf } from '../../../src/onnx/attributes.ts';
import { at, eachIndex, fill, positionOf, sizeOf } from './array.ts';
import { given, type Operator } from './operator.ts';
import { inside, meets, outputSizes, windowOf, type Window } from './window.ts';

const conv: Operator = ([input, weights, bias], node) => {
  const x = given(input);
  const w = given(weights);
  const [batch, , ...sizes] = x.shape;
  const [channels, perGroup, ...kernel] = w.shape;
  const window = windowOf(node, kernel, sizes);
  const group = intOf(node, 'group', 1);
  return [
    fill([batch!, channels!, ...outputSizes(node, window, sizes)], ([sample, channel, ...position]) => {
      const first = Math.floor(channel! / (channels! / group)) * perGroup!;
      let sum = bias ? at(bias, [channel!]) : 0;
      eachIndex([perGroup!, ...kernel], ([inner, ...entry]) => {
        const source = meets(window, position, entry);
        if (inside(source, sizes)) {
          sum += at(x, [sample!, first + inner!, ...source]) * at(w, [channel!, inner!, ...entry]);
        }
      });
      return sum;
    }),
  ];
};

/** The transpose of a convolution: every input element adds a copy of the kernel to the output. */
const convTranspose: Operator = ([input, weights, bias], node) => {
  const x = given(input);
  const w = given(weights);
  const [batch, channels, ...sizes] = x.shape;
  const [, perGroup, ...kernel] = w.shape;
  const group = intOf(node, 'group', 1);
  const ones = kernel.map(() => 1);
  const zeros = kernel.map(() => 0);
  const strides = intsOf(node, 'strides') ?? ones;
  const dilations = intsOf(node, 'dilations') ?? ones;
  const extra = intsOf(node, 'output_padding') ?? zeros;
  const full = sizes.map(
    (size, axis) => (size - 1) * strides[axis]! + extra[axis]! + (kernel[axis]! - 1) * dilations[axis]! + 1,
  );
  const asked = intsOf(node, 'output_shape')?.slice(-kernel.length);
  const mode = textOf(node, 'auto_pad', 'NOTSET');
  const wanted = asked ?? (mode.startsWith('SAME') ? sizes.map((size, axis) => size * strides[axis]!) : undefined);
  const pads = intsOf(node, 'pads') ?? [...zeros, ...zeros];
  let begin = pads.slice(0, kernel.length);
  let end = pads.slice(kernel.length);
  if (wanted) {
    const totals = full.map((size, axis) => Math.max(size - wanted[axis]!, 0));
    const less = totals.map((total) => Math.floor(total / 2));
    const more = totals.map((total) => Math.ceil(total / 2));
    [begin, end] = mode === 'SAME_UPPER' ? [less, more] : [more, less];
  }
  const output = full.map((size, axis) => size - begin[axis]! - end[axis]!);
  const window: Window = { kernel, strides, dilations, begin, end };
  const shape = [batch!, perGroup! * group, ...output];
  const data = new Float64Array(sizeOf(shape));
  eachIndex(shape, ([, channel], position) => (data[position] = bias ? at(bias, [channel!]) : 0));
  eachIndex(x.shape, ([sample, channel, ...position], source) => {
    const first = Math.floor(channel! / (channels! / group)) * perGroup!;
    eachIndex([perGroup!, ...kernel], ([inner, ...entry]) => {
      const target = meets(window, position, entry);
      if (inside(target, output)) {
        data[positionOf(shape, [sample!, first + inner!, ...target])]! +=
          x.data[source]! * at(w, [channel!, inner!, ...entry]);
      }
    });
  });
  return [{ shape, data }];
};

export const convolutionOperators: Readonly<Record<string, Operator>> = { Conv: conv, ConvTranspose: convTranspose };
