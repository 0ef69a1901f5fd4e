// Decisions for every view: functions, hooks, and the dialogs that the frame mounts once.
import './decisions.css';

export { ClipsButtons } from './ClipsButtons.tsx';
export { DecisionDialogs } from './DecisionDialogs.tsx';
export { type Decided, decide, onDecided, onTakenBack } from './decide.ts';
export { EventWords } from './EventWords.tsx';
export { leadOf } from './lead.ts';
export { reasonTitles } from './reasons.ts';
export { useDecisionCommands } from './use-decision-commands.ts';
