// Model runs: bringing predictions in, and the list of runs. Both are dialogs, over whichever view is in front.
import './runs.css';

export { RunsHost } from './RunsHost.tsx';
