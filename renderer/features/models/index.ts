// A person's own models: looked at, trusted, described, tried on three clips and run over the dataset.
import './models.css';

export { ModelsHost } from './ModelsHost.tsx';
export { isModelFile, takeModel } from './model-flow.ts';
