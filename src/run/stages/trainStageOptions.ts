import type { Dataset } from '../../data/dataset.ts';
import type { Split } from '../../data/samples/split.ts';
import type { PauseGate } from '../../platform/pauseGate.ts';
import type { BatchAugmentation } from '../../training/augmentation/batchAugmentation.ts';
import type { Teaching } from '../../training/batchFeeder.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';
import type { TrainingMaterial } from './featureStage.ts';
import type { RoundsOptions } from '../../training/rounds/trainInRounds.ts';
import type { RunJournal } from '../../runFolder/runJournal.ts';
import type { DeviceName, Network, RunEvent } from '../../protocol/events.ts';
import type { FloatTensor } from '../../onnx/tensor.ts';
import type { InitialNetwork } from '../../students/initialNetwork.ts';
import type { SessionShelf } from '../../training/engines/sessionShelf.ts';
import type { EngineName } from '../../training/engines/openEngine.ts';
import type { TrainingOptions } from '../../training/trainNetworkOptions.ts';

/** What a network is trained by, and where it goes. */
export interface TrainStageOptions {
  readonly network: Network;
  readonly initial: InitialNetwork;
  /** The network as it is trained, with more weights than are exported; by default the same. */
  readonly trained?: InitialNetwork;
  readonly dataset: TrainingMaterial;
  /** What is trained on; by default the dataset's training split. */
  readonly training?: Split;
  /**
   * How many samples with labels the training split repeats or begins with, where the epoch that is kept is found out on parts of these; by default
   * the validation split decides.
   */
  readonly partedLabels?: number | undefined;
  readonly trainingTask: TrainingTask;
  readonly teaching?: Teaching | undefined;
  readonly batchAugmentation?: BatchAugmentation | undefined;
  /** Classes that the training split lacks and that are corrected afterwards. */
  readonly excluded?: readonly string[] | undefined;
  /** The teacher's outputs for the validation split, where the student is to match them. */
  readonly teacherValidation?: Float32Array | undefined;
  readonly options: TrainingOptions & { readonly seed: number };
  /** Workers that train it together; by default it is trained here alone. */
  readonly rounds?: RoundsOptions | undefined;
  readonly engine: EngineName;
  readonly sessions?: SessionShelf | undefined;
  readonly device: DeviceName;
  readonly journal: RunJournal;
  /** The dataset on whose test split the written network is compared with the trained one; by default it is not. */
  readonly verifiedOn?: Dataset;
  /** Operator set that the trained network is written in; see `modelOf`. */
  readonly opset?: number | undefined;
  /** Where the trained network is written. */
  readonly file: string;
  /**
   * Writes the network when it is trained to the end, and returns how far the file is from what was trained; by default it is written as
   * `initial` with the trained weights.
   */
  readonly write?: (weights: ReadonlyMap<string, FloatTensor>) => Promise<number | undefined>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly pause?: PauseGate | undefined;
  readonly onEvent: (event: RunEvent) => void;
}
