import type { Entry, ZipFile } from 'yauzl';
import type { SaxesTagPlain } from 'saxes';
import { throwIfCancelled } from '../../../cancellation.ts';
import { mostUnpacked, excessOf } from '../../unpackedSize.ts';

/** The beginning of an element, with its attributes. */
export type XmlTag = SaxesTagPlain;

/** What is told about an XML text as it is read. */
export interface XmlReader {
  readonly open?: (tag: XmlTag) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/** The XML texts in a zip archive, as workbooks are. */
export class ZippedXml {
  readonly #archive: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  #unpacked = 0;

  private constructor(archive: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#archive = archive;
    this.#entries = entries;
  }

  /** @throws Error when it is no zip archive */
  static async open(path: string): Promise<ZippedXml> {
    // A bundled package of CommonJS has nothing but its default export.
    const { default: yauzl } = await import('yauzl');
    const archive = await yauzl.openPromise(path, { autoClose: false });
    try {
      const entries = new Map<string, Entry>();
      for await (const entry of archive.eachEntry()) entries.set(entry.fileName, entry);
      return new ZippedXml(archive, entries);
    } catch (error) {
      archive.close();
      throw error;
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Reads a text. Nothing is told where there is none of this name. @throws Error when it is damaged, or far larger than its archive */
  async read(name: string, reader: XmlReader, signal: AbortSignal | undefined): Promise<void> {
    const entry = this.#entries.get(name);
    if (!entry) return;
    if (entry.isEncrypted()) throw new Error('it is encrypted');
    this.#unpacked += entry.uncompressedSize;
    const size = this.#archive.fileSize;
    if (this.#unpacked > mostUnpacked(size)) throw new Error(excessOf(size, this.#unpacked));
    const saxes = await import('saxes');
    const { SaxesParser } = 'SaxesParser' in saxes ? saxes : (saxes as { default: typeof saxes }).default;
    const parser = new SaxesParser();
    if (reader.open) parser.on('opentag', reader.open);
    if (reader.text) parser.on('text', reader.text);
    const { close } = reader;
    if (close) {
      parser.on('closetag', (tag) => {
        close(tag.name);
      });
    }
    parser.on('error', (error) => {
      throw new Error(`${name} in it is damaged (${error.message})`);
    });
    const decoder = new TextDecoder();
    for await (const chunk of await this.#archive.openReadStreamPromise(entry)) {
      throwIfCancelled(signal);
      parser.write(decoder.decode(chunk as Buffer, { stream: true }));
    }
    parser.close();
  }

  close(): void {
    this.#archive.close();
  }
}

/** An attribute of a tag. */
export function attribute(tag: XmlTag, name: string): string | undefined {
  return tag.attributes[name];
}
