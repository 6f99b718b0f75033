import {
  getLanguageService,
  type CompletionList,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type LanguageService,
  type Position,
} from 'vscode-json-languageservice';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isNestedTooDeep } from '../../experiment/refuseDeepNesting.ts';
import type { Translate } from '../translate.ts';
import { editorSchema } from './editorSchema.ts';

const SCHEMA = 'distillery:/experiment.schema.json';

/** A text that is asked about; `uri` and `version` tell it from others. */
export interface EditorText {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

/**
 * What an editor offers in an experiment file by its schema: VS Code's own service for JSON, with our schema in the person's language.
 * What is wrong is not asked of it: the run's own validation says that better.
 */
export class ExperimentJsonService {
  readonly #service: LanguageService;

  constructor(translate: Translate) {
    this.#service = getLanguageService({
      clientCapabilities: {
        textDocument: {
          completion: { completionItem: { documentationFormat: ['markdown', 'plaintext'] } },
          hover: { contentFormat: ['markdown', 'plaintext'] },
        },
      },
    });
    this.#service.configure({
      validate: false,
      allowComments: true,
      schemas: [{ uri: SCHEMA, fileMatch: ['*'], schema: editorSchema(translate) }],
    });
  }

  async complete(text: EditorText, position: Position): Promise<CompletionList | null> {
    if (isNestedTooDeep(text.text)) return null;
    const document = documentOf(text);
    return this.#service.doComplete(document, position, this.#service.parseJSONDocument(document));
  }

  async hover(text: EditorText, position: Position): Promise<Hover | null> {
    if (isNestedTooDeep(text.text)) return null;
    const document = documentOf(text);
    return this.#service.doHover(document, position, this.#service.parseJSONDocument(document));
  }

  outline(text: EditorText): readonly DocumentSymbol[] {
    if (isNestedTooDeep(text.text)) return [];
    const document = documentOf(text);
    return this.#service.findDocumentSymbols2(document, this.#service.parseJSONDocument(document));
  }

  folds(text: EditorText): readonly FoldingRange[] {
    return this.#service.getFoldingRanges(documentOf(text));
  }
}

function documentOf({ uri, version, text }: EditorText): TextDocument {
  return TextDocument.create(uri, 'jsonc', version, text);
}
