import type { FeatureChoices } from '../../src/protocol/features.ts';
import type { OutputSizes } from '../../src/protocol/outputForecast.ts';

/** How the host is asked, which answers later. */
export interface NetworkQuestions {
  /** Asks for the values inside both networks. */
  readonly listFeatures: () => void;
  /** Asks what the teacher's outputs will take. */
  readonly forecastOutputs: () => void;
}

/** What was found out about the networks when it was asked for. An edit makes answers, and questions that are under way, out of date. */
export class NetworkAnswers {
  readonly #questions: NetworkQuestions;
  /** Draws the form anew, with what is known now. */
  readonly #render: () => void;
  #features: FeatureChoices | 'asked' | undefined;
  #useOfFeatures: (features: FeatureChoices) => void = () => undefined;
  #outputs: OutputSizes | 'asked' | null | undefined;

  constructor(questions: NetworkQuestions, render: () => void) {
    this.#questions = questions;
    this.#render = render;
  }

  /** The values inside both networks, as far as they were asked for. */
  get features(): FeatureChoices | 'asked' | undefined {
    return this.#features;
  }

  /** What the teacher's outputs will take, as far as it was asked for; null where nothing can be known. */
  get outputs(): OutputSizes | 'asked' | null | undefined {
    return this.#outputs;
  }

  /** Does something with the values inside both networks, which are asked for where they are not known. */
  withFeatures(use: (features: FeatureChoices) => void): void {
    if (this.#features === 'asked') return;
    if (this.#features) {
      use(this.#features);
      return;
    }
    this.#useOfFeatures = use;
    this.#features = 'asked';
    this.#render();
    this.#questions.listFeatures();
  }

  askForOutputs(): void {
    this.#outputs = 'asked';
    this.#render();
    this.#questions.forecastOutputs();
  }

  /** The values that were asked for; undefined where they could not be found out. */
  setFeatures(features: FeatureChoices | undefined): void {
    const isAnswer = this.#features === 'asked';
    if (isAnswer) this.#features = features;
    this.#render();
    if (isAnswer && features) this.#useOfFeatures(features);
  }

  /** What was asked for; undefined where it could not be found out. */
  setOutputs(outputs: OutputSizes | null | undefined): void {
    if (this.#outputs === 'asked') this.#outputs = outputs;
    this.#render();
  }

  forgetFeatures(): void {
    this.#features = undefined;
  }

  forgetOutputs(): void {
    this.#outputs = undefined;
  }
}
