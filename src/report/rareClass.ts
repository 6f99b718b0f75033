import type { Report } from './report.ts';

/** The rarer of two classes, where accuracy says little about it. */
export interface RareClass {
  readonly index: number;
  readonly name: string;
  /** What the other class is called. */
  readonly other: string;
  /** Share of the test samples, 0…1. */
  readonly share: number;
}

/** Below this share, always saying the other class is right so often that accuracy hides what is sought. */
const RARE = 0.1;

/** The rare one of two classes on the test split; undefined where there is none, or the task is another one. */
export function rareClass({ dataset, student }: Report): RareClass | undefined {
  if (dataset.task !== 'classification' || !student.decisions) return undefined;
  const [first, second, third] = student.decisions.classes;
  if (!first || !second || third) return undefined;
  const index = first.samples < second.samples ? 0 : 1;
  const share = Math.min(first.samples, second.samples) / (first.samples + second.samples);
  const [name, other] = [dataset.classes[index], dataset.classes[1 - index]];
  if (!(share > 0 && share < RARE) || name === undefined || other === undefined) return undefined;
  return { index, name, other, share };
}
