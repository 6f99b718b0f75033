/**
 * Every text of the report that is not a name or a figure, in English. {0}, {1}… stand for values. The panel has a translation
 * of each.
 */
export type ReportLabel =
  | 'Decisions on the test split'
  | 'Top-5 accuracy'
  | 'Balanced accuracy'
  | 'Precision, mean of the classes'
  | 'Recall, mean of the classes'
  | 'F1, mean of the classes'
  | 'F1 of all decisions'
  | 'Area under the ROC curve'
  | 'Calibration error'
  | 'Predicted numbers, in their own units'
  | 'Mean absolute error'
  | 'Root mean squared error'
  | 'Differences'
  | 'Student against teacher: {0} (95 % interval {1} to {2}).'
  | 'Student against the same student trained without the teacher: {0} (95 % interval {1} to {2}).'
  | 'Each teacher on its own'
  | 'Share'
  | 'Errors'
  | 'Several seeds'
  | 'Mean gain over the same student trained without the teacher: {0} (95 % interval {1} to {2}, {3} seeds).'
  | 'Seed'
  | 'Without the teacher'
  | 'Gain'
  | 'Mean'
  | 'Mean divergence from the teacher: {0} nats.'
  | "Worse than the teacher on '{0}' by {1} points (95 % interval {2} to {3})."
  | 'The student is not surely worse than the teacher on any class.'
  | 'The written student gives the same outputs as the trained one.'
  | 'The outputs of the written student differ from those of the trained one by at most {0} of the largest.'
  | 'Quantised students'
  | 'Static int8'
  | 'Dynamic int8'
  | 'Float16'
  | 'Trained (float32)'
  | 'File'
  | 'File size'
  | 'Size of the weights'
  | 'Latency, median'
  | 'Peak memory'
  | 'Test accuracy'
  | 'Mean squared error'
  | 'Against the student'
  | 'Agrees with teacher'
  | 'not kept'
  | '{0}: {1}'
  | 'The student, class by class'
  | 'Class'
  | 'Samples'
  | 'Precision of the class'
  | 'Recall'
  | 'F1'
  | 'What the student takes for what'
  | 'Rows are the classes that samples have, columns those that the student chose.'
  | 'How far the student can be believed'
  | 'Decisions by confidence: where bars reach the diagonal, the student is right as often as it is sure.'
  | 'Confidence'
  | 'Decisions'
  | 'Right'
  | '{0} to {1}'
  | 'Where teacher and student differ most'
  | 'Test sample {0}, labelled {1}'
  | '{0}, to be checked: {1}'
  | 'How the teacher was matched to the data'
  | 'Experiment file'
  | 'Training data'
  | 'Validation data'
  | 'Test data'
  | 'SHA-256, its beginning'
  | 'Where the student comes from'
  | 'The process that trained took up to {0} of memory.'
  | 'Teacher: {0}'
  | 'Student: {0}'
  | 'Teacher'
  | 'Student'
  | 'Baseline'
  | 'Measured'
  | '{0}; the numbers are in the table below'
  | '{0} levels of decisions from node {1} on; the numbers are in the table below'
  | 'Node {0}: {1} samples, {2} go right'
  | 'Node {0}: {1} samples'
  | 'Leaf {0}: {1} samples'
  | 'Node'
  | 'Level'
  | 'Go right'
  | 'To the left'
  | 'To the right'
  | 'Looks most at'
  | 'Leaf'
  | 'Mean probability'
  | 'Classes'
  | 'Sample {0}: {1}, as the tree says'
  | 'Sample {0}: {1}, but the tree says {2}'
  | 'leaf {0}, reached with {1}'
  | 'right {0}'
  | 'left {0}'
  | 'Every node decides by a weighted sum of the sample whether it goes to the left or to the right.'
  | 'Orange is what sends it to the right, blue what sends it to the left.'
  | 'It names the numbers that it looks at most: large ones send to the right where the sign is +, to the left where it is −.'
  | 'Counts are of test samples, each on the way to its likeliest leaf; lines are as thick as what goes along them.'
  | 'What the tree says is the mean of all leaves by their probability.'
  | 'What the tree says is its likeliest leaf.'
  | 'From node {0} on: {1} samples, most of {2}'
  | 'Size against accuracy'
  | 'Size against error'
  | 'Large points are of this run, small ones of other runs of its experiment, hollow ones of other experiments on the same data.'
  | 'Circles are students, squares students without the teacher, triangles quantised students.'
  | 'The line joins the networks that no other one beats in both size and quality.'
  | 'Network'
  | 'Experiment'
  | 'Run'
  | 'On the line'
  | 'this run'
  | 'yes'
  | 'no';

/** A text of the report with its values. */
export interface LabelledText {
  readonly label: ReportLabel;
  readonly values: readonly string[];
}

/** A text of the report; a plain string is a name or a figure, which is the same in every language. */
export type ReportText = LabelledText | string;

/** A text of the report with the values that its label has places for. */
export function label(text: ReportLabel, ...values: readonly string[]): LabelledText {
  return { label: text, values };
}

/** The text in English. */
export function inEnglish(text: ReportText): string {
  if (typeof text === 'string') return text;
  return text.label.replace(/\{(\d+)\}/g, (place, index: string) => text.values[Number(index)] ?? place);
}
