import * as vscode from 'vscode';
import type { ExplanationAnswer } from '../../report/explanation.ts';
import type { FeatureChoices } from '../../protocol/features.ts';
import type { OutputSizes } from '../../protocol/outputForecast.ts';
import type { HostMessage, PanelState } from '../../protocol/panel.ts';
import { askForFeatures } from '../experiments/askForFeatures.ts';
import { askForOutputs } from '../experiments/askForOutputs.ts';
import { askForExplanation, type ExplanationWish } from '../runs/askForExplanation.ts';
import { usualCacheFolder, workspaceFolderOf, workspaceProblems } from './workspace.ts';

type Draft = Pick<PanelState, 'draft' | 'baseDirectory'>;

/**
 * What the panel asks the child process about an experiment or a run, in trusted folders only. The panel waits for each answer, so it is told
 * that there is none also when asking fails, which is passed on.
 */
export class TrainerQuestions {
  readonly #trainerProgram: string;
  readonly #post: (message: HostMessage) => void;

  constructor(trainerProgram: string, post: (message: HostMessage) => void) {
    this.#trainerProgram = trainerProgram;
    this.#post = post;
  }

  /** Values inside teacher and student that losses can compare. */
  async listFeatures({ draft, baseDirectory }: Draft): Promise<void> {
    let choices: FeatureChoices | null = null;
    try {
      const answer = await whenTrusted(() => askForFeatures(this.#trainerProgram, draft, baseDirectory));
      if (answer.kind === 'listed') choices = answer.choices;
      else this.#post({ kind: 'refused', problems: answer.problems });
    } finally {
      this.#post({ kind: 'features', choices });
    }
  }

  /** Sizes of the teacher's outputs, and which of them are there. */
  async forecastOutputs({ draft, baseDirectory }: Draft): Promise<void> {
    let sizes: OutputSizes | null | undefined;
    try {
      const cacheFolder = usualCacheFolder(workspaceFolderOf(baseDirectory) ?? baseDirectory);
      const answer = await whenTrusted(() =>
        askForOutputs(this.#trainerProgram, draft, { baseDirectory, cacheFolder }),
      );
      if (answer.kind === 'foreseen') ({ sizes } = answer);
      else this.#post({ kind: 'refused', problems: answer.problems });
    } finally {
      this.#post({ kind: 'outputs', sizes });
    }
  }

  /** What teacher and student of a run look at in a sample. */
  async explain(runFolder: string, wish: ExplanationWish): Promise<void> {
    let answer: ExplanationAnswer = { kind: 'refused', problems: [] };
    try {
      answer = await whenTrusted(() => askForExplanation(this.#trainerProgram, runFolder, wish));
    } finally {
      this.#post({ kind: 'explanation', answer });
    }
  }
}

/** The answer, or what keeps an untrusted folder from getting one. */
async function whenTrusted<Answer>(
  ask: () => Promise<Answer>,
): Promise<Answer | { readonly kind: 'refused'; readonly problems: ReturnType<typeof workspaceProblems> }> {
  return vscode.workspace.isTrusted ? ask() : { kind: 'refused', problems: workspaceProblems() };
}
