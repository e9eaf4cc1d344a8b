/** Takes one line for the operator; never called with a secret or a connection string. */
export type Log = (line: string) => void;
