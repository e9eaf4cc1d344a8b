/** Who is there: sign-up, sign-in, recovery, passkeys, devices, tokens, members. */
import { z } from 'zod';
import {
  activity,
  device,
  member,
  passkey,
  recoveryKey,
  registrationAnswer,
  registrationOptions,
  role,
  session,
  signInAnswer,
  token,
  tokenRequest,
} from '../schemas/account.ts';
import { base64url, id, label, pageOf, pageQuery } from '../schemas/values.ts';
import { routesOf } from './define.ts';

const row = routesOf('session');
const ceremony = base64url(64);
/** As the recovery sheet prints it: workspace and account. */
const accountName = z.string().regex(/^[a-z0-9_-]{1,40}\/[a-z0-9_-]{1,40}$/);
const invitation = z.string().regex(/^[a-z0-9_-]{1,40}\.[A-Za-z0-9_-]{43}$/);
const passkeyId = z.strictObject({ passkey: base64url(1_023) });

export const sessionRoutes = {
  getSession: row('GET', '/session', {
    summary: 'Who the caller is here',
    access: 'public',
    answer: session,
  }),
  beginRegistration: row('POST', '/session/registration', {
    summary: 'Begin an account: options for a first passkey',
    access: 'public',
    body: z.strictObject({ name: label }),
    answer: registrationOptions,
    problems: ['conflict'],
  }),
  finishRegistration: row('POST', '/session/registration/finish', {
    summary: 'Make the account; the recovery key is shown this once',
    access: 'public',
    body: z.strictObject({ ceremony, response: registrationAnswer }),
    answer: z.strictObject({ session, recoveryKey }).meta({ id: 'NewAccount' }),
    status: 201,
    problems: ['refused', 'conflict'],
  }),
  beginSignIn: row('POST', '/session/sign-in', {
    summary: 'Begin to sign in with a passkey',
    access: 'public',
    answer: registrationOptions,
  }),
  finishSignIn: row('POST', '/session/sign-in/finish', {
    summary: 'Sign in',
    access: 'public',
    body: z.strictObject({ ceremony, response: signInAnswer }),
    answer: session,
    problems: ['refused'],
  }),
  beginRecovery: row('POST', '/session/recovery', {
    summary: 'Begin a recovery with the printed key: options for a new passkey',
    access: 'public',
    body: z.strictObject({ account: accountName, recoveryKey }),
    answer: registrationOptions,
    problems: ['refused'],
  }),
  finishRecovery: row('POST', '/session/recovery/finish', {
    summary: 'Finish a recovery: every live connection freezes until a passkey approves',
    access: 'public',
    body: z.strictObject({ ceremony, response: registrationAnswer }),
    answer: z.strictObject({ session, recoveryKey }).meta({ id: 'RecoveredAccount' }),
    problems: ['refused'],
  }),
  signOut: row('POST', '/session/sign-out', { summary: 'End this session', access: 'account' }),
  listPasskeys: row('GET', '/passkeys', {
    summary: 'Passkeys of the account',
    access: 'account',
    answer: pageOf('Passkeys', passkey),
  }),
  beginPasskey: row('POST', '/passkeys/begin', {
    summary: 'Begin to add a passkey',
    access: 'account',
    answer: registrationOptions,
  }),
  finishPasskey: row('POST', '/passkeys/finish', {
    summary: 'Add a passkey',
    access: 'account',
    body: z.strictObject({ ceremony, label, response: registrationAnswer }),
    answer: passkey,
    status: 201,
    problems: ['refused'],
  }),
  removePasskey: row('DELETE', '/passkeys/:passkey', {
    summary: 'Remove a passkey; the last one stays',
    access: 'account',
    params: passkeyId,
    problems: ['not-found', 'conflict'],
  }),
  listDevices: row('GET', '/devices', {
    summary: 'Where the account is signed in',
    access: 'account',
    answer: pageOf('Devices', device),
  }),
  removeDevice: row('DELETE', '/devices/:device', {
    summary: 'End a session elsewhere',
    access: 'account',
    params: z.strictObject({ device: id }),
    problems: ['not-found'],
  }),
  listTokens: row('GET', '/tokens', {
    summary: 'API tokens of the workspace',
    access: 'owner',
    answer: pageOf('Tokens', token),
  }),
  createToken: row('POST', '/tokens', {
    summary: 'Admit a program by the public half of its Ed25519 key',
    access: 'owner',
    body: tokenRequest,
    answer: token,
    status: 201,
    idempotent: true,
    problems: ['impossible'],
  }),
  removeToken: row('DELETE', '/tokens/:token', {
    summary: 'Refuse a program from now on',
    access: 'owner',
    params: z.strictObject({ token: z.string().regex(/^[a-z0-9_.-]{1,81}$/) }),
    problems: ['not-found'],
  }),
  listMembers: row('GET', '/members', {
    summary: 'People of the workspace',
    access: 'owner',
    answer: pageOf('Members', member),
  }),
  addMember: row('POST', '/members', {
    summary: 'Invite a person: a link that makes an account with this role, once, within a day',
    access: 'owner',
    body: z.strictObject({ name: label, role: z.enum(['viewer', 'trader']) }),
    answer: z.strictObject({ invitation }).meta({ id: 'Invitation' }),
    status: 201,
    problems: ['conflict'],
  }),
  acceptInvitation: row('POST', '/session/invitation', {
    summary: 'Begin an account by an invitation: options for its first passkey',
    access: 'public',
    body: z.strictObject({ invitation }),
    answer: registrationOptions,
    problems: ['refused'],
  }),
  changeMember: row('PATCH', '/members/:account', {
    summary: 'Change a person’s role',
    access: 'owner',
    params: z.strictObject({ account: id }),
    body: z.strictObject({ role }),
    answer: member,
    problems: ['not-found', 'conflict'],
  }),
  removeMember: row('DELETE', '/members/:account', {
    summary: 'Take a person out of the workspace; their sessions here end',
    access: 'owner',
    params: z.strictObject({ account: id }),
    problems: ['not-found', 'conflict'],
  }),
  listActivity: row('GET', '/activity', {
    summary: 'What people, programs, bots and the vault did, newest first',
    access: 'viewer',
    query: pageQuery,
    answer: pageOf('Activities', activity),
  }),
} as const;
