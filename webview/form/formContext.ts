import type { SampleKind } from '../../src/protocol/experimentFacts.ts';
import type { FormField } from '../../src/protocol/form.ts';
import type { PickerKind } from '../../src/protocol/panel.ts';
import type { NetworkAnswers } from './networkAnswers.ts';
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
  /** What was found out about both networks, and how more is asked for. */
  readonly answers: Pick<NetworkAnswers, 'features' | 'withFeatures' | 'outputs' | 'askForOutputs'>;
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
