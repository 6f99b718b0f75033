import type { Shape } from '../../onnx/tensor.ts';

/** How images [channels, height, width] become what a network takes. */
export interface InputFit {
  /** How often the one channel is repeated. */
  readonly repeat?: number;
  /** Height and width that images are brought to. */
  readonly size?: readonly [height: number, width: number];
  /** The order of the dimensions that the network takes; NHW has no channels. */
  readonly layout: 'NCHW' | 'NHWC' | 'NHW';
  /** Dimensions of one sample as the network takes it. */
  readonly native: readonly number[];
}

/**
 * How images have to be changed for a network that does not take them as they are; undefined for one that does, or that takes
 * something else.
 *
 * @param declared dimensions of one sample as the file of the network has them
 * @param sampleShape dimensions of one sample of the dataset
 */
export function fitInput(declared: Shape, sampleShape: readonly number[]): InputFit | undefined {
  const [channels = 0, height = 0, width = 0] = sampleShape;
  if (sampleShape.length !== 3) return undefined;
  const sized = (dimension: Shape[number] | undefined, present: number): number =>
    typeof dimension === 'number' ? dimension : present;
  if (declared.length === 2) {
    if (channels !== 1) return undefined;
    const size = [sized(declared[0], height), sized(declared[1], width)] as const;
    return { ...resized(size, height, width), layout: 'NHW', native: size };
  }
  if (declared.length !== 3) return undefined;
  const takes = (dimension: Shape[number] | undefined): boolean =>
    typeof dimension === 'string' || dimension === channels || (channels === 1 && dimension === 3);
  // An open dimension may be anything, and is taken for a channel where networks usually have theirs.
  const isLast = typeof declared[2] === 'number' && takes(declared[2]) && !takesNumber(declared[0], channels);
  if (!isLast && !takes(declared[0])) return undefined;
  const wanted = sized(isLast ? declared[2] : declared[0], channels);
  const [rows, columns] = isLast ? [declared[0], declared[1]] : [declared[1], declared[2]];
  const size = [sized(rows, height), sized(columns, width)] as const;
  const layout = isLast ? 'NHWC' : 'NCHW';
  const native = isLast ? [...size, wanted] : [wanted, ...size];
  const changes = { ...(wanted !== channels && { repeat: wanted }), ...resized(size, height, width) };
  if (layout === 'NCHW' && Object.keys(changes).length === 0) return undefined;
  return { ...changes, layout, native };
}

function takesNumber(dimension: Shape[number] | undefined, channels: number): boolean {
  return dimension === channels || (channels === 1 && dimension === 3);
}

function resized(size: readonly [number, number], height: number, width: number): Pick<InputFit, 'size'> {
  return size[0] === height && size[1] === width ? {} : { size };
}

/** What is done to images, as a person reads it; nothing where they stay as they are. */
export function describeFit({ repeat, size, layout }: InputFit): string {
  const done = [
    ...(size ? [`resized to ${size[0]} × ${size[1]}`] : []),
    ...(repeat === undefined ? [] : [`their channel repeated ${repeat} times`]),
    ...(layout === 'NHWC' ? ['channels last (NHWC)'] : []),
    ...(layout === 'NHW' ? ['without channels'] : []),
  ];
  return done.join('; ');
}
