// Embeddings: making and managing them, probabilities made from them, and the clips that sound like a clip.
import './embeddings.css';

export { EmbeddingsHost } from './EmbeddingsHost.tsx';
export { EmbeddingUnderWay } from './EmbeddingUnderWay.tsx';
export { nameProblem } from './MakeDialog.tsx';
export { Neighbours } from './Neighbours.tsx';
export { NoEmbedding } from './NoEmbedding.tsx';
export { freeName, useEmbeddings } from './use-embeddings.ts';
