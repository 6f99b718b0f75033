import type * as z from 'zod';
import type { architectureSchema } from './architecture.ts';

/** What samples are, as far as it decides which students suit them: pictures and spectrograms, rows, sequences of numbers, texts. */
type SampleKind = 'images' | 'tables' | 'series' | 'texts';

/** What a student can be: a network that Distillery builds or fits, an `.onnx` file, a head on a frozen model, the teacher made narrower. */
export type StudentKind = z.output<typeof architectureSchema>['architecture'] | 'model' | 'extractor' | 'shrink';

export interface Suitability {
  /** Samples for which a person should be offered it first. */
  readonly samples: readonly SampleKind[];
  /** Whether it is offered before it is known what the samples are. */
  readonly isCommon: boolean;
}

const anySamples = ['images', 'tables', 'series', 'texts'] as const;
const numbers = ['tables', 'series'] as const;

/** Which samples each student suits: a new one says it here, and is offered where it suits. All can be chosen for anything. */
export const suitability: Readonly<Record<StudentKind, Suitability>> = {
  mlp: { samples: ['images', ...numbers], isCommon: true },
  convnet: { samples: ['images'], isCommon: true },
  resnet: { samples: ['images'], isCommon: true },
  mobilenetv2: { samples: ['images'], isCommon: false },
  transformer: { samples: ['texts'], isCommon: true },
  textcnn: { samples: ['texts'], isCommon: false },
  // Only for data that are to be reconstructed.
  autoencoder: { samples: [], isCommon: false },
  'soft-tree': { samples: ['images', 'tables'], isCommon: false },
  'decision-tree': { samples: numbers, isCommon: true },
  'random-forest': { samples: numbers, isCommon: false },
  'gradient-boosting': { samples: numbers, isCommon: false },
  linear: { samples: numbers, isCommon: false },
  svm: { samples: numbers, isCommon: false },
  model: { samples: anySamples, isCommon: true },
  extractor: { samples: ['images', 'tables', 'texts'], isCommon: false },
  shrink: { samples: anySamples, isCommon: true },
};
