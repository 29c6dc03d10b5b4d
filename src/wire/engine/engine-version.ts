/** The versions that the engine knows. */
export type EngineVersion = 'TLSv1.2' | 'TLSv1.3';
