// The questions of decisions on the screen. Mounted once, by the frame.

import { LabelPicker } from './LabelPicker.tsx';
import { NoteEditor } from './NoteEditor.tsx';
import { PreviewDialog } from './PreviewDialog.tsx';
import { useQuestion } from './questions.ts';
import { ReasonMenu } from './ReasonMenu.tsx';

export function DecisionDialogs() {
  const asked = useQuestion((state) => state.asked);
  if (!asked) return null;
  const { question, answer } = asked;
  switch (question.kind) {
    case 'label':
      return <LabelPicker ids={question.ids} onAnswer={answer} />;
    case 'reason':
      return <ReasonMenu ids={question.ids} onAnswer={answer} />;
    case 'note':
      return <NoteEditor ids={question.ids} onAnswer={answer} />;
    case 'preview':
      return <PreviewDialog selection={question.selection} changes={question.changes} onAnswer={answer} />;
  }
}
