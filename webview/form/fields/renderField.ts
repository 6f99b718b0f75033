import type { FormField, TextField } from '../../../src/protocol/form.ts';
import { renderFeature } from './featureField.ts';
import type { FormContext } from '../formContext.ts';
import { renderGroup } from './groupField.ts';
import { renderList } from './listField.ts';
import { renderMap } from './mapField.ts';
import type { Path } from '../paths.ts';
import { renderPath } from './pathField.ts';
import { renderRamp } from './rampField.ts';
import { renderChoice, renderFlag, renderNumber, renderNumbers, renderText, renderTexts } from './valueFields.ts';
import { renderVariants } from './variantsField.ts';

/** Draws a field and everything in it. */
export function renderField(field: FormField, path: Path, context: FormContext): HTMLElement {
  switch (field.kind) {
    case 'text':
      return renderTextOrPath(field, path, context);
    case 'number':
      return renderNumber(field, path, context);
    case 'ramp':
      return renderRamp(field, path, context);
    case 'numbers':
      return renderNumbers(field, path, context);
    case 'texts':
      return renderTexts(field, path, context);
    case 'flag':
      return renderFlag(field, path, context);
    case 'choice':
      return renderChoice(field, path, context);
    case 'group':
      return renderGroup(field, path, context);
    case 'variants':
      return renderVariants(field, path, context);
    case 'list':
      return renderList(field, path, context);
    case 'map':
      return renderMap(field, path, context);
  }
}

function renderTextOrPath(field: TextField, path: Path, context: FormContext): HTMLElement {
  if (field.featureOf) return renderFeature(field, field.featureOf, path, context);
  return field.picker === undefined ? renderText(field, path, context) : renderPath(field, field.picker, path, context);
}
