// The program of a model's page: draws what the host's thread read.
import '../main.css';
import './model.css';
import type { ModelAnswer, ModelHostMessage } from '../../src/protocol/modelView.ts';
import { element } from '../dom.ts';
import { found } from '../found.ts';
import { t, useTranslations } from '../l10n.ts';
import { comparisonView } from './comparisonView.ts';
import { ask } from './hostApi.ts';
import { ModelView } from './modelView.ts';

let view: ModelView | undefined;
let canDistill = false;

function show(...content: readonly Node[]): void {
  document.querySelector('#panel')?.replaceChildren(...content);
}

function showAnswer(answer: ModelAnswer): void {
  switch (answer.kind) {
    case 'description':
      view = new ModelView(answer.description, canDistill);
      show(view.element);
      break;
    case 'drawing':
      view?.showDrawing(answer.drawing);
      break;
    case 'tensor':
      view?.showTensor(answer.contents);
      break;
    case 'comparison':
      show(comparisonView(answer.comparison));
      break;
    case 'refused':
      if (view && answer.about.kind === 'tensor') view.showTensorProblem(answer.about.name, answer.message);
      else show(refusal(answer.message, answer.hint));
      break;
  }
}

function refusal(message: string, hint: string | undefined): HTMLElement {
  return element(
    'div',
    { class: 'model-refusal', role: 'alert', 'data-testid': 'model.refused' },
    element('h1', {}, t('This model cannot be shown')),
    element('p', {}, found(message)),
    ...(hint === undefined ? [] : [element('p', {}, found(hint))]),
  );
}

// Only the host can send messages into a webview.
window.addEventListener('message', ({ data }: MessageEvent<ModelHostMessage>) => {
  switch (data.kind) {
    case 'init':
      useTranslations(data.translations);
      canDistill = data.canDistill;
      show(element('p', { class: 'model-reading', role: 'status' }, t('Reading the model …')));
      break;
    case 'answer':
      showAnswer(data.answer);
      break;
  }
});
ask({ kind: 'ready' });
