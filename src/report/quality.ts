/** Precision, recall and F1 of a class, or averaged over classes; each 0…1, and 0 where nothing was to be found or chosen. */
export interface Retrieval {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** How one class fares on the test split. */
export interface ClassQuality extends Retrieval {
  /** Test samples (tokens) that belong to the class. */
  readonly samples: number;
  /** Area under the ROC curve of the class against all others; null where one of the two is absent. */
  readonly areaUnderCurve: number | null;
  /** Average precision over all thresholds, the area under the curve of precision and recall; null where it has no samples. */
  readonly averagePrecision: number | null;
}

/** One bar of a reliability diagram: decisions of about the same confidence. */
export interface ReliabilityBin {
  readonly decisions: number;
  /** Mean confidence, 0…1; null in an empty bin. */
  readonly confidence: number | null;
  /** Share of them that is right, 0…1; null in an empty bin. */
  readonly accuracy: number | null;
}

/** How good the decisions of a classifier are, beside their accuracy. */
export interface Decisions {
  /** Share of the samples whose class is among the five likeliest; null with fewer than six classes. */
  readonly topFive: number | null;
  /** Mean recall of the classes that occur; null where a sample has several classes. */
  readonly balancedAccuracy: number | null;
  /** Means over the classes that occur or are chosen. */
  readonly macro: Retrieval;
  /** Of all decisions together. */
  readonly micro: Retrieval;
  /** Mean over the classes, one against the rest; null where no class has one. */
  readonly areaUnderCurve: number | null;
  /** Expected calibration error: mean distance of confidence and accuracy over the bins, weighted by their decisions. */
  readonly calibrationError: number;
  /** Bins of equal width over 0…1. */
  readonly reliability: readonly ReliabilityBin[];
  /** In class order. */
  readonly classes: readonly ClassQuality[];
  /** How many samples of each class (row) were taken for each class (column); null where a sample has several classes, or for many classes. */
  readonly confusion: readonly (readonly number[])[] | null;
}

/** How far one predicted number is off, in its own unit. */
export interface TargetQuality {
  readonly name: string;
  readonly meanAbsoluteError: number;
  readonly rootMeanSquaredError: number;
  readonly determination: number;
}

/** A figure with its 95 % confidence interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A sample as a person can look at it. */
export type ShownSample =
  | { readonly kind: 'picture'; /** A data URI. */ readonly picture: string }
  /** The curves of a time series, as a picture on nothing. */
  | { readonly kind: 'series'; /** A data URI. */ readonly picture: string }
  | {
      readonly kind: 'features';
      readonly features: readonly { readonly name: string; readonly value: string }[];
    }
  | { readonly kind: 'text'; readonly text: string };

/** What a network says of a sample. */
export type Answer =
  | { readonly kind: 'class'; readonly class: number; readonly probability: number }
  | { readonly kind: 'values'; /** In the targets' own units. */ readonly values: readonly number[] };

/** A test sample on which teacher and student differ. */
export interface Disagreement {
  /** Index in the test split. */
  readonly sample: number;
  readonly truth: { readonly class: number } | { readonly values: readonly number[] };
  readonly teacher: Answer;
  readonly student: Answer;
  /** Kullback–Leibler divergence of the student from the teacher in nats, or the largest distance in standard deviations. */
  readonly distance: number;
  /** Null where samples cannot be shown. */
  readonly shown: ShownSample | null;
}

/** The student against the teacher, sample by sample on the test split. */
export interface Comparison {
  /** Mean Kullback–Leibler divergence of the student from the teacher in nats; null where there are no probabilities. */
  readonly divergence: number | null;
  /** Student minus teacher: accuracy, or mean squared error where there is none. */
  readonly difference: Interval;
  /** Student minus teacher: recall of every class, in class order; null for a class without samples. */
  readonly classes: readonly (Interval | null)[];
  /** The samples where they differ most, the farthest apart first. */
  readonly disagreements: readonly Disagreement[];
}

/** How well a network does on the validation split. */
export interface Quality {
  /** 0…1; null where the task is not a classification. */
  readonly accuracy: number | null;
  /** Mean cross-entropy, or mean squared error. */
  readonly loss: number;
}
