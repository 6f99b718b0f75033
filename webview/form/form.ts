import type { Problem } from '../../src/errors.ts';
import type { FactsAnswer, SampleKind } from '../../src/protocol/experimentFacts.ts';
import type { FeatureChoices } from '../../src/protocol/features.ts';
import type { FormField, FormSection } from '../../src/protocol/form.ts';
import type { OutputSizes } from '../../src/protocol/outputForecast.ts';
import type { ExperimentDraft, PickerKind } from '../../src/protocol/panel.ts';
import { element } from '../dom.ts';
import { beforeText, changedNote, type AdvisedChange } from './advisedChanges.ts';
import { AllSettings } from './allSettings.ts';
import { differingSettings } from './differingSettings.ts';
import { factParts, factsOf } from './factsView.ts';
import { renderFields } from './fieldList.ts';
import { FieldSlots } from './fieldSlots.ts';
import type { FormContext } from './formContext.ts';
import { NetworkAnswers, type NetworkQuestions } from './networkAnswers.ts';
import { isWithin, valueAt, withEditAt, writtenPath, type Path } from './paths.ts';
import { renderField } from './fields/renderField.ts';
import { SectionView } from './formSectionView.ts';
import { StudentSuggestions } from './student/studentSuggestions.ts';
import { controlAt, labelOf, openAround, placeAt, rowAt } from './formPlaces.ts';
import { fieldAt, namedSettings, type NamedSetting } from './settingNames.ts';

export interface FormOptions extends NetworkQuestions {
  readonly sections: readonly FormSection[];
  readonly draft: ExperimentDraft;
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  /** Whether somebody chose the student: one that nobody did may become one that suits the data. */
  readonly isStudentChosen: boolean;
  /** @param isSuggested whether nobody edited, but a suggestion was taken over that suits the data */
  readonly onEdit: (draft: ExperimentDraft, isSuggested: boolean) => void;
  readonly pick: (picker: PickerKind, path: string) => void;
}

/** Parts of the experiment that the values inside the networks depend on. */
const decidesFeatures: ReadonlySet<unknown> = new Set(['teacher', 'dataset', 'student']);

/** The experiment as a form: owns the draft while it is edited. */
export class Form {
  readonly element: HTMLElement;
  readonly #options: FormOptions;
  readonly #sections: readonly SectionView[];
  readonly #allSettings: AllSettings;
  readonly #slots = new FieldSlots();
  readonly #touched = new Set<string>();
  /** What was at fields before they were changed as a report advises, by their path. */
  readonly #changed = new Map<string, string>();
  /** What was said at places of the form, by their path. */
  readonly #notes = new Map<string, string>();
  readonly #answers: NetworkAnswers;
  #samples: SampleKind | undefined;
  readonly #suggestions: StudentSuggestions;
  #usesOfSamples: ((samples: SampleKind | undefined) => void)[] = [];
  readonly #wholeChoices = new Set<string>();
  #draft: ExperimentDraft;
  #problems: readonly Problem[] = [];
  #showsAllProblems = false;

  constructor(options: FormOptions) {
    this.#options = options;
    this.#draft = options.draft;
    this.#answers = new NetworkAnswers(options, () => {
      this.#render();
    });
    this.#suggestions = new StudentSuggestions(options.isStudentChosen ? undefined : options.draft['student']);
    this.#sections = options.sections.map((section) => new SectionView(section));
    const cardsOf = (ids: readonly string[]): HTMLElement[] =>
      this.#sections.filter(({ id }) => ids.includes(id)).map((section) => section.element);
    const others = this.#sections.map(({ id }) => id).filter((id) => !factParts.some((part) => part === id));
    const terms = others.filter((id) => id !== 'run');
    const cards = element(
      'div',
      { class: 'cards' },
      ...cardsOf(factParts),
      // How it is learned stands beside the student, what a run does beneath it.
      element('div', { class: 'terms' }, ...cardsOf(terms)),
      ...cardsOf(['run']),
    );
    this.#allSettings = new AllSettings(cards);
    this.element = element('div', { class: 'form' }, this.#allSettings.element, cards);
    this.#render();
  }

  get draft(): ExperimentDraft {
    return this.#draft;
  }

  /** Shows another draft. */
  setDraft(draft: ExperimentDraft): void {
    // After saving it is the one that is shown; drawing it anew would move the cursor.
    if (JSON.stringify(draft) === JSON.stringify(this.#draft)) return;
    this.#changed.clear();
    this.#draft = draft;
    this.#answers.forgetFeatures();
    this.#answers.forgetOutputs();
    this.#notes.clear();
    this.#render();
  }

  /** Shows the draft that a report's advice led to, with a mark at what was changed. @returns what was, in the form's words */
  setAdvised(
    draft: ExperimentDraft,
    changed: readonly { readonly path: string; readonly before?: unknown }[],
  ): readonly AdvisedChange[] {
    this.setDraft(draft);
    const fields = this.#fields;
    const changes = changed.map(({ path, before }) => {
      const keys = path.split('.');
      const field = fieldAt(fields, keys);
      const after = valueAt(draft, keys);
      return {
        path,
        label: field?.label ?? path,
        before: beforeText(field, before),
        after: beforeText(field, after),
      };
    });
    for (const { path, before } of changes) this.#changed.set(path, before);
    this.#render();
    for (const { path } of changes) openAround(rowAt(this.element, path));
    return changes;
  }

  /** What a change of the experiment file sets, in the form's words. */
  nameSettings(change: unknown): readonly NamedSetting[] {
    return namedSettings(this.#fields, change);
  }

  /** The values inside both networks that were asked for; undefined where they could not be found out. */
  setFeatures(features: FeatureChoices | undefined): void {
    this.#answers.setFeatures(features);
  }

  /** What the teacher's outputs will take, as it was asked for; undefined where it could not be found out. */
  setOutputs(outputs: OutputSizes | null | undefined): void {
    this.#answers.setOutputs(outputs);
  }

  /** Shows what was found out about the chosen teacher, data and student; undefined while it is being looked for. */
  setFacts(answer: FactsAnswer | undefined): void {
    if (answer) this.#tellSamples(answer.kind === 'found' ? answer.facts.data.samples : undefined);
    const isSuggested = answer?.kind === 'found' && this.#suggestStudent(answer.facts.data.samples);
    // Before data are chosen there is nothing to look at but the teacher.
    const looksAtTeacher = !answer && valueAt(this.#draft, ['dataset', 'path']) === '';
    for (const part of factParts) {
      if (looksAtTeacher && part !== 'teacher') continue;
      const known = part === 'student' && isSuggested ? undefined : answer;
      this.#sections
        .find(({ id }) => id === part)
        ?.showFacts(
          factsOf(part, known, (path) => {
            this.focusProblem(path);
          }),
        );
    }
  }

  /** A student that nobody has chosen becomes one that suits the data. @returns whether it became another one */
  #suggestStudent(samples: SampleKind): boolean {
    const isChosen = [...this.#touched].some((path) => isWithin(path, 'student'));
    const suggestion = isChosen ? undefined : this.#suggestions.next(this.#draft['student'], samples);
    if (!suggestion) return false;
    this.#edit(['student'], suggestion, true);
    this.#touched.delete('student');
    const section = this.#sections.find(({ id }) => id === 'student');
    this.#slots.forgetWithin('student');
    section?.show(renderFields(section.fields, [], this.#context), this.#draft);
    this.#slots.setEnabled();
    this.#showProblems();
    this.#allSettings.apply();
    return true;
  }

  #tellSamples(samples: SampleKind | undefined): void {
    if (samples === this.#samples) return;
    this.#samples = samples;
    for (const use of this.#usesOfSamples) use(samples);
  }

  setEnabled(isEnabled: boolean): void {
    this.#slots.setEnabled(isEnabled);
  }

  /** Shows what is wrong: at every field, or only at those that were touched. */
  setProblems(problems: readonly Problem[], options: { readonly all: boolean }): void {
    this.#problems = problems;
    this.#showsAllProblems = options.all;
    this.#showProblems();
  }

  /** Whether a problem is about one of the fields. */
  isAbout(where: string): boolean {
    return this.#slots.pathOf(where) !== undefined;
  }

  /** What the field is called that a problem is about; undefined where it is about none. */
  labelAt(where: string): string | undefined {
    const path = this.#slots.pathOf(where);
    if (path !== undefined) return labelOf(placeAt(this.element, path)) ?? this.#sectionAt(path);
    return this.#sectionAt(where);
  }

  /** What a part as a whole is called, such as the training. */
  #sectionAt(where: string): string | undefined {
    return this.#options.sections.find(({ id }) => id === where)?.title;
  }

  /** Opens the section of the field that a problem is about and moves the focus there. */
  focusProblem(where: string): void {
    const path = this.#slots.pathOf(where);
    if (path === undefined) return;
    this.#sections.find((section) => section.contains(path))?.setOpen(true);
    const control = placeAt(this.element, path);
    openAround(control);
    // One of those that are shown among all settings only.
    if (control?.checkVisibility() === false) this.#allSettings.showAll();
    control?.scrollIntoView({ block: 'center' });
    control?.focus();
  }

  #render(): void {
    const focused = document.activeElement?.getAttribute('data-testid');
    this.#slots.forgetAll();
    this.#usesOfSamples = [];
    for (const section of this.#sections) {
      section.show(renderFields(section.fields, [], this.#context), this.#draft);
    }
    this.#slots.setEnabled();
    this.#showProblems();
    this.#showChanged();
    this.#allSettings.apply();
    this.#tellDiffering();
    if (focused != null) controlAt(this.element, focused)?.focus();
  }

  get #context(): FormContext {
    return {
      models: this.#options.models,
      datasets: this.#options.datasets,
      value: (path) => valueAt(this.#draft, path),
      edit: (path, value) => {
        this.#edit(path, value);
      },
      restructure: (path, value) => {
        this.#edit(path, value);
        this.#render();
      },
      register: (path, slot) => {
        this.#slots.register(path, slot);
      },
      answers: this.#answers,
      tell: (place, text) => {
        this.#notes.set(place, text);
        this.#render();
      },
      told: (place) => this.#notes.get(place),
      render: (field: FormField, path: Path) => renderField(field, path, this.#context),
      withSamples: (use) => {
        this.#usesOfSamples.push(use);
        use(this.#samples);
      },
      showsAllChoices: (path) => this.#wholeChoices.has(path),
      showAllChoices: (path) => {
        this.#wholeChoices.add(path);
      },
      pick: this.#options.pick,
    };
  }

  #edit(path: Path, value: unknown, isSuggested = false): void {
    if (decidesFeatures.has(path[0])) this.#answers.forgetFeatures();
    this.#answers.forgetOutputs();
    for (const told of this.element.querySelectorAll('[data-until-edit]')) told.remove();
    this.#notes.clear();
    this.#sections.find(({ id }) => id === path[0])?.markFactsStale();
    this.#draft = withEditAt(this.#draft, path, value) as ExperimentDraft;
    this.#touched.add(writtenPath(path));
    if (this.#changed.delete(writtenPath(path))) this.#showChanged();
    for (const section of this.#sections) section.summarize(this.#draft);
    this.#tellDiffering();
    this.#options.onEdit(this.#draft, isSuggested);
  }

  get #fields(): readonly FormField[] {
    return this.#options.sections.flatMap((section) => section.fields);
  }

  #tellDiffering(): void {
    this.#allSettings.tellDiffering(differingSettings(this.#fields, this.#draft));
  }

  #showChanged(): void {
    for (const told of this.element.querySelectorAll('.field-changed')) told.remove();
    for (const [path, before] of this.#changed) rowAt(this.element, path)?.append(changedNote(before));
  }

  #showProblems(): void {
    const isShown = (path: string): boolean => this.#showsAllProblems || this.#touched.has(path);
    const wrong = this.#slots.showProblems(this.#problems, isShown);
    for (const section of this.#sections) section.countProblems(wrong.filter((path) => section.contains(path)).length);
  }
}
