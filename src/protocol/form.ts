import type { SampleKind } from './experimentFacts.ts';

/** What the panel shows for one value of the experiment file. `name` is its key there; a path joins names with dots. */
export type FormField =
  | TextField
  | NumberField
  | RampField
  | NumbersField
  | TextsField
  | FlagField
  | ChoiceField
  | GroupField
  | VariantsField
  | ListField
  | MapField;

interface FieldBase {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  /** Most people never touch it: it is folded away. */
  readonly isAdvanced?: boolean;
  /** It is shown at first, before anybody asks for all settings. */
  readonly isEssential?: boolean;
}

/** What can be picked for a text: an `.onnx` file, data, or a tokenizer. */
export type Picker = 'model' | 'dataset' | 'tokenizer';

export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly default?: string;
  /** A file or folder that can be picked. */
  readonly picker?: Picker;
  /** It names a value inside one of the networks. */
  readonly featureOf?: 'student' | 'teacher';
}

export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly integer: boolean;
  /** Values that a slider goes through, rising. */
  readonly scale?: readonly number[];
  readonly default?: number;
}

/** A number, or one that changes over the run: an object with `from`, `to` and `until`. */
export interface RampField extends FieldBase {
  readonly kind: 'ramp';
  readonly default?: number;
  /** `from`, `to` and `until`. */
  readonly fields: readonly NumberField[];
}

/** A list of numbers, written with commas; without any there is no value where it may be left out. */
export interface NumbersField extends FieldBase {
  readonly kind: 'numbers';
  readonly integer: boolean;
  readonly isOptional: boolean;
  readonly default?: readonly number[];
  /** Of widths of layers: the values that a slider of them goes through, rising, and how many layers there may be. */
  readonly layers?: { readonly scale: readonly number[]; readonly least: number; readonly most: number };
}

/** A list of texts, written with commas; without any there is no value. */
export interface TextsField extends FieldBase {
  readonly kind: 'texts';
}

export interface FlagField extends FieldBase {
  readonly kind: 'flag';
  readonly default: boolean;
}

export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** It may be left out, and has no value then. */
  readonly isOptional: boolean;
  /** The values are numbers in the file. */
  readonly isNumeric?: boolean;
  readonly default?: string;
}

/** An object with fields of its own. */
export interface GroupField extends FieldBase {
  readonly kind: 'group';
  readonly fields: readonly FormField[];
  /** Of an object that is there or not, as one that has fields which must be given: what it starts with. */
  readonly initial?: unknown;
}

/** One of several shapes; choosing another replaces the value by that variant's `initial`. */
export interface VariantsField extends FieldBase {
  readonly kind: 'variants';
  /** Key that tells the variants apart, such as `architecture`; absent where shapes or constants do. */
  readonly tag?: string;
  readonly variants: readonly Variant[];
  /** What a missing value means. */
  readonly default?: unknown;
}

/** A list whose items are objects, of one or of several shapes. */
export interface ListField extends FieldBase {
  readonly kind: 'list';
  readonly item: VariantsField | GroupField;
  /** What an item is called, where it has a name of its own. */
  readonly itemLabel?: string;
  /** What an item that is added starts with. */
  readonly initialItem: unknown;
  /** What the list starts with when a person gives one; it may be left out where it is not empty. */
  readonly default: readonly unknown[];
}

/** An object whose keys a person names, each with one of the same choices. */
export interface MapField extends FieldBase {
  readonly kind: 'map';
  readonly options: ChoiceField['options'];
}

export interface Variant {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly match: VariantMatch;
  /** For which samples it is offered first, and whether before these are known; always, where it is left out. */
  readonly suits?: { readonly samples: readonly SampleKind[]; readonly isCommon: boolean };
  readonly initial: unknown;
  /** A field without a name is the value itself. */
  readonly fields: readonly FormField[];
}

/** How a value is recognised as a variant: it is a number, it equals a constant, one of its keys does, or it has a key. */
export type VariantMatch =
  | { readonly kind: 'number' }
  | { readonly kind: 'constant'; readonly value: string | null }
  | { readonly kind: 'tag'; readonly key: string; readonly value: string }
  | { readonly kind: 'key'; readonly key: string };

export interface FormSection {
  readonly id: string;
  readonly title: string;
  /** Folded until a person opens it. */
  readonly isFolded?: boolean;
  readonly fields: readonly FormField[];
}
