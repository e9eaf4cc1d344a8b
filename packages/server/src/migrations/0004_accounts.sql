-- People and programs. The owner of everything is a workspace; an account belongs to one and has a role there. Session
-- cookies, token ids and invitations name their workspace, so that each is found without looking across owners.
create table workspace (
  owner text primary key check (owner ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
  name text not null check (length(name) between 1 and 80),
  made_at timestamptz not null default now()
);

create table account (
  owner text not null,
  id text not null check (length(id) between 1 and 40),
  name text not null check (length(name) between 1 and 80),
  role text not null check (role in ('viewer', 'trader', 'owner')),
  -- SHA-256 of the printed recovery key, which has 160 random bits: nothing slower is needed.
  recovery_hash bytea not null check (length(recovery_hash) = 32),
  -- Set by a recovery: live trading waits for an approval by passkey in the vault.
  recovering boolean not null default false,
  made_at timestamptz not null default now(),
  removed_at timestamptz,
  primary key (owner, id)
);

create table passkey (
  owner text not null,
  id text not null check (length(id) between 1 and 1400),
  account text not null,
  public_key bytea not null check (length(public_key) <= 2048),
  sign_count bigint not null check (sign_count >= 0),
  transports text not null default '' check (length(transports) <= 200),
  backed_up boolean not null,
  label text not null check (length(label) between 1 and 80),
  made_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (owner, id),
  foreign key (owner, account) references account
);

create table session (
  owner text not null,
  id text not null check (length(id) between 1 and 40),
  account text not null,
  -- SHA-256 of the cookie's secret part: who reads this table cannot sign in with it.
  hash bytea not null check (length(hash) = 32),
  agent text not null check (length(agent) <= 200),
  address text not null check (length(address) <= 45),
  made_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (owner, id),
  foreign key (owner, account) references account
);

create table api_token (
  owner text not null,
  id text not null check (length(id) between 1 and 40),
  label text not null check (length(label) between 1 and 80),
  role text not null check (role in ('viewer', 'trader')),
  public_key_pem text not null check (length(public_key_pem) <= 400),
  -- Addresses from which it may be used, one a line; none means any.
  addresses text not null default '' check (length(addresses) <= 1000),
  made_by text not null,
  made_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  primary key (owner, id)
);

create table invitation (
  owner text not null,
  hash bytea not null check (length(hash) = 32),
  name text not null check (length(name) between 1 and 80),
  role text not null check (role in ('viewer', 'trader')),
  expires_at timestamptz not null,
  primary key (owner, hash)
);

-- Failed proofs of one account: from which address they came does not matter, so rotating addresses does not help.
create table brake (
  owner text not null,
  account text not null check (length(account) between 1 and 40),
  failures integer not null check (failures >= 0),
  until timestamptz not null,
  primary key (owner, account)
);

-- What was done by whom; written in the transaction of the deed where there is one, never changed.
create table activity (
  owner text not null,
  id bigint generated always as identity,
  at timestamptz not null default now(),
  who_kind text not null check (who_kind in ('person', 'token', 'bot', 'vault', 'server')),
  who_name text not null check (length(who_name) <= 80),
  what text not null check (length(what) <= 60),
  sentence text not null check (length(sentence) <= 500),
  address text check (length(address) <= 45),
  primary key (owner, id)
);

-- Writes that must not happen twice. `status` is null while the first is under way, and stays null if the server died
-- then: what came of it must be looked up, not repeated.
create table idempotency (
  owner text not null,
  key text not null check (length(key) between 8 and 64),
  request_hash bytea not null check (length(request_hash) = 32),
  status integer,
  answer text,
  made_at timestamptz not null default now(),
  primary key (owner, key)
);

create index idempotency_age on idempotency (made_at);
