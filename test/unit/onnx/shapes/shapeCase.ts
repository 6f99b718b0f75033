import type { Sketch } from '../../../support/shapeCheck.ts';

/** One operator whose inferred shape is compared with the runtime's, over random sizes and attributes. */
export interface ShapeCase {
  readonly title: string;
  readonly build: (sketch: Sketch) => void;
  /** Whether a named batch must reach every output; true unless said otherwise. */
  readonly batchPasses?: boolean;
}
