import type { ImageLayout } from '../session.ts';

/** How images are laid out on a device, and what its step took of the time of the other's. */
export interface LayoutChoice {
  readonly layout: ImageLayout;
  readonly ratio: number;
}

/** ONNX Runtime's own choice is left only for what is clearly faster. */
const CLEARLY = 0.95;

/**
 * Chooses how images are laid out by time: channels last suit products of vectors, but the step's other operators have their channels first, so
 * that images are moved to and fro. Which is faster depends on the device.
 *
 * @param stepMs times a step of a layout
 * @returns undefined when one of them does not work, which leaves ONNX Runtime's own choice
 */
export async function chooseLayout(
  stepMs: (layout: ImageLayout) => Promise<number>,
): Promise<LayoutChoice | undefined> {
  const [last, first] = [await stepMs('NHWC').catch(() => NaN), await stepMs('NCHW').catch(() => NaN)];
  if (Number.isNaN(first + last)) return undefined;
  return first / last < CLEARLY ? { layout: 'NCHW', ratio: first / last } : { layout: 'NHWC', ratio: last / first };
}

/** The choice in one sentence for the person. */
export function tellLayout({ layout, ratio }: LayoutChoice): string {
  const share = ratio.toFixed(2);
  return layout === 'NHWC'
    ? `Images lie there with their channels last, which took ${share} of the time of channels first in a short trial.`
    : `Images lie there with their channels first, which took ${share} of the time of channels last in a short trial.`;
}
