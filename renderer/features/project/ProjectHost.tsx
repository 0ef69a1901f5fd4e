// The project's own commands and the dialogs they open. Mounted once, by the frame.
import { useCommands } from '../../lib/commands.ts';
import { useProject } from '../../lib/project.ts';
import { CheckDialog } from './CheckDialog.tsx';
import { useProjectDialog } from './dialogs.ts';
import { NameDialog } from './NameDialog.tsx';
import { chooseAndOpenProject, closeProject, openSample } from './open-project.ts';
import './project.css';

export function ProjectHost() {
  const project = useProject();
  const dialog = useProjectDialog((state) => state.open);
  const close = () => useProjectDialog.setState({ open: null });
  const hasProject = () => project !== null;
  const group = 'Project';
  useCommands([
    {
      id: 'project.open',
      title: 'Open a project…',
      group,
      keys: ['Mod+O'],
      run: () => void chooseAndOpenProject(),
    },
    { id: 'project.sample', title: 'Explore the sample', group, run: () => void openSample() },
    {
      id: 'project.close',
      title: 'Close the project',
      group,
      when: hasProject,
      run: () => void closeProject(),
    },
    {
      id: 'project.name',
      title: 'Your name in the history…',
      group,
      when: hasProject,
      run: () => useProjectDialog.setState({ open: 'name' }),
    },
    {
      id: 'project.check',
      title: 'Check the project',
      group,
      when: hasProject,
      run: () => useProjectDialog.setState({ open: 'check' }),
    },
  ]);
  return (
    <>
      {project && dialog === 'name' && <NameDialog project={project} onClose={close} />}
      {project && dialog === 'check' && <CheckDialog onClose={close} />}
    </>
  );
}
