// Pure numeric code on typed arrays. It opens no files and knows no clips: rows and labels are numbers here.
export { type ProbabilityMetrics, probabilityMetrics, type ReliabilityBin } from './calibration.ts';
export { type ClassOrder, type Confusion, orderClasses, topConfusions } from './confusions.ts';
export type { ClassCurve, RankingFigures } from './curves.ts';
export { type BootstrapIntervals, bootstrapF1Intervals, type Interval } from './intervals.ts';
export type { ClassLabelQuality, ClassOverlap } from './label-health.ts';
export {
  findLabelIssues,
  type LabelIssueEvidence,
  type LabelIssueInput,
  type LabelIssueOptions,
  type LabelIssues,
  type LabelQualityMethod,
  labelQuality,
  labelQualityMethods,
  type Probabilities,
} from './label-issues.ts';
export {
  type ClassFigures,
  type ClassificationReport,
  type ConfusionMatrix,
  classificationReport,
  confusionMatrix,
  type ReportOptions,
  type RowSelection,
} from './metrics.ts';
export { createRandom } from './random.ts';
