// The program of a search's page: shows what the host's thread drew, and how the search goes on.
import '../main.css';
import '../components/progressBar.css';
import '../report/drawings.css';
import './search.css';
import type { SearchHostMessage } from '../../src/protocol/searchPage.ts';
import { useTranslations } from '../l10n.ts';
import { adoptDrawingStyle } from '../report/drawing.ts';
import { ask, keepFolder } from './hostApi.ts';
import { SearchView } from './searchView.ts';

let view: SearchView | undefined;

adoptDrawingStyle();
// Only the host can send messages into a webview.
window.addEventListener('message', ({ data }: MessageEvent<SearchHostMessage>) => {
  switch (data.kind) {
    case 'init':
      useTranslations(data.translations);
      keepFolder(data.folder);
      view = new SearchView();
      document.querySelector('#panel')?.replaceChildren(view.element);
      break;
    case 'search':
      view?.show(data);
      break;
  }
});
ask({ kind: 'ready' });
