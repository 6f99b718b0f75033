import type { SampleKind } from '../../src/protocol/experimentFacts.ts';
import type { FeatureChoices } from '../../src/protocol/features.ts';
import type { FormField } from '../../src/protocol/form.ts';
import type { OutputSizes } from '../../src/protocol/outputForecast.ts';
import type { PickerKind } from '../../src/protocol/panel.ts';
import type { Path } from './paths.ts';

/** Where the problems of one field are shown, and what is switched off while a run goes on. */
export interface FieldSlot {
  setProblem(problem: string | undefined): void;
  setEnabled(isEnabled: boolean): void;
}

/** What the views of fields need of the form around them. */
export interface FormContext {
  /** `.onnx` files of the workspace. */
  readonly models: readonly string[];
  /** What in the workspace looks like data, likewise. */
  readonly datasets: readonly string[];
  /** The draft's value at a path; undefined where the draft leaves it to its default. */
  value(path: Path): unknown;
  /** Changes the draft; undefined leaves the value to its default. */
  edit(path: Path, value: unknown): void;
  /** Changes the draft so that other fields are shown in this section. */
  restructure(path: Path, value: unknown): void;
  /** Makes problems at `path` show in this slot. */
  register(path: string, slot: FieldSlot): void;
  render(field: FormField, path: Path): HTMLElement;
  /** The values inside both networks, as far as they were asked for. */
  features(): FeatureChoices | 'asked' | undefined;
  /** Does something with the values inside both networks, which are asked for where they are not known. */
  withFeatures(use: (features: FeatureChoices) => void): void;
  /** What the teacher's outputs will take, as far as it was asked for; null where nothing can be known. */
  outputs(): OutputSizes | 'asked' | null | undefined;
  askForOutputs(): void;
  /** Says something at a place, until the next edit. */
  tell(place: string, text: string): void;
  /** What was said at a place. */
  told(place: string): string | undefined;
  /** Calls at once, and whenever it changes, with what the samples of the chosen data are; undefined until that is known. */
  withSamples(use: (samples: SampleKind | undefined) => void): void;
  /** Whether a person asked for all choices of a field. */
  showsAllChoices(path: string): boolean;
  showAllChoices(path: string): void;
  pick(picker: PickerKind, path: string): void;
}
