import type { Dataset, DatasetOptions, OpenContext } from '../dataset.ts';
import type { Finding } from '../findings/finding.ts';
import type { Split } from '../samples/split.ts';
import type { Location, Source } from '../source.ts';

/** The labelled data, as far as they decide how samples without labels are prepared. */
export type Labelled = Pick<Dataset, 'task' | 'samples' | 'sampleShape' | 'preparation' | 'training'>;

/** What is read, and under which circumstances. */
export interface UnlabelledRequest {
  readonly location: Location;
  readonly labelled: Labelled;
  readonly options: DatasetOptions;
  readonly context: OpenContext;
}

/** Samples without labels, as the network gets them. */
export interface UnlabelledSamples extends Pick<Source, 'lateFindings' | 'dispose'> {
  readonly split: Split;
  readonly findings: readonly Finding[];
}
