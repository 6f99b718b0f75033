import type { Problem } from '../errors.ts';
import type { FormSection } from './form.ts';
import type { RunSnapshot } from './snapshot.ts';

/** An experiment while it is being edited: the file's shape, possibly incomplete or wrong. */
export type ExperimentDraft = Readonly<Record<string, unknown>>;

/** Kinds of things a person can pick on disk. */
export type PickerKind = 'model' | 'dataset-folder' | 'dataset-file';

/** All the panel needs to draw itself, sent whenever it says that it is ready. */
export interface PanelInit {
  readonly kind: 'init';
  /** Translations by English text; empty in English. */
  readonly translations: Readonly<Record<string, string>>;
  readonly sections: readonly FormSection[];
  readonly draft: ExperimentDraft;
  readonly problems: readonly Problem[];
  /** The experiment file being edited, relative to the workspace; absent for an unsaved one. */
  readonly file?: string;
  /** `.onnx` files of the workspace, as an experiment would name them. */
  readonly models: readonly string[];
  readonly trusted: boolean;
  readonly run?: RunSnapshot;
}

/** What the host tells the panel. */
export type HostMessage =
  | PanelInit
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  /** The draft was changed by the host: a picked path, a preset, a saved file. */
  | {
      readonly kind: 'draft';
      readonly draft: ExperimentDraft;
      readonly problems: readonly Problem[];
      readonly file?: string;
    }
  | { readonly kind: 'models'; readonly models: readonly string[] }
  | { readonly kind: 'trust'; readonly trusted: boolean }
  /** The run was refused or could not be started. */
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'run'; readonly run: RunSnapshot };

/** What the panel asks of the host. */
export type PanelMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'edit'; readonly draft: ExperimentDraft }
  | { readonly kind: 'start'; readonly draft: ExperimentDraft }
  | { readonly kind: 'stop' }
  | { readonly kind: 'save' }
  | { readonly kind: 'pick'; readonly picker: PickerKind; readonly path: string }
  | { readonly kind: 'useBuiltinDigits' }
  | { readonly kind: 'revealStudent' }
  | { readonly kind: 'openReport' }
  | { readonly kind: 'openLog' }
  | { readonly kind: 'manageTrust' };

/** What survives a window reload: kept by the panel's `setState`, handed to the host's serializer. */
export interface PanelState {
  readonly draft: ExperimentDraft;
  /** File system path of the experiment file being edited. */
  readonly file?: string;
  /** Run folder shown. */
  readonly runFolder?: string;
}
