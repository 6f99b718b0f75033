import { keepTogether } from '../src/report/wording/keepTogether.ts';
import { codeParts } from './codeParts.ts';

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element. Its texts break no line between a number and its unit. `true` sets an attribute without a value; `false` and undefined leave it out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  // Code is copied as it is.
  const isProse = name !== 'code' && name !== 'pre';
  made.append(
    ...(isProse ? children.map((child) => (typeof child === 'string' ? keepTogether(child) : child)) : children),
  );
  return made;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) target.removeAttribute(key);
    else target.setAttribute(key, value === true ? '' : String(value));
  }
}

/** Sets the text of an element unless it has that text already, so that a live region speaks only of changes. */
export function setText(target: Element, text: string): void {
  const shown = keepTogether(text);
  if (target.textContent !== shown) target.textContent = shown;
}

/** Text with what stands between backticks as code. */
export function withCode(text: string): (Node | string)[] {
  return codeParts(text).map((part) => (typeof part === 'string' ? part : element('code', {}, part.code)));
}
