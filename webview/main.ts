// The panel's program: draws what the host sends and tells the host what the person does.
import 'uplot/dist/uPlot.min.css';
import './main.css';
import './components/menu.css';
import './components/progressBar.css';
import './form/form.css';
import './run/run.css';
import './charts/charts.css';
import './report/reportPage.css';
import './report/drawings.css';
import './report/report.css';
import type { HostMessage } from '../src/protocol/panel.ts';
import { adoptDrawingStyle } from './report/drawing.ts';
import { keepFocus } from './keepFocus.ts';
import { useTranslations } from './l10n.ts';
import { PanelView } from './panelView.ts';
import { keepPanel, post } from './vscodeApi.ts';

let view: PanelView | undefined;

function receive(message: HostMessage): void {
  switch (message.kind) {
    case 'init':
      useTranslations(message.translations);
      view = new PanelView(message);
      document.querySelector('#panel')?.replaceChildren(view.element);
      break;
    case 'keep':
      keepPanel(message.state);
      view?.showFile(message);
      break;
    case 'draft':
      view?.showDraft(message.draft);
      break;
    case 'advised':
      view?.showAdvised(message);
      break;
    case 'problems':
      view?.showProblems(message.problems);
      break;
    case 'features':
      view?.showFeatures(message.choices);
      break;
    case 'outputs':
      view?.showOutputs(message.sizes);
      break;
    case 'facts':
      view?.showFacts(message.answer);
      break;
    case 'explanation':
      view?.showExplanation(message.answer);
      break;
    case 'workspace':
      view?.setHindrance(message.hindrance);
      break;
    case 'starting':
      view?.showStarting();
      break;
    case 'refused':
      view?.showRefusal(message.problems);
      break;
    case 'run':
      view?.showRun(message);
      break;
    case 'closeup':
      view?.showCloseup(message.closeup);
      break;
  }
}

// Only the host can send messages into a webview.
window.addEventListener('message', (event: MessageEvent<HostMessage>) => {
  receive(event.data);
});
adoptDrawingStyle();
keepFocus(document.body, () => view?.beginning);
post({ kind: 'ready' });
