import type { Targets } from '../targets.ts';
import { NO_LABEL, UNKNOWN_CLASS } from './noLabel.ts';

/** Targets of unlabelled samples, in the form of others. @param like the targets of the labelled samples */
export function missingLabels(count: number, like: Targets): Targets {
  switch (like.kind) {
    case 'classes':
      return { kind: 'classes', labels: new Int32Array(count).fill(UNKNOWN_CLASS) };
    case 'values':
      return { kind: 'values', values: new Float32Array(count * like.width).fill(NO_LABEL), width: like.width };
    case 'tokens':
      return { kind: 'tokens', labels: new Int32Array(count * like.width).fill(UNKNOWN_CLASS), width: like.width };
    case 'samples':
    case 'none':
      return like;
  }
}
