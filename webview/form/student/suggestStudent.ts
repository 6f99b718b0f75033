import type { SampleKind } from '../../../src/protocol/experimentFacts.ts';

/** The student that a new experiment begins with, until somebody chooses one: small, and of a kind that suits the samples. */
export function suggestStudent(samples: SampleKind): Readonly<Record<string, unknown>> {
  switch (samples) {
    case 'images':
      return { architecture: 'convnet' };
    case 'texts':
      return { architecture: 'textcnn' };
    case 'tables':
    case 'series':
      return { architecture: 'mlp', hidden: [64] };
  }
}
