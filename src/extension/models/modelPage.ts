import '../jitlessSchemas.ts';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { ModelAnswer, ModelHostMessage, ModelPageMessage, ModelQuestion } from '../../protocol/modelView.ts';
import { panelHtml, panelRoots } from '../panel/panelHtml.ts';
import { ModelThread } from './modelThread.ts';

const messageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('draw'), scope: z.string() }),
  z.strictObject({ kind: z.literal('tensor'), name: z.string() }),
  z.strictObject({ kind: z.literal('distill') }),
  z.strictObject({ kind: z.literal('compare') }),
]) satisfies z.ZodType<ModelPageMessage>;

export interface ModelPageOptions {
  readonly extensionUri: vscode.Uri;
  /** What the page shows first. */
  readonly question: ModelQuestion;
  /** The model's file, when it is one that a teacher can be. */
  readonly model?: vscode.Uri;
}

/** The page of a model or of a comparison: passes questions on to a thread of its own and answers back. */
export class ModelPage {
  readonly #panel: vscode.WebviewPanel;
  readonly #options: ModelPageOptions;
  readonly #thread: ModelThread;

  constructor(panel: vscode.WebviewPanel, options: ModelPageOptions) {
    this.#panel = panel;
    this.#options = options;
    this.#thread = new ModelThread(options.extensionUri.fsPath, (answer) => {
      void inWords(answer).then((told) => {
        this.#post({ kind: 'answer', answer: told });
      });
    });
    panel.webview.options = { enableScripts: true, localResourceRoots: panelRoots(options.extensionUri) };
    const received = panel.webview.onDidReceiveMessage((value: unknown) => {
      const message = messageSchema.safeParse(value).data;
      if (message) this.#handle(message);
    });
    panel.onDidDispose(() => {
      received.dispose();
      this.#thread.dispose();
    });
    panel.webview.html = panelHtml(panel.webview, options.extensionUri, 'modelPage');
  }

  /** Reads the file again, which has changed. */
  refresh(): void {
    this.#thread.ask(this.#options.question);
  }

  #handle(message: ModelPageMessage): void {
    const { question, model } = this.#options;
    switch (message.kind) {
      case 'ready':
        this.#post({ kind: 'init', translations: vscode.l10n.bundle ?? {}, canDistill: model !== undefined });
        this.refresh();
        break;
      case 'draw':
        if (question.kind === 'describe') this.#thread.ask({ kind: 'draw', path: question.path, scope: message.scope });
        break;
      case 'tensor':
        if (question.kind === 'describe') this.#thread.ask({ kind: 'tensor', path: question.path, name: message.name });
        break;
      case 'distill':
        if (model) void vscode.commands.executeCommand('distillery.distillModel', model);
        break;
      case 'compare':
        if (model) void vscode.commands.executeCommand('distillery.compareModelWith', model);
        break;
    }
  }

  #post(message: ModelHostMessage): void {
    void this.#panel.webview.postMessage(message);
  }
}

/** An answer with what is refused in the person's language. */
async function inWords(answer: ModelAnswer): Promise<ModelAnswer> {
  if (answer.kind !== 'refused') return answer;
  const { translateFound } = await import('../../report/wording/foundSentences.ts');
  return { ...answer, message: translateFound(answer.message, vscode.l10n.t) };
}
