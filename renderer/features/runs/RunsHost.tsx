// The commands of runs and the dialogs they open. Mounted once, by the frame.
import { useState } from 'react';
import { useCommands } from '../../lib/commands.ts';
import { useProject } from '../../lib/project.ts';
import { ImportRunDialog } from './ImportRunDialog.tsx';
import { RunsDialog } from './RunsDialog.tsx';

export function RunsHost() {
  const project = useProject();
  const [open, setOpen] = useState<'import' | 'list' | null>(null);
  const group = 'Model runs';
  useCommands([
    {
      id: 'runs.import',
      title: 'Import predictions…',
      group,
      when: () => project !== null && !project.isReadOnly,
      run: () => setOpen('import'),
    },
    {
      id: 'runs.list',
      title: 'Model runs of this project…',
      group,
      when: () => project !== null,
      run: () => setOpen('list'),
    },
  ]);
  if (!project || open === null) return null;
  return open === 'import' ? (
    <ImportRunDialog project={project} onClose={() => setOpen(null)} />
  ) : (
    <RunsDialog project={project} onImport={() => setOpen('import')} onClose={() => setOpen(null)} />
  );
}
