/** What a line from another machine says at the door for workers, and what it is answered. */
import { type Decoded, oneOf } from '../codec.ts';

/** Its first frame: the gate, or the paper exchange's public side. There is no word for anything else. */
export const remoteLine = oneOf('worker', 'market');
export type RemoteLine = Decoded<typeof remoteLine>;

/** The door's answer: what follows is the other end's, or the other end is not there now. */
export const remoteAnswer = oneOf('joined', 'away');
export type RemoteAnswer = Decoded<typeof remoteAnswer>;
