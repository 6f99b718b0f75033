import type { Problem } from '../errors.ts';
import type { FactsAnswer } from './experimentFacts.ts';
import type { ExplanationAnswer } from '../report/explanation.ts';
import type { FeatureChoices } from './features.ts';
import type { FormSection } from './form.ts';
import type { OutputSizes } from './outputForecast.ts';
import type { Network } from './events.ts';
import type { Closeup, CurveKind, NetworkRange, RunCurves, RunSnapshot } from './snapshot.ts';

/** An experiment while it is being edited: the file's shape, possibly incomplete or wrong. */
export type ExperimentDraft = Readonly<Record<string, unknown>>;

/** Kinds of things a person can pick on disk. */
export type PickerKind = 'model' | 'dataset-folder' | 'dataset-file' | 'tokenizer';

/** What a picture of a chart can be saved as. */
export type ChartFileFormat = 'svg' | 'png';

/** A line of a chart that is saved as values: a curve of the run, or one value that is the same everywhere. */
export type CsvLine =
  | {
      readonly kind: 'curve';
      readonly label: string;
      readonly network: Network;
      readonly curve: CurveKind;
      readonly term: string;
    }
  | { readonly kind: 'level'; readonly label: string; readonly value: number };

/** A run without its curves, which change more slowly than the rest. */
export type RunWithoutCurves = Omit<RunSnapshot, keyof RunCurves | 'clocks'>;
export type CurvesOfRun = Pick<RunSnapshot, keyof RunCurves | 'clocks'>;

/** What survives a window reload: the panel keeps it with `setState`, and VS Code hands it to the host's serializer. */
export interface PanelState {
  readonly draft: ExperimentDraft;
  /** Folder that the draft's relative paths start from. */
  readonly baseDirectory: string;
  /** File system path of the experiment file being edited; absent for an unsaved one. */
  readonly file?: string;
  /** Run folder shown. */
  readonly runFolder?: string;
}

/** What keeps a workspace from having anything run in it. */
export type WorkspaceHindrance = 'untrusted' | 'no-folder';

/** What the host tells the panel. */
export type HostMessage =
  /** All the panel needs to draw itself, sent whenever it says that it is ready. */
  | {
      readonly kind: 'init';
      /** Translations by English text; empty in English. */
      readonly translations: Readonly<Record<string, string>>;
      readonly sections: readonly FormSection[];
      readonly draft: ExperimentDraft;
      readonly problems: readonly Problem[];
      /** `.onnx` files of the workspace, as the experiment would name them. */
      readonly models: readonly string[];
      /** What in the workspace looks like data, likewise. */
      readonly datasets: readonly string[];
      readonly hindrance: WorkspaceHindrance | null;
      /** Whether the draft came from a file or a run: then its problems are shown without a try to start. */
      readonly isSaved: boolean;
      /** Whether somebody chose the student: one that nobody did may become one that suits the data. */
      readonly isStudentChosen: boolean;
      /** Whether there is a run to show; its snapshot follows. */
      readonly hasRun: boolean;
    }
  /** The host's state changed: keep it. */
  | {
      readonly kind: 'keep';
      readonly state: PanelState;
      /** What the experiment is called; undefined while it has nothing to be called by. */
      readonly name?: string | undefined;
      /** Seconds that the last run of this name took. */
      readonly lastSeconds?: number | undefined;
      /** Whether there is a run of this name. */
      readonly hasLastRun?: boolean;
    }
  /** The host changed the draft: a picked path, a preset, a file that was edited elsewhere. What is wrong with it follows. */
  | { readonly kind: 'draft'; readonly draft: ExperimentDraft }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  /**
   * The draft is the run's experiment now, changed as its report advises: what was changed, as problems write it, and what was there. What is
   * wrong with it follows.
   */
  | {
      readonly kind: 'advised';
      readonly draft: ExperimentDraft;
      readonly changed: readonly { readonly path: string; readonly before?: unknown }[];
    }
  /** What the losses on features can compare, as it was asked for; null where that could not be found out, for which there are problems. */
  | { readonly kind: 'features'; readonly choices: FeatureChoices | null }
  /** What the teacher's outputs will take, as it was asked for; undefined where that could not be found out, for which there are problems. */
  | { readonly kind: 'outputs'; readonly sizes?: OutputSizes | null | undefined }
  /** What the experiment is about, as far as it is chosen; undefined while that is being found out. */
  | { readonly kind: 'facts'; readonly answer?: FactsAnswer | undefined }
  /** The explanation that was asked for, or why there is none. */
  | { readonly kind: 'explanation'; readonly answer: ExplanationAnswer }
  /** The workspace was trusted, or a folder was opened in it, or its last one closed. */
  | { readonly kind: 'workspace'; readonly hindrance: WorkspaceHindrance | null }
  /** A run is being started; its snapshots follow, or a refusal. */
  | { readonly kind: 'starting' }
  /** No run was started, or the one that was started was refused. No problems: it was stopped before it began. */
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  /** How the run stands; without curves where they are those of the last time. */
  | { readonly kind: 'run'; readonly run: RunWithoutCurves; readonly curves?: CurvesOfRun | undefined }
  /** What was asked to be looked at closely. */
  | { readonly kind: 'closeup'; readonly closeup: Closeup };

/** What the panel asks of the host. */
export type PanelMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'edit'; readonly draft: ExperimentDraft }
  | { readonly kind: 'start'; readonly draft: ExperimentDraft }
  | { readonly kind: 'stop' }
  /** Have the run wait, or go on. */
  | { readonly kind: 'pause'; readonly isPaused: boolean }
  /** Which values inside the networks can be compared? */
  | { readonly kind: 'listFeatures'; readonly draft: ExperimentDraft }
  /** What will the teacher's outputs take? */
  | { readonly kind: 'forecastOutputs'; readonly draft: ExperimentDraft }
  | { readonly kind: 'save' }
  /** Save, and show the experiment file beside. */
  | { readonly kind: 'openAsFile' }
  /** Go on with the run that is shown. */
  | { readonly kind: 'resume' }
  | { readonly kind: 'pick'; readonly picker: PickerKind; readonly path: string }
  | { readonly kind: 'useBuiltinDigits' }
  | { readonly kind: 'revealStudent' }
  /** Look at the same student, trained without the teacher. */
  | { readonly kind: 'openBaseline' }
  /** Make a draft of the run's experiment, with this change of its file. */
  | { readonly kind: 'applyAdvice'; readonly change: Readonly<Record<string, unknown>> }
  /** Why do the networks of the run say what they do of a test sample? */
  | { readonly kind: 'explain'; readonly sample: number; readonly output?: string | undefined }
  /** Tell the curves more finely within these ranges. */
  | { readonly kind: 'lookCloser'; readonly ranges: readonly NetworkRange[] }
  /** Write every value of a chart to a file that the person chooses. */
  | { readonly kind: 'saveCurves'; readonly name: string; readonly lines: readonly CsvLine[] }
  /** Write a picture of a chart to a file that the person chooses. */
  | { readonly kind: 'saveChart'; readonly name: string; readonly format: ChartFileFormat; readonly base64: string }
  /** Put what an agent needs onto the clipboard: about these problems, or about the run that is shown where there are none. */
  | { readonly kind: 'copyForAgent'; readonly problems: readonly Problem[] }
  | { readonly kind: 'openReport' }
  /** Opens the last run of what is configured. */
  | { readonly kind: 'openLastRun' }
  | { readonly kind: 'openLog' }
  | { readonly kind: 'manageTrust' }
  | { readonly kind: 'openFolder' };
