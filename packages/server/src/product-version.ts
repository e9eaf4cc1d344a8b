import manifest from '../package.json' with { type: 'json' };

/** The version of the product that is running, as in `package.json`: `0.1.0`. */
export const productVersion: string = manifest.version;
