import { cpus } from 'node:os';
import type { Workbench } from './workbench.ts';

/** Collects what is said in a page: the texts that are in sight, and what is told those who do not see it. Run in the browser. */
const COLLECT = `(() => {
  const said = new Set();
  const add = (text) => {
    const words = (text ?? '').replace(/\\s+/g, ' ').trim();
    if (words !== '') said.add(words);
  };
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) add(node.data);
    if (!(node instanceof Element) && !(node instanceof ShadowRoot)) return;
    if (node instanceof Element) {
      if (node.matches('script, style, code, pre, .code') || !node.checkVisibility()) return;
      for (const name of ['aria-label', 'aria-description', 'alt', 'placeholder']) add(node.getAttribute(name));
      if (node.shadowRoot) visit(node.shadowRoot);
    }
    for (const child of node.childNodes) visit(child);
  };
  visit(document.body);
  return [...said];
})()`;

const UNFOLD = "for (const part of document.querySelectorAll('details')) part.open = true";

/** Proper names, units, files, fields of the experiment and checksums, which are the same in every language. */
const SAME =
  /\b(?:ONNX(?: Runtime)?|MLP|ResNet|MobileNetV2|Transformer|SVG|PNG|CSV|[kMG]?B|ms|min|int8|float16|float32)\b|[\w-]+(?:[./:][\w-]+)+|\b[0-9a-f]{16}\b/g;

/**
 * Texts in the shown webview that are in English: those of nothing else, and those with two English words beside each other. What is folded
 * is folded out first.
 *
 * @param names what a person or the data called something
 */
export async function englishTexts(workbench: Workbench, names: readonly string[]): Promise<readonly string[]> {
  const body = workbench.webview().locator('body');
  await body.evaluate(UNFOLD);
  const said = await body.evaluate<readonly string[], string, unknown>(COLLECT);
  const own = [...names, cpus()[0]?.model.trim().replace(/\s+/g, ' ') ?? ''].filter((name) => name !== '');
  return said.filter((text) => {
    const left = own.reduce((rest, name) => rest.replaceAll(name, '…'), text).replace(SAME, '…');
    return /\p{Script=Han}/u.test(text) ? /[a-z]{2,} [a-z]{2,}/i.test(left) : /[a-z]{2}/i.test(left);
  });
}
