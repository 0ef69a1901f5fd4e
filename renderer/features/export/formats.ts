// The export formats in words.
import type { z } from 'zod';
import type { exportRequest } from '../../../shared/contract/exports.ts';

export type ExportFormat = z.infer<typeof exportRequest>['format'];
export type AudioMode = z.infer<typeof exportRequest>['audio'];

export interface FormatWords {
  readonly title: string;
  /** One sentence: what is written, and for whom. */
  readonly sentence: string;
  /** How the new folder is called at first, after the project's name. */
  readonly suffix: string;
  readonly hasAudio: boolean;
  /** It is about decisions, not clips: no choice of clips. */
  readonly isOfDecisions?: boolean;
}

export const formats: Readonly<Record<ExportFormat, FormatWords>> = {
  'speech-commands': {
    title: 'Speech Commands',
    sentence:
      'A folder per label with its clips, and the validation and testing lists that training scripts read.',
    suffix: 'speech-commands',
    hasAudio: true,
  },
  table: {
    title: 'CSV table',
    sentence:
      'One row per clip with its label, transcript, split, review and extra fields; opens in any spreadsheet.',
    suffix: 'table',
    hasAudio: true,
  },
  jsonl: {
    title: 'JSON Lines',
    sentence: 'One JSON object per clip, with everything a table has and nothing lost in quoting.',
    suffix: 'jsonl',
    hasAudio: true,
  },
  nemo: {
    title: 'NeMo manifest',
    sentence:
      'A manifest with audio path, duration and text on a line per clip, as NeMo and similar toolkits train from.',
    suffix: 'nemo',
    hasAudio: true,
  },
  decisions: {
    title: 'Record of the decisions',
    sentence: 'Every decision in the order it was made: who, when, which clip, from what to what, and why.',
    suffix: 'decisions',
    hasAudio: false,
    isOfDecisions: true,
  },
};
