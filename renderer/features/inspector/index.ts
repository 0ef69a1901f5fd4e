// The inspector at the right of every view.
import './inspector.css';

export { Inspector } from './Inspector.tsx';
