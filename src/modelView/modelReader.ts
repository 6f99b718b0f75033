import { DistilleryError, reasonOf } from '../errors.ts';
import type { ModelAnswer, ModelDescription, ModelQuestion } from '../protocol/modelView.ts';
import { compareModels } from './compareModels.ts';
import { describeModel } from './describeModel.ts';
import { drawScope } from './drawScope.ts';
import { openModel, type OpenModel } from './openModel.ts';
import { summarizeTensor } from './summarizeTensor.ts';

interface ReadModel {
  readonly model: OpenModel;
  readonly description: ModelDescription;
}

/** Answers questions about models; the model that was asked about last is kept. */
export class ModelReader {
  #last: ReadModel | undefined;

  async answer(question: ModelQuestion): Promise<ModelAnswer> {
    try {
      switch (question.kind) {
        case 'describe':
          this.#last = undefined;
          return { kind: 'description', description: this.#read(question.path).description };
        case 'draw':
          return { kind: 'drawing', drawing: await drawScope(this.#read(question.path).description, question.scope) };
        case 'tensor':
          return { kind: 'tensor', contents: summarizeTensor(this.#read(question.path).model, question.name) };
        case 'compare':
          return { kind: 'comparison', comparison: compareModels(question.before, question.after) };
      }
    } catch (error) {
      const hint = error instanceof DistilleryError ? error.hint : undefined;
      return {
        kind: 'refused',
        about: question,
        message: error instanceof DistilleryError ? error.message : `The model cannot be shown: ${reasonOf(error)}.`,
        ...(hint === undefined ? {} : { hint }),
      };
    }
  }

  #read(path: string): ReadModel {
    if (this.#last?.model.path !== path) {
      const model = openModel(path);
      this.#last = { model, description: describeModel(model) };
    }
    return this.#last;
  }
}
