import * as vscode from 'vscode';
import { DistilleryError } from '../../errors.ts';
import type { AgentText, ToolAnswer, ToolRequest } from '../../protocol/agents.ts';
import type { ContributedTool, OwnManifest } from '../ownManifest.ts';
import { workspaceFolders } from '../workspaceFolders.ts';
import { workspaceOfInput } from './workspaceOfInput.ts';

export interface ToolServices {
  /** Path of the bundled child process. */
  readonly program: string;
  readonly orphanMinutes: () => number;
}

/** Registers every tool that package.json contributes. Each call is done by a process of its own, which is started for it. */
export function registerTools({ contributes }: OwnManifest, services: ToolServices): vscode.Disposable {
  const tools = contributes.languageModelTools.map((contributed) =>
    vscode.lm.registerTool(contributed.name, new ProcessTool(contributed, services)),
  );
  return vscode.Disposable.from(...tools);
}

/** A tool that a process of its own does. */
export class ProcessTool implements vscode.LanguageModelTool<unknown> {
  readonly #contributed: ContributedTool;
  readonly #services: ToolServices;

  constructor(contributed: ContributedTool, services: ToolServices) {
    this.#contributed = contributed;
    this.#services = services;
  }

  /** What a person is to confirm; nothing for a tool that only reads. */
  async prepareInvocation(
    { input }: { readonly input: unknown },
    token: vscode.CancellationToken,
  ): Promise<vscode.PreparedToolInvocation> {
    const { name, displayName, tags } = this.#contributed;
    const invocationMessage = vscode.l10n.t('Distillery: {0}', displayName);
    if (!tags.includes('writes')) return { invocationMessage };
    const answer = await ask('confirm', name, input, token, this.#services);
    return { invocationMessage, confirmationMessages: confirmationOf(displayName, answer) };
  }

  async invoke(
    { input }: { readonly input: unknown },
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    return resultOf(await ask('call', this.#contributed.name, input, token, this.#services));
  }
}

async function ask(
  kind: ToolRequest['kind'],
  tool: string,
  input: unknown,
  token: vscode.CancellationToken,
  { program, orphanMinutes }: ToolServices,
): Promise<ToolAnswer> {
  const folder = workspaceOfInput(input, workspaceFolders());
  if (folder === undefined) {
    throw new DistilleryError(
      'BAD_INPUT',
      'No folder is open. Ask the person to open the one with the model and the data.',
    );
  }
  const { askTool } = await import('./askTool.ts');
  const controller = new AbortController();
  const listener = token.onCancellationRequested(() => {
    controller.abort();
  });
  try {
    const access = vscode.workspace.isTrusted ? 'all' : 'untrusted';
    return await askTool(
      program,
      { kind, tool, input, folder, access, orphanMinutes: orphanMinutes() },
      controller.signal,
    );
  } finally {
    listener.dispose();
  }
}

/** What is refused is shown for confirmation, too: what changes until it is called must not be done unasked. */
function confirmationOf(displayName: string, answer: ToolAnswer): vscode.LanguageModelToolConfirmationMessages {
  const message = new vscode.MarkdownString();
  if (answer.kind !== 'confirmation')
    return { title: displayName, message: message.appendMarkdown(asItIs(answer.text)) };
  for (const sentence of answer.confirmation.sentences) message.appendMarkdown(`${asItIs(translated(sentence))}\n\n`);
  return { title: translated(answer.confirmation.title), message };
}

/** Names come from files and language models: they are shown as they are, not as Markdown. `appendText` keeps lines from breaking. */
function asItIs(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~!&]/g, (character) => `\\${character}`).replaceAll('\n', '\n\n');
}

function translated({ label, values }: AgentText): string {
  return vscode.l10n.t(label, ...values);
}

/** An error, too, is a result: it says what to do next. */
function resultOf(answer: ToolAnswer): vscode.LanguageModelToolResult {
  const text = answer.kind === 'confirmation' ? '' : answer.text;
  const whole =
    answer.kind === 'done' && answer.whole !== null
      ? [new vscode.LanguageModelTextPart(`The whole: ${answer.whole}`)]
      : [];
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text), ...whole]);
}
