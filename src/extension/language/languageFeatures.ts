import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { format } from 'jsonc-parser';
import type { CompletionItem, DocumentSymbol, MarkupContent } from 'vscode-json-languageservice';
import * as vscode from 'vscode';
import { messageOf } from '../../errors.ts';
import { fieldsOf } from '../../experiment/incompleteText.ts';
import { keysAt } from '../../experiment/placeProblems.ts';
import type { FeatureChoices } from '../../protocol/features.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { askForFeatures } from '../experiments/askForFeatures.ts';
import { describeFacts } from './describeFacts.ts';
import { baseDirectoryOf } from './experimentLanguage.ts';
import type { ExperimentFactsStore } from './factsStore.ts';
import { fileLinks } from './fileLinks.ts';
import { ExperimentJsonService, type EditorText } from './jsonService.ts';
import { fileChoices, folderClasses, searchedFields, tableColumns, type ValueChoice } from './valueChoices.ts';
import { typedValueAt, type TypedValue } from './valueKinds.ts';

export interface FeatureServices {
  readonly facts: ExperimentFactsStore;
  readonly trainerProgram: string;
  readonly log: vscode.LogOutputChannel;
}

/** Completion, explanations, outline, folds, links and layout of experiment files. */
export class LanguageFeatures {
  readonly #services: FeatureServices;
  readonly #json = new ExperimentJsonService(vscode.l10n.t);
  /** Values inside the networks, of the experiment that they were last asked for. */
  #features:
    | { readonly key: string; readonly choices: Promise<Record<'student' | 'teacher', readonly ValueChoice[]>> }
    | undefined;

  constructor(services: FeatureServices) {
    this.#services = services;
  }

  async complete(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionList> {
    const offset = document.offsetAt(position);
    const typed = typedValueAt(document.getText(), offset);
    const [bySchema, choices] = await Promise.all([
      this.#json.complete(textOf(document), position),
      typed ? this.#choices(document, typed) : [],
    ]);
    const named = typed ? choices.map((choice, index) => choiceItem(document, typed, choice, index)) : [];
    // An empty text is what the schema offers where it knows nothing better.
    const others = (bySchema?.items ?? []).filter(({ label }) => named.length === 0 || label !== '""');
    return new vscode.CompletionList(
      [...named, ...others.map((item) => schemaItem(item, position))],
      typed?.kind.kind === 'file',
    );
  }

  async hover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const bySchema = await this.#json.hover(textOf(document), position);
    const keys = keysAt(document.getText(), document.offsetAt(position)) ?? [];
    const found = this.#services.facts.of(document);
    const parts = [
      ...markdownsOf(bySchema?.contents),
      ...(found ? describeFacts(found, keys, vscode.l10n.t) : []),
    ].filter((part) => part !== '');
    if (parts.length === 0) return undefined;
    const range = bySchema?.range && rangeOf(bySchema.range);
    return new vscode.Hover(
      parts.map((part) => new vscode.MarkdownString(part)),
      range,
    );
  }

  outline(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    return this.#json.outline(textOf(document)).map(symbolOf);
  }

  folds(document: vscode.TextDocument): vscode.FoldingRange[] {
    return this.#json.folds(textOf(document)).map(({ startLine, endLine, kind }) => {
      const isComment = kind === 'comment';
      return new vscode.FoldingRange(startLine, endLine, isComment ? vscode.FoldingRangeKind.Comment : undefined);
    });
  }

  async links(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const baseDirectory = baseDirectoryOf(document);
    if (baseDirectory === undefined) return [];
    const links = await Promise.all(
      fileLinks(document.getText()).map(async ({ stretch, path }) => {
        const file = resolve(baseDirectory, path);
        const found = await stat(file).catch(() => undefined);
        if (!found) return [];
        const uri = vscode.Uri.file(file);
        const range = new vscode.Range(
          document.positionAt(stretch.offset),
          document.positionAt(stretch.offset + stretch.length),
        );
        const link = new vscode.DocumentLink(range, found.isDirectory() ? revealing(uri) : uri);
        link.tooltip = found.isDirectory() ? vscode.l10n.t('Reveal in Explorer') : vscode.l10n.t('Open');
        return [link];
      }),
    );
    return links.flat();
  }

  format(document: vscode.TextDocument, { insertSpaces, tabSize }: vscode.FormattingOptions): vscode.TextEdit[] {
    const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    return format(document.getText(), undefined, { insertSpaces, tabSize, eol, keepLines: true }).map(
      ({ offset, length, content }) =>
        vscode.TextEdit.replace(
          new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)),
          content,
        ),
    );
  }

  async #choices(document: vscode.TextDocument, { kind, typed }: TypedValue): Promise<readonly ValueChoice[]> {
    const baseDirectory = baseDirectoryOf(document);
    const draft = fieldsOf(document.getText());
    if (baseDirectory === undefined) return [];
    switch (kind.kind) {
      case 'file':
        return fileChoices(baseDirectory, typed, kind.picker);
      case 'class': {
        const known = this.#services.facts.of(document)?.data.classes ?? [];
        return known.length > 0 ? known.map(asName) : folderClasses(baseDirectory, draft['dataset']);
      }
      case 'column':
        return tableColumns(baseDirectory, draft['dataset']);
      case 'searchedField':
        return searchedFields(draft);
      case 'feature':
        return (await this.#featureChoices(draft, baseDirectory))[kind.network];
    }
  }

  /** Opens the networks, which takes a second or two, once for each pair of them. */
  #featureChoices(
    draft: ExperimentDraft,
    baseDirectory: string,
  ): Promise<Record<'student' | 'teacher', readonly ValueChoice[]>> {
    const none = { student: [], teacher: [] };
    if (!vscode.workspace.isTrusted) return Promise.resolve(none);
    const { teacher, dataset, student } = draft;
    const key = JSON.stringify([teacher, dataset, student, baseDirectory]);
    if (this.#features?.key === key) return this.#features.choices;
    const { trainerProgram, log } = this.#services;
    // What a loss compares is what is being typed, so that the objective is left to Distillery for this question.
    const asked = { teacher, dataset, student };
    const choices = askForFeatures(trainerProgram, asked, baseDirectory).then(
      (answer) => (answer.kind === 'listed' ? namesOf(answer.choices) : none),
      (error: unknown) => {
        log.error(messageOf(error));
        return none;
      },
    );
    this.#features = { key, choices };
    return choices;
  }
}

function namesOf({ student, teacher }: FeatureChoices): Record<'student' | 'teacher', readonly ValueChoice[]> {
  const named = ({ name, shape }: FeatureChoices['student'][number]): ValueChoice => ({
    value: name,
    kind: 'name',
    detail: `[${shape.join(', ')}]`,
  });
  return { student: student.map(named), teacher: teacher.map(named) };
}

function asName(value: string): ValueChoice {
  return { value, kind: 'name', detail: '' };
}

function choiceItem(
  document: vscode.TextDocument,
  { stretch, isQuoted }: TypedValue,
  { value, kind, detail }: ValueChoice,
  index: number,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(value, kindOf(kind));
  const written = JSON.stringify(value);
  item.insertText = isQuoted ? written.slice(1, -1) : written;
  item.filterText = isQuoted ? value : written;
  item.range = new vscode.Range(
    document.positionAt(stretch.offset),
    document.positionAt(stretch.offset + stretch.length),
  );
  item.sortText = `0${String(index).padStart(4, '0')}`;
  if (detail !== '') item.detail = detail;
  if (kind === 'folder') {
    // What is in it comes next; without quotes one would type behind the closing one.
    if (!isQuoted) item.insertText = new vscode.SnippetString(`"${written.slice(1, -1).replace(/[\\$}]/g, '\\$&')}$0"`);
    item.command = { command: 'editor.action.triggerSuggest', title: '' };
  }
  return item;
}

function kindOf(kind: ValueChoice['kind']): vscode.CompletionItemKind {
  switch (kind) {
    case 'file':
      return vscode.CompletionItemKind.File;
    case 'folder':
      return vscode.CompletionItemKind.Folder;
    case 'name':
      return vscode.CompletionItemKind.Value;
    case 'field':
      return vscode.CompletionItemKind.Property;
  }
}

/** The kinds that the service for JSON gives, by the protocol's numbers. */
const COMPLETION_KINDS: ReadonlyMap<number, vscode.CompletionItemKind> = new Map([
  [9, vscode.CompletionItemKind.Snippet],
  [10, vscode.CompletionItemKind.Property],
  [12, vscode.CompletionItemKind.Value],
  [15, vscode.CompletionItemKind.Snippet],
]);
const SYMBOL_KINDS: ReadonlyMap<number, vscode.SymbolKind> = new Map([
  [2, vscode.SymbolKind.Module],
  [15, vscode.SymbolKind.String],
  [16, vscode.SymbolKind.Number],
  [17, vscode.SymbolKind.Boolean],
  [18, vscode.SymbolKind.Array],
]);

function schemaItem(given: CompletionItem, position: vscode.Position): vscode.CompletionItem {
  const item = new vscode.CompletionItem(given.label, COMPLETION_KINDS.get(given.kind ?? 0));
  const { textEdit, insertText, documentation, detail, filterText, sortText } = given;
  const text = textEdit?.newText ?? insertText ?? given.label;
  item.insertText = given.insertTextFormat === 2 ? new vscode.SnippetString(text) : text;
  const range = textEdit && 'range' in textEdit ? rangeOf(textEdit.range) : undefined;
  if (range) {
    const isAround = range.start.isBeforeOrEqual(position) && range.end.isAfter(position);
    item.range = isAround ? { inserting: new vscode.Range(range.start, position), replacing: range } : range;
  }
  if (documentation !== undefined) {
    item.documentation =
      typeof documentation === 'string' ? documentation : new vscode.MarkdownString(documentation.value);
  }
  if (detail !== undefined) item.detail = detail;
  if (filterText !== undefined) item.filterText = filterText;
  item.sortText = sortText ?? `1${given.label}`;
  return item;
}

type HoverContents = string | MarkupContent | { readonly language: string; readonly value: string };

function markdownsOf(contents: HoverContents | readonly HoverContents[] | undefined): readonly string[] {
  if (contents === undefined) return [];
  const list: readonly HoverContents[] = isList(contents) ? contents : [contents];
  return list.map((part) => (typeof part === 'string' ? part : part.value));
}

function isList(contents: HoverContents | readonly HoverContents[]): contents is readonly HoverContents[] {
  return Array.isArray(contents);
}

function symbolOf(given: DocumentSymbol): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(
    given.name,
    given.detail ?? '',
    SYMBOL_KINDS.get(given.kind) ?? vscode.SymbolKind.Variable,
    rangeOf(given.range),
    rangeOf(given.selectionRange),
  );
  symbol.children = (given.children ?? []).map(symbolOf);
  return symbol;
}

interface PlainRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

function rangeOf({ start, end }: PlainRange): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

function textOf(document: vscode.TextDocument): EditorText {
  return { uri: document.uri.toString(), version: document.version, text: document.getText() };
}

function revealing(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(`command:revealInExplorer?${encodeURIComponent(JSON.stringify([uri]))}`);
}
