import type { Problem } from '../../src/errors.ts';
import type { FeatureChoices } from '../../src/protocol/features.ts';
import type { FormField, FormSection } from '../../src/protocol/form.ts';
import type { OutputSizes } from '../../src/protocol/outputs.ts';
import type { ExperimentDraft, PickerKind } from '../../src/protocol/panel.ts';
import { element } from '../dom.ts';
import { renderFields } from './fieldList.ts';
import type { FieldSlot, FormContext } from './formContext.ts';
import { closestPath, valueAt, withEditAt, writtenPath, type Path } from './paths.ts';
import { renderField } from './renderField.ts';
import { SectionView } from './sectionView.ts';

export interface FormOptions {
  readonly sections: readonly FormSection[];
  readonly draft: ExperimentDraft;
  readonly models: readonly string[];
  readonly onEdit: (draft: ExperimentDraft) => void;
  readonly pick: (picker: PickerKind, path: string) => void;
  /** Asks for the values inside both networks; `setFeatures` brings them. */
  readonly listFeatures: () => void;
  /** Asks what the teacher's outputs will take; `setOutputs` brings it. */
  readonly foreseeOutputs: () => void;
}

/** Parts of the experiment that the values inside the networks depend on. */
const decidesFeatures: ReadonlySet<unknown> = new Set(['teacher', 'dataset', 'student']);

/** The experiment as a form: owns the draft while it is edited. */
export class Form {
  readonly element: HTMLElement;
  readonly #options: FormOptions;
  readonly #sections: readonly SectionView[];
  readonly #slots = new Map<string, FieldSlot>();
  readonly #touched = new Set<string>();
  /** What was said at places of the form, by their path. */
  readonly #notes = new Map<string, string>();
  #features: FeatureChoices | 'asked' | undefined;
  /** What is done with the values inside both networks when they come. */
  #useOfFeatures: (features: FeatureChoices) => void = () => undefined;
  #outputs: OutputSizes | 'asked' | null | undefined;
  #draft: ExperimentDraft;
  #problems: readonly Problem[] = [];
  #showsAllProblems = false;
  #isEnabled = true;

  constructor(options: FormOptions) {
    this.#options = options;
    this.#draft = options.draft;
    this.#sections = options.sections.map((section) => new SectionView(section));
    this.element = element('div', { class: 'form' }, ...this.#sections.map((section) => section.element));
    this.#render();
  }

  get draft(): ExperimentDraft {
    return this.#draft;
  }

  /** Shows another draft. */
  setDraft(draft: ExperimentDraft): void {
    // After saving it is the one that is shown; drawing it anew would move the cursor.
    if (JSON.stringify(draft) === JSON.stringify(this.#draft)) return;
    this.#draft = draft;
    this.#features = undefined;
    this.#outputs = undefined;
    this.#notes.clear();
    this.#render();
  }

  /** The values inside both networks that were asked for; undefined where they could not be found out. */
  setFeatures(features: FeatureChoices | undefined): void {
    // An edit since then has made the question out of date.
    const isAnswer = this.#features === 'asked';
    if (isAnswer) this.#features = features;
    this.#render();
    if (isAnswer && features) this.#useOfFeatures(features);
  }

  /** What the teacher's outputs will take, as it was asked for; undefined where it could not be found out. */
  setOutputs(outputs: OutputSizes | null | undefined): void {
    // An edit since then has made the question out of date.
    if (this.#outputs === 'asked') this.#outputs = outputs;
    this.#render();
  }

  setEnabled(isEnabled: boolean): void {
    this.#isEnabled = isEnabled;
    for (const slot of this.#slots.values()) slot.setEnabled(isEnabled);
  }

  /** Shows what is wrong: at every field, or only at those that were touched. */
  setProblems(problems: readonly Problem[], options: { readonly all: boolean }): void {
    this.#problems = problems;
    this.#showsAllProblems = options.all;
    this.#showProblems();
  }

  /** Whether a problem is about one of the fields. */
  isAbout(where: string): boolean {
    return closestPath(where, new Set(this.#slots.keys())) !== undefined;
  }

  /** Folds every section, so that what follows the form comes into sight. */
  fold(): void {
    for (const section of this.#sections) section.setOpen(false);
  }

  /** Opens the section of the field that a problem is about and moves the focus there. */
  focusProblem(where: string): void {
    const path = closestPath(where, new Set(this.#slots.keys()));
    if (path === undefined) return;
    this.#sections.find((section) => section.contains(path))?.setOpen(true);
    const control = this.element.querySelector<HTMLElement>(`[data-testid="${CSS.escape(path)}"]`);
    for (let fold = control?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
    control?.scrollIntoView({ block: 'center' });
    control?.focus();
  }

  #render(): void {
    const focused = document.activeElement?.getAttribute('data-testid');
    this.#slots.clear();
    for (const section of this.#sections) {
      section.show(renderFields(section.fields, [], this.#context), this.#draft);
    }
    this.setEnabled(this.#isEnabled);
    this.#showProblems();
    if (focused != null) this.element.querySelector<HTMLElement>(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
  }

  get #context(): FormContext {
    return {
      models: this.#options.models,
      value: (path) => valueAt(this.#draft, path),
      edit: (path, value) => {
        this.#edit(path, value);
      },
      restructure: (path, value) => {
        this.#edit(path, value);
        this.#render();
      },
      register: (path, slot) => {
        this.#slots.set(path, slot);
      },
      features: () => this.#features,
      withFeatures: (use) => {
        if (this.#features === undefined) this.#askForFeatures(use);
        else if (this.#features !== 'asked') use(this.#features);
      },
      outputs: () => this.#outputs,
      askForOutputs: () => {
        this.#outputs = 'asked';
        this.#render();
        this.#options.foreseeOutputs();
      },
      tell: (place, text) => {
        this.#notes.set(place, text);
        this.#render();
      },
      told: (place) => this.#notes.get(place),
      render: (field: FormField, path: Path) => renderField(field, path, this.#context),
      pick: this.#options.pick,
    };
  }

  #askForFeatures(use: (features: FeatureChoices) => void): void {
    this.#useOfFeatures = use;
    this.#features = 'asked';
    this.#render();
    this.#options.listFeatures();
  }

  #edit(path: Path, value: unknown): void {
    if (decidesFeatures.has(path[0])) this.#features = undefined;
    this.#outputs = undefined;
    for (const told of this.element.querySelectorAll('[data-until-edit]')) told.remove();
    this.#notes.clear();
    this.#draft = withEditAt(this.#draft, path, value) as ExperimentDraft;
    this.#touched.add(writtenPath(path));
    for (const section of this.#sections) section.summarize(this.#draft);
    this.#options.onEdit(this.#draft);
  }

  #showProblems(): void {
    const known = new Set(this.#slots.keys());
    const messages = new Map<string, string>();
    for (const { where, message } of this.#problems) {
      const path = closestPath(where, known);
      if (path === undefined || messages.has(path)) continue;
      if (this.#showsAllProblems || this.#touched.has(path)) messages.set(path, message);
    }
    for (const [path, slot] of this.#slots) slot.setProblem(messages.get(path));
    for (const section of this.#sections) {
      section.countProblems([...messages.keys()].filter((path) => section.contains(path)).length);
    }
  }
}
