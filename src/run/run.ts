import type { Experiment, SettledExperiment } from '../experiment/schema.ts';
import type { DatasetShelf } from '../data/datasetShelf.ts';
import type { PauseGate } from '../platform/pauseGate.ts';
import type { Prepared } from '../preflight/prepared.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { RunFolder } from '../runFolder/runFolder.ts';
import type { RunJournal } from '../runFolder/runJournal.ts';
import type { SessionShelf } from '../training/engines/sessionShelf.ts';
import type { ChosenDevice } from '../training/engines/devices/chooseDevice.ts';
import type { RoundPart } from '../training/rounds/trainInRounds.ts';
import type { ChannelImportance } from '../students/shrink/chooseChannels.ts';

/** What a run is given beside its experiment. */
export interface RunSurroundings {
  /** Folder that relative paths of the experiment start from. */
  readonly baseDirectory: string;
  /** Folder for outputs of teachers, unless the experiment names one; without either nothing is kept. */
  readonly cacheFolder?: string | undefined;
  /** Bytes of memory that what teachers and extractors say of the samples may take; by default a share of what there is. */
  readonly memory?: number | undefined;
  /** Keeps opened datasets for further runs of this process; by default each opens its own. */
  readonly datasets?: DatasetShelf | undefined;
  /** Of `report.html`, as VS Code names languages; English by default. */
  readonly language?: string | undefined;
  /** What of it other processes do; by default all is done here. A process that does a part ends as if it had been stopped. */
  readonly shared?: SharedRun | undefined;
  /** Aborting stops the run within a second and keeps the best student so far. */
  readonly signal: AbortSignal;
  /** Where trainings wait while a person wants a pause. */
  readonly pause?: PauseGate | undefined;
  readonly onEvent: (event: RunEvent) => void;
}

/** A run whose input was checked and whose folder exists. */
export interface Run extends RunSurroundings {
  readonly id: string;
  readonly name: string;
  /** With everything decided that its file leaves to Distillery. */
  readonly experiment: SettledExperiment;
  /** As its file has it. */
  readonly written: Experiment;
  readonly prepared: Prepared;
  readonly folder: RunFolder;
  /** Knows what is over of a run that goes on, and keeps what is needed to go on once more. */
  readonly journal: RunJournal;
  /** Where it trains, where that has been being found out since it began; by default it is not known yet. */
  readonly choosing?: Promise<ChosenDevice> | undefined;
  /** Keeps compiled sessions for the next training of a network of the same form; by default each training compiles its own. */
  readonly sessions?: SessionShelf | undefined;
  /** How important the teacher's channels are, where the student keeps the most important ones and that was found out. */
  readonly importance?: ChannelImportance | undefined;
}

/** A run that several processes do parts of. */
export interface SharedRun {
  /** Where each leaves what it did, and finds what others did: `rounds/`, `repeats/` and `sites/`. */
  readonly folder: string;
  /** What this process does; the whole, as far as it is not done, where it is left out. */
  readonly part?:
    | RoundPart
    | { readonly kind: 'repeat'; readonly repeat: number }
    | { readonly kind: 'site'; readonly site: number }
    | undefined;
}
