// The open project: opening, closing, whose decisions, and its check.

export {
  adoptProject,
  chooseAndOpenProject,
  openProject,
  openSample,
  useOpening,
} from './open-project.ts';
export { ProjectHost } from './ProjectHost.tsx';
